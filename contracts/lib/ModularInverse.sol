// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Inverses modulo BN254's scalar field order r
/// @notice x^(r-2) by the modexp precompile (EIP-198); several at once by Montgomery's trick: one inverse and three products each.
library ModularInverse {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    error ZeroHasNoInverse();
    error ModexpFailed();

    /// @return y the inverse of `x` mod r, 0 < y < r
    function invert(uint256 x) internal view returns (uint256 y) {
        bool ok;
        assembly ('memory-safe') {
            let m := mload(0x40)
            mstore(m, 0x20)
            mstore(add(m, 0x20), 0x20)
            mstore(add(m, 0x40), 0x20)
            mstore(add(m, 0x60), x)
            mstore(add(m, 0x80), sub(R, 2))
            mstore(add(m, 0xa0), R)
            ok := and(eq(returndatasize(), 0x20), staticcall(gas(), 5, m, 0xc0, 0x00, 0x20))
            y := mload(0x00)
        }
        if (!ok) revert ModexpFailed();
        if (y == 0) revert ZeroHasNoInverse();
    }

    /// @notice Replaces each of `values` (none ≡ 0 mod r) by its inverse, in place.
    function invertAll(uint256[] memory values) internal view {
        uint256 length = values.length;
        if (length == 0) return;
        uint256[] memory before = new uint256[](length);
        uint256 product = 1;
        for (uint256 i = 0; i < length; ++i) {
            before[i] = product;
            product = mulmod(product, values[i], R);
        }
        uint256 rest = invert(product);
        for (uint256 i = length; i > 0; --i) {
            uint256 value = values[i - 1];
            values[i - 1] = mulmod(rest, before[i - 1], R);
            rest = mulmod(rest, value, R);
        }
    }
}

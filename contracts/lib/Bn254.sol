// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title BN254 by the precompiles of EIP-196 and EIP-197
/// @notice Works on words in memory that the caller lays out, and gives every call exactly the gas the precompile asks for (EIP-1108):
/// a refusal burns what it was given, and must not burn the transaction. The precompiles refuse coordinates ≥ p, points off the curve, and
/// points of G2 outside the subgroup. (0, 0) is the point at infinity.
library Bn254 {
    /// @dev Base field order p.
    uint256 internal constant P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    /// @dev Group order r.
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    error NotAPoint();

    /// @return x3 y3 the sum of two points
    function add(uint256 x1, uint256 y1, uint256 x2, uint256 y2) internal view returns (uint256 x3, uint256 y3) {
        bool ok;
        assembly ('memory-safe') {
            let m := mload(0x40)
            mstore(m, x1)
            mstore(add(m, 0x20), y1)
            mstore(add(m, 0x40), x2)
            mstore(add(m, 0x60), y2)
            ok := staticcall(150, 6, m, 0x80, m, 0x40)
            x3 := mload(m)
            y3 := mload(add(m, 0x20))
        }
        if (!ok) revert NotAPoint();
    }

    /// @notice Replaces (x, y) at `at` by its negative.
    function negateAt(uint256 at) internal pure {
        assembly ('memory-safe') {
            let y := add(at, 0x20)
            mstore(y, mod(sub(P, mload(y)), P))
        }
    }

    /// @param at `count` pairs of a point of G1 (two words) and one of G2 (four, imaginary parts first)
    /// @return ok whether all are points of their groups and the product of the pairings is one
    function pairingIsOne(uint256 at, uint256 count) internal view returns (bool ok) {
        assembly ('memory-safe') {
            let called := staticcall(add(45000, mul(34000, count)), 8, at, mul(count, 0xc0), 0x00, 0x20)
            ok := and(called, eq(mload(0x00), 1))
        }
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Poseidon of two field elements (circomlib's parameters, t = 3), by a hasher contract
/// @notice The hasher is straight-line code made by contracts/lib/poseidon-code.ts, deployed from contracts/generated/poseidon-t3.ts. A contract that
/// uses it takes its address in the constructor and calls `requireCode` there once: the code's hash leaves no choice. About 12,500 gas a hash.
library PoseidonT3 {
    /// @notice keccak256 of the only code accepted.
    bytes32 internal constant CODE_HASH = 0x19383a03a3737a0212bfa235669b8307657c7e5e2e9067f58fa7e070c606a50c;

    error NotTheHasher(address hasher);
    error HashFailed();

    /// @notice Reverts unless `hasher` carries exactly the code with `CODE_HASH`.
    function requireCode(address hasher) internal view {
        if (hasher.codehash != CODE_HASH) revert NotTheHasher(hasher);
    }

    /// @return result Poseidon(left, right); inputs must be below r, which the caller has checked
    function hash(address hasher, uint256 left, uint256 right) internal view returns (uint256 result) {
        bool ok;
        assembly ('memory-safe') {
            mstore(0x00, left)
            mstore(0x20, right)
            ok := staticcall(gas(), hasher, 0x00, 0x40, 0x00, 0x20)
            result := mload(0x00)
        }
        if (!ok) revert HashFailed();
    }
}

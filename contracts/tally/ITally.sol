// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title The count
interface ITally {
    /// @return whether every unit has its final state
    function isCounted() external view returns (bool);
    /// @return partial decryptions accepted so far, over all units
    function decryptionCount() external view returns (uint256);
    /// @return H("result", for each unit: state, nonEmpty, counts…) (SPEC §12.4); reverts unless counted
    function resultHash() external view returns (bytes32);
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Views of the roll that other parts use
interface IRoll {
    /// @return whether a version has been sealed
    function isSealed() external view returns (bool);
    /// @return H("roots", root of every district) of the sealed version (SPEC §2)
    function sealedRootsHash() external view returns (bytes32);
    /// @return root LeanIMT root of the sealed version's district, 0 if empty
    /// @return members how many members it has
    function sealedRoll(uint256 district) external view returns (uint256 root, uint256 members);
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Views of the key ceremony that other parts use
interface IKeyCeremony {
    /// @return whether keys exist
    function isDone() external view returns (bool);
    /// @return words of PK (x, y) of the first `lanes` lanes, then of PK2 = 2^125·PK
    function publicKeys(uint256 lanes) external view returns (uint256[] memory words);
    /// @return words of VK[trustee] (x, y) of the first `lanes` lanes; reverts for an index that took no part
    function verificationKeys(uint256 trustee, uint256 lanes) external view returns (uint256[] memory words);
}

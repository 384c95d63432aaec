// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {CeremonyKeys} from './CeremonyKeys.sol';
import {RevealCheck} from './RevealCheck.sol';

/// @title The ceremony's curve arithmetic, in a contract of its own
/// @notice Without state; `KeyCeremony` creates it, so that its code is part of that contract's creation code. Together they would exceed what a
/// chain takes as one contract.
contract CeremonyMath {
    /// @notice Reverts unless the reveal is well formed and its proof holds; `words` and what is checked: SPEC §7.
    function checkReveal(
        bytes32 base,
        uint256 trustee,
        uint256 lanes,
        uint256 threshold,
        uint256[] calldata words
    ) external view {
        RevealCheck.check(base, trustee, lanes, threshold, words);
    }

    /// @return whether share·G = Σ_k index^k·F[lane][k], with F from the dealer's reveal
    function shareHolds(
        uint256[] calldata words,
        uint256 lane,
        uint256 threshold,
        uint256 index,
        uint256 share
    ) external view returns (bool) {
        return CeremonyKeys.shareHolds(words, lane, threshold, index, share);
    }

    /// @return keys PK of every lane, PK2 of every lane, then for every trustee in `active`, ascending, VK of every lane
    function combine(
        uint256[] calldata words,
        uint256 active,
        uint256 lanes,
        uint256 threshold
    ) external view returns (uint256[] memory keys) {
        return CeremonyKeys.combine(words, active, lanes, threshold);
    }
}

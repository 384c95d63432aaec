// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BabyJubJub} from '../lib/BabyJubJub.sol';

/// @title Whether a reveal is well formed and proves knowledge of its constant terms (SPEC §7)
library RevealCheck {
    bytes32 private constant _TAG_SCHNORR = keccak256('urna/v1/ceremony-schnorr');

    error BadPoint(uint256 index);
    error BadResponse(uint256 z);
    error BadTransportKey(bytes32 key);
    error BadProof(uint256 trustee);

    /// @param base H("ceremony", chainId, E, attempt)
    /// @param words points Q[lane][k], K, z, transportKey
    function check(
        bytes32 base,
        uint256 trustee,
        uint256 lanes,
        uint256 threshold,
        uint256[] memory words
    ) internal view {
        uint256 last = words.length - 1;
        _requireTransportKey(bytes32(words[last]));
        if (words[last - 1] >= BabyJubJub.L) revert BadResponse(words[last - 1]);
        uint256[] memory points = new uint256[](words.length - 2);
        for (uint256 i = 0; i < points.length; i += 2) {
            if (!BabyJubJub.isOnCurve(words[i], words[i + 1])) revert BadPoint(i / 2);
            (points[i], points[i + 1]) = (words[i], words[i + 1]);
        }
        uint256[] memory eightfold = BabyJubJub.timesPowerOfTwo(points, 3);
        // The nonce's point is free to be anything: what it stands for is checked by the equation.
        for (uint256 i = 0; i + 2 < eightfold.length; i += 2) {
            if (BabyJubJub.isIdentity(eightfold[i], eightfold[i + 1])) revert BadPoint(i / 2);
        }
        bytes32 challenge = _challenge(base, trustee, lanes, threshold, words);
        if (!_holds(challenge, lanes, threshold, eightfold, words[last - 1])) revert BadProof(trustee);
    }

    function _challenge(
        bytes32 base,
        uint256 trustee,
        uint256 lanes,
        uint256 threshold,
        uint256[] memory words
    ) private pure returns (bytes32) {
        uint256 points = words.length - 2;
        uint256[] memory input = new uint256[](points + 6);
        (input[0], input[1], input[2]) = (uint256(_TAG_SCHNORR), uint256(base), trustee);
        (input[3], input[4], input[5]) = (lanes, threshold, words[points + 1]);
        for (uint256 i = 0; i < points; ++i) input[6 + i] = words[i];
        return keccak256(abi.encodePacked(input));
    }

    /// @return whether z·G = 8K + Σ_j e_j·F[j][0]
    function _holds(
        bytes32 challenge,
        uint256 lanes,
        uint256 threshold,
        uint256[] memory eightfold,
        uint256 z
    ) private pure returns (bool) {
        uint256[] memory points = new uint256[](2 * lanes + 2);
        uint256[] memory scalars = new uint256[](lanes + 1);
        (points[0], points[1], scalars[0]) = (BabyJubJub.GX, BabyJubJub.GY, z);
        for (uint256 j = 0; j < lanes; ++j) {
            uint256 from = 2 * threshold * j;
            points[2 * j + 2] = BabyJubJub.negate(eightfold[from]);
            points[2 * j + 3] = eightfold[from + 1];
            scalars[j + 1] = uint256(keccak256(abi.encode(challenge, j))) >> 128;
        }
        uint256 last = eightfold.length - 1;
        return BabyJubJub.isCombination(points, scalars, eightfold[last - 1], eightfold[last]);
    }

    /// @dev X25519 keys of low order, as bytes: whoever deals to one deals in the open, so honest dealers could not deal at all.
    function _requireTransportKey(bytes32 key) private pure {
        bool low =
            key == 0 ||
                key == 0x0100000000000000000000000000000000000000000000000000000000000000 ||
                key == 0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f ||
                key == 0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f ||
                key == 0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f ||
                key == 0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800 ||
                key == 0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157;
        if (low || uint256(key) & 0x80 != 0) revert BadTransportKey(key);
    }
}

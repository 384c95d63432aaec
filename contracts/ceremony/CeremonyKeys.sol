// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BabyJubJub} from '../lib/BabyJubJub.sol';

/// @title What follows from the reveals: shares' commitments and the keys (SPEC §7)
library CeremonyKeys {
    error KeyIsNeutral(uint256 lane);

    /// @return whether share·G = Σ_k index^k·F[lane][k]; `words` is the dealer's reveal
    function shareHolds(
        uint256[] calldata words,
        uint256 lane,
        uint256 threshold,
        uint256 index,
        uint256 share
    ) internal view returns (bool) {
        if (share >= BabyJubJub.L) return false;
        uint256[] memory eighths = new uint256[](2 * threshold);
        for (uint256 i = 0; i < eighths.length; ++i) eighths[i] = words[2 * threshold * lane + i];
        uint256[] memory points = BabyJubJub.timesPowerOfTwo(eighths, 3);
        (uint256 x, uint256 y) = BabyJubJub.linearCombination(points, _powers(index, threshold));
        (uint256 gx, uint256 gy) = BabyJubJub.multiplyBase(share);
        return x == gx && y == gy;
    }

    /// @param words reveals of all active trustees, one after another
    /// @param active bitmap of them
    /// @return keys PK of every lane, PK2 of every lane, then for every active trustee, ascending, VK of every lane
    function combine(
        uint256[] calldata words,
        uint256 active,
        uint256 lanes,
        uint256 threshold
    ) internal view returns (uint256[] memory keys) {
        uint256 stride = 2 * lanes * threshold + 4;
        uint256 trustees = words.length / stride;
        uint256[] memory sums = _sums(words, stride, trustees);
        uint256[] memory pk = new uint256[](2 * lanes);
        for (uint256 j = 0; j < lanes; ++j) {
            (pk[2 * j], pk[2 * j + 1]) = (sums[2 * threshold * j], sums[2 * threshold * j + 1]);
            if (BabyJubJub.isIdentity(pk[2 * j], pk[2 * j + 1])) revert KeyIsNeutral(j);
        }
        uint256[] memory pk2 = BabyJubJub.timesPowerOfTwo(pk, 125);
        keys = new uint256[](4 * lanes + 2 * lanes * trustees);
        for (uint256 i = 0; i < 2 * lanes; ++i) (keys[i], keys[2 * lanes + i]) = (pk[i], pk2[i]);
        uint256 at = 4 * lanes;
        for (uint256 m = 1; active >> (m - 1) != 0; ++m) {
            if ((active >> (m - 1)) & 1 == 0) continue;
            uint256[] memory powers = _powers(m, threshold);
            for (uint256 j = 0; j < lanes; ++j) {
                uint256[] memory points = new uint256[](2 * threshold);
                for (uint256 i = 0; i < points.length; ++i) points[i] = sums[2 * threshold * j + i];
                (keys[at], keys[at + 1]) = BabyJubJub.linearCombination(points, powers);
                at += 2;
            }
        }
    }

    /// @return Σ_i F[i][lane][k] for every lane and k
    function _sums(uint256[] calldata words, uint256 stride, uint256 trustees) private view returns (uint256[] memory) {
        uint256[] memory eighths = new uint256[](stride - 4);
        uint256[] memory column = new uint256[](2 * trustees);
        for (uint256 at = 0; at < eighths.length; at += 2) {
            for (uint256 i = 0; i < trustees; ++i) {
                (column[2 * i], column[2 * i + 1]) = (words[i * stride + at], words[i * stride + at + 1]);
            }
            (eighths[at], eighths[at + 1]) = BabyJubJub.sum(column);
        }
        return BabyJubJub.timesPowerOfTwo(eighths, 3);
    }

    /// @return powers index^0 … index^(count−1) mod l
    function _powers(uint256 index, uint256 count) private pure returns (uint256[] memory powers) {
        powers = new uint256[](count);
        uint256 power = 1;
        for (uint256 k = 0; k < count; ++k) {
            powers[k] = power;
            power = mulmod(power, index, BabyJubJub.L);
        }
    }
}

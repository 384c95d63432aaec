// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BabyJubJub} from '../lib/BabyJubJub.sol';

/// @title The count's equations (SPEC §12.3, §12.4)
/// @notice Without state; `Tally` creates it, so that its code is part of that contract's creation code.
contract TallyMath {
    bytes32 private constant _TAG_WEIGHT = keccak256('urna/v1/decrypt-weight');
    bytes32 private constant _TAG_CHALLENGE = keccak256('urna/v1/decrypt-challenge');
    /// @dev 2^128·G: with it z·G costs the doublings of half a scalar, those that c needs anyway.
    uint256 private constant _G128_X = 10288974518820505514752818269060448351810381487680098163350900759224851730336;
    uint256 private constant _G128_Y = 21651882603086694405693098948972420980963565681985490126120123423300778618929;

    error BadPoint(uint256 index);
    error BadResponse(uint256 z);
    error WrongCounts(uint256 lane);

    /// @param context H("decrypt", chainId, E, unit, trustee, lanes)
    /// @param r R.x, R.y
    /// @param keys VK_j
    /// @param eighths Q_j
    /// @param proof A8, B8, z
    /// @return holds whether the proof holds
    /// @return points D_j = 8Q_j
    function checkDecryption(
        bytes32 context,
        uint256[2] calldata r,
        uint256[] calldata keys,
        uint256[] calldata eighths,
        uint256[5] calldata proof
    ) external view returns (bool holds, uint256[] memory points) {
        uint256 words = eighths.length;
        if (proof[4] >= BabyJubJub.L) revert BadResponse(proof[4]);
        // Q_j, A and B together: one inversion for all.
        uint256[] memory posted = new uint256[](words + 4);
        for (uint256 i = 0; i < words + 4; i += 2) {
            (uint256 x, uint256 y) = i < words
                ? (eighths[i], eighths[i + 1])
                : (proof[i - words], proof[i - words + 1]);
            if (!BabyJubJub.isOnCurve(x, y)) revert BadPoint(i / 2);
            (posted[i], posted[i + 1]) = (x, y);
        }
        uint256[] memory eightfold = BabyJubJub.timesPowerOfTwo(posted, 3);
        points = new uint256[](words);
        for (uint256 i = 0; i < words; ++i) points[i] = eightfold[i];
        uint256[] memory weights = _weights(context, r, keys, eighths);
        uint256[2] memory v;
        uint256[2] memory w;
        (v[0], v[1]) = BabyJubJub.linearCombination(keys, weights);
        (w[0], w[1]) = BabyJubJub.linearCombination(points, weights);
        uint256 c =
            uint256(keccak256(abi.encode(_TAG_CHALLENGE, context, v, r, w, proof[0], proof[1], proof[2], proof[3]))) >>
                128;
        uint256[] memory terms = new uint256[](6);
        uint256[] memory scalars = new uint256[](3);
        (terms[0], terms[1], scalars[0]) = (BabyJubJub.GX, BabyJubJub.GY, proof[4] & type(uint128).max);
        (terms[2], terms[3], scalars[1]) = (_G128_X, _G128_Y, proof[4] >> 128);
        holds = _holds(terms, scalars, v, c, eightfold[words], eightfold[words + 1]);
        terms = new uint256[](4);
        scalars = new uint256[](2);
        (terms[0], terms[1], scalars[0]) = (r[0], r[1], proof[4]);
        holds = holds && _holds(terms, scalars, w, c, eightfold[words + 2], eightfold[words + 3]);
    }

    /// @notice Reverts unless for every lane C_j − Σ λ_m·D_{m,j} = (count_{2j} + 2^32·count_{2j+1})·G.
    /// @dev Multiplied by Δ = (trustees − 1)!, which all denominators of the λ divide, the coefficients become small whole numbers:
    /// Δ·C_j − Δ·M_j − Σ Δλ_m·D_{m,j} = O. All points lie in the subgroup of prime order, so nothing is lost.
    /// @param indices the trustees whose decryptions count
    /// @param points their D, one list each
    function requireCounts(
        uint256[] calldata sums,
        uint256[] calldata counts,
        uint256[] calldata indices,
        uint256[][] calldata points,
        uint256 trustees
    ) external pure {
        uint256 t = indices.length;
        uint256[] memory scalars = new uint256[](t + 2);
        uint256[] memory terms = new uint256[](2 * t + 4);
        bool[] memory subtract = new bool[](t);
        scalars[0] = 1;
        for (uint256 k = 2; k < trustees; ++k) scalars[0] *= k;
        for (uint256 i = 0; i < t; ++i) (scalars[i + 2], subtract[i]) = _coefficient(scalars[0], indices, i);
        for (uint256 j = 0; 2 * j < counts.length; ++j) {
            scalars[1] = scalars[0] * (counts[2 * j] + (counts[2 * j + 1] << 32));
            (terms[0], terms[1]) = (sums[2 * j + 2], sums[2 * j + 3]);
            (terms[2], terms[3]) = (BabyJubJub.negate(BabyJubJub.GX), BabyJubJub.GY);
            for (uint256 i = 0; i < t; ++i) {
                uint256 x = points[i][2 * j];
                terms[2 * i + 4] = subtract[i] ? BabyJubJub.negate(x) : x;
                terms[2 * i + 5] = points[i][2 * j + 1];
            }
            if (!BabyJubJub.isCombination(terms, scalars, 0, 1)) revert WrongCounts(j);
        }
    }

    /// @return sums componentwise sums of lists of points
    function addAll(uint256[][] calldata lists) external view returns (uint256[] memory sums) {
        sums = new uint256[](lists[0].length);
        uint256[] memory column = new uint256[](2 * lists.length);
        for (uint256 at = 0; at < sums.length; at += 2) {
            for (uint256 i = 0; i < lists.length; ++i) {
                (column[2 * i], column[2 * i + 1]) = (lists[i][at], lists[i][at + 1]);
            }
            (sums[at], sums[at + 1]) = BabyJubJub.sum(column);
        }
    }

    /// @param terms z times the base as one or more terms, and a free place for the last
    /// @return whether their sum is commitment + c·image
    function _holds(
        uint256[] memory terms,
        uint256[] memory scalars,
        uint256[2] memory image,
        uint256 c,
        uint256 commitmentX,
        uint256 commitmentY
    ) private pure returns (bool) {
        uint256 last = scalars.length - 1;
        (terms[2 * last], terms[2 * last + 1], scalars[last]) = (BabyJubJub.negate(image[0]), image[1], c);
        return BabyJubJub.isCombination(terms, scalars, commitmentX, commitmentY);
    }

    /// @return weights 1, then 128 bits a lane: they hash every D, so that nobody can choose errors that cancel
    function _weights(
        bytes32 context,
        uint256[2] calldata r,
        uint256[] calldata keys,
        uint256[] calldata eighths
    ) private pure returns (uint256[] memory weights) {
        weights = new uint256[](eighths.length / 2);
        weights[0] = 1;
        for (uint256 j = 1; j < weights.length; ++j) {
            bytes memory input = abi.encodePacked(_TAG_WEIGHT, context, keys, r, eighths, j);
            weights[j] = uint256(keccak256(input)) >> 128;
        }
    }

    /// @return factor |Δ·λ_i|: with at most 32 trustees below 2^240
    /// @return negative whether −Δ·λ_i is what is to be added, that is, λ_i > 0
    function _coefficient(
        uint256 delta,
        uint256[] calldata indices,
        uint256 i
    ) private pure returns (uint256 factor, bool negative) {
        uint256 m = indices[i];
        uint256 denominator = 1;
        factor = 1;
        negative = true;
        for (uint256 n = 0; n < indices.length; ++n) {
            uint256 k = indices[n];
            if (k == m) continue;
            factor *= k;
            denominator *= k > m ? k - m : m - k;
            if (k < m) negative = !negative;
        }
        // Exact: the differences are distinct factors of (m−1)!·(n−m)!, which divides (n−1)!.
        factor *= delta / denominator;
    }
}

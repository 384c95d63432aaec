// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BabyJubJub} from '../lib/BabyJubJub.sol';

/// @title The count's equations (SPEC §12.3, §12.4)
/// @notice Without state; `Tally` creates it, so that its code is part of that contract's creation code.
contract TallyMath {
    bytes32 private constant _TAG_WEIGHT = keccak256('urna/v1/decrypt-weight');
    bytes32 private constant _TAG_CHALLENGE = keccak256('urna/v1/decrypt-challenge');

    error BadPoint(uint256 index);
    error BadResponse(uint256 z);
    error WrongCounts(uint256 lane);

    /// @param context H("decrypt", chainId, E, unit, trustee, lanes)
    /// @param sums R.x, R.y, …
    /// @param keys VK_j
    /// @param eighths Q_j
    /// @param proof A8, B8, z
    /// @return holds whether the proof holds
    /// @return points D_j = 8Q_j
    function checkDecryption(
        bytes32 context,
        uint256[] calldata sums,
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
        uint256[] memory weights = _weights(context, sums, keys, eighths);
        uint256[2] memory v;
        uint256[2] memory w;
        (v[0], v[1]) = BabyJubJub.linearCombination(keys, weights);
        (w[0], w[1]) = BabyJubJub.linearCombination(points, weights);
        uint256 c =
            uint256(
                keccak256(
                    abi.encode(_TAG_CHALLENGE, context, v, sums[0], sums[1], w, proof[0], proof[1], proof[2], proof[3])
                )
            ) >> 128;
        uint256[2] memory base = [BabyJubJub.GX, BabyJubJub.GY];
        uint256[2] memory r = [sums[0], sums[1]];
        holds =
            _holds(base, proof[4], v, c, eightfold[words], eightfold[words + 1]) &&
            _holds(r, proof[4], w, c, eightfold[words + 2], eightfold[words + 3]);
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
    ) external view {
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
            (uint256 rx, uint256 ry) = BabyJubJub.linearCombination(terms, scalars);
            if (!BabyJubJub.isIdentity(rx, ry)) revert WrongCounts(j);
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

    /// @return whether z·base = commitment + c·image
    function _holds(
        uint256[2] memory base,
        uint256 z,
        uint256[2] memory image,
        uint256 c,
        uint256 commitmentX,
        uint256 commitmentY
    ) private view returns (bool) {
        uint256[] memory points = new uint256[](4);
        uint256[] memory scalars = new uint256[](2);
        (points[0], points[1], scalars[0]) = (base[0], base[1], z);
        (points[2], points[3], scalars[1]) = (BabyJubJub.negate(image[0]), image[1], c);
        (uint256 x, uint256 y) = BabyJubJub.linearCombination(points, scalars);
        return x == commitmentX && y == commitmentY;
    }

    /// @return weights 1, then 128 bits a lane: they hash every D, so that nobody can choose errors that cancel
    function _weights(
        bytes32 context,
        uint256[] calldata sums,
        uint256[] calldata keys,
        uint256[] calldata eighths
    ) private pure returns (uint256[] memory weights) {
        weights = new uint256[](eighths.length / 2);
        weights[0] = 1;
        for (uint256 j = 1; j < weights.length; ++j) {
            bytes memory input = abi.encodePacked(_TAG_WEIGHT, context, keys, sums[0], sums[1], eighths, j);
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

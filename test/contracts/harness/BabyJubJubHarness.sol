// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BabyJubJub} from '../../../contracts/lib/BabyJubJub.sol';

/// @title Test-only doors into the curve library
contract BabyJubJubHarness {
    function isOnCurve(uint256 x, uint256 y) external pure returns (bool) {
        return BabyJubJub.isOnCurve(x, y);
    }

    function add(uint256 x1, uint256 y1, uint256 x2, uint256 y2) external view returns (uint256, uint256) {
        return BabyJubJub.add(x1, y1, x2, y2);
    }

    function sum(uint256[] memory points) external view returns (uint256, uint256) {
        return BabyJubJub.sum(points);
    }

    function timesPowerOfTwo(uint256[] memory points, uint256 power) external view returns (uint256[] memory) {
        return BabyJubJub.timesPowerOfTwo(points, power);
    }

    function multiply(uint256 x, uint256 y, uint256 k) external view returns (uint256, uint256) {
        return BabyJubJub.multiply(x, y, k);
    }

    function multiplyBase(uint256 k) external view returns (uint256, uint256) {
        return BabyJubJub.multiplyBase(k);
    }

    function linearCombination(
        uint256[] memory points,
        uint256[] memory scalars
    ) external view returns (uint256, uint256) {
        return BabyJubJub.linearCombination(points, scalars);
    }

    function isCombination(
        uint256[] memory points,
        uint256[] memory scalars,
        uint256 x,
        uint256 y
    ) external pure returns (bool) {
        return BabyJubJub.isCombination(points, scalars, x, y);
    }

    function invertAll(uint256[] memory values) external view returns (uint256[] memory) {
        BabyJubJub.invertAll(values);
        return values;
    }

    function negate(uint256 x) external pure returns (uint256) {
        return BabyJubJub.negate(x);
    }

    /// @return used gas of one linear combination
    function gasOf(uint256[] memory points, uint256[] memory scalars) external view returns (uint256 used) {
        used = gasleft();
        BabyJubJub.linearCombination(points, scalars);
        used -= gasleft();
    }
}

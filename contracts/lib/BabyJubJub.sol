// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {EdwardsSums} from './EdwardsSums.sol';
import {ModularInverse} from './ModularInverse.sol';
import {Straus} from './Straus.sol';

/// @title BabyJubJub (EIP-2494): 168700·x² + y² = 1 + 168696·x²·y² over BN254's scalar field
/// @notice Points are affine coordinates, lists of points are flat words x0, y0, x1, y1, …. The addition law is complete on all of
/// the curve (168700 is a square, 168696 is not), so no function has exceptional points; a caller checks `isOnCurve` on what it is handed.
/// A point handed in proves its subgroup by being an eighth: Q on the curve is posted and 8Q (`timesPowerOfTwo(…, 3)`) is used.
library BabyJubJub {
    /// @dev BN254's scalar field order r, the curve's coordinate field.
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev Order l of the prime subgroup; the curve has 8·l points.
    uint256 internal constant L = 2736030358979909402780800718157159386076813972158567259200215660948447373041;
    /// @dev The generator G = Base8 of the prime subgroup.
    uint256 internal constant GX = 5299619240641551281634865583518297030282874472190772894086521144482721001553;
    uint256 internal constant GY = 16950150798460657717958625567821834550301663161624707787222815936182638968203;
    uint256 private constant A = 168700;
    uint256 private constant D = 168696;

    error OddLength(uint256 length);

    /// @return ok whether both coordinates are below r and satisfy the curve's equation (any of its 8·l points, O included)
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool ok) {
        assembly ('memory-safe') {
            let xx := mulmod(x, x, R)
            let yy := mulmod(y, y, R)
            let left := addmod(mulmod(A, xx, R), yy, R)
            let right := addmod(mulmod(D, mulmod(xx, yy, R), R), 1, R)
            ok := and(and(lt(x, R), lt(y, R)), eq(left, right))
        }
    }

    /// @return whether the point is the neutral element O = (0, 1)
    function isIdentity(uint256 x, uint256 y) internal pure returns (bool) {
        return x == 0 && y == 1;
    }

    /// @return the x coordinate of −(x, y); y stays
    function negate(uint256 x) internal pure returns (uint256) {
        return x == 0 ? 0 : R - x;
    }

    /// @return x3 y3 the sum of two points of the curve. About 2,000 gas; for many points use `sum`.
    function add(uint256 x1, uint256 y1, uint256 x2, uint256 y2) internal view returns (uint256 x3, uint256 y3) {
        uint256[] memory points = new uint256[](4);
        (points[0], points[1], points[2], points[3]) = (x1, y1, x2, y2);
        return sum(points);
    }

    /// @return x y the sum of a list of points; O for the empty list
    function sum(uint256[] memory points) internal view returns (uint256 x, uint256 y) {
        if (points.length % 2 != 0) revert OddLength(points.length);
        return EdwardsSums.sum(points);
    }

    /// @return 2^power · P of every point P of the list, in a new list; one inversion for all
    function timesPowerOfTwo(uint256[] memory points, uint256 power) internal view returns (uint256[] memory) {
        if (points.length % 2 != 0) revert OddLength(points.length);
        return EdwardsSums.timesPowerOfTwo(points, power);
    }

    /// @return x3 y3 k·(x, y), 0 ≤ k < 2^254
    function multiply(uint256 x, uint256 y, uint256 k) internal view returns (uint256 x3, uint256 y3) {
        uint256[] memory points = new uint256[](2);
        uint256[] memory scalars = new uint256[](1);
        (points[0], points[1], scalars[0]) = (x, y, k);
        return Straus.combine(points, scalars);
    }

    /// @return x y k·G, 0 ≤ k < 2^254
    function multiplyBase(uint256 k) internal view returns (uint256 x, uint256 y) {
        return multiply(GX, GY, k);
    }

    /// @notice Σ scalars[i]·points[i] with shared doublings (Straus, signed windows of four bits): about 55,000 gas and 28,000 a point
    /// for full scalars, less for short ones. `points` has two words for each of `scalars`; 0 ≤ scalar < 2^254.
    function linearCombination(
        uint256[] memory points,
        uint256[] memory scalars
    ) internal view returns (uint256 x, uint256 y) {
        return Straus.combine(points, scalars);
    }

    /// @return whether Σ scalars[i]·points[i] is the point (x, y), whose coordinates are below r; cheaper than to compute it
    function isCombination(
        uint256[] memory points,
        uint256[] memory scalars,
        uint256 x,
        uint256 y
    ) internal pure returns (bool) {
        return Straus.combinesTo(points, scalars, x, y);
    }

    /// @notice Replaces each value by its inverse mod r, in place; none may be 0 mod r.
    function invertAll(uint256[] memory values) internal view {
        ModularInverse.invertAll(values);
    }
}

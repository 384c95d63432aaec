// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title BN254 by the precompiles of EIP-196 and EIP-197
/// @notice Works on words in memory that the caller lays out, and gives every call exactly the gas the precompile asks for (EIP-1108):
/// a refusal burns what it was given, and must not burn the transaction. The precompiles refuse coordinates ≥ p, points off the curve, and
/// points of G2 outside the subgroup. (0, 0) is the point at infinity.
library Bn254 {
    /// @dev Base field order p.
    uint256 internal constant P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    /// @dev Group order r.
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice Replaces the words x, y, k at `at` by the point k·(x, y), two words; the third stays.
    /// @return ok false where (x, y) is no point
    function multiplyAt(uint256 at) internal view returns (bool ok) {
        assembly ("memory-safe") {
            ok := staticcall(6000, 7, at, 0x60, at, 0x40)
        }
    }

    /// @notice Replaces the words x1, y1, x2, y2 at `at` by their sum, two words; the others stay.
    /// @return ok false where one of them is no point
    function addAt(uint256 at) internal view returns (bool ok) {
        assembly ("memory-safe") {
            ok := staticcall(150, 6, at, 0x80, at, 0x40)
        }
    }

    /// @notice Replaces (x, y) at `at` by its negative.
    function negateAt(uint256 at) internal pure {
        assembly ("memory-safe") {
            let y := add(at, 0x20)
            mstore(y, mod(sub(P, mload(y)), P))
        }
    }

    /// @param at `count` pairs of a point of G1 (two words) and one of G2 (four, imaginary parts first)
    /// @return ok whether all are points of their groups and the product of the pairings is one
    function pairingIsOne(uint256 at, uint256 count) internal view returns (bool ok) {
        assembly ("memory-safe") {
            let called := staticcall(add(45000, mul(34000, count)), 8, at, mul(count, 0xc0), 0x00, 0x20)
            ok := and(called, eq(mload(0x00), 1))
        }
    }
}

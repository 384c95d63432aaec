// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A circuit's verifying key as the code of a contract
/// @notice Code: 0x00 (STOP, so that it cannot run) and words, read with one EXTCODECOPY: alpha (2), beta (4), gamma (4), delta (4) with the
/// imaginary parts first, IC_0 … IC_{14+12L} (2 each) for L lanes. Written by contracts/ballots/circuit-key.ts from vkey.json.
library CircuitKey {
    /// @dev Positions of words.
    uint256 internal constant ALPHA = 0;
    uint256 internal constant BETA = 2;
    uint256 internal constant GAMMA = 6;
    uint256 internal constant DELTA = 10;
    uint256 internal constant IC = 14;

    error NotACircuitKey(address key, uint256 size);

    /// @return lanes L of the key, from the size of its code
    function lanesOf(address key) internal view returns (uint256 lanes) {
        uint256 size = key.code.length;
        // 1 + 32·(14 + 2·(15 + 12L))
        lanes = size < 1409 ? 0 : (size - 1409) / 768;
        if (lanes == 0 || size != 1409 + 768 * lanes || bytes1(key.code) != 0x00) revert NotACircuitKey(key, size);
    }

    /// @return words of the key; `lanesOf` has accepted it
    function load(address key, uint256 lanes) internal view returns (uint256[] memory words) {
        words = new uint256[](IC + 2 * (15 + 12 * lanes));
        assembly ('memory-safe') {
            extcodecopy(key, add(words, 0x20), 1, mul(mload(words), 0x20))
        }
    }
}

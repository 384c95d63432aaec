// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Bn254} from '../../../contracts/lib/Bn254.sol';

/// @title Test-only doors into the precompile library
contract Bn254Harness {
    function add(uint256 x1, uint256 y1, uint256 x2, uint256 y2) external view returns (uint256, uint256) {
        return Bn254.add(x1, y1, x2, y2);
    }

    function negate(uint256 x, uint256 y) external pure returns (uint256, uint256) {
        uint256[2] memory point = [x, y];
        uint256 at;
        assembly ('memory-safe') {
            at := point
        }
        Bn254.negateAt(at);
        return (point[0], point[1]);
    }

    function pairingIsOne(uint256[] memory words) external view returns (bool) {
        uint256 at;
        assembly ('memory-safe') {
            at := add(words, 0x20)
        }
        return Bn254.pairingIsOne(at, words.length / 6);
    }

    /// @return used gas of a pairing check that is refused
    function gasOfRefusal(uint256[] memory words) external view returns (uint256 used) {
        uint256 at;
        assembly ('memory-safe') {
            at := add(words, 0x20)
        }
        used = gasleft();
        Bn254.pairingIsOne(at, words.length / 6);
        used -= gasleft();
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {PoseidonT3} from '../../../contracts/lib/PoseidonT3.sol';

/// @title Test-only door into the hash
contract PoseidonHarness {
    function requireCode(address hasher) external view {
        PoseidonT3.requireCode(hasher);
    }

    function hash(address hasher, uint256 left, uint256 right) external view returns (uint256) {
        return PoseidonT3.hash(hasher, left, right);
    }

    /// @return used gas a hash, in a run of a hundred
    function gasOf(address hasher) external view returns (uint256 used) {
        uint256 value;
        used = gasleft();
        for (uint256 i = 0; i < 100; ++i) value = PoseidonT3.hash(hasher, value, i);
        used = (used - gasleft()) / 100;
    }
}

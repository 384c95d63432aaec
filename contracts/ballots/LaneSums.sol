// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {ModularInverse} from '../lib/ModularInverse.sol';
import {Batch} from './Batches.sol';

/// @title Σ of the ciphertexts of a poll's slots, kept up by − old + new
/// @notice Formulas and coordinates are those of `Straus`, with the summand affine: −u² + y² = 1 + d'u²y², u = F·x. Points are read from calldata, the
/// accumulator stays on the stack; all points of a batch share one inversion. What goes in is on the curve once the proofs hold, and
/// nothing is kept if they do not.
library LaneSums {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant F = 6360561867910373094066688120553762416144456282423235903351243436111059670888;
    uint256 private constant F_INVERSE = 19976260017534050147865154401153945156910754191401137453807035910720341838527;
    uint256 private constant TWO_D = 2475045175004185027501911298141836274980133961483913877536377848625489762075;

    /// @notice Replaces each point of `sums` (R, C_0, …, affine) by itself − Σ old + Σ new over the entries that take effect.
    function addTo(Batch memory batch, uint256[] memory sums) internal view {
        uint256 lanes = batch.lanes;
        uint256[] memory inverses = new uint256[](lanes + 1);
        for (uint256 i = 0; i <= lanes; ++i) {
            uint256 u = mulmod(sums[2 * i], F, R);
            uint256 y = sums[2 * i + 1];
            uint256 z = 1;
            uint256 t = mulmod(u, y, R);
            (u, y, z, t) = _add(batch.firsts, batch.firstsEnd, 32 * (1 + 2 * i), F, u, y, z, t);
            (u, y, z, t) = _add(batch.laters, batch.latersEnd, 32 * (2 + 2 * i), R - F, u, y, z, t);
            (u, y, z, t) = _add(batch.laters, batch.latersEnd, 32 * (4 + 2 * lanes + 2 * i), F, u, y, z, t);
            (sums[2 * i], sums[2 * i + 1], inverses[i]) = (u, y, z);
        }
        ModularInverse.invertAll(inverses);
        for (uint256 i = 0; i <= lanes; ++i) {
            sums[2 * i] = mulmod(mulmod(sums[2 * i], F_INVERSE, R), inverses[i], R);
            sums[2 * i + 1] = mulmod(sums[2 * i + 1], inverses[i], R);
        }
    }

    /// @param factor F to add the points at `offset` of the listed entries, R − F to subtract them
    function _add(
        uint256 from,
        uint256 to,
        uint256 offset,
        uint256 factor,
        uint256 u,
        uint256 y,
        uint256 z,
        uint256 t
    ) private pure returns (uint256, uint256, uint256, uint256) {
        assembly ('memory-safe') {
            for {} lt(from, to) {
                from := add(from, 0x60)
            } {
                let at := add(mload(from), offset)
                let w := calldataload(add(at, 0x20))
                at := mulmod(calldataload(at), factor, R)
                t := mulmod(mulmod(t, TWO_D, R), mulmod(at, w, R), R)
                let a := mulmod(add(y, sub(R, u)), add(w, sub(R, at)), R)
                let b := mulmod(add(y, u), add(w, at), R)
                z := add(z, z)
                let f := add(z, sub(R, t))
                let g := add(z, t)
                let e := add(b, sub(R, a))
                let h := add(b, a)
                u := mulmod(e, f, R)
                y := mulmod(g, h, R)
                t := mulmod(e, h, R)
                z := mulmod(f, g, R)
            }
        }
        return (u, y, z, t);
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {ModularInverse} from '../lib/ModularInverse.sol';
import {Batch} from './Batches.sol';

/// @title The one walk over a batch's ciphertexts: sums of slots (− old + new), weighted sums of signals, ranges
/// @notice Curve formulas and coordinates are those of `Straus`, with the summand affine: −u² + y² = 1 + d'u²y², u = F·x. Points are read from
/// calldata, accumulators stay on the stack, all points of a batch share one inversion. What goes in is on the curve once the proofs hold,
/// and nothing is kept if they do not.
library Lanes {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant F = 6360561867910373094066688120553762416144456282423235903351243436111059670888;
    uint256 private constant F_INVERSE = 19976260017534050147865154401153945156910754191401137453807035910720341838527;
    uint256 private constant TWO_D = 2475045175004185027501911298141836274980133961483913877536377848625489762075;

    /// @dev Six words in memory, in this order.
    struct Sum {
        uint256 u;
        uint256 y;
        uint256 z;
        uint256 t;
        uint256 weightedX;
        uint256 weightedY;
    }

    /// @notice For every point i (0 is R, i is C_{i−1}) of the entries that take effect: brings `totals` (affine) up to date, and writes Σ w·signal to
    /// `scalars` where the circuit has it: old points from word 3, new ones from word 5 (SPEC §10.1). First casts have no old points here.
    /// @return ok whether all coordinates are below r; if not, the rest means nothing
    function walk(
        Batch memory batch,
        uint256[] memory totals,
        uint256[] memory scalars
    ) internal view returns (bool ok) {
        uint256 lanes = batch.lanes;
        uint256[] memory inverses = new uint256[](lanes + 1);
        uint256 good = 1;
        for (uint256 i = 0; i <= lanes; ++i) {
            uint256 u = mulmod(totals[2 * i], F, R);
            uint256 y = totals[2 * i + 1];
            Sum memory sum = Sum(u, y, 1, mulmod(u, y, R), 0, 0);
            if (batch.latersEnd != batch.laters) {
                good &= _add(sum, batch.laters, 64 + 64 * i, R - F);
                uint256 oldAt = i == 0 ? 3 : 5 + 2 * i;
                (scalars[oldAt], scalars[oldAt + 1]) = (sum.weightedX, sum.weightedY);
                (sum.weightedX, sum.weightedY) = (0, 0);
            }
            good &= _add(sum, batch.firsts, 32 + 64 * i, F);
            good &= _add(sum, batch.laters, 128 + 64 * lanes + 64 * i, F);
            uint256 newAt = i == 0 ? 5 : 5 + 2 * lanes + 2 * i;
            (scalars[newAt], scalars[newAt + 1]) = (sum.weightedX, sum.weightedY);
            (totals[2 * i], totals[2 * i + 1], inverses[i]) = (sum.u, sum.y, sum.z);
        }
        if (good == 0) return false;
        ModularInverse.invertAll(inverses);
        for (uint256 i = 0; i <= lanes; ++i) {
            totals[2 * i] = mulmod(mulmod(totals[2 * i], F_INVERSE, R), inverses[i], R);
            totals[2 * i + 1] = mulmod(totals[2 * i + 1], inverses[i], R);
        }
        return true;
    }

    /// @dev Adds the points `offset` bytes into the listed entries, or with `factor` = −F subtracts them: −(x, y) = (−x, y). The list ends with a
    /// word 0. Whatever the loop does not change waits in memory, and points pass through it: the loop needs the whole reach of the stack.
    function _add(Sum memory sum, uint256 list, uint256 offset, uint256 factor) private pure returns (uint256 ok) {
        assembly ('memory-safe') {
            let scratch := mload(0x40)
            mstore(scratch, factor)
            mstore(add(scratch, 0x20), offset)
            let u := mload(sum)
            let y := mload(add(sum, 0x20))
            let z := mload(add(sum, 0x40))
            let t := mload(add(sum, 0x60))
            let sx := mload(add(sum, 0x80))
            let sy := mload(add(sum, 0xa0))
            mstore(add(scratch, 0x40), sum)
            ok := 1
            for {
                let x := mload(list)
            } x {
                x := mload(list)
            } {
                calldatacopy(0x00, add(x, mload(add(scratch, 0x20))), 0x40)
                x := mload(0x00)
                let w := mload(0x20)
                ok := and(ok, and(lt(x, R), lt(w, R)))
                sx := addmod(mulmod(mload(add(list, 0x40)), x, R), sx, R)
                sy := addmod(mulmod(mload(add(list, 0x40)), w, R), sy, R)
                list := add(list, 0x60)
                x := mulmod(x, mload(scratch), R)
                t := mulmod(mulmod(t, TWO_D, R), mulmod(x, w, R), R)
                let a := mulmod(add(y, sub(R, u)), add(w, sub(R, x)), R)
                let b := mulmod(add(y, u), add(w, x), R)
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
            sum := mload(add(scratch, 0x40))
            mstore(sum, u)
            mstore(add(sum, 0x20), y)
            mstore(add(sum, 0x40), z)
            mstore(add(sum, 0x60), t)
            mstore(add(sum, 0x80), sx)
            mstore(add(sum, 0xa0), sy)
        }
    }
}

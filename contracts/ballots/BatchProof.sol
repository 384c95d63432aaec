// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Bn254} from '../lib/Bn254.sol';
import {Batch, Batches} from './Batches.sol';
import {CircuitKey} from './CircuitKey.sol';
import {IBallots} from './IBallots.sol';
import {Lanes} from './Lanes.sol';

/// @title Groth16 proofs of one poll, many at once (SPEC §11.4)
/// @notice Π e(w_k·A_k, B_k) = e(W·α, β) · e(W·K + Σ_i s_i·IC_i, γ) · e(Σ w_k·C_k, δ) with random 128-bit w_k, W = Σ w_k, s_i = Σ w_k·pub_{k,i}: if any of
/// the proofs is wrong, this holds for at most one in 2^128 of the seeds, and the seed is a hash of all that the proofs say.
library BatchProof {
    using Batches for Batch;
    using Lanes for Batch;

    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice Reverts unless all proofs of the batch hold.
    /// @param key words of the circuit's key; used up
    /// @param totals the poll's sums, brought up to date
    function verify(
        Batch memory batch,
        uint256[] memory key,
        uint256 kx,
        uint256 ky,
        uint256[] memory totals
    ) internal view {
        uint256 lanes = batch.lanes;
        uint256 count = (batch.firstsEnd - batch.firsts + batch.latersEnd - batch.laters) / 96;
        uint256[] memory sums = new uint256[](7 + 4 * lanes);
        uint256 total = _weigh(batch, sums);
        if (!batch.walk(totals, sums)) batch.blame();
        if (sums[2] != 0) _mergeFresh(key, lanes);
        // Pairs, then room for Σ w·C and a product.
        uint256[] memory slab = new uint256[](6 * count + 18 + 5);
        uint256 next;
        assembly ('memory-safe') {
            next := add(slab, 0x20)
        }
        uint256 sum = next + 192 * count + 576;
        uint256 bad;
        (next, bad) = _pairs(batch.firsts, batch.firstsEnd, 32 * (3 + 2 * lanes), next, sum);
        if (bad != 0) revert IBallots.ProofPointInvalid(batch.entryOf(bad, batch.firstsAt, Batches.firstStride(lanes)));
        (next, bad) = _pairs(batch.laters, batch.latersEnd, 32 * (6 + 4 * lanes), next, sum);
        if (bad != 0) revert IBallots.ProofPointInvalid(batch.entryOf(bad, batch.latersAt, Batches.laterStride(lanes)));
        if (!_conclude(next, count, sum, key, total, kx, ky, sums)) revert IBallots.ProofsInvalid();
    }

    /// @return whether one proof holds for `signals`, the 7 + 4L public signals of an update
    function holds(
        uint256[] memory signals,
        uint256[8] memory proof,
        uint256[] memory key,
        uint256 kx,
        uint256 ky
    ) internal view returns (bool) {
        uint256[] memory slab = new uint256[](6 + 18 + 5);
        for (uint256 i = 0; i < 6; ++i) slab[i] = proof[i];
        (slab[24], slab[25]) = (proof[6], proof[7]);
        uint256 next;
        assembly ('memory-safe') {
            next := add(slab, 0xe0)
        }
        return _conclude(next, 1, next + 576, key, 1, kx, ky, signals);
    }

    /// @return x y IC_0 + Σ constants[i]·IC_{1+i}: K_poll (SPEC §11.2)
    function pollKey(uint256[] memory key, uint256[] memory constants) internal view returns (uint256 x, uint256 y) {
        uint256[] memory sum = new uint256[](5);
        uint256 at;
        assembly ('memory-safe') {
            at := add(sum, 0x20)
        }
        (sum[0], sum[1]) = (key[CircuitKey.IC], key[CircuitKey.IC + 1]);
        _addProducts(at, key, CircuitKey.IC + 2, constants);
        return (sum[0], sum[1]);
    }

    /// @notice Gives the k-th entry that takes effect its weight, the low 128 bits of keccak(seed ‖ k), and sums nullifiers, contexts and, for first
    /// casts, `fresh` = 1.
    /// @return total Σ w
    function _weigh(Batch memory batch, uint256[] memory sums) private pure returns (uint256 total) {
        bytes32 seed = Batches.seal(batch);
        assembly ('memory-safe') {
            mstore(0x00, seed)
        }
        uint256 next;
        (next, total) = _weighList(batch.firsts, 0, 0, sums);
        sums[2] = total % R;
        (, total) = _weighList(batch.laters, next, total, sums);
    }

    /// @dev The seed stands in scratch space.
    function _weighList(
        uint256 list,
        uint256 index,
        uint256 total,
        uint256[] memory sums
    ) private pure returns (uint256, uint256) {
        assembly ('memory-safe') {
            let nullifiers := mload(add(sums, 0x20))
            let contexts := mload(add(sums, 0x40))
            for {
                let at := mload(list)
            } at {
                at := mload(list)
            } {
                mstore(0x20, index)
                let weight := and(keccak256(0x00, 0x40), 0xffffffffffffffffffffffffffffffff)
                nullifiers := addmod(mulmod(weight, calldataload(at), R), nullifiers, R)
                contexts := addmod(mulmod(weight, mload(add(list, 0x20)), R), contexts, R)
                mstore(add(list, 0x40), weight)
                total := add(total, weight)
                index := add(index, 1)
                list := add(list, 0x60)
            }
            mstore(add(sums, 0x20), nullifiers)
            mstore(add(sums, 0x40), contexts)
        }
        return (index, total);
    }

    /// @notice Adds the key's points of the old points' y to that of `fresh`: first casts have fresh = 1 and O = (0, 1) for all old points, so that one
    /// product serves all of them.
    function _mergeFresh(uint256[] memory key, uint256 lanes) private view {
        uint256 fresh = CircuitKey.IC + 2 * (10 + 8 * lanes);
        for (uint256 i = 0; i <= lanes; ++i) {
            // From `fresh`: oldR.x 1, oldR.y 2, newR 3 and 4, oldC_0.x 5, oldC_0.y 6, …
            uint256 y = fresh + 2 * (i == 0 ? 2 : 4 + 2 * i);
            (key[fresh], key[fresh + 1]) = Bn254.add(key[fresh], key[fresh + 1], key[y], key[y + 1]);
        }
    }

    /// @dev Writes the pairs (w·A, B) at `next` and adds w·C to the sum.
    /// @return end where the next pair goes
    /// @return bad where in calldata the first entry begins whose A or C is no point; 0 if all are
    function _pairs(
        uint256 from,
        uint256 to,
        uint256 proofOffset,
        uint256 next,
        uint256 sum
    ) private view returns (uint256 end, uint256 bad) {
        for (; from < to; from += 0x60) {
            bool ok;
            assembly ('memory-safe') {
                let weight := mload(add(from, 0x40))
                let proof := add(mload(from), proofOffset)
                calldatacopy(next, proof, 0x40)
                mstore(add(next, 0x40), weight)
                ok := staticcall(6000, 7, next, 0x60, next, 0x40)
                calldatacopy(add(next, 0x40), add(proof, 0x40), 0x80)
                let product := add(sum, 0x40)
                calldatacopy(product, add(proof, 0xc0), 0x40)
                mstore(add(product, 0x40), weight)
                ok := and(ok, staticcall(6000, 7, product, 0x60, product, 0x40))
                ok := and(ok, staticcall(150, 6, sum, 0x80, sum, 0x40))
                next := add(next, 0xc0)
            }
            if (!ok) {
                assembly ('memory-safe') {
                    bad := mload(from)
                }
                return (next, bad);
            }
        }
        return (next, 0);
    }

    /// @param next where the last three pairs go; `count` pairs stand before it
    /// @param sum where Σ w·C stands, with three words of room behind it
    function _conclude(
        uint256 next,
        uint256 count,
        uint256 sum,
        uint256[] memory key,
        uint256 total,
        uint256 kx,
        uint256 ky,
        uint256[] memory sums
    ) private view returns (bool) {
        bool ok;
        assembly ('memory-safe') {
            // Σ w·C with delta.
            mcopy_pair(add(next, 0x180), sum)
            let words := add(key, 0x20)
            copy4(add(next, 0x1c0), add(words, 0x140))
            // W·K, to be added to, with gamma.
            mstore(sum, kx)
            mstore(add(sum, 0x20), ky)
            mstore(add(sum, 0x40), total)
            ok := staticcall(6000, 7, sum, 0x60, sum, 0x40)
            copy4(add(next, 0x100), add(words, 0xc0))
            // W·alpha with beta.
            mcopy_pair(next, words)
            mstore(add(next, 0x40), total)
            ok := and(ok, staticcall(6000, 7, next, 0x60, next, 0x40))
            copy4(add(next, 0x40), add(words, 0x40))
            function mcopy_pair(to, from) {
                mstore(to, mload(from))
                mstore(add(to, 0x20), mload(add(from, 0x20)))
            }
            function copy4(to, from) {
                mcopy_pair(to, from)
                mcopy_pair(add(to, 0x40), add(from, 0x40))
            }
        }
        if (!ok) revert IBallots.KeyPointInvalid();
        uint256 lanes = (sums.length - 7) / 4;
        _addProducts(sum, key, CircuitKey.IC + 2 * (8 + 8 * lanes), sums);
        assembly ('memory-safe') {
            mstore(add(next, 0xc0), mload(sum))
            mstore(add(next, 0xe0), mload(add(sum, 0x20)))
        }
        Bn254.negateAt(next);
        Bn254.negateAt(next + 0xc0);
        Bn254.negateAt(next + 0x180);
        return Bn254.pairingIsOne(next - 192 * count, count + 3);
    }

    /// @notice Adds Σ scalars[i]·(key words at `from` + 2i) to the point at `sum`, which has three words of room behind it.
    function _addProducts(uint256 sum, uint256[] memory key, uint256 from, uint256[] memory scalars) private view {
        bool ok = true;
        assembly ('memory-safe') {
            let point := add(add(key, 0x20), shl(5, from))
            let scalar := add(scalars, 0x20)
            let product := add(sum, 0x40)
            for {
                let end := add(scalar, shl(5, mload(scalars)))
            } lt(scalar, end) {
                scalar := add(scalar, 0x20)
            } {
                let k := mload(scalar)
                if k {
                    mstore(product, mload(point))
                    mstore(add(product, 0x20), mload(add(point, 0x20)))
                    mstore(add(product, 0x40), k)
                    ok := and(ok, staticcall(6000, 7, product, 0x60, product, 0x40))
                    ok := and(ok, staticcall(150, 6, sum, 0x80, sum, 0x40))
                }
                point := add(point, 0x40)
            }
        }
        if (!ok) revert IBallots.KeyPointInvalid();
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IKeyCeremony} from '../ceremony/IKeyCeremony.sol';
import {Direct} from '../election/Direct.sol';
import {Contest, IElection, Poll} from '../election/IElection.sol';
import {IRoll} from '../roll/IRoll.sol';
import {Batch, Batches} from './Batches.sol';
import {BatchProof} from './BatchProof.sol';
import {CircuitKey} from './CircuitKey.sol';
import {IBallots} from './IBallots.sol';
import {Turn, Turns} from './Turns.sol';

/// @title Slots, batch verification and sums (SPEC §11)
contract Ballots is IBallots, Direct {
    using Batches for Batch;
    using BatchProof for Batch;
    using Turns for Turn;

    /// @dev One word of what changes with every batch or is read with it, then K_poll and the sums.
    struct State {
        uint32 nonEmpty;
        uint32 members;
        uint16 boxes;
        uint8 lanes;
        bool prepared;
        uint256 kx;
        uint256 ky;
        uint256[] sums;
    }

    bytes32 private constant _TAG_SCOPE = keccak256('urna/v1/scope');
    bytes32 private constant _TAG_CONTEXT = keccak256('urna/v1/context');
    bytes32 private constant _TAG_BATCH = keccak256('urna/v1/batch');
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    IElection private immutable _ELECTION;
    /// @dev The roll's, copied when the first poll is prepared: it is final then.
    bytes32 private _sealedRootsHash;
    mapping(uint256 lanes => address) private _circuitKeys;
    mapping(uint256 poll => State) private _states;
    mapping(uint256 poll => mapping(uint256 nullifier => uint256)) private _slots;

    /// @param circuitKeys_ one data contract for each circuit (see `CircuitKey`), at most one for a number of lanes
    constructor(address election_, address[] memory circuitKeys_) {
        _ELECTION = IElection(election_);
        for (uint256 i = 0; i < circuitKeys_.length; ++i) {
            uint256 lanes = CircuitKey.lanesOf(circuitKeys_[i]);
            if (_circuitKeys[lanes] != address(0)) revert TwoKeysForLanes(lanes);
            _circuitKeys[lanes] = circuitKeys_[i];
        }
    }

    /// @inheritdoc IBallots
    function preparePoll(uint256 poll) external {
        State storage state = _states[poll];
        if (state.prepared) revert AlreadyPrepared(poll);
        if (poll >= _ELECTION.pollCount()) revert NoSuchPoll(poll);
        IRoll roll = IRoll(_ELECTION.roll());
        IKeyCeremony ceremony = IKeyCeremony(_ELECTION.ceremony());
        if (!roll.isSealed() || !ceremony.isDone()) revert NotReady();
        Poll memory place = _ELECTION.poll(poll);
        Contest memory contest = _ELECTION.contest(place.contest);
        address circuit = _circuitKeys[contest.lanes];
        if (circuit == address(0)) revert NoCircuit(contest.lanes);
        (uint256 root, uint256 size) = roll.sealedRoll(place.district);
        uint256[] memory constants = _constants(poll, root, size, contest, ceremony.publicKeys(contest.lanes));
        (state.kx, state.ky) = BatchProof.pollKey(CircuitKey.load(circuit, contest.lanes), constants);
        _sealedRootsHash = roll.sealedRootsHash();
        (state.members, state.boxes) = (uint32(size), uint16(_ELECTION.boxCount()));
        (state.lanes, state.prepared) = (contest.lanes, true);
        for (uint256 i = 0; i <= contest.lanes; ++i) {
            state.sums.push(0);
            state.sums.push(1);
        }
        emit PollPrepared(poll, root, size, state.kx, state.ky);
    }

    /// @inheritdoc IBallots
    function update(uint256 poll, uint256[] calldata firsts, uint256[] calldata laters) external direct {
        State storage state = _prepared(poll);
        Turn memory turn = Turns.current(_ELECTION, state.boxes, _sealedRootsHash);
        Batch memory batch = _open(poll, state, firsts, laters);
        uint256 occupied = _takeFirsts(batch, poll, turn, state);
        _takeLaters(batch, poll, turn);
        bytes32 sumsHash;
        if (batch.firsts == batch.firstsEnd && batch.laters == batch.latersEnd) {
            sumsHash = keccak256(abi.encodePacked(state.sums));
        } else {
            state.nonEmpty = uint32(occupied);
            uint256[] memory totals = state.sums;
            batch.verify(CircuitKey.load(_circuitKeys[batch.lanes], batch.lanes), state.kx, state.ky, totals);
            state.sums = totals;
            sumsHash = keccak256(abi.encodePacked(totals));
        }
        emit UpdatesApplied(poll, turn.round, batch.firstCount, batch.laterCount, batch.skipped, occupied, sumsHash);
    }

    /// @inheritdoc IBallots
    function verifyUpdate(
        uint256 poll,
        uint256[] calldata signals,
        uint256[8] calldata proof
    ) external view returns (bool) {
        State storage state = _prepared(poll);
        uint256 lanes = state.lanes;
        if (signals.length != 7 + 4 * lanes) revert WrongLength(signals.length, 7 + 4 * lanes);
        for (uint256 i = 0; i < signals.length; ++i) if (signals[i] >= R) revert SignalTooLarge(0);
        uint256[] memory key = CircuitKey.load(_circuitKeys[lanes], lanes);
        return BatchProof.holds(signals, proof, key, state.kx, state.ky);
    }

    /// @inheritdoc IBallots
    function slot(uint256 poll, uint256 nullifier) external view returns (uint256) {
        return _slots[poll][nullifier];
    }

    /// @inheritdoc IBallots
    function sums(uint256 poll) external view returns (uint256[] memory) {
        return _prepared(poll).sums;
    }

    /// @inheritdoc IBallots
    function nonEmpty(uint256 poll) external view returns (uint256) {
        return _states[poll].nonEmpty;
    }

    /// @inheritdoc IBallots
    function members(uint256 poll) external view returns (uint256) {
        return _states[poll].members;
    }

    /// @inheritdoc IBallots
    function pollKey(uint256 poll) external view returns (uint256, uint256) {
        return (_states[poll].kx, _states[poll].ky);
    }

    /// @inheritdoc IBallots
    function circuitKey(uint256 lanes) external view returns (address) {
        return _circuitKeys[lanes];
    }

    function election() external view returns (address) {
        return address(_ELECTION);
    }

    /// @dev Reads what a batch starts from; the digest begins with what its proofs are about (SPEC §11.4).
    function _open(
        uint256 poll,
        State storage state,
        uint256[] calldata firsts,
        uint256[] calldata laters
    ) private view returns (Batch memory) {
        bytes32 digest = keccak256(
            abi.encode(_TAG_BATCH, block.chainid, _ELECTION, poll, state.kx, state.ky, firsts.length, laters.length)
        );
        bytes32 contextBase = keccak256(abi.encode(_TAG_CONTEXT, block.chainid, _ELECTION, poll));
        return Batches.open(state.lanes, firsts, laters, contextBase, digest);
    }

    /// @return occupied slots of the poll after the batch's first casts
    function _takeFirsts(
        Batch memory batch,
        uint256 poll,
        Turn memory turn,
        State storage state
    ) private returns (uint256 occupied) {
        mapping(uint256 => uint256) storage slots = _slots[poll];
        uint256 length = 32 * Batches.firstStride(batch.lanes);
        uint256 count = batch.firstCount;
        uint256 at = batch.firstsAt;
        uint256 stamp = turn.round + 1;
        uint256 limit = turn.allowsFirst() ? state.members : 0;
        occupied = state.nonEmpty;
        // Entry numbers stay below 200, places in calldata below its length.
        unchecked {
            for (uint256 entry = 0; entry < count; ++entry) {
                uint256 nullifier = batch.read(at, entry, length);
                (uint256 place, uint256 word) = _find(slots, nullifier);
                if (occupied < limit && word == 0) {
                    _store(place, (batch.takeFirst(at, nullifier) << 8) | stamp);
                    ++occupied;
                } else {
                    batch.skip(at, entry);
                }
                at += length;
            }
        }
    }

    function _takeLaters(Batch memory batch, uint256 poll, Turn memory turn) private {
        mapping(uint256 => uint256) storage slots = _slots[poll];
        uint256 length = 32 * Batches.laterStride(batch.lanes);
        uint256 entry = batch.firstCount;
        uint256 end = entry + batch.laterCount;
        uint256 at = batch.latersAt;
        uint256 stamp = turn.round + 1;
        bool anySlot = turn.allowsAnySlot();
        unchecked {
            for (; entry < end; ++entry) {
                uint256 nullifier = batch.read(at, entry, length);
                (uint256 place, uint256 word) = _find(slots, nullifier);
                // An empty slot's word is 0, and 0 in the last byte of no other.
                bool due = word != 0 && word & 0xff < stamp && (anySlot || turn.allowsSlot(nullifier));
                if (due && batch.continues(word >> 8)) {
                    _store(place, (batch.takeLater(at, nullifier, word >> 8) << 8) | stamp);
                } else {
                    batch.skip(at, entry);
                }
                at += length;
            }
        }
    }

    /// @dev `slots[nullifier]` and where it is stored, hashed once for reading and writing.
    function _find(
        mapping(uint256 => uint256) storage slots,
        uint256 nullifier
    ) private view returns (uint256 place, uint256 word) {
        assembly ('memory-safe') {
            mstore(0x00, nullifier)
            mstore(0x20, slots.slot)
            place := keccak256(0x00, 0x40)
            word := sload(place)
        }
    }

    function _store(uint256 place, uint256 word) private {
        assembly ('memory-safe') {
            sstore(place, word)
        }
    }

    /// @dev The circuit's constants, in its order (SPEC §10).
    function _constants(
        uint256 poll,
        uint256 root,
        uint256 size,
        Contest memory contest,
        uint256[] memory keys
    ) private view returns (uint256[] memory constants) {
        uint256 options = 2 * uint256(contest.lanes);
        constants = new uint256[](7 + 4 * options);
        constants[0] = uint256(keccak256(abi.encode(_TAG_SCOPE, block.chainid, _ELECTION, poll))) >> 8;
        (constants[1], constants[2]) = (root, size);
        (constants[3], constants[4]) = (contest.rule.minTotal, contest.rule.maxTotal);
        (constants[5], constants[6]) = (contest.rule.quadratic ? 1 : 0, contest.rule.distinct ? 1 : 0);
        for (uint256 i = 0; i < options; ++i) {
            constants[7 + i] = contest.rule.max[i];
            constants[7 + options + i] = contest.rule.price[i];
        }
        for (uint256 i = 0; i < 2 * options; ++i) constants[7 + 2 * options + i] = keys[i];
    }

    function _prepared(uint256 poll) private view returns (State storage state) {
        state = _states[poll];
        if (!state.prepared) revert NotPrepared(poll);
    }
}

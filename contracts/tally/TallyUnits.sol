// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IBallots} from '../ballots/IBallots.sol';
import {StoredWords} from '../ceremony/StoredWords.sol';
import {Direct} from '../election/Direct.sol';
import {Contest, IElection, Phase, Unit} from '../election/IElection.sol';
import {ITally, UnitState} from './ITally.sol';
import {TallyMath} from './TallyMath.sol';

/// @title Units: what is added to what, and what becomes of it (SPEC §12.2)
abstract contract TallyUnits is ITally, Direct {
    /// @dev One word.
    struct StoredUnit {
        UnitState state;
        bool counted;
        /// @dev Of the unit's contest.
        uint8 lanes;
        uint32 posted;
        uint40 nonEmpty;
        /// @dev StoredWords: R, C of every lane.
        address sums;
    }

    IElection internal immutable _ELECTION;
    TallyMath internal immutable _MATH;

    /// @dev Shares a word with the counters, so that it is paid for at construction and not by the first trustee.
    uint64 internal _reserved = 1;
    uint64 internal _decryptions;
    uint64 internal _final;
    mapping(uint256 unit => StoredUnit) internal _units;

    constructor(address election_) {
        _ELECTION = IElection(election_);
        _MATH = new TallyMath();
    }

    /// @inheritdoc ITally
    function aggregate(uint256 contest) external direct {
        _requireSettled();
        (uint256 first, uint256 count) = _ELECTION.contestUnits(contest);
        uint256 done;
        for (uint256 i = first; i < first + count; ++i) {
            if (_units[i].state != UnitState.None) continue;
            _aggregate(i);
            ++done;
        }
        if (done == 0) revert NothingToAggregate(contest);
    }

    /// @inheritdoc ITally
    function aggregateUnits(uint256 first, uint256 count) external direct {
        _requireSettled();
        for (uint256 i = first; i < first + count; ++i) {
            if (i >= _ELECTION.unitCount()) revert NoSuchUnit(i);
            if (_units[i].state != UnitState.None) revert AlreadyAggregated(i);
            _aggregate(i);
        }
    }

    /// @inheritdoc ITally
    function isCounted() public view returns (bool) {
        return _final != 0 && _final == _ELECTION.unitCount();
    }

    /// @dev A unit's fate follows from its own polls and from those of the units that may be merged into it; no order of calls matters.
    function _aggregate(uint256 index) private {
        Unit memory unit = _ELECTION.unit(index);
        Contest memory contest = _ELECTION.contest(unit.contest);
        uint256 minimum = _ELECTION.minAnonymitySet();
        IBallots ballots = IBallots(_ELECTION.ballots());
        uint256[] memory polls = new uint256[](_ELECTION.pollCount());
        (uint256 used, uint256 nonEmpty) = _collect(ballots, index, polls, 0);
        UnitState state = UnitState.Merged;
        if (unit.mergeInto == 0 || nonEmpty >= minimum) {
            (uint256 first, uint256 count) = _ELECTION.contestUnits(unit.contest);
            for (uint256 i = first; i < first + count; ++i) {
                if (_ELECTION.unit(i).mergeInto != index + 1) continue;
                (uint256 more, uint256 small) = _collect(ballots, i, polls, used);
                if (small < minimum) (used, nonEmpty) = (more, nonEmpty + small);
            }
            state = UnitState.Open;
            if (nonEmpty == 0) state = UnitState.Empty;
            else if (nonEmpty < minimum && contest.withholdSmall) state = UnitState.Withheld;
        }
        uint256[] memory words = _sums(ballots, polls, used, contest.lanes);
        bool open = state == UnitState.Open;
        address sums = used == 0 ? address(0) : StoredWords.write(words);
        _units[index] = StoredUnit(state, !open, contest.lanes, 0, uint40(nonEmpty), sums);
        if (!open) ++_final;
        emit UnitAggregated(unit.contest, index, state, nonEmpty, words);
    }

    /// @dev Appends the unit's polls that hold ballots to `polls`, from position `used` on.
    /// @return end the new number of entries
    /// @return nonEmpty occupied slots of all the unit's polls
    function _collect(
        IBallots ballots,
        uint256 unit,
        uint256[] memory polls,
        uint256 used
    ) private view returns (uint256 end, uint256 nonEmpty) {
        (uint256 first, uint256 count) = _ELECTION.unitPolls(unit);
        end = used;
        for (uint256 i = first; i < first + count; ++i) {
            uint256 occupied = ballots.nonEmpty(i);
            if (occupied == 0) continue;
            polls[end++] = i;
            nonEmpty += occupied;
        }
    }

    /// @return words componentwise sums of the first `used` of `polls`; O of every lane for none
    function _sums(
        IBallots ballots,
        uint256[] memory polls,
        uint256 used,
        uint256 lanes
    ) private view returns (uint256[] memory words) {
        if (used == 0) {
            words = new uint256[](2 * lanes + 2);
            for (uint256 i = 1; i < words.length; i += 2) words[i] = 1;
            return words;
        }
        if (used == 1) return ballots.sums(polls[0]);
        uint256[][] memory lists = new uint256[][](used);
        for (uint256 i = 0; i < used; ++i) lists[i] = ballots.sums(polls[i]);
        return _MATH.addAll(lists);
    }

    function _requireSettled() private view {
        Phase phase = _ELECTION.phase();
        if (phase != Phase.Closed) revert WrongPhase(uint8(phase));
        uint256 settled = _ELECTION.settledAt();
        if (block.timestamp < settled) revert NotSettled(block.timestamp, settled);
    }
}

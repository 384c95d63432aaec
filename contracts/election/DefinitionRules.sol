// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Config, Contest, Poll, Rule, Times, Unit} from './IElection.sol';

/// @title What a definition has to fulfil before an election can exist (SPEC §3, §8; DESIGN §2.4)
/// @notice Pure checks at construction. Every bound below is one that circuit, count or gas rely on.
library DefinitionRules {
    uint256 internal constant MAX_VOTERS = 1 << 20;
    uint256 internal constant MAX_BOXES = 255;
    uint256 internal constant MAX_ROUNDS = 64;
    uint256 internal constant MAX_TRUSTEES = 32;
    /// @dev `KeyCeremony.finish` takes n·t·lanes points in one transaction.
    uint256 internal constant MAX_CEREMONY_POINTS = 1024;
    uint256 internal constant MAX_OFFICERS = 64;
    uint256 private constant MAX_TIME = 1 << 40;
    uint256 private constant MAX_SECONDS = 366 days;
    uint256 private constant MAX_VALUE = 1 << 10;
    uint256 private constant MAX_PRICE = 1 << 32;
    uint256 private constant MAX_TOTAL = 1 << 32;
    uint256 private constant MAX_COUNT = 1 << 32;
    uint256 private constant MAX_SEARCH = 1 << 48;

    /// @dev `member` is the field of the definition.
    error BadTimes(string member);
    error BadNumber(string member, uint256 value);
    error BadKey(string member, uint256 index);
    error BadContest(uint256 contest, string member);
    error BadUnit(uint256 unit, string member);
    error BadPoll(uint256 poll, string member);
    error CountSearchTooLarge(uint256 contest, uint256 lane);

    function check(Config memory config) internal pure {
        _checkTimes(config.times, config.maskRounds);
        _checkKeys('officers', config.officers, MAX_OFFICERS);
        _checkKeys('trustees', config.trustees, MAX_TRUSTEES);
        _checkKeys('boxes', config.boxes, MAX_BOXES);
        if (config.registrar == address(0)) revert BadKey('registrar', 0);
        _checkRange('quorum', config.quorum, 1, config.officers.length);
        _checkRange('threshold', config.threshold, 1, config.trustees.length);
        _checkRange('minAnonymitySet', config.minAnonymitySet, 1, MAX_VOTERS << 16);
        _checkRange('voters', config.voters.length, 1, type(uint16).max);
        for (uint256 i = 0; i < config.voters.length; ++i) _checkRange('voters', config.voters[i], 1, MAX_VOTERS);
        _checkRange('units', config.units.length, 1, type(uint16).max - 1);
        _checkRange('polls', config.polls.length, 1, type(uint16).max);
        _checkContests(config);
        _checkUnits(config);
        _checkBounds(config, _checkPolls(config));
    }

    function _checkTimes(Times memory times, uint256 maskRounds) private pure {
        _checkRange('maskRounds', maskRounds, 1, MAX_ROUNDS);
        if (times.closesAt > MAX_TIME) revert BadTimes('closesAt');
        if (times.registrationCloses <= times.registrationOpens) revert BadTimes('registrationCloses');
        _checkRange('challengeSeconds', times.challengeSeconds, 1, MAX_SECONDS);
        // A complete roll stands open to challenge before it can be sealed, and it has to be sealed to vote.
        if (times.opensAt < uint256(times.registrationCloses) + times.challengeSeconds) revert BadTimes('opensAt');
        // Four seconds a round: its last quarter is never empty.
        if (times.closesAt < uint256(times.opensAt) + 4 * maskRounds) revert BadTimes('closesAt');
        _checkRange('graceSeconds', times.graceSeconds, 4, MAX_SECONDS);
        _checkRange('settleSeconds', times.settleSeconds, 1, MAX_SECONDS);
        _checkRange('maxExtensionSeconds', times.maxExtensionSeconds, 0, MAX_SECONDS);
    }

    function _checkRange(string memory member, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert BadNumber(member, value);
    }

    /// @dev None zero, none twice: two trustees with one key would be one who counts twice.
    function _checkKeys(string memory member, address[] memory keys, uint256 max) private pure {
        _checkRange(member, keys.length, 1, max);
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == address(0)) revert BadKey(member, i);
            for (uint256 j = 0; j < i; ++j) if (keys[i] == keys[j]) revert BadKey(member, i);
        }
    }

    function _checkContests(Config memory config) private pure {
        _checkRange('contests', config.contests.length, 1, type(uint16).max);
        uint256 keyLanes;
        for (uint256 i = 0; i < config.contests.length; ++i) {
            Contest memory contest = config.contests[i];
            uint256 lanes = contest.lanes;
            if (lanes != 1 && lanes != 4 && lanes != 8) revert BadContest(i, 'lanes');
            _checkRule(i, lanes, contest.rule);
            if (lanes > keyLanes) keyLanes = lanes;
        }
        _checkRange('trustees', config.trustees.length * config.threshold * keyLanes, 1, MAX_CEREMONY_POINTS);
    }

    /// @dev The circuit's comparators have these widths (SPEC §8). A rule that nobody could fulfil is refused as well.
    function _checkRule(uint256 index, uint256 lanes, Rule memory rule) private pure {
        if (rule.max.length != 2 * lanes) revert BadContest(index, 'max');
        if (rule.price.length != 2 * lanes) revert BadContest(index, 'price');
        if (rule.maxTotal >= MAX_TOTAL) revert BadContest(index, 'maxTotal');
        if (rule.minTotal > rule.maxTotal) revert BadContest(index, 'minTotal');
        uint256 reachable;
        for (uint256 i = 0; i < 2 * lanes; ++i) {
            if (rule.max[i] >= MAX_VALUE) revert BadContest(index, 'max');
            if (rule.price[i] >= MAX_PRICE) revert BadContest(index, 'price');
            reachable += rule.max[i] * (rule.quadratic ? rule.max[i] : rule.price[i]);
        }
        if (reachable == 0 || reachable < rule.minTotal) revert BadContest(index, 'minTotal');
    }

    /// @dev Units stand in the order of contests, every contest has one, merging goes one level deep and stays in the contest.
    function _checkUnits(Config memory config) private pure {
        uint256 contest;
        for (uint256 i = 0; i < config.units.length; ++i) {
            Unit memory unit = config.units[i];
            uint256 next = i == 0 ? 0 : contest + 1;
            if (unit.contest != next && (i == 0 || unit.contest != contest)) revert BadUnit(i, 'contest');
            contest = unit.contest;
            if (unit.mergeInto == 0) continue;
            uint256 target = unit.mergeInto - 1;
            if (target >= config.units.length || target == i) revert BadUnit(i, 'mergeInto');
            if (config.units[target].contest != contest || config.units[target].mergeInto != 0) {
                revert BadUnit(i, 'mergeInto');
            }
        }
        if (contest + 1 != config.contests.length) revert BadContest(contest + 1, 'units');
    }

    /// @dev Polls stand in the order of units, every unit has one, and no district stands twice in a contest: so units partition it.
    /// @return sizes voters of every contest, over all its districts
    function _checkPolls(Config memory config) private pure returns (uint256[] memory sizes) {
        sizes = new uint256[](config.contests.length);
        uint256[] memory seen = new uint256[](config.voters.length);
        uint256 unit;
        for (uint256 i = 0; i < config.polls.length; ++i) {
            Poll memory poll = config.polls[i];
            uint256 next = i == 0 ? 0 : unit + 1;
            if (poll.unit != next && (i == 0 || poll.unit != unit)) revert BadPoll(i, 'unit');
            unit = poll.unit;
            if (unit >= config.units.length) revert BadPoll(i, 'unit');
            if (poll.contest != config.units[unit].contest) revert BadPoll(i, 'contest');
            if (poll.district >= config.voters.length) revert BadPoll(i, 'district');
            if (seen[poll.district] == uint256(poll.contest) + 1) revert BadPoll(i, 'district');
            seen[poll.district] = uint256(poll.contest) + 1;
            sizes[poll.contest] += config.voters[poll.district];
        }
        if (unit + 1 != config.units.length) revert BadUnit(unit + 1, 'districts');
    }

    /// @dev Counts fit their half of a lane, and the search for them stays feasible (DESIGN §2.4).
    function _checkBounds(Config memory config, uint256[] memory sizes) private pure {
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256[] memory max = config.contests[i].rule.max;
            for (uint256 j = 0; j < max.length; j += 2) {
                uint256 low = max[j] * sizes[i];
                uint256 high = max[j + 1] * sizes[i];
                if (low >= MAX_COUNT || high >= MAX_COUNT || (low + 1) * (high + 1) > MAX_SEARCH) {
                    revert CountSearchTooLarge(i, j / 2);
                }
            }
        }
    }
}

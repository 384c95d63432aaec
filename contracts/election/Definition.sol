// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {DefinitionRules} from './DefinitionRules.sol';
import {Config, Contest, IElection, Poll, Rule, Times, Unit} from './IElection.sol';

/// @title What the definition fixes, packed into storage once
/// @notice Nothing here changes after construction.
abstract contract Definition is IElection {
    /// @dev A contest in four words: rule and shape, 16 times max (16 bits each), 16 times price (32 bits each).
    struct StoredContest {
        uint48 minTotal;
        uint48 maxTotal;
        uint8 lanes;
        bool quadratic;
        bool distinct;
        bool withholdSmall;
        uint16 firstUnit;
        uint16 units;
        uint256 max;
        uint256[2] price;
    }

    bytes32 private immutable _DEFINITION_HASH;
    bytes32 private immutable _CONFIG_HASH;
    address private immutable _REGISTRAR;
    uint256 private immutable _QUORUM;
    uint256 private immutable _THRESHOLD;
    uint256 private immutable _KEY_LANES;
    uint256 private immutable _MASK_ROUNDS;
    uint256 private immutable _MIN_ANONYMITY_SET;

    Times private _times;
    address[] private _officers;
    mapping(address officer => bool) private _isOfficer;
    address[] private _trustees;
    uint256 private _boxCount;
    mapping(address box => uint256 number) private _boxNumbers;
    // Arrays of small numbers share words: an election has many districts, units and polls.
    uint32[] private _voters;
    uint48[] private _polls;
    uint64[] private _units;
    StoredContest[] private _contests;

    constructor(Config memory config) {
        DefinitionRules.check(config);
        _DEFINITION_HASH = config.definitionHash;
        _CONFIG_HASH = keccak256(abi.encode(config));
        _REGISTRAR = config.registrar;
        _QUORUM = config.quorum;
        _THRESHOLD = config.threshold;
        _MASK_ROUNDS = config.maskRounds;
        _MIN_ANONYMITY_SET = config.minAnonymitySet;
        _times = config.times;
        _officers = config.officers;
        _trustees = config.trustees;
        _boxCount = config.boxes.length;
        for (uint256 i = 0; i < config.officers.length; ++i) _isOfficer[config.officers[i]] = true;
        for (uint256 i = 0; i < config.boxes.length; ++i) _boxNumbers[config.boxes[i]] = i + 1;
        for (uint256 i = 0; i < config.voters.length; ++i) _voters.push(uint32(config.voters[i]));
        _KEY_LANES = _storeContests(config);
        _storeUnits(config);
    }

    /// @return lanes the largest number of lanes of a contest
    function _storeContests(Config memory config) private returns (uint256 lanes) {
        for (uint256 i = 0; i < config.contests.length; ++i) {
            Contest memory from = config.contests[i];
            StoredContest storage to = _contests.push();
            to.minTotal = uint48(from.rule.minTotal);
            to.maxTotal = uint48(from.rule.maxTotal);
            to.lanes = from.lanes;
            to.quadratic = from.rule.quadratic;
            to.distinct = from.rule.distinct;
            to.withholdSmall = from.withholdSmall;
            uint256 max;
            uint256[2] memory price;
            for (uint256 j = 0; j < from.rule.max.length; ++j) {
                max |= from.rule.max[j] << (16 * j);
                price[j / 8] |= from.rule.price[j] << (32 * (j % 8));
            }
            (to.max, to.price) = (max, price);
            if (from.lanes > lanes) lanes = from.lanes;
        }
    }

    function _storeUnits(Config memory config) private {
        uint256 at;
        for (uint256 i = 0; i < config.units.length; ++i) {
            Unit memory from = config.units[i];
            uint256 first = at;
            while (at < config.polls.length && config.polls[at].unit == i) {
                _polls.push((uint48(from.contest) << 32) | (uint48(config.polls[at].district) << 16) | uint48(i));
                ++at;
            }
            _units.push(
                (uint64(from.contest) << 48) |
                    (uint64(from.mergeInto) << 32) |
                    (uint64(first) << 16) |
                    uint64(at - first)
            );
            StoredContest storage contest_ = _contests[from.contest];
            if (contest_.units == 0) contest_.firstUnit = uint16(i);
            ++contest_.units;
        }
    }

    /// @inheritdoc IElection
    function definitionHash() public view returns (bytes32) {
        return _DEFINITION_HASH;
    }

    /// @inheritdoc IElection
    function configHash() public view returns (bytes32) {
        return _CONFIG_HASH;
    }

    /// @inheritdoc IElection
    function times() public view returns (Times memory) {
        return _times;
    }

    /// @inheritdoc IElection
    function officers() external view returns (address[] memory) {
        return _officers;
    }

    /// @inheritdoc IElection
    function quorum() public view returns (uint256) {
        return _QUORUM;
    }

    /// @inheritdoc IElection
    function registrar() external view returns (address) {
        return _REGISTRAR;
    }

    /// @inheritdoc IElection
    function trustees() external view returns (address[] memory) {
        return _trustees;
    }

    /// @inheritdoc IElection
    function trustee(uint256 index) external view returns (address) {
        return index == 0 || index > _trustees.length ? address(0) : _trustees[index - 1];
    }

    /// @inheritdoc IElection
    function trusteeCount() external view returns (uint256) {
        return _trustees.length;
    }

    /// @inheritdoc IElection
    function threshold() external view returns (uint256) {
        return _THRESHOLD;
    }

    /// @inheritdoc IElection
    function keyLanes() external view returns (uint256 lanes) {
        return _KEY_LANES;
    }

    /// @inheritdoc IElection
    function boxCount() external view returns (uint256) {
        return _boxCount;
    }

    /// @inheritdoc IElection
    function boxNumber(address account) external view returns (uint256) {
        return _boxNumbers[account];
    }

    /// @inheritdoc IElection
    function maskRounds() public view returns (uint256) {
        return _MASK_ROUNDS;
    }

    /// @inheritdoc IElection
    function districtCount() external view returns (uint256) {
        return _voters.length;
    }

    /// @inheritdoc IElection
    function voters(uint256 district) external view returns (uint256) {
        return _voters[district];
    }

    /// @inheritdoc IElection
    function pollCount() external view returns (uint256) {
        return _polls.length;
    }

    /// @inheritdoc IElection
    function poll(uint256 index) external view returns (Poll memory) {
        uint48 word = _polls[index];
        return Poll({contest: uint16(word >> 32), district: uint16(word >> 16), unit: uint16(word)});
    }

    /// @inheritdoc IElection
    function contest(uint256 index) external view returns (Contest memory) {
        StoredContest storage from = _contests[index];
        uint256 options = 2 * uint256(from.lanes);
        uint256[] memory max = new uint256[](options);
        uint256[] memory price = new uint256[](options);
        uint256 word = from.max;
        for (uint256 i = 0; i < options; ++i) max[i] = (word >> (16 * i)) & type(uint16).max;
        for (uint256 i = 0; i < options; ++i) {
            if (i % 8 == 0) word = from.price[i / 8];
            price[i] = (word >> (32 * (i % 8))) & type(uint32).max;
        }
        Rule memory rule = Rule(from.minTotal, from.maxTotal, from.quadratic, from.distinct, max, price);
        return Contest(from.lanes, from.withholdSmall, rule);
    }

    /// @inheritdoc IElection
    function contestCount() external view returns (uint256) {
        return _contests.length;
    }

    /// @inheritdoc IElection
    function contestUnits(uint256 index) external view returns (uint256 first, uint256 count) {
        StoredContest storage from = _contests[index];
        return (from.firstUnit, from.units);
    }

    /// @inheritdoc IElection
    function unit(uint256 index) external view returns (Unit memory) {
        uint64 word = _units[index];
        return Unit({contest: uint16(word >> 48), mergeInto: uint16(word >> 32)});
    }

    /// @inheritdoc IElection
    function unitPolls(uint256 index) external view returns (uint256 first, uint256 count) {
        uint64 word = _units[index];
        return (uint16(word >> 16), uint16(word));
    }

    /// @inheritdoc IElection
    function unitCount() external view returns (uint256) {
        return _units.length;
    }

    /// @inheritdoc IElection
    function minAnonymitySet() external view returns (uint256) {
        return _MIN_ANONYMITY_SET;
    }

    function _isAnOfficer(address account) internal view returns (bool) {
        return _isOfficer[account];
    }
}

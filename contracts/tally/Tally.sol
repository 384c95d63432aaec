// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IKeyCeremony} from '../ceremony/IKeyCeremony.sol';
import {StoredWords} from '../ceremony/StoredWords.sol';
import {Contest, IElectionPart} from '../election/IElection.sol';
import {Signatures} from '../election/Signatures.sol';
import {ITally, UnitState} from './ITally.sol';
import {TallyUnits} from './TallyUnits.sol';

/// @title The count (SPEC §12.2–12.4)
contract Tally is TallyUnits, IElectionPart {
    /// @dev One word.
    struct StoredDecryption {
        uint8 rank;
        /// @dev StoredWords: D of every lane.
        address points;
    }

    bytes32 private constant _TAG_DECRYPT = keccak256('urna/v1/decrypt');
    bytes32 private constant _TAG_RESULT = keccak256('urna/v1/result');
    bytes32 private constant _STEP_DECRYPT = keccak256('urna/v1/step/decrypt');
    uint256 private constant _COUNT_BITS = 32;
    uint256 private constant _COUNTS_PER_WORD = 8;

    mapping(uint256 unit => mapping(uint256 trustee => StoredDecryption)) private _posted;
    /// @dev Eight counts a word.
    mapping(uint256 unit => uint256[2]) private _counts;

    constructor(address election_) TallyUnits(election_) {}

    /// @inheritdoc ITally
    function postDecryption(
        uint256 unit,
        uint256 trustee,
        uint256[] calldata points,
        uint256[5] calldata proof,
        bytes calldata signature
    ) external direct {
        _requireCanonical(abi.encodeCall(this.postDecryption, (unit, trustee, points, proof, signature)));
        StoredUnit memory stored = _requireOpen(unit);
        if (_posted[unit][trustee].points != address(0)) revert AlreadyPosted(unit, trustee);
        uint256 lanes = stored.lanes;
        if (points.length != 2 * lanes) revert WrongLength(points.length, 2 * lanes);
        IKeyCeremony ceremony = IKeyCeremony(_ELECTION.ceremony());
        _requireSigned(ceremony, unit, trustee, points, proof, signature);
        uint256[] memory keys = ceremony.verificationKeys(trustee, lanes);
        uint256[] memory r = StoredWords.read(stored.sums, 0, 2);
        (bool holds, uint256[] memory d) = _MATH.checkDecryption(
            keccak256(abi.encode(_TAG_DECRYPT, block.chainid, address(_ELECTION), unit, trustee, lanes)),
            [r[0], r[1]],
            keys,
            points,
            proof
        );
        if (!holds) revert BadProof(unit, trustee);
        uint256 rank = _countBits(stored.posted);
        _posted[unit][trustee] = StoredDecryption(uint8(rank), StoredWords.write(d));
        _units[unit].posted = stored.posted | uint32(1 << (trustee - 1));
        ++_decryptions;
        emit DecryptionPosted(unit, trustee, rank);
    }

    /// @inheritdoc ITally
    function submitCounts(uint256 unit, uint256[] calldata counts) external direct {
        StoredUnit memory stored = _requireOpen(unit);
        Contest memory contest = _ELECTION.contest(_ELECTION.unit(unit).contest);
        uint256 options = 2 * uint256(contest.lanes);
        if (counts.length != options) revert WrongLength(counts.length, options);
        for (uint256 i = 0; i < options; ++i) {
            // Without this bound (count + 2^32, next count − 1) would be the same point.
            uint256 limit = contest.rule.max[i] * stored.nonEmpty;
            if (counts[i] > limit) revert CountTooLarge(i, counts[i], limit);
        }
        uint256 threshold = _ELECTION.threshold();
        (uint256[] memory indices, uint256[][] memory points) = _firstDecryptions(unit, stored, threshold, options);
        uint256[] memory sums = StoredWords.read(stored.sums, 0, options + 2);
        _MATH.requireCounts(sums, counts, indices, points, _ELECTION.trusteeCount());
        for (uint256 i = 0; i < options; i += _COUNTS_PER_WORD) {
            uint256 word;
            for (uint256 k = 0; k < _COUNTS_PER_WORD && i + k < options; ++k)
                word |= counts[i + k] << (_COUNT_BITS * k);
            if (word != 0) _counts[unit][i / _COUNTS_PER_WORD] = word;
        }
        _units[unit].counted = true;
        ++_final;
        emit CountsStored(unit, counts);
    }

    /// @inheritdoc IElectionPart
    function election() external view returns (address) {
        return address(_ELECTION);
    }

    /// @inheritdoc ITally
    function decryptionCount() external view returns (uint256) {
        return _decryptions;
    }

    /// @inheritdoc ITally
    function resultHash() external view returns (bytes32) {
        if (!isCounted()) revert NotCounted();
        uint256 units = _ELECTION.unitCount();
        uint256 length = 1;
        for (uint256 i = 0; i < units; ++i) length += 2 + 2 * uint256(_units[i].lanes);
        // One list for all: to append unit after unit would cost more than a block has, from a hundred units on.
        uint256[] memory words = new uint256[](length);
        words[0] = uint256(_TAG_RESULT);
        uint256 at = 1;
        for (uint256 i = 0; i < units; ++i) {
            (UnitState state, , uint256 nonEmpty, uint256[] memory counts) = unitResult(i);
            (words[at], words[at + 1]) = (uint256(state), nonEmpty);
            at += 2;
            for (uint256 k = 0; k < counts.length; ++k) words[at++] = counts[k];
        }
        return keccak256(abi.encodePacked(words));
    }

    /// @inheritdoc ITally
    function unitResult(
        uint256 unit
    ) public view returns (UnitState state, bool counted, uint256 nonEmpty, uint256[] memory counts) {
        StoredUnit memory stored = _units[unit];
        counts = new uint256[](2 * uint256(stored.lanes));
        uint256 word;
        for (uint256 i = 0; i < counts.length; ++i) {
            if (i % _COUNTS_PER_WORD == 0) word = _counts[unit][i / _COUNTS_PER_WORD];
            counts[i] = (word >> (_COUNT_BITS * (i % _COUNTS_PER_WORD))) & type(uint32).max;
        }
        return (stored.state, stored.counted, stored.nonEmpty, counts);
    }

    /// @inheritdoc ITally
    function unitSums(uint256 unit) external view returns (uint256[] memory words) {
        return _all(_units[unit].sums);
    }

    /// @inheritdoc ITally
    function decryption(uint256 unit, uint256 trustee) external view returns (uint256[] memory words) {
        return _all(_posted[unit][trustee].points);
    }

    /// @inheritdoc ITally
    function decryptionsOf(uint256 unit) external view returns (uint256 bitmap) {
        return _units[unit].posted;
    }

    /// @return indices of the first `threshold` trustees that posted, ascending
    /// @return points D of each
    function _firstDecryptions(
        uint256 unit,
        StoredUnit memory stored,
        uint256 threshold,
        uint256 words
    ) private view returns (uint256[] memory indices, uint256[][] memory points) {
        uint256 given = _countBits(stored.posted);
        if (given < threshold) revert TooFewDecryptions(given, threshold);
        indices = new uint256[](threshold);
        points = new uint256[][](threshold);
        uint256 at;
        for (uint256 m = 1; at < threshold; ++m) {
            StoredDecryption memory posted = _posted[unit][m];
            if (posted.points == address(0) || posted.rank >= threshold) continue;
            (indices[at], points[at]) = (m, StoredWords.read(posted.points, 0, words));
            ++at;
        }
    }

    /// @dev A unit has this state only once the election is settled, so that no phase has to be asked for; but a cancelled one counts no more.
    function _requireOpen(uint256 unit) private view returns (StoredUnit memory stored) {
        if (!_ELECTION.isInForce()) revert NotInForce();
        stored = _units[unit];
        if (stored.state != UnitState.Open) revert NotDecryptable(unit, stored.state);
        if (stored.counted) revert AlreadyCounted(unit);
    }

    function _requireSigned(
        IKeyCeremony ceremony,
        uint256 unit,
        uint256 trustee,
        uint256[] calldata points,
        uint256[5] calldata proof,
        bytes calldata signature
    ) private view {
        bytes32 object = keccak256(abi.encodePacked(unit, points, proof));
        bytes32 digest = _ELECTION.stepDigest(ceremony.attempt(), trustee, _STEP_DECRYPT, object);
        address signer = Signatures.recover(digest, signature);
        if (signer != _ELECTION.trustee(trustee)) revert NotTheTrustee(trustee, signer);
    }

    function _all(address stored) private view returns (uint256[] memory words) {
        return stored == address(0) ? new uint256[](0) : StoredWords.read(stored, 0, (stored.code.length - 1) / 32);
    }

    function _countBits(uint256 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IElectionPart} from '../election/IElection.sol';
import {Signatures} from '../election/Signatures.sol';
import {CeremonyMath} from './CeremonyMath.sol';
import {CeremonyStages} from './CeremonyStages.sol';
import {CeremonyState, IKeyCeremony, Stage} from './IKeyCeremony.sol';
import {StoredWords} from './StoredWords.sol';

/// @title The trustees' key ceremony (SPEC §7)
contract KeyCeremony is CeremonyStages, IElectionPart {
    /// @dev An accusation that was made stays known, so that it cannot be made twice.
    enum Accusation {
        None,
        Open,
        Settled
    }

    bytes32 private constant _TAG_COMMIT = keccak256('urna/v1/ceremony-commit');
    bytes32 private constant _STEP_COMMIT = keccak256('urna/v1/step/commit');
    bytes32 private constant _STEP_REVEAL = keccak256('urna/v1/step/reveal');
    bytes32 private constant _STEP_DEAL = keccak256('urna/v1/step/deal');
    bytes32 private constant _STEP_CONFIRM = keccak256('urna/v1/step/confirm');
    bytes32 private constant _STEP_ACCUSE = keccak256('urna/v1/step/accuse');
    bytes32 private constant _STEP_ANSWER = keccak256('urna/v1/step/answer');
    /// @dev HPKE: encapsulated key 32, share 32, authentication tag 16.
    uint256 private constant _SEALED_SHARE_BYTES = 80;

    CeremonyMath private immutable _MATH;

    address private _keys;
    mapping(bytes32 key => Accusation) private _accusations;

    constructor(address election_) CeremonyStages(election_) {
        _MATH = new CeremonyMath();
    }

    /// @inheritdoc IKeyCeremony
    function commit(uint256 trustee, bytes32 commitment, bytes calldata signature) external direct {
        _requireCanonical(abi.encodeCall(this.commit, (trustee, commitment, signature)));
        CeremonyState memory s = _take(Stage.Commit, trustee);
        if (commitment == 0) revert EmptyCommitment();
        _requireSigned(s, trustee, _STEP_COMMIT, keccak256(abi.encode(commitment)), signature);
        _posted[s.attempt][trustee].message = commitment;
        emit CommitPosted(s.attempt, trustee, commitment);
        _mark(s, trustee, Stage.Reveal);
    }

    /// @inheritdoc IKeyCeremony
    function reveal(
        uint256 trustee,
        uint256[] calldata points,
        uint256[2] calldata k,
        uint256 z,
        bytes32 transportKey,
        bytes calldata signature
    ) external direct {
        _requireCanonical(abi.encodeCall(this.reveal, (trustee, points, k, z, transportKey, signature)));
        CeremonyState memory s = _take(Stage.Reveal, trustee);
        uint256 lanes = _ELECTION.keyLanes();
        uint256 threshold = _ELECTION.threshold();
        if (points.length != 2 * lanes * threshold) revert WrongLength(points.length, 2 * lanes * threshold);
        uint256[] memory words = _joined(points, k, z, transportKey);
        bytes32 hash = keccak256(abi.encodePacked(words));
        bytes32 base = _base(s.attempt);
        bytes32 commitment = _posted[s.attempt][trustee].message;
        if (keccak256(abi.encode(_TAG_COMMIT, base, trustee, hash)) != commitment) revert NotCommittedTo(commitment);
        _requireSigned(s, trustee, _STEP_REVEAL, hash, signature);
        _MATH.checkReveal(base, trustee, lanes, threshold, words);
        _posted[s.attempt][trustee].message = hash;
        emit RevealPosted(s.attempt, trustee, hash);
        _mark(s, trustee, Stage.Deal);
    }

    /// @inheritdoc IKeyCeremony
    function deal(uint256 trustee, bytes calldata shares, bytes calldata signature) external direct {
        _requireCanonical(abi.encodeCall(this.deal, (trustee, shares, signature)));
        CeremonyState memory s = _take(Stage.Deal, trustee);
        uint256 expected = _SEALED_SHARE_BYTES * (_count(s.active) - 1) * _ELECTION.keyLanes();
        if (shares.length != expected) revert WrongLength(shares.length, expected);
        bytes32 hash = keccak256(shares);
        _requireSigned(s, trustee, _STEP_DEAL, hash, signature);
        _posted[s.attempt][trustee].dealHash = hash;
        emit DealPosted(s.attempt, trustee, hash);
        _mark(s, trustee, Stage.Confirm);
        if (s.stage == Stage.Confirm) _transcript = _transcriptOf(s);
    }

    /// @inheritdoc IKeyCeremony
    function confirm(uint256 trustee, bytes calldata signature) external direct {
        _requireCanonical(abi.encodeCall(this.confirm, (trustee, signature)));
        CeremonyState memory s = _take(Stage.Confirm, trustee);
        if (_posted[s.attempt][trustee].accusing != 0) revert AccusationOpen(trustee);
        _requireSigned(s, trustee, _STEP_CONFIRM, keccak256(abi.encode(_transcript)), signature);
        emit ConfirmPosted(s.attempt, trustee);
        _mark(s, trustee, Stage.Confirm);
    }

    /// @inheritdoc IKeyCeremony
    function accuse(uint256 trustee, uint256 dealer, uint256 lane, bytes calldata signature) external direct {
        _requireCanonical(abi.encodeCall(this.accuse, (trustee, dealer, lane, signature)));
        CeremonyState memory s = _take(Stage.Confirm, trustee);
        if (block.timestamp > s.accuseUntil) revert Late(block.timestamp, s.accuseUntil);
        bytes32 key = _accusationKey(s.attempt, trustee, dealer, lane);
        bool known = _accusations[key] != Accusation.None;
        if (known || dealer == trustee || !_isIn(s.active, dealer) || lane >= _ELECTION.keyLanes()) {
            revert BadAccusation(dealer, lane);
        }
        _requireSigned(s, trustee, _STEP_ACCUSE, keccak256(abi.encode(dealer, lane)), signature);
        _accusations[key] = Accusation.Open;
        ++_posted[s.attempt][trustee].accusing;
        ++_posted[s.attempt][dealer].accused;
        emit AccusePosted(s.attempt, trustee, dealer, lane);
        _prolong(s);
    }

    /// @inheritdoc IKeyCeremony
    function answer(
        uint256 trustee,
        uint256 accuser,
        uint256 lane,
        uint256 share,
        uint256[] calldata revealWords,
        bytes calldata signature
    ) external direct {
        _requireCanonical(abi.encodeCall(this.answer, (trustee, accuser, lane, share, revealWords, signature)));
        CeremonyState memory s = _running(Stage.Confirm);
        bytes32 key = _accusationKey(s.attempt, accuser, trustee, lane);
        if (_accusations[key] != Accusation.Open) revert NoAccusation(accuser, trustee, lane);
        _requireRevealed(s, trustee, revealWords);
        _requireSigned(s, trustee, _STEP_ANSWER, keccak256(abi.encode(accuser, lane, share)), signature);
        bool right = _MATH.shareHolds(revealWords, lane, _ELECTION.threshold(), accuser, share);
        emit AnswerPosted(s.attempt, trustee, accuser, lane, share, right);
        if (!right) return _restart(s, _bit(trustee));
        _accusations[key] = Accusation.Settled;
        --_posted[s.attempt][accuser].accusing;
        --_posted[s.attempt][trustee].accused;
        s.opened |= uint32(_bit(accuser));
        // Shares of two recipients in the open lower the threshold: these keys must not be made.
        if (_count(s.opened) > 1) return _restart(s, 0);
        _prolong(s);
    }

    /// @inheritdoc IKeyCeremony
    function timeout() external direct {
        CeremonyState memory s = state();
        if (s.stage == Stage.Done || s.stage == Stage.Aborted) revert WrongStage(s.stage);
        _requireInForce();
        if (block.timestamp <= s.deadline) revert DeadlineAhead(block.timestamp, s.deadline);
        uint256 named = s.active & ~s.posted;
        if (s.stage == Stage.Confirm) named = _namedInConfirm(s);
        if (named == 0) revert NothingMissing();
        _restart(s, named);
    }

    /// @inheritdoc IKeyCeremony
    function finish(uint256[] calldata revealWords) external direct {
        CeremonyState memory s = state();
        if (s.stage != Stage.Confirm) revert WrongStage(s.stage);
        _requireInForce();
        // Nobody could vote with them any more.
        uint256 closes = _ELECTION.closesAt();
        if (block.timestamp >= closes) revert TooLate(block.timestamp, closes);
        if (s.posted != s.active) revert Unfinished(s.posted, s.active);
        uint256 lanes = _ELECTION.keyLanes();
        uint256 threshold = _ELECTION.threshold();
        uint256 stride = 2 * lanes * threshold + 4;
        uint256 expected = stride * _count(s.active);
        if (revealWords.length != expected) revert WrongLength(revealWords.length, expected);
        uint256 at = 0;
        for (uint256 m = 1; m <= 32; ++m) {
            if (!_isIn(s.active, m)) continue;
            _requireRevealed(s, m, revealWords[at:at + stride]);
            at += stride;
        }
        uint256[] memory keys = _MATH.combine(revealWords, s.active, lanes, threshold);
        _keys = StoredWords.write(keys);
        s.stage = Stage.Done;
        _state = s;
        emit KeysMade(s.attempt, s.active, keys);
    }

    /// @inheritdoc IElectionPart
    function election() external view returns (address) {
        return address(_ELECTION);
    }

    /// @inheritdoc IKeyCeremony
    function revealHash(uint256 trustee) external view returns (bytes32) {
        CeremonyState memory s = state();
        bool revealed = s.stage > Stage.Reveal || (s.stage == Stage.Reveal && _isIn(s.posted, trustee));
        return revealed ? _posted[s.attempt][trustee].message : bytes32(0);
    }

    /// @inheritdoc IKeyCeremony
    function transcriptHash() external view returns (bytes32) {
        return _transcript;
    }

    /// @inheritdoc IKeyCeremony
    function isDone() external view returns (bool) {
        return _keys != address(0);
    }

    /// @inheritdoc IKeyCeremony
    function attempt() external view returns (uint256) {
        return state().attempt;
    }

    /// @inheritdoc IKeyCeremony
    function publicKeys(uint256 lanes) external view returns (uint256[] memory words) {
        uint256 all = _requireKeys(lanes);
        uint256[] memory pk = StoredWords.read(_keys, 0, 2 * lanes);
        uint256[] memory pk2 = StoredWords.read(_keys, 2 * all, 2 * lanes);
        words = new uint256[](4 * lanes);
        for (uint256 i = 0; i < 2 * lanes; ++i) (words[i], words[2 * lanes + i]) = (pk[i], pk2[i]);
    }

    /// @inheritdoc IKeyCeremony
    function verificationKeys(uint256 trustee, uint256 lanes) external view returns (uint256[] memory words) {
        uint256 all = _requireKeys(lanes);
        uint256 active = _state.active;
        if (!_isIn(active, trustee)) revert NotActive(trustee);
        uint256 rank = _count(active & (_bit(trustee) - 1));
        return StoredWords.read(_keys, 4 * all + 2 * all * rank, 2 * lanes);
    }

    /// @return all lanes that have keys
    function _requireKeys(uint256 lanes) private view returns (uint256 all) {
        if (_keys == address(0)) revert NoKeys();
        all = _ELECTION.keyLanes();
        if (lanes > all) revert WrongLength(lanes, all);
    }

    function _requireSigned(
        CeremonyState memory s,
        uint256 trustee,
        bytes32 kind,
        bytes32 object,
        bytes calldata signature
    ) private view {
        bytes32 digest = _ELECTION.stepDigest(s.attempt, trustee, kind, object);
        address signer = Signatures.recover(digest, signature);
        if (signer != _ELECTION.trustee(trustee)) revert NotTheTrustee(trustee, signer);
    }

    function _requireRevealed(CeremonyState memory s, uint256 trustee, uint256[] calldata words) private view {
        bytes32 hash = keccak256(abi.encodePacked(words));
        if (hash != _posted[s.attempt][trustee].message) revert NotRevealed(trustee, hash);
    }

    function _accusationKey(
        uint256 attempt_,
        uint256 accuser,
        uint256 dealer,
        uint256 lane
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(attempt_, accuser, dealer, lane));
    }

    function _joined(
        uint256[] calldata points,
        uint256[2] calldata k,
        uint256 z,
        bytes32 transportKey
    ) private pure returns (uint256[] memory words) {
        uint256 count = points.length;
        words = new uint256[](count + 4);
        for (uint256 i = 0; i < count; ++i) words[i] = points[i];
        (words[count], words[count + 1]) = (k[0], k[1]);
        (words[count + 2], words[count + 3]) = (z, uint256(transportKey));
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Direct} from '../election/Direct.sol';
import {IElection} from '../election/IElection.sol';
import {CeremonyState, IKeyCeremony, Stage} from './IKeyCeremony.sol';

/// @title Stages, deadlines and attempts of the key ceremony (SPEC §7.2)
abstract contract CeremonyStages is IKeyCeremony, Direct {
    /// @dev What one trustee posted in one attempt; `message` is the commitment until the reveal, then the reveal's hash.
    struct Posted {
        bytes32 message;
        bytes32 dealHash;
        /// @dev Open accusations by this trustee, and against it.
        uint128 accusing;
        uint128 accused;
    }

    bytes32 private constant _TAG_CEREMONY = keccak256('urna/v1/ceremony');
    bytes32 private constant _TAG_TRANSCRIPT = keccak256('urna/v1/ceremony-transcript');

    IElection internal immutable _ELECTION;

    /// @dev All zero before the first message: see `state`.
    CeremonyState internal _state;
    bytes32 internal _transcript;
    mapping(uint256 attempt => mapping(uint256 trustee => Posted)) internal _posted;

    constructor(address election_) {
        _ELECTION = IElection(election_);
    }

    /// @inheritdoc IKeyCeremony
    function state() public view returns (CeremonyState memory s) {
        s = _state;
        if (s.attempt != 0) return s;
        // Nothing was posted yet. The first attempt's clock starts at a time the definition names, so that nobody can start it early.
        s.attempt = 1;
        s.deadline = uint40(_ELECTION.times().registrationOpens + _ELECTION.times().challengeSeconds);
        s.active = uint32((1 << _ELECTION.trusteeCount()) - 1);
    }

    /// @dev The state, if a message of this stage may be taken now.
    function _running(Stage stage) internal view returns (CeremonyState memory s) {
        s = state();
        if (s.stage != stage) revert WrongStage(s.stage);
        _requireInForce();
        if (block.timestamp > s.deadline) revert Late(block.timestamp, s.deadline);
    }

    /// @dev The same for a message that a trustee posts once a stage.
    function _take(Stage stage, uint256 trustee) internal view returns (CeremonyState memory s) {
        s = _running(stage);
        if (!_isIn(s.active, trustee)) revert NotActive(trustee);
        if (_isIn(s.posted, trustee)) revert AlreadyPosted(trustee);
    }

    /// @dev Notes the message; the last one of a stage opens the next. `Confirm` ends with `finish`.
    function _mark(CeremonyState memory s, uint256 trustee, Stage next) internal {
        s.posted |= uint32(_bit(trustee));
        if (s.posted == s.active && next != s.stage) {
            s.stage = next;
            s.posted = 0;
            s.deadline = _stageEnd();
            if (next == Stage.Confirm) s.accuseUntil = s.deadline;
        }
        _state = s;
    }

    /// @dev An accusation and a right answer leave everyone a full stage to react.
    function _prolong(CeremonyState memory s) internal {
        uint40 end = _stageEnd();
        if (end > s.deadline) s.deadline = end;
        _state = s;
    }

    function _restart(CeremonyState memory s, uint256 named) internal {
        s.attempt += 1;
        s.active &= ~uint32(named);
        (s.posted, s.opened, s.accuseUntil) = (0, 0, 0);
        s.deadline = _stageEnd();
        bool enough = _count(s.active) >= _ELECTION.threshold();
        s.stage = enough ? Stage.Commit : Stage.Aborted;
        _state = s;
        _transcript = 0;
        if (enough) emit CeremonyRestarted(s.attempt, s.active, named);
        else emit CeremonyAborted(s.attempt, s.active, named);
    }

    /// @return named the accused that never answered, and who neither confirmed nor waits for an answer
    function _namedInConfirm(CeremonyState memory s) internal view returns (uint256 named) {
        for (uint256 m = 1; m <= 32; ++m) {
            if (!_isIn(s.active, m)) continue;
            Posted storage posted = _posted[s.attempt][m];
            bool silent = !_isIn(s.posted, m) && posted.accusing == 0;
            if (silent || posted.accused != 0) named |= _bit(m);
        }
    }

    function _transcriptOf(CeremonyState memory s) internal view returns (bytes32) {
        uint256[] memory words = new uint256[](2 + 2 * _count(s.active));
        (words[0], words[1]) = (uint256(_TAG_TRANSCRIPT), uint256(_base(s.attempt)));
        uint256 at = 2;
        for (uint256 m = 1; m <= 32; ++m) {
            if (!_isIn(s.active, m)) continue;
            Posted storage posted = _posted[s.attempt][m];
            (words[at], words[at + 1]) = (uint256(posted.message), uint256(posted.dealHash));
            at += 2;
        }
        return keccak256(abi.encodePacked(words));
    }

    function _requireInForce() internal view {
        if (!_ELECTION.isInForce()) revert NotInForce();
    }

    function _stageEnd() internal view returns (uint40) {
        return uint40(block.timestamp + _ELECTION.times().challengeSeconds);
    }

    function _base(uint256 attempt_) internal view returns (bytes32) {
        return keccak256(abi.encode(_TAG_CEREMONY, block.chainid, address(_ELECTION), attempt_));
    }

    function _bit(uint256 trustee) internal pure returns (uint256) {
        return 1 << (trustee - 1);
    }

    function _isIn(uint256 bitmap, uint256 trustee) internal pure returns (bool) {
        return trustee != 0 && trustee <= 32 && bitmap & _bit(trustee) != 0;
    }

    function _count(uint256 bitmap) internal pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}

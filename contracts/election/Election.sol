// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IKeyCeremony} from '../ceremony/IKeyCeremony.sol';
import {IRoll} from '../roll/IRoll.sol';
import {ITally} from '../tally/ITally.sol';
import {Definition} from './Definition.sol';
import {Direct} from './Direct.sol';
import {Config, IElection, IElectionPart, Phase, Times} from './IElection.sol';
import {Signatures} from './Signatures.sol';

/// @title The head of an election (SPEC §3, §9, §12)
/// @notice Phases follow from block time and from what the parts hold; the officers' quorum can approve, extend, cancel and certify what is
/// there, anchor the record's hash, and nothing else. There is no key that sets a result, moves a phase back or replaces code.
contract Election is Definition, Direct {
    bytes32 private constant _DOMAIN_TYPE = keccak256(
        'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
    );
    bytes32 private constant _ACT_TYPE = keccak256('Act(uint256 number,bytes32 kind,bytes32 object,uint256 expiry)');
    bytes32 private constant _STEP_TYPE = keccak256(
        'Step(uint256 attempt,uint256 trustee,bytes32 kind,bytes32 object)'
    );
    bytes32 private constant _TAG_APPROVE = keccak256('urna/v1/approve');
    bytes32 private constant _TAG_EXTEND = keccak256('urna/v1/extend');
    bytes32 private constant _TAG_CANCEL = keccak256('urna/v1/cancel');
    bytes32 private constant _TAG_CERTIFY = keccak256('urna/v1/certify');
    bytes32 private constant _TAG_ANCHOR = keccak256('urna/v1/anchor');
    bytes32 private constant _ACT_APPROVE = keccak256('urna/v1/act/approve');
    bytes32 private constant _ACT_EXTEND = keccak256('urna/v1/act/extend');
    bytes32 private constant _ACT_CANCEL = keccak256('urna/v1/act/cancel');
    bytes32 private constant _ACT_CERTIFY = keccak256('urna/v1/act/certify');
    bytes32 private constant _ACT_ANCHOR = keccak256('urna/v1/act/anchor');
    /// @dev Rounds are numbered in one byte of a slot (SPEC §2): 64 mask rounds, these, and the last.
    uint256 private constant _MAX_EXTENSIONS = 64;
    /// @dev Numbers in the record are JSON's (SPEC §1.2): an act with a larger one could stand in no record.
    uint256 private constant _MAX_NUMBER = (1 << 53) - 1;

    IRoll private immutable _ROLL;
    IKeyCeremony private immutable _CEREMONY;
    address private immutable _BALLOTS;
    ITally private immutable _TALLY;

    uint64 private _actCount;
    bool private _approved;
    bool private _cancelled;
    bool private _certified;
    /// @dev The definition's closing time, then that of every extension; strictly increasing.
    uint64[] private _closings;

    constructor(
        Config memory config,
        address roll_,
        address ceremony_,
        address ballots_,
        address tally_
    ) Definition(config) {
        _ROLL = IRoll(roll_);
        _CEREMONY = IKeyCeremony(ceremony_);
        _BALLOTS = ballots_;
        _TALLY = ITally(tally_);
        _closings.push(config.times.closesAt);
        emit Defined(config.definitionHash, configHash(), roll_, ceremony_, ballots_, tally_);
    }

    /// @inheritdoc IElection
    function approve(uint256 expiry, bytes[] calldata signatures) external direct {
        _requireCanonical(abi.encodeCall(this.approve, (expiry, signatures)));
        if (_approved) revert AlreadyApproved();
        uint256 opens = times().registrationOpens;
        if (block.timestamp >= opens) revert TooLate(block.timestamp, opens);
        _requirePart(address(_ROLL));
        _requirePart(address(_CEREMONY));
        _requirePart(_BALLOTS);
        _requirePart(address(_TALLY));
        bytes32 object = keccak256(
            abi.encode(_TAG_APPROVE, definitionHash(), configHash(), _ROLL, _CEREMONY, _BALLOTS, _TALLY)
        );
        _execute(_ACT_APPROVE, object, expiry, signatures);
        _approved = true;
        emit Approved();
    }

    /// @inheritdoc IElection
    function extend(
        uint256 newClosesAt,
        bytes32 reasonHash,
        uint256 expiry,
        bytes[] calldata signatures
    ) external direct {
        _requireCanonical(abi.encodeCall(this.extend, (newClosesAt, reasonHash, expiry, signatures)));
        _requireInForce();
        uint256 settled = settledAt();
        if (block.timestamp >= settled) revert TooLate(block.timestamp, settled);
        uint256 current = closesAt();
        if (newClosesAt <= current) revert ExtensionTooShort(newClosesAt, current);
        if (newClosesAt <= block.timestamp) revert ExtensionTooShort(newClosesAt, block.timestamp);
        uint256 limit = uint256(_closings[0]) + times().maxExtensionSeconds;
        if (newClosesAt > limit) revert ExtensionTooLong(newClosesAt, limit);
        if (_closings.length > _MAX_EXTENSIONS) revert TooManyExtensions(_MAX_EXTENSIONS);
        _execute(_ACT_EXTEND, keccak256(abi.encode(_TAG_EXTEND, newClosesAt, reasonHash)), expiry, signatures);
        // Below 2^41: both of its terms were checked at construction.
        _closings.push(uint64(newClosesAt));
        emit Extended(newClosesAt, reasonHash);
    }

    /// @inheritdoc IElection
    function cancel(bytes32 reasonHash, uint256 expiry, bytes[] calldata signatures) external direct {
        _requireCanonical(abi.encodeCall(this.cancel, (reasonHash, expiry, signatures)));
        _requireInForce();
        if (_certified || _TALLY.isCounted()) revert WrongPhase(phase());
        if (_TALLY.decryptionCount() != 0) revert DecryptionsBegun();
        _execute(_ACT_CANCEL, keccak256(abi.encode(_TAG_CANCEL, reasonHash)), expiry, signatures);
        _cancelled = true;
        emit ElectionCancelled(reasonHash);
    }

    /// @inheritdoc IElection
    function certify(uint256 expiry, bytes[] calldata signatures) external direct {
        _requireCanonical(abi.encodeCall(this.certify, (expiry, signatures)));
        Phase current = phase();
        if (current != Phase.Counted) revert WrongPhase(current);
        bytes32 resultHash = _TALLY.resultHash();
        _execute(_ACT_CERTIFY, keccak256(abi.encode(_TAG_CERTIFY, resultHash)), expiry, signatures);
        _certified = true;
        emit Certified(resultHash);
    }

    /// @inheritdoc IElection
    function anchor(uint256 entries, bytes32 hash, uint256 expiry, bytes[] calldata signatures) external direct {
        _requireCanonical(abi.encodeCall(this.anchor, (entries, hash, expiry, signatures)));
        _requireInForce();
        uint256 from = graceEndsAt();
        if (block.timestamp < from) revert TooEarly(block.timestamp, from);
        if (entries == 0 || entries > _MAX_NUMBER) revert NoSuchRecord(entries);
        _execute(_ACT_ANCHOR, keccak256(abi.encode(_TAG_ANCHOR, entries, hash)), expiry, signatures);
        emit Anchored(entries, hash);
    }

    /// @inheritdoc IElection
    function consumeAct(bytes32 kind, bytes32 object, uint256 expiry, bytes[] calldata signatures) external {
        if (msg.sender != address(_ROLL)) revert NotAPart(msg.sender);
        _requireInForce();
        _execute(kind, object, expiry, signatures);
    }

    /// @inheritdoc IElection
    function phase() public view returns (Phase) {
        if (_cancelled) return Phase.Cancelled;
        if (_certified) return Phase.Certified;
        Times memory t = times();
        if (!_approved || block.timestamp < t.registrationOpens) return Phase.Defined;
        if (block.timestamp < t.registrationCloses) return Phase.Registering;
        if (!_ROLL.isSealed() || !_CEREMONY.isDone()) return Phase.Challenge;
        if (block.timestamp < t.opensAt) return Phase.Ready;
        if (block.timestamp < graceEndsAt()) return Phase.Open;
        return _TALLY.isCounted() ? Phase.Counted : Phase.Closed;
    }

    /// @inheritdoc IElection
    function currentRound() external view returns (uint256 round, uint256 startsAt, uint256 endsAt) {
        _requireInForce();
        Times memory t = times();
        uint256 time = block.timestamp;
        if (time < t.opensAt || time >= graceEndsAt()) revert OutsideRounds(time);
        uint256 rounds = maskRounds();
        if (time < t.closesAt) {
            uint256 length = t.closesAt - t.opensAt;
            // The last i whose start ⌊i·length/rounds⌋ is not after now.
            round = ((time - t.opensAt + 1) * rounds - 1) / length;
            return (round, t.opensAt + (round * length) / rounds, t.opensAt + ((round + 1) * length) / rounds);
        }
        uint256 count = _closings.length;
        for (uint256 i = 1; i < count; ++i) {
            if (time < _closings[i]) return (rounds + i - 1, _closings[i - 1], _closings[i]);
        }
        return (rounds + count - 1, _closings[count - 1], graceEndsAt());
    }

    /// @inheritdoc IElection
    function isInForce() public view returns (bool) {
        return _approved && !_cancelled;
    }

    /// @inheritdoc IElection
    function actCount() external view returns (uint256) {
        return _actCount;
    }

    /// @inheritdoc IElection
    function closesAt() public view returns (uint256) {
        return _closings[_closings.length - 1];
    }

    /// @inheritdoc IElection
    function graceEndsAt() public view returns (uint256) {
        return closesAt() + times().graceSeconds;
    }

    /// @inheritdoc IElection
    function settledAt() public view returns (uint256) {
        return graceEndsAt() + times().settleSeconds;
    }

    /// @inheritdoc IElection
    function roll() external view returns (address) {
        return address(_ROLL);
    }

    /// @inheritdoc IElection
    function ceremony() external view returns (address) {
        return address(_CEREMONY);
    }

    /// @inheritdoc IElection
    function ballots() external view returns (address) {
        return _BALLOTS;
    }

    /// @inheritdoc IElection
    function tally() external view returns (address) {
        return address(_TALLY);
    }

    /// @inheritdoc IElection
    function stepDigest(
        uint256 attempt,
        uint256 trusteeIndex,
        bytes32 kind,
        bytes32 object
    ) external view returns (bytes32) {
        return _digest(keccak256(abi.encode(_STEP_TYPE, attempt, trusteeIndex, kind, object)));
    }

    /// @inheritdoc IElection
    function actDigest(uint256 number, bytes32 kind, bytes32 object, uint256 expiry) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(_ACT_TYPE, number, kind, object, expiry)));
    }

    /// @dev Checks the quorum's signatures for the next act and counts it, so that no signature serves twice.
    function _execute(bytes32 kind, bytes32 object, uint256 expiry, bytes[] calldata signatures) private {
        if (block.timestamp > expiry) revert ActExpired(expiry, block.timestamp);
        if (expiry > _MAX_NUMBER) revert NoSuchTime(expiry);
        if (signatures.length < quorum()) revert TooFewSignatures(signatures.length, quorum());
        uint256 number = _actCount;
        bytes32 digest = actDigest(number, kind, object, expiry);
        address previous;
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = Signatures.recover(digest, signatures[i]);
            if (!_isAnOfficer(signer)) revert NotAnOfficer(signer);
            if (signer <= previous) revert SignersOutOfOrder(previous, signer);
            previous = signer;
        }
        _actCount = uint64(number + 1);
        emit ActExecuted(number, kind, object, expiry);
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN_TYPE, keccak256('Urna'), keccak256('1'), block.chainid, address(this))
        );
        return keccak256(abi.encodePacked(bytes2(0x1901), domain, structHash));
    }

    function _requireInForce() private view {
        if (!isInForce()) revert NotInForce();
    }

    function _requirePart(address part) private view {
        address head = part.code.length == 0 ? address(0) : IElectionPart(part).election();
        if (head != address(this)) revert ForeignPart(part, head);
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Direct} from '../election/Direct.sol';
import {IElection, IElectionPart, Phase} from '../election/IElection.sol';
import {BabyJubJub} from '../lib/BabyJubJub.sol';
import {PoseidonT3} from '../lib/PoseidonT3.sol';
import {IRoll, SealedCredentials} from './IRoll.sol';
import {LeanImt} from './LeanImt.sol';

/// @title The roll (SPEC §6, §12.1)
contract Roll is IRoll, IElectionPart, Direct {
    using LeanImt for LeanImt.Frontier;

    struct Version {
        bytes32 registrationsRoot;
        bytes32 rootsHash;
        uint64 completedAt;
        uint64 closedDistricts;
        mapping(uint256 district => LeanImt.Frontier) districts;
    }

    bytes32 private constant _TAG_CREDENTIALS = keccak256('urna/v1/credentials');
    bytes32 private constant _TAG_VERSION = keccak256('urna/v1/version');
    bytes32 private constant _TAG_SEAL = keccak256('urna/v1/seal');
    bytes32 private constant _TAG_ROOTS = keccak256('urna/v1/roots');
    bytes32 private constant _ACT_CREDENTIALS = keccak256('urna/v1/act/credentials');
    bytes32 private constant _ACT_VERSION = keccak256('urna/v1/act/version');
    bytes32 private constant _ACT_SEAL = keccak256('urna/v1/act/seal');

    IElection private immutable _ELECTION;
    address private immutable _POSEIDON;

    bool private _credentialsSealed;
    SealedCredentials[] private _credentials;
    uint256 private _current;
    uint256 private _sealed;
    mapping(uint256 version => Version) private _versions;

    /// @param poseidon the contract that hashes two words (contracts/lib/PoseidonT3.sol)
    constructor(address election_, address poseidon) {
        PoseidonT3.requireCode(poseidon);
        _ELECTION = IElection(election_);
        _POSEIDON = poseidon;
    }

    /// @inheritdoc IRoll
    function sealCredentials(
        SealedCredentials[] calldata lists,
        uint256 expiry,
        bytes[] calldata signatures
    ) external direct {
        _requireCanonical(abi.encodeCall(this.sealCredentials, (lists, expiry, signatures)));
        if (_credentialsSealed) revert CredentialsAlreadySealed();
        uint256 opens = _ELECTION.times().registrationOpens;
        if (block.timestamp >= opens) revert TooLate(block.timestamp, opens);
        uint256 districts = _ELECTION.districtCount();
        if (lists.length != districts) revert WrongDistrictCount(lists.length, districts);
        for (uint256 i = 0; i < districts; ++i) {
            _requireSensible(i, lists[i]);
            _credentials.push(lists[i]);
        }
        _credentialsSealed = true;
        // A struct of four words: the encoding of the list is an offset and a length before the words that SPEC §12.1 hashes.
        bytes memory words = abi.encode(lists);
        bytes32 object;
        bytes32 tag = _TAG_CREDENTIALS;
        assembly ('memory-safe') {
            mstore(add(words, 0x40), tag)
            object := keccak256(add(words, 0x40), sub(mload(words), 0x20))
        }
        _ELECTION.consumeAct(_ACT_CREDENTIALS, object, expiry, signatures);
        emit CredentialsSealed(object);
    }

    /// @inheritdoc IRoll
    function beginVersion(
        bytes32 registrationsRoot,
        bytes32 reasonsHash,
        uint256 expiry,
        bytes[] calldata signatures
    ) external direct {
        _requireCanonical(abi.encodeCall(this.beginVersion, (registrationsRoot, reasonsHash, expiry, signatures)));
        _requireRegistrar();
        if (_sealed != 0) revert AlreadySealed();
        if (!_credentialsSealed) revert CredentialsNotSealed();
        Phase phase = _ELECTION.phase();
        if (phase != Phase.Challenge) revert WrongPhase(uint8(phase));
        uint256 version = ++_current;
        if (version == 1) {
            if (expiry != 0 || signatures.length != 0) revert UnexpectedAct();
        } else {
            bytes32 object = keccak256(abi.encode(_TAG_VERSION, version, registrationsRoot, reasonsHash));
            _ELECTION.consumeAct(_ACT_VERSION, object, expiry, signatures);
        }
        _versions[version].registrationsRoot = registrationsRoot;
        emit VersionBegun(version, registrationsRoot, reasonsHash);
    }

    /// @inheritdoc IRoll
    function append(uint256 version, uint256 district, uint256[] calldata commitments) external direct {
        _requireCanonical(abi.encodeCall(this.append, (version, district, commitments)));
        Version storage building = _requireBuilding(version);
        if (district >= _credentials.length) revert NoSuchDistrict(district);
        if (commitments.length == 0) revert EmptyBatch();
        LeanImt.Frontier storage frontier = building.districts[district];
        if (frontier.closed) revert DistrictClosed(district);
        uint256 first = frontier.size;
        uint256 limit = _credentials[district].count;
        if (first + commitments.length > limit) revert RollFull(district, first + commitments.length, limit);
        frontier.append(_POSEIDON, commitments);
        // They increase, so the last bounds them all; and the first exceeds 0.
        uint256 last = commitments[commitments.length - 1];
        if (last >= BabyJubJub.R) revert NotInField(last);
        emit MembersAppended(version, district, first, commitments.length);
    }

    /// @inheritdoc IRoll
    function closeDistricts(uint256 version, uint256 until) external direct {
        _close(_requireBuilding(version), until);
    }

    /// @inheritdoc IRoll
    function completeVersion(uint256 version) external direct {
        Version storage building = _requireBuilding(version);
        uint256 districts = _credentials.length;
        _close(building, districts);
        uint256[] memory roots = new uint256[](districts);
        uint256[] memory members = new uint256[](districts);
        for (uint256 i = 0; i < districts; ++i) {
            LeanImt.Frontier storage frontier = building.districts[i];
            (roots[i], members[i]) = (frontier.root, frontier.size);
        }
        bytes32 rootsHash = keccak256(abi.encodePacked(_TAG_ROOTS, roots));
        building.rootsHash = rootsHash;
        building.completedAt = uint64(block.timestamp);
        emit VersionCompleted(version, rootsHash, roots, members);
    }

    /// @inheritdoc IRoll
    function seal(uint256 version, uint256 expiry, bytes[] calldata signatures) external direct {
        _requireCanonical(abi.encodeCall(this.seal, (version, expiry, signatures)));
        if (_sealed != 0) revert AlreadySealed();
        if (version == 0 || version != _current) revert WrongVersion(version, _current);
        Version storage complete = _versions[version];
        if (complete.completedAt == 0) revert VersionIncomplete(version);
        uint256 sealable = complete.completedAt + _ELECTION.times().challengeSeconds;
        if (block.timestamp < sealable) revert TooEarly(block.timestamp, sealable);
        // Nobody could vote on it any more: only a cancellation is left.
        uint256 closes = _ELECTION.closesAt();
        if (block.timestamp >= closes) revert TooLate(block.timestamp, closes);
        bytes32 object = keccak256(abi.encode(_TAG_SEAL, version, complete.registrationsRoot, complete.rootsHash));
        _ELECTION.consumeAct(_ACT_SEAL, object, expiry, signatures);
        _sealed = version;
        emit RollSealed(version, complete.registrationsRoot, complete.rootsHash);
    }

    /// @inheritdoc IElectionPart
    function election() external view returns (address) {
        return address(_ELECTION);
    }

    /// @inheritdoc IRoll
    function isSealed() external view returns (bool) {
        return _sealed != 0;
    }

    /// @inheritdoc IRoll
    function sealedRootsHash() external view returns (bytes32) {
        return _sealedVersion().rootsHash;
    }

    /// @inheritdoc IRoll
    function sealedRoll(uint256 district) external view returns (uint256 root, uint256 members) {
        if (district >= _credentials.length) revert NoSuchDistrict(district);
        LeanImt.Frontier storage frontier = _sealedVersion().districts[district];
        return (frontier.root, frontier.size);
    }

    /// @inheritdoc IRoll
    function credentials(uint256 district) external view returns (SealedCredentials memory) {
        if (district >= _ELECTION.districtCount()) revert NoSuchDistrict(district);
        return _credentialsSealed ? _credentials[district] : SealedCredentials(0, 0, 0, 0);
    }

    /// @inheritdoc IRoll
    function currentVersion() external view returns (uint256) {
        return _current;
    }

    /// @inheritdoc IRoll
    function versionState(
        uint256 version
    ) external view returns (bytes32 registrationsRoot, uint256 completedAt, bytes32 rootsHash) {
        Version storage state = _versions[version];
        return (state.registrationsRoot, state.completedAt, state.rootsHash);
    }

    /// @inheritdoc IRoll
    function districtState(
        uint256 version,
        uint256 district
    ) external view returns (uint256 members, uint256 root, uint256 last) {
        LeanImt.Frontier storage frontier = _versions[version].districts[district];
        return (frontier.size, frontier.root, frontier.last);
    }

    /// @dev An empty list has root 0 and only an empty list has; more credentials than voters could vote too often.
    function _requireSensible(uint256 district, SealedCredentials calldata list) private view {
        uint256 voters = _ELECTION.voters(district);
        bool sensible = (list.count == 0) == (list.root == 0) && (list.reserveCount == 0) == (list.reserveRoot == 0);
        if (!sensible || list.count > voters || list.reserveCount > voters) revert BadCredentials(district);
    }

    function _requireRegistrar() private view {
        if (msg.sender != _ELECTION.registrar()) revert NotTheRegistrar(msg.sender);
    }

    function _requireBuilding(uint256 version) private view returns (Version storage building) {
        _requireRegistrar();
        if (version == 0 || version != _current) revert WrongVersion(version, _current);
        building = _versions[version];
        if (building.completedAt != 0) revert VersionComplete(version);
    }

    function _close(Version storage building, uint256 until) private {
        if (until > _credentials.length) revert NoSuchDistrict(until);
        for (uint256 i = building.closedDistricts; i < until; ++i) {
            LeanImt.Frontier storage frontier = building.districts[i];
            frontier.closed = true;
            frontier.root = frontier.computeRoot(_POSEIDON);
        }
        if (until > building.closedDistricts) building.closedDistricts = uint64(until);
    }

    function _sealedVersion() private view returns (Version storage) {
        if (_sealed == 0) revert NotSealed();
        return _versions[_sealed];
    }
}

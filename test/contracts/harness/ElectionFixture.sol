// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Contest, Poll} from '../../../contracts/election/IElection.sol';

/// @title Test-only: what `Ballots` asks of election, roll and ceremony, settable, so that each of its guards can be tried alone
/// @notice The same tests' whole-election counterparts use the real contracts.
contract ElectionFixture {
    error OutsideRounds(uint256 time);

    struct District {
        uint256 root;
        uint256 members;
    }

    Contest[] private _contests;
    Poll[] private _polls;
    District[] private _districts;
    address[] private _boxes;
    uint256[] private _keys;
    bool private _isReady;
    bool private _isOpen;
    uint256 private _round;
    uint256 private _startsAt;
    uint256 private _endsAt;
    uint256 private _closesAt;

    constructor(
        Contest[] memory contests,
        Poll[] memory polls,
        District[] memory districts,
        address[] memory boxes,
        uint256[] memory keys
    ) {
        for (uint256 i = 0; i < contests.length; ++i) _contests.push(contests[i]);
        for (uint256 i = 0; i < polls.length; ++i) _polls.push(polls[i]);
        for (uint256 i = 0; i < districts.length; ++i) _districts.push(districts[i]);
        (_boxes, _keys) = (boxes, keys);
    }

    function setReady(bool ready) external {
        _isReady = ready;
    }

    function setWindow(bool open, uint256 round, uint256 startsAt, uint256 endsAt, uint256 closesAt_) external {
        (_isOpen, _round, _startsAt, _endsAt, _closesAt) = (open, round, startsAt, endsAt, closesAt_);
    }

    function setRoot(uint256 district, uint256 root) external {
        _districts[district].root = root;
    }

    function currentRound() external view returns (uint256, uint256, uint256) {
        if (!_isOpen) revert OutsideRounds(block.timestamp);
        return (_round, _startsAt, _endsAt);
    }

    function closesAt() external view returns (uint256) {
        return _closesAt;
    }

    function boxCount() external view returns (uint256) {
        return _boxes.length;
    }

    function boxNumber(address account) external view returns (uint256) {
        for (uint256 i = 0; i < _boxes.length; ++i) if (_boxes[i] == account) return i + 1;
        return 0;
    }

    function pollCount() external view returns (uint256) {
        return _polls.length;
    }

    function poll(uint256 index) external view returns (Poll memory) {
        return _polls[index];
    }

    function contest(uint256 index) external view returns (Contest memory) {
        return _contests[index];
    }

    function roll() external view returns (address) {
        return address(this);
    }

    function ceremony() external view returns (address) {
        return address(this);
    }

    function isSealed() external view returns (bool) {
        return _isReady;
    }

    function isDone() external view returns (bool) {
        return _isReady;
    }

    function sealedRootsHash() external view returns (bytes32) {
        bytes memory words = abi.encode(keccak256('urna/v1/roots'));
        for (uint256 i = 0; i < _districts.length; ++i) words = bytes.concat(words, bytes32(_districts[i].root));
        return keccak256(words);
    }

    function sealedRoll(uint256 district) external view returns (uint256, uint256) {
        return (_districts[district].root, _districts[district].members);
    }

    /// @dev Eight lanes of PK, then eight of PK2.
    function publicKeys(uint256 lanes) external view returns (uint256[] memory words) {
        words = new uint256[](4 * lanes);
        for (uint256 i = 0; i < 2 * lanes; ++i) (words[i], words[2 * lanes + i]) = (_keys[i], _keys[16 + i]);
    }
}

/// @title Test-only: a contract that passes a batch on
contract Forwarder {
    function forward(address to, bytes calldata data) external {
        (bool ok, bytes memory answer) = to.call(data);
        if (ok) return;
        assembly ('memory-safe') {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}

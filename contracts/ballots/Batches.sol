// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IBallots} from './IBallots.sol';

/// @notice A batch on its way through pass 1 (SPEC §11.3). Lists hold three words for each entry that takes effect: where it begins in
/// calldata, its context, its weight.
struct Batch {
    uint256 lanes;
    /// @dev Memory: digest, one word, the entry at hand. The word and those before R' are lent to the hashes below.
    uint256 desk;
    uint256 contextBase;
    /// @dev Where the lists begin in calldata, and how many entries they have.
    uint256 firstsAt;
    uint256 latersAt;
    uint256 firstCount;
    uint256 laterCount;
    uint256 firsts;
    uint256 firstsEnd;
    uint256 laters;
    uint256 latersEnd;
    uint256 skipped;
}

/// @title The entries of a batch: reading them strictly, hashing slots' chains, and the digest that weights are drawn from
library Batches {
    uint256 private constant P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    bytes32 private constant _TAG_HEAD = keccak256('urna/v1/head');
    uint256 internal constant LIMIT = 200;

    /// @return words of one first cast: nullifier, R'(2), C'(2L), proof(8)
    function firstStride(uint256 lanes) internal pure returns (uint256) {
        return 11 + 2 * lanes;
    }

    /// @return words of one later update: nullifier, previous head, R(2), C(2L), R'(2), C'(2L), proof(8)
    function laterStride(uint256 lanes) internal pure returns (uint256) {
        return 14 + 4 * lanes;
    }

    /// @return count of entries in a list of `words` words
    function countOf(uint256 words, uint256 stride) internal pure returns (uint256 count) {
        count = words / stride;
        if (words != count * stride) revert IBallots.WrongLength(words, stride);
    }

    /// @return the number of the entry that begins at `at` in calldata
    function entryOf(Batch memory batch, uint256 at, uint256 listAt, uint256 stride) internal pure returns (uint256) {
        return (listAt == batch.latersAt ? batch.firstCount : 0) + (at - listAt) / (32 * stride);
    }

    /// @param digest hash of everything the batch's statement is about, before its entries
    function open(
        uint256 lanes,
        uint256[] calldata firsts,
        uint256[] calldata laters,
        bytes32 contextBase,
        bytes32 digest
    ) internal pure returns (Batch memory batch) {
        uint256 firstCount = countOf(firsts.length, firstStride(lanes));
        uint256 laterCount = countOf(laters.length, laterStride(lanes));
        uint256 count = firstCount + laterCount;
        if (count == 0 || count > LIMIT) revert IBallots.WrongCount(count, LIMIT);
        batch.lanes = lanes;
        (batch.firstCount, batch.laterCount) = (firstCount, laterCount);
        uint256 firstsAt;
        uint256 latersAt;
        assembly ('memory-safe') {
            firstsAt := firsts.offset
            latersAt := laters.offset
        }
        (batch.firstsAt, batch.latersAt) = (firstsAt, latersAt);
        batch.contextBase = uint256(contextBase);
        uint256[] memory room = new uint256[](2 + laterStride(lanes) + 3 * count);
        uint256 desk;
        assembly ('memory-safe') {
            desk := add(room, 0x20)
            mstore(desk, digest)
        }
        batch.desk = desk;
        batch.firsts = batch.firstsEnd = desk + 32 * (2 + laterStride(lanes));
        batch.laters = batch.latersEnd = batch.firsts + 96 * firstCount;
    }

    /// @notice Puts a first cast on the desk and checks its ranges.
    function readFirst(Batch memory batch, uint256 at, uint256 entry) internal pure returns (uint256 nullifier) {
        uint256 points = 2 + 2 * batch.lanes;
        uint256 words = batch.desk + 0x40;
        assembly ('memory-safe') {
            calldatacopy(words, at, mul(add(points, 9), 0x20))
            nullifier := mload(words)
        }
        if (nullifier >= R || !_signals(words + 0x20, points)) revert IBallots.SignalTooLarge(entry);
        if (!_coordinates(words + 0x20 + 32 * points)) revert IBallots.CoordinateTooLarge(entry);
    }

    /// @notice Puts a later update on the desk and checks its ranges. The previous head is no signal: a wrong one cannot match.
    function readLater(Batch memory batch, uint256 at, uint256 entry) internal pure returns (uint256 nullifier) {
        uint256 points = 4 + 4 * batch.lanes;
        uint256 words = batch.desk + 0x40;
        assembly ('memory-safe') {
            calldatacopy(words, at, mul(add(points, 10), 0x20))
            nullifier := mload(words)
        }
        if (nullifier >= R || !_signals(words + 0x40, points)) revert IBallots.SignalTooLarge(entry);
        if (!_coordinates(words + 0x40 + 32 * points)) revert IBallots.CoordinateTooLarge(entry);
    }

    /// @return whether the later update on the desk continues from `head`: its previous head and R, C hash to it
    function continues(Batch memory batch, uint256 head) internal pure returns (bool) {
        return _headAt(batch.desk + 0x40, batch.lanes) == head;
    }

    /// @notice Takes the first cast on the desk into digest and list.
    /// @return next the slot's head
    function takeFirst(Batch memory batch, uint256 at, uint256 nullifier) internal pure returns (uint256 next) {
        uint256 desk = batch.desk;
        uint256 lanes = batch.lanes;
        batch.firstsEnd = _list(batch.firstsEnd, at, _absorb(batch, nullifier, 0, firstStride(lanes)));
        assembly ('memory-safe') {
            mstore(add(desk, 0x40), 0)
        }
        return _headAt(desk + 0x20, lanes);
    }

    /// @notice Takes the later update on the desk, of a slot with `head`, into digest and list.
    /// @return next the slot's head
    function takeLater(
        Batch memory batch,
        uint256 at,
        uint256 nullifier,
        uint256 head
    ) internal pure returns (uint256 next) {
        uint256 lanes = batch.lanes;
        batch.latersEnd = _list(batch.latersEnd, at, _absorb(batch, nullifier, head, laterStride(lanes)));
        uint256 before = batch.desk + 32 * (4 + 2 * lanes);
        assembly ('memory-safe') {
            mstore(add(before, 0x20), head)
        }
        return _headAt(before, lanes);
    }

    /// @return seed of the weights, over all that went in (SPEC §11.4)
    function seal(Batch memory batch) internal pure returns (bytes32 seed) {
        uint256 desk = batch.desk;
        uint256 skipped = batch.skipped;
        assembly ('memory-safe') {
            mstore(add(desk, 0x20), skipped)
            seed := keccak256(desk, 0x40)
        }
    }

    /// @dev digest ← keccak(digest ‖ context ‖ entry), with the entry as it stands on the desk, nullifier in place
    function _absorb(
        Batch memory batch,
        uint256 nullifier,
        uint256 head,
        uint256 words
    ) private pure returns (uint256 context) {
        uint256 desk = batch.desk;
        uint256 base = batch.contextBase;
        assembly ('memory-safe') {
            let free := mload(0x40)
            mstore(free, base)
            mstore(add(free, 0x20), nullifier)
            mstore(add(free, 0x40), head)
            context := shr(8, keccak256(free, 0x60))
            mstore(add(desk, 0x20), context)
            mstore(add(desk, 0x40), nullifier)
            mstore(desk, keccak256(desk, mul(add(words, 2), 0x20)))
        }
    }

    function _list(uint256 end, uint256 at, uint256 context) private pure returns (uint256) {
        assembly ('memory-safe') {
            mstore(end, at)
            mstore(add(end, 0x20), context)
        }
        return end + 0x60;
    }

    /// @return head keccak(tag ‖ head ‖ R ‖ C…) >> 8 of the words at `at`; the first of them is lent to the tag
    function _headAt(uint256 at, uint256 lanes) private pure returns (uint256 head) {
        bytes32 tag = _TAG_HEAD;
        assembly ('memory-safe') {
            mstore(at, tag)
            head := shr(8, keccak256(at, mul(add(mul(lanes, 2), 4), 0x20)))
        }
    }

    function _signals(uint256 at, uint256 count) private pure returns (bool ok) {
        assembly ('memory-safe') {
            ok := 1
            for {
                let end := add(at, mul(count, 0x20))
            } lt(at, end) {
                at := add(at, 0x40)
            } {
                ok := and(ok, and(lt(mload(at), R), lt(mload(add(at, 0x20)), R)))
            }
        }
    }

    function _coordinates(uint256 at) private pure returns (bool ok) {
        assembly ('memory-safe') {
            ok := and(
                and(
                    and(lt(mload(at), P), lt(mload(add(at, 0x20)), P)),
                    and(lt(mload(add(at, 0x40)), P), lt(mload(add(at, 0x60)), P))
                ),
                and(
                    and(lt(mload(add(at, 0x80)), P), lt(mload(add(at, 0xa0)), P)),
                    and(lt(mload(add(at, 0xc0)), P), lt(mload(add(at, 0xe0)), P))
                )
            )
        }
    }
}

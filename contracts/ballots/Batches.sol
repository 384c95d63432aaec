// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Direct} from '../election/Direct.sol';
import {IBallots} from './IBallots.sol';

/// @notice A batch on its way through pass 1 (SPEC §11.3). Lists hold three words for each entry that takes effect, where it begins in
/// calldata, its context, its weight, and end with a word 0.
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

    /// @dev Calldata has to be the one canonical encoding of `update`'s arguments: whoever reads the record must not meet two readings of it.
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
        bool canonical = firstsAt == 0x84 && latersAt == 0xa4 + 32 * firsts.length;
        if (!canonical || msg.data.length != latersAt + 32 * laters.length) revert Direct.NotCanonical();
        batch.contextBase = uint256(contextBase);
        uint256[] memory room = new uint256[](4 + laterStride(lanes) + 3 * count);
        uint256 desk;
        assembly ('memory-safe') {
            desk := add(room, 0x20)
            mstore(desk, digest)
        }
        batch.desk = desk;
        batch.firsts = batch.firstsEnd = desk + 32 * (2 + laterStride(lanes));
        batch.laters = batch.latersEnd = batch.firsts + 96 * firstCount + 32;
    }

    /// @notice Puts an entry on the desk and checks nullifier and proof; the other signals are checked as they are summed, or by `skip`.
    /// @param length its bytes
    function read(
        Batch memory batch,
        uint256 at,
        uint256 entry,
        uint256 length
    ) internal pure returns (uint256 nullifier) {
        uint256 desk = batch.desk;
        bool ok;
        assembly ('memory-safe') {
            let words := add(desk, 0x40)
            calldatacopy(words, at, length)
            nullifier := mload(words)
            let a := add(words, sub(length, 0x100))
            ok := and(
                and(
                    and(lt(mload(a), P), lt(mload(add(a, 0x20)), P)),
                    and(lt(mload(add(a, 0x40)), P), lt(mload(add(a, 0x60)), P))
                ),
                and(
                    and(lt(mload(add(a, 0x80)), P), lt(mload(add(a, 0xa0)), P)),
                    and(lt(mload(add(a, 0xc0)), P), lt(mload(add(a, 0xe0)), P))
                )
            )
        }
        if (nullifier >= R) revert IBallots.SignalTooLarge(entry);
        if (!ok) revert IBallots.CoordinateTooLarge(entry);
    }

    /// @notice Notes that entry `entry` does not take effect; a malformed one reverts all the same.
    function skip(Batch memory batch, uint256 at, uint256 entry) internal pure {
        batch.skipped |= 1 << entry;
        _requireSignals(batch, at, entry);
    }

    /// @notice Reverts with the first entry that has a signal not below r; there is one.
    function blame(Batch memory batch) internal pure {
        uint256 stride = 32 * firstStride(batch.lanes);
        for (uint256 i = 0; i < batch.firstCount; ++i) _requireSignals(batch, batch.firstsAt + i * stride, i);
        stride = 32 * laterStride(batch.lanes);
        for (uint256 i = 0; i < batch.laterCount; ++i) {
            _requireSignals(batch, batch.latersAt + i * stride, batch.firstCount + i);
        }
        assert(false);
    }

    /// @return whether the later update on the desk continues from `head`: its previous head and R, C hash to it
    function continues(Batch memory batch, uint256 head) internal pure returns (bool) {
        unchecked {
            return _headAt(batch.desk + 0x40, batch.lanes) == head;
        }
    }

    /// @notice Takes the first cast on the desk into digest and list.
    /// @return next the slot's head
    function takeFirst(Batch memory batch, uint256 at, uint256 nullifier) internal pure returns (uint256 next) {
        uint256 desk = batch.desk;
        uint256 lanes = batch.lanes;
        unchecked {
            batch.firstsEnd = _list(batch.firstsEnd, at, _absorb(batch, nullifier, 0, 11 + 2 * lanes));
            assembly ('memory-safe') {
                mstore(add(desk, 0x40), 0)
            }
            return _headAt(desk + 0x20, lanes);
        }
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
        unchecked {
            batch.latersEnd = _list(batch.latersEnd, at, _absorb(batch, nullifier, head, 14 + 4 * lanes));
            uint256 before = batch.desk + 32 * (4 + 2 * lanes);
            assembly ('memory-safe') {
                mstore(add(before, 0x20), head)
            }
            return _headAt(before, lanes);
        }
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
            end := add(end, 0x60)
        }
        return end;
    }

    /// @return head keccak(tag ‖ head ‖ R ‖ C…) >> 8 of the words at `at`; the first of them is lent to the tag
    function _headAt(uint256 at, uint256 lanes) private pure returns (uint256 head) {
        bytes32 tag = _TAG_HEAD;
        assembly ('memory-safe') {
            mstore(at, tag)
            head := shr(8, keccak256(at, mul(add(mul(lanes, 2), 4), 0x20)))
        }
    }

    function _requireSignals(Batch memory batch, uint256 at, uint256 entry) private pure {
        // A first cast has 2 + 2L words of points from word 1, a later update twice as many from word 2.
        uint256 kind = entry < batch.firstCount ? 1 : 2;
        uint256 count = kind * (2 + 2 * batch.lanes);
        bool ok = true;
        assembly ('memory-safe') {
            at := add(at, shl(5, kind))
            for {
                let end := add(at, shl(5, count))
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                ok := and(ok, lt(calldataload(at), R))
            }
        }
        if (!ok) revert IBallots.SignalTooLarge(entry);
    }
}

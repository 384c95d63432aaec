// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IElection} from '../election/IElection.sol';

/// @notice Whose turn it is at this block's time, for the sender of this call.
struct Turn {
    uint256 round;
    /// @dev After `closesAt`: only boxes post.
    bool grace;
    bool lastQuarter;
    /// @dev Number of the sender among the boxes, plus one; 0 for anyone else.
    uint256 box;
    uint256 boxes;
    bytes32 sealedRootsHash;
}

/// @title Who may update which slot when (SPEC §9)
library Turns {
    bytes32 private constant _TAG_BOX = keccak256('urna/v1/box');

    /// @notice Reverts unless the election is open.
    function current(
        IElection election,
        uint256 boxes,
        bytes32 sealedRootsHash
    ) internal view returns (Turn memory turn) {
        (uint256 round, uint256 startsAt, uint256 endsAt) = election.currentRound();
        turn.round = round;
        turn.grace = block.timestamp >= election.closesAt();
        turn.lastQuarter = 4 * (block.timestamp - startsAt) >= 3 * (endsAt - startsAt);
        turn.box = election.boxNumber(msg.sender);
        turn.boxes = boxes;
        turn.sealedRootsHash = sealedRootsHash;
    }

    /// @return whether the sender may cast into empty slots: anyone before `closesAt`, boxes to the end of the grace
    function allowsFirst(Turn memory turn) internal pure returns (bool) {
        return !turn.grace || turn.box != 0;
    }

    /// @return whether the sender may update every occupied slot: in the last quarter of a round any box, and before `closesAt` anyone
    function allowsAnySlot(Turn memory turn) internal pure returns (bool) {
        return turn.lastQuarter && allowsFirst(turn);
    }

    /// @return whether the sender is the slot's box of this round
    function allowsSlot(Turn memory turn, uint256 nullifier) internal pure returns (bool) {
        if (turn.box == 0) return false;
        uint256 hash = uint256(keccak256(abi.encode(_TAG_BOX, turn.sealedRootsHash, nullifier)));
        return ((hash >> 1) + turn.round) % turn.boxes == turn.box - 1;
    }
}

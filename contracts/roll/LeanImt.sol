// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {PoseidonT3} from '../lib/PoseidonT3.sol';

/// @title The growing edge of a LeanIMT (Semaphore v4's tree; SPEC §6)
/// @notice A tree of n leaves is a row of complete subtrees, one for each set bit of n; only their roots are kept. A batch touches storage at
/// its end, and there only the subtrees that outlive it. Twin: protocol/roll/frontier.ts.
library LeanImt {
    uint256 internal constant DEPTH = 20;

    // solhint-disable-next-line gas-struct-packing
    struct Frontier {
        uint64 size;
        bool closed;
        uint256 last;
        uint256 root;
        /// @dev Root of the complete subtree of each height; meaningless where the bit of `size` is 0.
        uint256[DEPTH + 1] nodes;
    }

    error OutOfOrder(uint256 index, uint256 commitment);

    /// @notice Appends leaves, each greater than the one before.
    function append(Frontier storage frontier, address poseidon, uint256[] calldata leaves) internal {
        uint256 size = frontier.size;
        uint256 last = frontier.last;
        uint256[DEPTH + 1] memory nodes;
        // Heights whose node is in memory: read from storage, or made here.
        uint256 known;
        uint256 made;
        for (uint256 i = 0; i < leaves.length; ++i) {
            uint256 node = leaves[i];
            if (node <= last) revert OutOfOrder(i, node);
            last = node;
            uint256 height = 0;
            for (; (size >> height) & 1 == 1; ++height) {
                uint256 left = (known >> height) & 1 == 1 ? nodes[height] : frontier.nodes[height];
                node = PoseidonT3.hash(poseidon, left, node);
            }
            nodes[height] = node;
            known |= 1 << height;
            made |= 1 << height;
            ++size;
        }
        for (uint256 rest = made & size; rest != 0; rest &= rest - 1) {
            uint256 height = _lowestBit(rest);
            frontier.nodes[height] = nodes[height];
        }
        frontier.size = uint64(size);
        frontier.last = last;
    }

    /// @return node the root of all leaves: subtrees, smallest first, hashed into the next larger; 0 if there are none
    function computeRoot(Frontier storage frontier, address poseidon) internal view returns (uint256 node) {
        uint256 rest = frontier.size;
        if (rest == 0) return 0;
        node = frontier.nodes[_lowestBit(rest)];
        for (rest &= rest - 1; rest != 0; rest &= rest - 1) {
            node = PoseidonT3.hash(poseidon, frontier.nodes[_lowestBit(rest)], node);
        }
    }

    function _lowestBit(uint256 word) private pure returns (uint256 height) {
        while ((word >> height) & 1 == 0) ++height;
    }
}

pragma circom 2.2.2;

include "bits.circom";
include "circomlib/circuits/poseidon.circom";

// The root of a Semaphore group (LeanIMT) of 1 ≤ members ≤ 2^depth leaves, from a leaf and its path. A node without sibling
// moves up unchanged: on level k, that is the last node where digit k of members - 1 is 0.
//
// 1. Path and leaf lie in the tree of that many leaves: nowhere can one more hash be put in. Otherwise whoever registers
//    Poseidon(x, y) of two identities' commitments as a "commitment" would vote twice (SPEC §10.7).
// 2. tied[k] is 1 if the path's node on level k+1 is the last of its level, else 0.
// 3. alone[k] is 1 if its node on level k has no sibling, else 0. That node then moves up unchanged; otherwise
//    node[k+1] = Poseidon(left, right).
template Membership(depth) {
    signal input leaf;
    signal input members;
    signal input sibling[depth];
    signal input side[depth];
    signal output root;

    // 1, 2, 3. From the root, which is the last of its level, down.
    signal last[depth] <== Bits(depth)(members - 1);
    signal tied[depth];
    signal alone[depth];
    for (var k = depth - 1; k >= 0; k--) {
        side[k] * (side[k] - 1) === 0;
        if (k == depth - 1) {
            tied[k] <== 1;
        } else {
            tied[k] <== alone[k + 1] + (tied[k + 1] - alone[k + 1]) * side[k + 1];
        }
        alone[k] <== tied[k] * (1 - last[k]);
    }

    // 3. From the leaf up; the node is the right one where side is 1.
    signal node[depth + 1];
    signal left[depth];
    signal hash[depth];
    node[0] <== leaf;
    for (var k = 0; k < depth; k++) {
        left[k] <== node[k] + side[k] * (sibling[k] - node[k]);
        hash[k] <== Poseidon(2)([left[k], node[k] + sibling[k] - left[k]]);
        node[k + 1] <== hash[k] + alone[k] * (node[k] - hash[k]);
    }
    root <== node[depth];
}

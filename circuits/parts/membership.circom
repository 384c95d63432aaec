pragma circom 2.2.2;

include "circomlib/circuits/poseidon.circom";

// A leaf's path in a Semaphore group (LeanIMT), at most `depth` hashes long.
//
// 1. node[0] is the leaf; node[i+1] = Poseidon(left[i], right[i]) and one of left[i], right[i] is node[i].
// 2. `missed` is 0 if and only if root is one of node[0..depth]: a LeanIMT path skips levels without a sibling, so paths
//    have different lengths. Levels above the root are free.
template Membership(depth) {
    signal input leaf;
    signal input root;
    signal input left[depth];
    signal input right[depth];
    signal output missed;

    signal node[depth + 1];
    signal missing[depth + 1];
    node[0] <== leaf;
    missing[0] <== root - node[0];
    for (var i = 0; i < depth; i++) {
        // 1
        (left[i] - node[i]) * (right[i] - node[i]) === 0;
        node[i + 1] <== Poseidon(2)([left[i], right[i]]);
        // 2
        missing[i + 1] <== missing[i] * (root - node[i + 1]);
    }
    missed <== missing[depth];
}

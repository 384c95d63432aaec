pragma circom 2.2.2;

include "edwards-add.circom";

// One point of a slot update.
//
// 1. For a boolean selector, base is `vote` where it is 1, `old` where it is 0.
// 2. new = base + mask.
template UpdatePoint() {
    signal input selector;
    signal input vote[2];
    signal input old[2];
    signal input mask[2];
    signal input new[2];

    // 1
    signal base[2];
    for (var c = 0; c < 2; c++) {
        base[c] <== old[c] + selector * (vote[c] - old[c]);
    }

    // 2
    signal sum[2] <== EdwardsAdd()(base, mask);
    new === sum;
}

pragma circom 2.2.2;

include "montgomery-add.circom";
include "tables.circom";
include "to-edwards.circom";

// Σ bit[k]·weight[k] for constant points of the prime subgroup, two bits a window: `table` holds
// bitWindow(i, weight[2i], weight[2i+1]).
//
// 1. Given boolean bits, a window is the table's point for its two bits.
// 2. Every sum is sound: the partial sum lies in the coset of ±K, the window in that of 2K, so they are neither equal nor
//    opposite and neither is the neutral element, whatever the bits are (SPEC §10.4).
// 3. out is the sum without the shifts, in Edwards form; the neutral element is possible.
template FixedBase(n, table) {
    signal input bits[2 * n];
    signal output out[2];

    // 1
    signal both[n];
    signal window[n][2];
    for (var i = 0; i < n; i++) {
        both[i] <== bits[2 * i] * bits[2 * i + 1];
        for (var c = 0; c < 2; c++) {
            window[i][c] <== table[i][0][c]
                + (table[i][1][c] - table[i][0][c]) * bits[2 * i]
                + (table[i][2][c] - table[i][0][c]) * bits[2 * i + 1]
                + (table[i][3][c] - table[i][2][c] - table[i][1][c] + table[i][0][c]) * both[i];
        }
    }

    // 2
    signal partial[n][2];
    partial[0] <== window[0];
    component sum[n - 1];
    for (var i = 1; i < n; i++) {
        sum[i - 1] = MontgomeryAdd();
        sum[i - 1].p <== partial[i - 1];
        sum[i - 1].q <== window[i];
        partial[i] <== sum[i - 1].out;
    }

    // 3. K once and 2K n-1 times: (2n-1)·K, that is K for odd n, -K for even n.
    out <== ToEdwards(2 * (n % 2) - 1)(partial[n - 1]);
}

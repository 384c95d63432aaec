pragma circom 2.2.2;

include "montgomery-add.circom";
include "tables.circom";
include "to-edwards.circom";

// ρ·G for the digits of SPEC §10.5; `table` is pairWindows().
//
// 1. Given boolean digits, the window of pair i is β·(2^125 + ε)·2^(123-i)·G + 2K; -2K = 2K, so β is only a sign of y.
// 2. Every sum is sound: partial sums lie in the coset of ±K, windows in that of 2K (SPEC §10.4).
// 3. out = ρ·G in Edwards form.
template RandomnessBase(table) {
    signal input top;
    signal input sign[123];
    signal input pair[123];
    signal output out[2];

    signal partial[124][2];
    for (var c = 0; c < 2; c++) {
        partial[0][c] <== table[0][0][c] + (table[0][1][c] - table[0][0][c]) * top;
    }

    signal window[123][2];
    component sum[123];
    for (var i = 0; i < 123; i++) {
        // 1
        var minus[2] = table[i + 1][0];
        window[i][0] <== minus[0] + (table[i + 1][1][0] - minus[0]) * pair[i];
        window[i][1] <== (2 * sign[i] - 1) * (minus[1] + (table[i + 1][1][1] - minus[1]) * pair[i]);

        // 2
        sum[i] = MontgomeryAdd();
        sum[i].p <== partial[i];
        sum[i].q <== window[i];
        partial[i + 1] <== sum[i].out;
    }

    // 3. K once and 2K 123 times: 247·K = -K.
    out <== ToEdwards(-1)(partial[123]);
}

pragma circom 2.2.2;

include "double-add.circom";
include "montgomery-add.circom";
include "to-edwards.circom";
include "to-montgomery.circom";

// ρ·P for a key P of order l and P2 = 2^125·P, for the digits of SPEC §10.5, two digits a step.
//
// 1. plus = P2 + P and minus = P2 - P; sound, because 2^125 ≠ ±1 mod l.
// 2. Given boolean digits, the window of pair i is β·(P2 + ε·P): a sign times `plus` or `minus`.
// 3. Every step q → 2q + window is sound: with q = m·P, window = w·P, both |w| < m and 2m + |w| < l hold, or, in the first
//    step, m ± w ≠ 0, since the two top windows differ (SPEC §10.6).
// 4. out = ρ·P in Edwards form, never the neutral element.
template RandomnessKey() {
    signal input key[2];
    signal input key2[2];
    signal input top;
    signal input sign[123];
    signal input pair[123];
    signal output out[2];

    // 1
    signal p[2] <== ToMontgomery()(key);
    signal p2[2] <== ToMontgomery()(key2);
    signal plus[2] <== MontgomeryAdd()(p2, p);
    signal minus[2] <== MontgomeryAdd()(p2, [p[0], -p[1]]);

    // 2. The two top windows, β = +1 in both: the one chosen by `top`, then the other.
    signal q[125][2];
    signal window[124][2];
    for (var c = 0; c < 2; c++) {
        q[0][c] <== minus[c] + (plus[c] - minus[c]) * top;
        window[0][c] <== plus[c] + minus[c] - q[0][c];
    }

    signal height[123];
    component step[124];
    for (var i = 0; i < 124; i++) {
        if (i > 0) {
            window[i][0] <== minus[0] + (plus[0] - minus[0]) * pair[i - 1];
            height[i - 1] <== minus[1] + (plus[1] - minus[1]) * pair[i - 1];
            window[i][1] <== (2 * sign[i - 1] - 1) * height[i - 1];
        }
        // 3
        step[i] = DoubleAdd();
        step[i].q <== q[i];
        step[i].t <== window[i];
        q[i + 1] <== step[i].out;
    }

    // 4
    out <== ToEdwards(0)(q[124]);
}

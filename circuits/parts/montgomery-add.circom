pragma circom 2.2.2;

include "curve.circom";

// Incomplete addition on the Montgomery curve, 3 constraints.
//
// 1. For affine points p ≠ ±q, out = p + q. The caller shows p ≠ ±q; for p = q the slope would be free.
template MontgomeryAdd() {
    signal input p[2];
    signal input q[2];
    signal output out[2];

    // 1. Division is not quadratic; the next line fixes the slope.
    signal slope;
    slope <-- (q[1] - p[1]) / (q[0] - p[0]);
    slope * (q[0] - p[0]) === q[1] - p[1];

    out[0] <== slope * slope - montgomeryA() - p[0] - q[0];
    out[1] <== slope * (p[0] - out[0]) - p[1];
}

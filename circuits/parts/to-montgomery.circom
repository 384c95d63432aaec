pragma circom 2.2.2;

// Montgomery coordinates of an Edwards point.
//
// 1. For p on the curve, of order > 2: out is p in Montgomery form (1 - y and x are not 0).
template ToMontgomery() {
    signal input p[2];
    signal output out[2];

    // 1. Division is not quadratic; the next line fixes each quotient.
    out[0] <-- (1 + p[1]) / (1 - p[1]);
    out[0] * (1 - p[1]) === 1 + p[1];
    out[1] <-- out[0] / p[0];
    out[1] * p[0] === out[0];
}

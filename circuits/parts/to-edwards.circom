pragma circom 2.2.2;

include "curve.circom";

// Edwards coordinates of p - shift·K, for p in Montgomery form; `shift` is 0, 1 or -1.
//
// 1. For affine p ≠ (0, 0), x = u/v and y = (u-1)/(u+1): v is 0 only in (0, 0), and u = -1 is on no point, because
//    168696 is not a square.
// 2. Subtracting K = (k, 0), 168700·k² = 1, is linear: (x, y) - K = (-k·y, x/k).
template ToEdwards(shift) {
    signal input p[2];
    signal output out[2];

    // 1. Division is not quadratic; the next line fixes each quotient.
    signal x;
    x <-- p[0] / p[1];
    x * p[1] === p[0];
    signal y;
    y <-- (p[0] - 1) / (p[0] + 1);
    y * (p[0] + 1) === p[0] - 1;

    // 2
    if (shift == 0) {
        out[0] <== x;
        out[1] <== y;
    } else {
        out[0] <== -shift * quarterX() * y;
        out[1] <== shift * edwardsA() * quarterX() * x;
    }
}

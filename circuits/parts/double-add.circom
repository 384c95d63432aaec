pragma circom 2.2.2;

include "curve.circom";

// out = (q + t) + q on the Montgomery curve, 5 constraints: y of q + t is never computed.
//
// 1. For affine points with q ≠ ±t, q + t ≠ ±q, out = 2q + t. The caller shows both; otherwise a slope would be free.
template DoubleAdd() {
    signal input q[2];
    signal input t[2];
    signal output out[2];

    // 1. m = q + t. Division is not quadratic; the next line fixes the slope.
    signal first;
    first <-- (t[1] - q[1]) / (t[0] - q[0]);
    first * (t[0] - q[0]) === t[1] - q[1];
    signal mx <== first * first - montgomeryA() - q[0] - t[0];

    // The slope through m and q is 2·q.y/(q.x - m.x) - first: substitute m.y = first·(q.x - m.x) - q.y.
    // Division is not quadratic; the next line fixes the sum of the two slopes.
    signal slopes;
    slopes <-- 2 * q[1] / (q[0] - mx);
    slopes * (q[0] - mx) === 2 * q[1];
    signal second <== slopes - first;

    out[0] <== second * second - montgomeryA() - q[0] - mx;
    out[1] <== second * (q[0] - out[0]) - q[1];
}

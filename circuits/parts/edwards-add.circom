pragma circom 2.2.2;

include "curve.circom";

// Complete addition on the Edwards curve (EIP-2494).
//
// 1. For p and q on the curve, out = p + q: the denominators are never 0, because 168696 is not a square.
template EdwardsAdd() {
    signal input p[2];
    signal input q[2];
    signal output out[2];

    var a = edwardsA();
    var d = edwardsD();

    // 1
    signal beta <== p[0] * q[1];
    signal gamma <== p[1] * q[0];
    signal delta <== (p[1] - a * p[0]) * (q[0] + q[1]);
    signal tau <== beta * gamma;

    // Division is not quadratic; the next line fixes the quotient.
    out[0] <-- (beta + gamma) / (1 + d * tau);
    (1 + d * tau) * out[0] === beta + gamma;
    out[1] <-- (delta + a * beta - gamma) / (1 - d * tau);
    (1 - d * tau) * out[1] === delta + a * beta - gamma;
}

pragma circom 2.2.2;

include "circomlib/circuits/comparators.circom";

// The n binary digits of a secret scalar. Digits from `low` up are compared with those of `top`: in < (top + 1)·2^low.
//
// 1. Every digit is 0 or 1.
// 2. Σ 2^k·out[k] = in and in < (top + 1)·2^low: going down, as long as all digits above equal those of `top` ("tied"), a
//    digit must be 0 where top's is 0. With (top + 1)·2^low ≤ l, one scalar has one form here.
template SecretBits(n, low, top) {
    signal input in;
    signal output out[n];

    var sum = 0;
    for (var k = 0; k < n; k++) {
        // Shifts are not quadratic; 1 and 2 fix the digits.
        out[k] <-- (in >> k) & 1;
        sum += out[k] * 2 ** k;
    }

    // tied[j] is 1 while the digits down to the end of the j-th run of ones in `top` are tied, else 0.
    var runs = 0;
    for (var k = n - low - 1; k >= 0; k--) {
        runs += ((top >> k) & 1) * (1 - ((top >> (k + 1)) & 1));
    }
    signal tied[runs + 1];
    tied[0] <== 1;

    var run = 0;
    var length = 0;
    var ones = 0;
    for (var k = n - 1; k >= low; k--) {
        if ((top >> (k - low)) & 1) {
            // 1
            out[k] * (out[k] - 1) === 0;
            length++;
            ones += out[k];
            if (k > low && ((top >> (k - low - 1)) & 1) == 0) {
                // 2
                if (length == 1) {
                    tied[run + 1] <== tied[run] * out[k];
                } else {
                    tied[run + 1] <== IsZero()(tied[run] + ones - length - 1);
                }
                run++;
                length = 0;
                ones = 0;
            }
        } else {
            // 1, and 2: the digit is 0 or 1 - tied.
            (1 - tied[run] - out[k]) * out[k] === 0;
        }
    }
    for (var k = 0; k < low; k++) {
        // 1
        out[k] * (out[k] - 1) === 0;
    }
    // 2
    sum === in;
}

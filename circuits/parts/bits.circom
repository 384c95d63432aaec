pragma circom 2.2.2;

// The n lowest binary digits of a value, n ≤ 253.
//
// 1. Every digit is 0 or 1.
// 2. Σ 2^k·out[k] = in, so 0 ≤ in < 2^n as a number: no other digits satisfy it, because 2^n < r.
template Bits(n) {
    signal input in;
    signal output out[n];

    var sum = 0;
    for (var k = 0; k < n; k++) {
        // Shifts are not quadratic; 1 and 2 fix the digits.
        out[k] <-- (in >> k) & 1;
        // 1
        out[k] * (out[k] - 1) === 0;
        sum += out[k] * 2 ** k;
    }
    // 2
    sum === in;
}

pragma circom 2.2.2;

include "bits.circom";

// The one general rule of a ballot (SPEC §8) for values already below 2^width. Where selector is 0, all-zero values pass.
//
// 1. value[i] ≤ max[i], for max[i] < 2^width.
// 2. cost[i] = quadratic·value² + (1 - quadratic)·price[i]·value, below 2^(width+32).
// 3. selector·minTotal ≤ Σ cost ≤ maxTotal, for minTotal, maxTotal < 2^32.
// 4. Where distinct is 1, no two values are equal, but for 0: value[i] is a multiple of value[i] - value[k].
template Rules(options, width) {
    signal input value[options];
    signal input max[options];
    signal input price[options];
    signal input minTotal;
    signal input maxTotal;
    signal input quadratic;
    signal input distinct;
    signal input selector;

    signal spare[options][width];
    signal adjust[options];
    signal cost[options];
    var total = 0;
    for (var i = 0; i < options; i++) {
        // 1. A difference of two numbers below 2^width; negative, it would need far more digits.
        spare[i] <== Bits(width)(max[i] - value[i]);
        // 2
        adjust[i] <== quadratic * (value[i] - price[i]);
        cost[i] <== (price[i] + adjust[i]) * value[i];
        total += cost[i];
    }

    // 3. The total stays below 2^48, far from r.
    signal least <== selector * minTotal;
    signal above[32] <== Bits(32)(total - least);
    signal below[32] <== Bits(32)(maxTotal - total);

    // 4. Where distinct is 0, the factor is never 0. Division is not quadratic; the next line is the claim.
    signal quotient[options * (options - 1) \ 2];
    var pairs = 0;
    for (var i = 0; i < options; i++) {
        for (var k = i + 1; k < options; k++) {
            quotient[pairs] <-- value[i] == 0 ? 0 : value[i] / (value[i] - value[k] + (1 - distinct) * 2 ** width);
            quotient[pairs] * (value[i] - value[k] + (1 - distinct) * 2 ** width) === value[i];
            pairs++;
        }
    }
}

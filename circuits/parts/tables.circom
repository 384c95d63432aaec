pragma circom 2.2.2;

include "curve.circom";

// Windows of the fixed-base multiplications, in Montgomery form (SPEC §10.4). The first window of a sum is shifted by K
// (order 4), every later one by 2K (order 2), so that a partial sum and the next window always lie in different cosets
// of the prime subgroup.

// The shift of window i.
function windowShift(i) {
    if (i == 0) {
        return [quarterX(), 0];
    }
    return [0, -1];
}

// The points of one window of two bits: for 00, 01 (low bit), 10, 11.
function bitWindow(i, low, high) {
    var shift[2] = windowShift(i);
    var one[2] = addPoints(shift, low);
    var window[4][2];
    window[0] = montgomeryPoint(shift);
    window[1] = montgomeryPoint(one);
    window[2] = montgomeryPoint(addPoints(shift, high));
    window[3] = montgomeryPoint(addPoints(one, high));
    return window;
}

// Windows of the 252 digits of a secret: weights 2^k·G.
function secretWindows() {
    var table[126][4][2];
    var weight[2] = base8();
    for (var i = 0; i < 126; i++) {
        table[i] = bitWindow(i, weight, doublePoint(weight, 1));
        weight = doublePoint(weight, 2);
    }
    return table;
}

// Width of a vote's value in bits: values and their bounds are below 2^10.
function valueWidth() {
    return 10;
}

// Weight of digit k of a lane's two values, low value first: 2^k·G, then 2^(32+k-10)·G.
function laneWeight(k) {
    if (k < valueWidth()) {
        return doublePoint(base8(), k);
    }
    return doublePoint(base8(), 32 + k - valueWidth());
}

// Windows of the 2·10 digits of a lane's two values.
function laneWindows() {
    var table[10][4][2];
    for (var i = 0; i < valueWidth(); i++) {
        table[i] = bitWindow(i, laneWeight(2 * i), laneWeight(2 * i + 1));
    }
    return table;
}

// Windows of the digit pairs of the randomness, ε = -1 and ε = +1 for β = +1 (SPEC §10.5). Window i ≥ 1 stands for
// (2^125 + ε)·2^(123-i)·G, window 0 for the two top pairs together: 3·2^248·G + ε·2^123·G.
function pairWindows() {
    var table[124][2][2];
    var half[2] = doublePoint(base8(), 125);
    var one[2] = base8();
    for (var i = 123; i >= 1; i--) {
        var shifted[2] = addPoints(windowShift(i), half);
        table[i][0] = montgomeryPoint(addPoints(shifted, negatePoint(one)));
        table[i][1] = montgomeryPoint(addPoints(shifted, one));
        half = doublePoint(half, 1);
        one = doublePoint(one, 1);
    }
    var top[2] = addPoints(windowShift(0), addPoints(half, doublePoint(half, 1)));
    table[0][0] = montgomeryPoint(addPoints(top, negatePoint(one)));
    table[0][1] = montgomeryPoint(addPoints(top, one));
    return table;
}

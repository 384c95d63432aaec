pragma circom 2.2.2;

// Constants of BabyJubJub (EIP-2494), evaluated while compiling. They reach templates as parameters: a `var` would be
// computed again in every witness.
//
// Edwards form  168700·x² + y² = 1 + 168696·x²·y²; Montgomery form  v² = u³ + 168698·u² + u,
// u = (1+y)/(1-y), v = u/x. K = (quarterX(), 0) has order 4 and 2K = (0, -1), in Montgomery form (0, 0).

function edwardsA() {
    return 168700;
}

function edwardsD() {
    return 168696;
}

function montgomeryA() {
    return 168698;
}

// x of K: 168700·x² = 1.
function quarterX() {
    return 2957874849018779266517920829765869116077630550401372566248359756137677864698;
}

function base8() {
    return [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
}

function addPoints(p, q) {
    var cross = edwardsD() * p[0] * q[0] * p[1] * q[1];
    return [(p[0] * q[1] + p[1] * q[0]) / (1 + cross), (p[1] * q[1] - edwardsA() * p[0] * q[0]) / (1 - cross)];
}

function negatePoint(p) {
    return [-p[0], p[1]];
}

// 2^k·p.
function doublePoint(p, k) {
    var q[2] = p;
    for (var i = 0; i < k; i++) {
        q = addPoints(q, q);
    }
    return q;
}

// Montgomery coordinates of p, which is not the neutral element; (0, -1) has (0, 0).
function montgomeryPoint(p) {
    if (p[0] == 0) {
        return [0, 0];
    }
    var u = (1 + p[1]) / (1 - p[1]);
    return [u, u / p[0]];
}

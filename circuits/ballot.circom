pragma circom 2.2.2;

include "parts/bits.circom";
include "parts/fixed-base.circom";
include "parts/identity.circom";
include "parts/membership.circom";
include "parts/randomness-base.circom";
include "parts/randomness-key.circom";
include "parts/rules.circom";
include "parts/tables.circom";
include "parts/update-point.circom";

// One slot update of a poll (SPEC §10): new = s·Enc(v) + (1-s)·old + Enc(0; ρ), with s = 1 for its owner's vote, 0 for a mask.
//
// 1. s is 0 or 1; fresh·(1-s) = 0: an empty slot is never masked.
// 2. If s = 1, the commitment of the secret is a leaf of the group of `members` under root.
// 3. If s = 1, nullifier is the secret's under scope.
// 4. Each value is below 2^10; if s = 1, the values obey the poll's rule.
// 5. The digits of ρ are 0 or 1.
// 6. newR = (1-s)·oldR + ρ·G, with O for s = 1.
// 7. newC[j] = s·M_j + (1-s)·oldC[j] + ρ·PK[j], M_j = (v[2j] + 2^32·v[2j+1])·G.
// 8. context is bound.
template Ballot(depth, lanes) {
    // The poll's constants: scope, root < r; members ≤ 2^depth; minTotal ≤ maxTotal < 2^32; quadratic, distinct ∈ {0, 1}; max < 2^10;
    // price < 2^32; PK of order l, PK2 = 2^125·PK. All guaranteed by the contract.
    signal input scope, root, members, minTotal, maxTotal, quadratic, distinct;
    signal input max[2 * lanes], price[2 * lanes];
    signal input PK[lanes][2], PK2[lanes][2];
    // The update's: nullifier, context < r; fresh ∈ {0, 1}; oldR, oldC in the prime subgroup: guaranteed by the contract.
    signal input nullifier, context, fresh, oldR[2], newR[2], oldC[lanes][2], newC[lanes][2];

    signal input selector, secret, sibling[depth], side[depth], value[2 * lanes];
    signal input rhoTop, rhoSign[123], rhoPair[123];

    // 1
    selector * (selector - 1) === 0;
    fresh * (1 - selector) === 0;

    // 2, 3
    component identity = Identity();
    identity.secret <== secret;
    identity.scope <== scope;
    selector * (nullifier - identity.nullifier) === 0;
    signal group <== Membership(depth)(identity.commitment, members, sibling, side);
    selector * (root - group) === 0;

    // 4
    var width = valueWidth();
    signal digits[2 * lanes][width];
    for (var i = 0; i < 2 * lanes; i++) {
        digits[i] <== Bits(width)(value[i]);
    }
    Rules(2 * lanes, width)(value, max, price, minTotal, maxTotal, quadratic, distinct, selector);

    // 5
    rhoTop * (rhoTop - 1) === 0;
    for (var i = 0; i < 123; i++) {
        rhoSign[i] * (rhoSign[i] - 1) === 0;
        rhoPair[i] * (rhoPair[i] - 1) === 0;
    }

    // 6
    signal maskR[2] <== RandomnessBase(pairWindows())(rhoTop, rhoSign, rhoPair);
    UpdatePoint()(selector, [0, 1], oldR, maskR, newR);

    // 7
    component message[lanes];
    signal maskC[lanes][2];
    for (var j = 0; j < lanes; j++) {
        message[j] = FixedBase(width, laneWindows());
        for (var k = 0; k < width; k++) {
            message[j].bits[k] <== digits[2 * j][k];
            message[j].bits[width + k] <== digits[2 * j + 1][k];
        }
        maskC[j] <== RandomnessKey()(PK[j], PK2[j], rhoTop, rhoSign, rhoPair);
        UpdatePoint()(selector, message[j].out, oldC[j], maskC[j], newC[j]);
    }

    // 8
    signal bound <== context * context;
}

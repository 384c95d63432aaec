pragma circom 2.2.2;

include "circomlib/circuits/poseidon.circom";
include "fixed-base.circom";
include "secret-bits.circom";
include "tables.circom";

// Secrets are below (topSecret() + 1)·2^lowDigits(), a bound just under the order l: 1 in 2^64 identities lies between.
function lowDigits() {
    return 186;
}

// ⌊l / 2^186⌋ - 1.
function topSecret() {
    return 27895986134423765324;
}

// A Semaphore v4 identity and its nullifier.
//
// 1. secret < l (a little less): one identity has one secret, so one nullifier.
// 2. commitment = Poseidon(A.x, A.y), A = secret·G.
// 3. nullifier = Poseidon(scope, secret).
template Identity() {
    signal input secret;
    signal input scope;
    signal output commitment;
    signal output nullifier;

    // 1
    signal digits[251] <== SecretBits(251, lowDigits(), topSecret())(secret);

    // 2. The windows take an even number of digits.
    component key = FixedBase(126, secretWindows());
    for (var k = 0; k < 251; k++) {
        key.bits[k] <== digits[k];
    }
    key.bits[251] <== 0;
    commitment <== Poseidon(2)(key.out);

    // 3
    nullifier <== Poseidon(2)([scope, secret]);
}

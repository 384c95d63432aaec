pragma circom 2.2.2;

include "circomlib/circuits/poseidon.circom";
include "fixed-base.circom";
include "secret-bits.circom";
include "tables.circom";

// The largest secret scalar: l - 1.
function lastSecret() {
    return 2736030358979909402780800718157159386076813972158567259200215660948447373040;
}

// A Semaphore v4 identity and its nullifier.
//
// 1. secret < l: one identity has one secret, so one nullifier.
// 2. commitment = Poseidon(A.x, A.y), A = secret·G.
// 3. nullifier = Poseidon(scope, secret).
template Identity() {
    signal input secret;
    signal input scope;
    signal output commitment;
    signal output nullifier;

    // 1
    signal digits[251] <== SecretBits(251, lastSecret())(secret);

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

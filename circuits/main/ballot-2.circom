pragma circom 2.2.2;

include "../ballot.circom";

component main {
    public [
        scope, root, members, minTotal, maxTotal, quadratic, distinct, max, price, PK, PK2,
        nullifier, context, fresh, oldR, newR, oldC, newC
    ]
} = Ballot(20, 1);

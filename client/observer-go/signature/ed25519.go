package signature

import (
	"crypto/ed25519"

	"filippo.io/edwards25519"
)

// subgroupOrderMinusOne is −1 as a scalar: L·P = O exactly where (L−1)·P = −P.
var subgroupOrderMinusOne = func() *edwards25519.Scalar {
	one, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		panic(err)
	}
	return edwards25519.NewScalar().Negate(one)
}()

// GoodKey tells whether 32 bytes are a canonical point of the prime subgroup other than the neutral one (SPEC §5.4).
func GoodKey(bytes []byte) bool {
	point, err := new(edwards25519.Point).SetBytes(bytes)
	if err != nil || string(point.Bytes()) != string(bytes) {
		return false
	}
	neutral := edwards25519.NewIdentityPoint()
	if point.Equal(neutral) == 1 {
		return false
	}
	negative := new(edwards25519.Point).Negate(point)
	times := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(subgroupOrderMinusOne, point, edwards25519.NewScalar())
	return times.Equal(negative) == 1
}

// neutral is the encoding of the neutral point.
var neutral = string(append([]byte{1}, make([]byte, 31)...))

// VerifyEd25519 is the rule of SPEC §5.4: a key in the prime subgroup, R other than neutral, and what crypto/ed25519
// accepts (S < L, and the encoding of S·B − h·A is R's). Then R is in the prime subgroup too.
func VerifyEd25519(key, message, signature []byte) bool {
	return len(key) == 32 && len(signature) == 64 && string(signature[:32]) != neutral && GoodKey(key) &&
		ed25519.Verify(ed25519.PublicKey(key), message, signature)
}

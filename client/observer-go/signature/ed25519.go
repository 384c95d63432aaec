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

// VerifyEd25519 is the strictest reading of RFC 8032 §5.1.7: S < L, canonical encodings, key and R in the prime
// subgroup and not neutral. What it accepts, every other reading accepts too.
func VerifyEd25519(key, message, signature []byte) bool {
	return len(key) == 32 && len(signature) == 64 && GoodKey(key) && GoodKey(signature[:32]) &&
		ed25519.Verify(ed25519.PublicKey(key), message, signature)
}

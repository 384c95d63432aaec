// Package trapdoor makes verifying keys whose secrets are known, and with them proofs of anything (Groth16's simulator).
// Only tests and benchmarks import it.
package trapdoor

import (
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/groth16"
)

// Key is a verifying key with its secrets.
type Key struct {
	Verifying                 *groth16.Key
	alpha, beta, gamma, delta fr.Element
	ic                        []fr.Element
}

// New draws a key for so many public signals.
func New(signals int) *Key {
	t := new(Key)
	for _, secret := range []*fr.Element{&t.alpha, &t.beta, &t.gamma, &t.delta} {
		secret.MustSetRandom()
	}
	t.Verifying = &groth16.Key{Alpha: g1(t.alpha), Beta: g2(t.beta), Gamma: g2(t.gamma), Delta: g2(t.delta)}
	t.ic = Random(signals + 1)
	for _, secret := range t.ic {
		t.Verifying.IC = append(t.Verifying.IC, g1(secret))
	}
	return t
}

// Random draws field elements.
func Random(count int) []fr.Element {
	all := make([]fr.Element, count)
	for i := range all {
		all[i].MustSetRandom()
	}
	return all
}

// Prove makes a proof that the key accepts for the signals.
func (t *Key) Prove(signals []fr.Element) *groth16.Proof {
	var a, b, c, sum, product fr.Element
	a.MustSetRandom()
	b.MustSetRandom()
	sum = t.ic[0]
	for i := range signals {
		sum.Add(&sum, product.Mul(&signals[i], &t.ic[i+1]))
	}
	sum.Mul(&sum, &t.gamma)
	c.Mul(&a, &b).Sub(&c, product.Mul(&t.alpha, &t.beta)).Sub(&c, &sum)
	c.Mul(&c, sum.Inverse(&t.delta))
	return &groth16.Proof{A: g1(a), B: g2(b), C: g1(c)}
}

// Encode writes a proof as the chain takes it (SPEC §11.3).
func Encode(proof *groth16.Proof) (out []byte) {
	for _, coordinate := range []*fp.Element{&proof.A.X, &proof.A.Y, &proof.B.X.A1, &proof.B.X.A0, &proof.B.Y.A1, &proof.B.Y.A0,
		&proof.C.X, &proof.C.Y} {
		bytes := coordinate.Bytes()
		out = append(out, bytes[:]...)
	}
	return out
}

func g1(secret fr.Element) (point bn254.G1Affine) {
	return *point.ScalarMultiplicationBase(secret.BigInt(new(big.Int)))
}

func g2(secret fr.Element) (point bn254.G2Affine) {
	return *point.ScalarMultiplicationBase(secret.BigInt(new(big.Int)))
}

package groth16

import (
	"errors"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// ErrProof is for words that are no proof: a coordinate not below p, or a point outside its group, or O.
var ErrProof = errors.New("proof/point")

// ProofSize is the eight words A.x A.y B.x₁ B.x₀ B.y₁ B.y₀ C.x C.y (SPEC §11.3).
const ProofSize = 256

// Proof has its points in their groups, none O.
type Proof struct {
	A, C bn254.G1Affine
	B    bn254.G2Affine
}

// DecodeProof is as strict as the chain's precompile, and refuses O besides.
func DecodeProof(bytes []byte) (*Proof, error) {
	proof := new(Proof)
	for i, coordinate := range []*fp.Element{
		&proof.A.X, &proof.A.Y, &proof.B.X.A1, &proof.B.X.A0, &proof.B.Y.A1, &proof.B.Y.A0, &proof.C.X, &proof.C.Y,
	} {
		if coordinate.SetBytesCanonical(bytes[32*i:32*i+32]) != nil {
			return nil, ErrProof
		}
	}
	if proof.A.IsInfinity() || proof.B.IsInfinity() || proof.C.IsInfinity() {
		return nil, ErrProof
	}
	if !proof.A.IsOnCurve() || !proof.C.IsOnCurve() || !proof.B.IsOnCurve() || !proof.B.IsInSubGroup() {
		return nil, ErrProof
	}
	return proof, nil
}

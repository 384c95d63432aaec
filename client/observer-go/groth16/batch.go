package groth16

import (
	"crypto/rand"
	"encoding/binary"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Poll is a key with its first public signals, the poll's constants, put in: K = IC_0 + Σ constant_i·IC_{1+i} (SPEC §11.2).
type Poll struct {
	Key *Key
	K   bn254.G1Affine
	// First is the index in IC of the first signal that is left.
	First int
}

// NewPoll computes K.
func NewPoll(key *Key, constants []fr.Element) *Poll {
	var sum bn254.G1Jac
	if _, err := sum.MultiExp(key.IC[1:1+len(constants)], constants, ecc.MultiExpConfig{NbTasks: 1}); err != nil {
		panic(err) // the only error is a difference in length
	}
	sum.AddMixed(&key.IC[0])
	poll := &Poll{Key: key, First: 1 + len(constants)}
	poll.K.FromJacobian(&sum)
	return poll
}

// Statement is one update's proof for the signals that follow the poll's constants.
type Statement struct {
	Poll    *Poll
	Signals []fr.Element
	Proof   *Proof
}

// eigenvalue is λ with λ² + λ + 1 = 0 mod r: multiplying a point by low + λ·high costs 64 doublings.
var eigenvalue = func() (λ fr.Element) {
	three := new(big.Int).Sub(fr.Modulus(), big.NewInt(1))
	three.Div(three, big.NewInt(3))
	for base := uint64(2); ; base++ {
		λ.SetUint64(base)
		λ.Exp(λ, three)
		if !λ.IsOne() {
			return λ
		}
	}
}()

// weights draws 2^128 possible values each: low + λ·high. They are random, so a wrong proof passes with 2^−128.
func weights(count int) []fr.Element {
	random := make([]byte, 16*count)
	if _, err := rand.Read(random); err != nil {
		panic(err) // a verifier without randomness must not go on
	}
	all := make([]fr.Element, count)
	for i := range all {
		low := fr.NewElement(binary.BigEndian.Uint64(random[16*i:]))
		high := fr.NewElement(binary.BigEndian.Uint64(random[16*i+8:]))
		all[i].Mul(&high, &eigenvalue).Add(&all[i], &low)
	}
	return all
}

// Wrong returns the indices of the statements (all of one key) whose proofs do not hold, in order. A batch that
// fails is halved until its culprits are found.
func Wrong(statements []Statement) []int {
	if len(statements) == 0 || holds(statements) {
		return nil
	}
	if len(statements) == 1 {
		return []int{0}
	}
	half := len(statements) / 2
	wrong := Wrong(statements[:half])
	for _, index := range Wrong(statements[half:]) {
		wrong = append(wrong, half+index)
	}
	return wrong
}

// holds checks Π e(w·A, B) = e(W·α, β)·e(Σ W_poll·K + Σ s_i·IC_i, γ)·e(Σ w·C, δ) (SPEC §11.4).
func holds(statements []Statement) bool {
	key, count := statements[0].Poll.Key, len(statements)
	w := weights(count)
	left := make([]bn254.G1Jac, count, count+3)
	g2 := make([]bn254.G2Affine, count, count+3)
	c := make([]bn254.G1Affine, count)
	for i := range statements {
		var scalar big.Int
		left[i].FromAffine(&statements[i].Proof.A)
		left[i].ScalarMultiplication(&left[i], w[i].BigInt(&scalar))
		g2[i], c[i] = statements[i].Proof.B, statements[i].Proof.C
	}
	total, public := publicSide(statements, w)
	alpha := sumOf([]bn254.G1Affine{key.Alpha}, []fr.Element{total})
	all := append(left, negated(alpha), negated(public), negated(sumOf(c, w)))
	g1 := bn254.BatchJacobianToAffineG1(all)
	ok, err := bn254.PairingCheck(g1, append(g2, key.Beta, key.Gamma, key.Delta))
	return ok && err == nil
}

// publicSide is W = Σ w and Σ W_poll·K_poll + Σ s_i·IC_i with s_i = Σ w_k·signal_{k,i}.
func publicSide(statements []Statement, w []fr.Element) (total fr.Element, sum bn254.G1Jac) {
	perPoll := map[*Poll]fr.Element{}
	sums := make([]fr.Element, len(statements[0].Poll.Key.IC))
	var product fr.Element
	for i, statement := range statements {
		weight := perPoll[statement.Poll]
		perPoll[statement.Poll] = *weight.Add(&weight, &w[i])
		total.Add(&total, &w[i])
		for j := range statement.Signals {
			at := &sums[statement.Poll.First+j]
			at.Add(at, product.Mul(&w[i], &statement.Signals[j]))
		}
	}
	first := statements[0].Poll.First
	points := append([]bn254.G1Affine(nil), statements[0].Poll.Key.IC[first:]...)
	scalars := append([]fr.Element(nil), sums[first:]...)
	for poll, weight := range perPoll {
		points, scalars = append(points, poll.K), append(scalars, weight)
	}
	return total, sumOf(points, scalars)
}

func sumOf(points []bn254.G1Affine, scalars []fr.Element) (sum bn254.G1Jac) {
	if _, err := sum.MultiExp(points, scalars, ecc.MultiExpConfig{NbTasks: 1}); err != nil {
		panic(err) // the only error is a difference in length
	}
	return sum
}

func negated(point bn254.G1Jac) bn254.G1Jac {
	point.Neg(&point)
	return point
}

package groth16_test

import (
	"os"
	"reflect"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"

	"urna/client/observer-go/groth16"
	"urna/client/observer-go/trapdoor"
)

// statements are true ones of two polls of one key, in turn.
func statements(count, constants, signals int) []groth16.Statement {
	key := trapdoor.New(constants + signals)
	var all []groth16.Statement
	first := trapdoor.Random(2 * constants)
	polls := []*groth16.Poll{groth16.NewPoll(key.Verifying, first[:constants]), groth16.NewPoll(key.Verifying, first[constants:])}
	for i := range count {
		rest := trapdoor.Random(signals)
		whole := append(append(first[:0:0], first[i%2*constants:(i%2+1)*constants]...), rest...)
		all = append(all, groth16.Statement{Poll: polls[i%2], Signals: rest, Proof: key.Prove(whole)})
	}
	return all
}

func TestWrong(t *testing.T) {
	all := statements(9, 5, 4)
	if wrong := groth16.Wrong(all); wrong != nil {
		t.Fatalf("good proofs refused: %v", wrong)
	}
	all[2].Signals[1].SetUint64(7)
	all[7].Proof.C.Neg(&all[7].Proof.C)
	all[8].Poll = all[7].Poll
	if wrong := groth16.Wrong(all); !reflect.DeepEqual(wrong, []int{2, 7, 8}) {
		t.Fatalf("wrong are 2, 7, 8; found %v", wrong)
	}
}

func TestWrongProofsThatCancelOut(t *testing.T) {
	all := statements(2, 3, 2)
	// Shifted by the same point in opposite directions, the C of both would cancel out under equal weights.
	_, _, shift, _ := bn254.Generators()
	all[0].Proof.C.Add(&all[0].Proof.C, &shift)
	all[1].Proof.C.Sub(&all[1].Proof.C, &shift)
	all[1].Poll = all[0].Poll
	if wrong := groth16.Wrong(all); !reflect.DeepEqual(wrong, []int{0, 1}) {
		t.Fatalf("both are wrong; found %v", wrong)
	}
}

func TestDecodeProofRefuses(t *testing.T) {
	good := trapdoor.Encode(statements(1, 3, 2)[0].Proof)
	if _, err := groth16.DecodeProof(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte){
		"a coordinate not below p":  func(b []byte) { copy(b, fp.Modulus().Bytes()) },
		"A off the curve":           func(b []byte) { b[63] ^= 1 },
		"B off the curve":           func(b []byte) { b[191] ^= 1 },
		"C off the curve":           func(b []byte) { b[255] ^= 1 },
		"A at infinity":             func(b []byte) { clear(b[:64]) },
		"B at infinity":             func(b []byte) { clear(b[64:192]) },
		"C at infinity":             func(b []byte) { clear(b[192:]) },
		"B outside the subgroup":    func(b []byte) { copy(b[64:192], outsideSubgroup(t)) },
		"the imaginary parts first": func(b []byte) { swap(b[64:96], b[96:128]) },
	} {
		bad := append([]byte(nil), good...)
		change(bad)
		if _, err := groth16.DecodeProof(bad); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func swap(a, b []byte) {
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}

// outsideSubgroup is a point of the twist y² = x³ + b' that is not in G2.
func outsideSubgroup(t *testing.T) []byte {
	_, _, _, generator := bn254.Generators()
	var b, cube bn254.E2
	b.Square(&generator.Y)
	cube.Square(&generator.X).Mul(&cube, &generator.X)
	b.Sub(&b, &cube)
	var point bn254.G2Affine
	for x := uint64(1); x < 1000; x++ {
		point.X.A0.SetUint64(x)
		cube.Square(&point.X).Mul(&cube, &point.X).Add(&cube, &b)
		if cube.Legendre() != 1 {
			continue
		}
		point.Y.Sqrt(&cube)
		if point.IsOnCurve() && !point.IsInSubGroup() {
			return trapdoor.Encode(&groth16.Proof{B: point})[64:192]
		}
	}
	t.Fatal("no such point found")
	return nil
}

func TestParseKey(t *testing.T) {
	text, err := os.ReadFile("../../../circuits/artifacts/ballot-8/vkey.json")
	if err != nil {
		t.Fatal(err)
	}
	key, err := groth16.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(key.IC) != 1+14+12*4 || len(key.Words()) != 1408+768*4 || key.DeltaIsGenerator() {
		t.Fatal(len(key.IC), len(key.Words()))
	}
	for _, bad := range []string{"", "{}", `{"protocol":"groth16"}`, string(text[:len(text)-9])} {
		if _, err := groth16.ParseKey([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	text, err := os.ReadFile("../../../circuits/artifacts/ballot-2/vkey.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(_ *testing.T, text []byte) {
		if key, err := groth16.ParseKey(text); err == nil {
			key.Words() // whatever is taken can be written
		}
	})
}

func FuzzDecodeProof(f *testing.F) {
	f.Add(trapdoor.Encode(statements(1, 1, 1)[0].Proof))
	f.Fuzz(func(t *testing.T, bytes []byte) {
		if len(bytes) < groth16.ProofSize {
			return
		}
		if proof, err := groth16.DecodeProof(bytes[:groth16.ProofSize]); err == nil &&
			string(trapdoor.Encode(proof)) != string(bytes[:groth16.ProofSize]) {
			t.Fatal("two encodings of one proof")
		}
	})
}

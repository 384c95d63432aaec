package groth16

import (
	"math/big"
	"os"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// trapdoorKey makes a key whose secrets the test knows, so that proofs of anything can be made (Groth16's simulator).
type trapdoorKey struct {
	key                       *Key
	alpha, beta, gamma, delta fr.Element
	ic                        []fr.Element
}

func newTrapdoorKey(signals int) *trapdoorKey {
	t := new(trapdoorKey)
	for _, secret := range []*fr.Element{&t.alpha, &t.beta, &t.gamma, &t.delta} {
		secret.MustSetRandom()
	}
	t.key = &Key{Alpha: g1(t.alpha), Beta: g2(t.beta), Gamma: g2(t.gamma), Delta: g2(t.delta)}
	for range signals + 1 {
		var secret fr.Element
		secret.MustSetRandom()
		t.ic = append(t.ic, secret)
		t.key.IC = append(t.key.IC, g1(secret))
	}
	return t
}

func (t *trapdoorKey) prove(signals []fr.Element) *Proof {
	var a, b, c, x, y fr.Element
	a.MustSetRandom()
	b.MustSetRandom()
	x = t.ic[0]
	for i := range signals {
		x.Add(&x, y.Mul(&signals[i], &t.ic[i+1]))
	}
	x.Mul(&x, &t.gamma)
	c.Mul(&a, &b).Sub(&c, y.Mul(&t.alpha, &t.beta)).Sub(&c, &x)
	c.Mul(&c, x.Inverse(&t.delta))
	return &Proof{A: g1(a), B: g2(b), C: g1(c)}
}

func g1(secret fr.Element) (point bn254.G1Affine) {
	return *point.ScalarMultiplicationBase(secret.BigInt(new(big.Int)))
}

func g2(secret fr.Element) (point bn254.G2Affine) {
	return *point.ScalarMultiplicationBase(secret.BigInt(new(big.Int)))
}

func statements(count, constants, signals int) []Statement {
	trapdoor := newTrapdoorKey(constants + signals)
	var all []Statement
	polls := map[int]*Poll{}
	first := map[int][]fr.Element{}
	for i := range 2 {
		first[i] = randomElements(constants)
		polls[i] = NewPoll(trapdoor.key, first[i])
	}
	for i := range count {
		rest := randomElements(signals)
		all = append(all, Statement{polls[i%2], rest, trapdoor.prove(append(append([]fr.Element(nil), first[i%2]...), rest...))})
	}
	return all
}

func randomElements(count int) []fr.Element {
	all := make([]fr.Element, count)
	for i := range all {
		all[i].MustSetRandom()
	}
	return all
}

func TestWrong(t *testing.T) {
	all := statements(9, 5, 4)
	if wrong := Wrong(all); wrong != nil {
		t.Fatalf("good proofs refused: %v", wrong)
	}
	all[2].Signals[1].SetUint64(7)
	all[7].Proof.C.Neg(&all[7].Proof.C)
	all[8].Poll = all[7].Poll
	if wrong := Wrong(all); !reflect.DeepEqual(wrong, []int{2, 7, 8}) {
		t.Fatalf("wrong are 2, 7, 8; found %v", wrong)
	}
}

func TestKeyRoundTrip(t *testing.T) {
	text, err := os.ReadFile("../../../circuits/artifacts/ballot-8/vkey.json")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if lanes, ok := key.Lanes(); !ok || lanes != 4 || len(key.Words()) != 1408+768*4 {
		t.Fatal(lanes, len(key.Words()))
	}
}

func BenchmarkBallot8(b *testing.B) {
	all := statements(256, 39, 23)
	var encoded [][]byte
	for _, statement := range all {
		encoded = append(encoded, encode(statement.Proof))
	}
	before := cpuTime()
	for b.Loop() {
		for i := range all {
			proof, err := DecodeProof(encoded[i])
			if err != nil {
				b.Fatal(err)
			}
			all[i].Proof = proof
		}
		if Wrong(all) != nil {
			b.Fatal("refused")
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N*len(all)), "cpu-µs/ballot")
}

// cpuTime is what this process has used on all cores: other work on the machine does not count.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func encode(proof *Proof) []byte {
	key := Key{Alpha: proof.A, Beta: proof.B}
	words := key.Words()[:192]
	return appendG1(words, &proof.C)
}

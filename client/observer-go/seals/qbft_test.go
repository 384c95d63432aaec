package seals

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"urna/client/observer-go/words"
)

func bytesOf(t testing.TB, text string) []byte {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

type sealedVector struct {
	Header, Digest string
	Number         uint64
	Validators     []string
}

func readVectors(t testing.TB) (all map[string]sealedVector) {
	text, err := os.ReadFile("../../../test/vectors/qbft.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func addresses(t testing.TB, all []string) (list []words.Address) {
	for _, each := range all {
		list = append(list, words.Address(bytesOf(t, each)))
	}
	return list
}

func TestVerifyQBFTTakesWhatBesusValidatorsSealed(t *testing.T) {
	all := readVectors(t)
	for _, name := range []string{"sealed", "answered"} {
		vector := all[name]
		run, validators := [][]byte{bytesOf(t, vector.Header)}, addresses(t, vector.Validators)
		if _, err := VerifyQBFT(run, validators); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := VerifyQBFT(run, validators[1:]); err == nil {
			t.Errorf("%s: taken with a validator less", name)
		}
		if _, err := VerifyQBFT(append(run, run[0]), validators); err == nil {
			t.Errorf("%s: taken twice", name)
		}
	}
	sealed := all["sealed"]
	h, err := decodeQBFT(bytesOf(t, sealed.Header))
	if err != nil || h.Number != sealed.Number || string(h.digest[:]) != string(bytesOf(t, sealed.Digest)) {
		t.Errorf("what a seal signs: %v", err)
	}
}

func TestVerifyQBFTRefusesEveryOtherHeader(t *testing.T) {
	vector := readVectors(t)["sealed"]
	header, validators := bytesOf(t, vector.Header), addresses(t, vector.Validators)
	for i := range header {
		changed := append([]byte(nil), header...)
		changed[i] ^= 1 << (i % 8)
		if _, err := VerifyQBFT([][]byte{changed}, validators); err == nil {
			t.Errorf("taken with byte %d changed", i)
		}
	}
}

func FuzzVerifyQBFT(f *testing.F) {
	vector := readVectors(f)["sealed"]
	validators := addresses(f, vector.Validators)
	f.Add(bytesOf(f, vector.Header))
	f.Fuzz(func(t *testing.T, header []byte) {
		h, err := VerifyQBFT([][]byte{header}, validators)
		if (h == nil) == (err == nil) {
			t.Fatal("an answer and an error")
		}
	})
}

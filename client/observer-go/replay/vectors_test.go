package replay

import (
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

func read(t *testing.T, name string, into any) {
	text, err := os.ReadFile("../../../test/vectors/" + name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, text string) []byte {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func point(t *testing.T, text string) curve.Point {
	affine, err := curve.Decode(unhex(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return affine.Extend()
}

// decryption is the vector of SPEC §12.3: 2L + 5 words Q_0, …, A8, B8, z.
func decryption(t *testing.T) (place Place, d *record.Decryption, vk []curve.Point, r curve.Point, object string) {
	var v struct {
		Place struct {
			ChainID, Unit, Trustee uint64
			Election               string
		}
		R                            string
		VerificationKeys, Decryption []string
		StepObject                   string
	}
	read(t, "tally.json", &v)
	bytes := []byte{}
	for _, word := range v.Decryption {
		bytes = append(bytes, unhex(t, word)...)
	}
	d = &record.Decryption{Unit: v.Place.Unit, Trustee: v.Place.Trustee}
	for range v.VerificationKeys {
		d.Points = append(d.Points, record.Point(bytes))
		bytes = bytes[64:]
	}
	d.A, d.B, d.Z = record.Point(bytes), record.Point(bytes[64:]), words.Of(bytes[128:])
	for _, key := range v.VerificationKeys {
		vk = append(vk, point(t, key))
	}
	place = Place{v.Place.ChainID, words.Address(unhex(t, v.Place.Election))}
	return place, d, vk, point(t, v.R), v.StepObject
}

func TestDecryption(t *testing.T) {
	place, d, vk, r, object := decryption(t)
	if got := DecryptionObject(d).String(); got != object {
		t.Errorf("object %s", got)
	}
	if err := ProofHolds(place, d, vk, r); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(d *record.Decryption, place *Place){
		"another z":       func(d *record.Decryption, _ *Place) { d.Z[31] ^= 1 },
		"z + l":           func(d *record.Decryption, _ *Place) { d.Z = words.FromBig(new(big.Int).Add(d.Z.Big(), curve.Order)) },
		"swapped lanes":   func(d *record.Decryption, _ *Place) { d.Points = []record.Point{d.Points[1], d.Points[0]} },
		"another A":       func(d *record.Decryption, _ *Place) { d.A = d.B },
		"a lane less":     func(d *record.Decryption, _ *Place) { d.Points = d.Points[:1] },
		"another unit":    func(d *record.Decryption, _ *Place) { d.Unit++ },
		"another trustee": func(d *record.Decryption, _ *Place) { d.Trustee++ },
		"another chain":   func(_ *record.Decryption, place *Place) { place.ChainID++ },
	} {
		place, d, vk, r, _ := decryption(t)
		change(d, &place)
		if ProofHolds(place, d, vk, r) == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestLagrange(t *testing.T) {
	var v struct {
		Lagrange struct {
			Indices      []uint64
			Coefficients []string
		}
	}
	read(t, "tally.json", &v)
	var all []*record.Decryption
	for _, index := range v.Lagrange.Indices {
		all = append(all, &record.Decryption{Trustee: index})
	}
	for i, want := range v.Lagrange.Coefficients {
		if got := words.FromBig(lagrange(all, i)).String(); got != want {
			t.Errorf("λ of %d: %s", v.Lagrange.Indices[i], got)
		}
	}
}

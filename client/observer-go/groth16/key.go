// Package groth16 reads verifying keys and verifies many proofs over BN254 at once (SPEC §11, §13).
package groth16

import (
	"errors"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"

	"urna/client/observer-go/canon"
)

// ErrKey is for a file that is not a Groth16 verifying key over BN254 in canonical form.
var ErrKey = errors.New("vkey/invalid")

// Key is a circuit's verifying key; its points are in their groups and not O.
type Key struct {
	Alpha              bn254.G1Affine
	Beta, Gamma, Delta bn254.G2Affine
	IC                 []bn254.G1Affine
}

// ParseKey reads snarkjs's vkey.json.
func ParseKey(text []byte) (*Key, error) {
	value, err := canon.Parse(text)
	if err != nil {
		return nil, err
	}
	file, ok := value.(canon.Object)
	if !ok || file["protocol"] != "groth16" || file["curve"] != "bn128" {
		return nil, ErrKey
	}
	list, ok := file["IC"].([]canon.Value)
	if !ok || file["nPublic"] != float64(len(list)-1) {
		return nil, ErrKey
	}
	key := &Key{IC: make([]bn254.G1Affine, len(list))}
	good := g1Of(file["vk_alpha_1"], &key.Alpha) && g2Of(file["vk_beta_2"], &key.Beta) &&
		g2Of(file["vk_gamma_2"], &key.Gamma) && g2Of(file["vk_delta_2"], &key.Delta)
	for i, item := range list {
		good = good && g1Of(item, &key.IC[i])
	}
	if !good {
		return nil, ErrKey
	}
	return key, nil
}

// DeltaIsGenerator tells of a key whose second phase never happened.
func (k *Key) DeltaIsGenerator() bool {
	_, _, _, generator := bn254.Generators()
	return k.Delta.Equal(&generator)
}

// Words is the key as a data contract holds it: imaginary parts first (SPEC §11.1).
func (k *Key) Words() []byte {
	out := appendG1(nil, &k.Alpha)
	for _, point := range []*bn254.G2Affine{&k.Beta, &k.Gamma, &k.Delta} {
		for _, coordinate := range []*fp.Element{&point.X.A1, &point.X.A0, &point.Y.A1, &point.Y.A0} {
			bytes := coordinate.Bytes()
			out = append(out, bytes[:]...)
		}
	}
	for i := range k.IC {
		out = appendG1(out, &k.IC[i])
	}
	return out
}

func appendG1(out []byte, point *bn254.G1Affine) []byte {
	x, y := point.X.Bytes(), point.Y.Bytes()
	return append(append(out, x[:]...), y[:]...)
}

func g1Of(value canon.Value, point *bn254.G1Affine) bool {
	list, ok := value.([]canon.Value)
	if !ok || len(list) != 3 || list[2] != "1" {
		return false
	}
	return fpOf(list[0], &point.X) && fpOf(list[1], &point.Y) && !point.IsInfinity() && point.IsOnCurve()
}

func g2Of(value canon.Value, point *bn254.G2Affine) bool {
	list, ok := value.([]canon.Value)
	if !ok || len(list) != 3 {
		return false
	}
	var one bn254.E2
	if !fp2Of(list[0], &point.X) || !fp2Of(list[1], &point.Y) || !fp2Of(list[2], &one) || !one.IsOne() {
		return false
	}
	return !point.IsInfinity() && point.IsOnCurve() && point.IsInSubGroup()
}

func fp2Of(value canon.Value, element *bn254.E2) bool {
	list, ok := value.([]canon.Value)
	return ok && len(list) == 2 && fpOf(list[0], &element.A0) && fpOf(list[1], &element.A1)
}

// fpOf takes decimal digits without leading zeros, below p.
func fpOf(value canon.Value, element *fp.Element) bool {
	text, ok := value.(string)
	if !ok || len(text) > 78 {
		return false
	}
	number, ok := new(big.Int).SetString(text, 10)
	if !ok || number.Sign() < 0 || number.Cmp(fp.Modulus()) >= 0 || number.String() != text {
		return false
	}
	element.SetBigInt(number)
	return true
}

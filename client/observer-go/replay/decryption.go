package replay

import (
	"errors"
	"math/big"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// DecryptionObject is what a trustee signs: unit, Q words, A8, B8, z (SPEC §7.1).
func DecryptionObject(d *record.Decryption) words.Word {
	all := append([]words.Word{words.Num(d.Unit)}, pointWords(d.Points...)...)
	return words.Keccak(words.Join(append(append(all, pointWords(d.A, d.B)...), d.Z)...))
}

// Decodable tells whether a decryption's points are points; only then can counts rest on it.
func Decodable(d *record.Decryption) bool {
	for _, written := range append([]record.Point{d.A, d.B}, d.Points...) {
		if _, err := curve.Decode(written[:]); err != nil {
			return false
		}
	}
	return d.Z.Big().Cmp(curve.Order) < 0
}

// ProofHolds checks a partial decryption of R with verification keys VK, a lane each (SPEC §12.3).
func ProofHolds(place Place, d *record.Decryption, vk []curve.Point, r curve.Point) error {
	if len(d.Points) != len(vk) {
		return errors.New("another number of lanes")
	}
	z := d.Z.Big()
	if z.Cmp(curve.Order) >= 0 {
		return errors.New("z is not below l")
	}
	points := make([]curve.Point, len(d.Points))
	for i, written := range d.Points {
		affine, err := curve.Decode(written[:])
		if err != nil {
			return err
		}
		points[i] = curve.Eight(&affine)
	}
	a, errA := curve.Decode(d.A[:])
	b, errB := curve.Decode(d.B[:])
	if errA != nil || errB != nil {
		return errors.Join(errA, errB)
	}
	context := place.Hash("decrypt", words.Num(d.Unit), words.Num(d.Trustee), words.Num(uint64(len(vk))))
	v, w := combined(context, d, vk, points, r)
	affine := curve.ToAffine([]curve.Point{v, r, w})
	hashed := []words.Word{context}
	for i := range affine {
		hashed = append(hashed, affine[i].Words()...)
	}
	challenge := high(words.H("decrypt-challenge", append(hashed, pointWords(d.A, d.B)...)...))
	if !equation(curve.Generator(), z, curve.Eight(&a), challenge, v) || !equation(r, z, curve.Eight(&b), challenge, w) {
		return errors.New("the proof does not hold for the unit's sum")
	}
	return nil
}

// combined is V = Σ w_j·VK_j and W = Σ w_j·D_j with w_0 = 1.
func combined(context words.Word, d *record.Decryption, vk, points []curve.Point, r curve.Point) (v, w curve.Point) {
	hashed := []words.Word{context}
	for _, affine := range curve.ToAffine(append(append([]curve.Point(nil), vk...), r)) {
		hashed = append(hashed, affine.Words()...)
	}
	hashed = append(hashed, pointWords(d.Points...)...)
	v, w = vk[0], points[0]
	for j := 1; j < len(vk); j++ {
		weight := high(words.H("decrypt-weight", append(append([]words.Word(nil), hashed...), words.Num(uint64(j)))...))
		var term curve.Point
		v.Add(&v, term.Mul(&vk[j], weight))
		w.Add(&w, term.Mul(&points[j], weight))
	}
	return v, w
}

// equation is z·base = commitment + c·image.
func equation(base curve.Point, z *big.Int, commitment curve.Point, c *big.Int, image curve.Point) bool {
	var left, right curve.Point
	left.Mul(&base, z)
	right.Mul(&image, c)
	right.Add(&right, &commitment)
	return left.Equal(&right)
}

// high drops the lowest 128 bits.
func high(w words.Word) *big.Int { return new(big.Int).SetBytes(w[:16]) }

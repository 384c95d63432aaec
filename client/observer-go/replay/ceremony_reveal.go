package replay

import (
	"errors"
	"math/big"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// Reveal takes a trustee's Feldman commitments with the proof of knowledge of their constant terms (SPEC §7, step 2).
// One that is wrong is followed all the same, as far as its points are points.
func (c *Ceremony) Reveal(d *record.CeremonyReveal, time uint64) error {
	hash := words.Keccak(words.Join(revealWords(d)...))
	err := c.message(reveal, d.Attempt, d.Trustee, time, "reveal", hash, d.Signature)
	points, wrong := c.feldman(d)
	if err == nil {
		err = wrong
	}
	if err == nil {
		err = c.revealFits(d, hash, points)
	}
	if wrong == nil && c.active[d.Trustee] {
		c.reveals[d.Trustee] = &revealed{hash, points}
		c.turnDone(reveal, len(c.reveals), deal, time)
	}
	return err
}

// feldman is F = 8Q of all posted points.
func (c *Ceremony) feldman(d *record.CeremonyReveal) ([]curve.Point, error) {
	points := make([]curve.Point, int(c.threshold)*c.lanes)
	for i := range points {
		points[i] = curve.Zero() // what is missing counts as nothing
	}
	for i, written := range d.Points {
		affine, err := curve.Decode(written[:])
		if err != nil {
			return nil, err
		}
		eight := curve.Eight(&affine)
		if eight.IsZero() {
			return nil, errors.New("a point is O")
		}
		if i < len(points) {
			points[i] = eight
		}
	}
	return points, nil
}

func (c *Ceremony) revealFits(d *record.CeremonyReveal, hash words.Word, points []curve.Point) error {
	switch {
	case len(d.Points) != len(points):
		return errors.New("not as many points as lanes and threshold ask for")
	case c.reveals[d.Trustee] != nil:
		return errors.New("the trustee has revealed already")
	case c.commitments[d.Trustee] != words.H("ceremony-commit", c.base(), words.Num(d.Trustee), hash):
		return errors.New("not what the trustee committed to")
	case badTransportKey(d.TransportKey):
		return errors.New("nobody could deal to the transport key")
	case !c.proofHolds(d, points):
		return errors.New("the proof of knowledge does not hold")
	}
	return nil
}

// revealWords is everything but the signature: Q, K, z, transportKey.
func revealWords(d *record.CeremonyReveal) []words.Word {
	all := pointWords(d.Points...)
	all = append(all, pointWords(d.K)...)
	return append(all, d.Z, d.TransportKey)
}

// proofHolds checks z·G = 8K + Σ_j e_j·F[j][0].
func (c *Ceremony) proofHolds(d *record.CeremonyReveal, points []curve.Point) bool {
	z := d.Z.Big()
	k, err := curve.Decode(d.K[:])
	if err != nil || z.Cmp(curve.Order) >= 0 {
		return false
	}
	hashed := []words.Word{c.base(), words.Num(d.Trustee), words.Num(uint64(c.lanes)), words.Num(c.threshold), d.TransportKey}
	hashed = append(hashed, pointWords(d.Points...)...)
	challenge := words.H("ceremony-schnorr", append(hashed, pointWords(d.K)...)...)
	right := curve.Eight(&k)
	for lane := range c.lanes {
		index := words.Num(uint64(lane))
		weight := words.Keccak(challenge[:], index[:])
		var term curve.Point
		term.Mul(&points[lane*int(c.threshold)], new(big.Int).SetBytes(weight[:16]))
		right.Add(&right, &term)
	}
	left := curve.Generator()
	return left.Mul(&left, z).Equal(&right)
}

// lowOrder is the encodings of low order (SPEC §7.1), as numbers.
var lowOrder = func() map[string]bool {
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	one := big.NewInt(1)
	set := map[string]bool{"0": true, "1": true,
		"325606250916557431795983626356110631294008115727848805560023387167927233504":   true,
		"39382357235489614581723060781553021112529911719440698176882885853963445705823": true}
	for _, number := range []*big.Int{new(big.Int).Sub(p, one), p, new(big.Int).Add(p, one)} {
		set[number.String()] = true
	}
	return set
}()

// badTransportKey tells of X25519 keys (little-endian) with their highest bit set or of low order.
func badTransportKey(key words.Word) bool {
	var reversed words.Word
	for i := range key {
		reversed[31-i] = key[i]
	}
	return key[31]&0x80 != 0 || lowOrder[reversed.Big().String()]
}

// pointWords is the words of written points, one after the other.
func pointWords(points ...record.Point) []words.Word {
	all := make([]words.Word, 0, 2*len(points))
	for _, point := range points {
		all = append(all, words.Split(point[:])...)
	}
	return all
}

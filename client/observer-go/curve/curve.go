// Package curve is BabyJubJub (EIP-2494): 168700·x² + y² = 1 + 168696·x²·y² over BN254's scalar field (SPEC §1.1).
package curve

import (
	"errors"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/words"
)

var (
	coefA = fr.NewElement(168700)
	coefD = fr.NewElement(168696)

	// Order is l, the order of the prime subgroup.
	Order, _ = new(big.Int).SetString("2736030358979909402780800718157159386076813972158567259200215660948447373041", 10)

	// Base is G, EIP-2494's Base8.
	Base = fromDecimal("5299619240641551281634865583518297030282874472190772894086521144482721001553",
		"16950150798460657717958625567821834550301663161624707787222815936182638968203")
)

// Errors of decoding (SPEC §1.2).
var (
	ErrField    = errors.New("a coordinate is not below r")
	ErrCurve    = errors.New("not a point of the curve")
	ErrSubgroup = errors.New("outside the prime subgroup")
)

// Point is in extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. The zero value is not a point: use Zero.
type Point struct{ X, Y, Z, T fr.Element }

// Affine is a point as it is written.
type Affine struct{ X, Y fr.Element }

// Zero is O = (0, 1).
func Zero() (p Point) {
	p.Y.SetOne()
	p.Z.SetOne()
	return p
}

// Extend gives a written point its extended coordinates.
func (a *Affine) Extend() (p Point) {
	p.X, p.Y = a.X, a.Y
	p.Z.SetOne()
	p.T.Mul(&a.X, &a.Y)
	return p
}

// OnCurve checks the equation.
func (a *Affine) OnCurve() bool {
	var xx, yy, left, right fr.Element
	xx.Square(&a.X)
	yy.Square(&a.Y)
	left.Mul(&xx, &coefA).Add(&left, &yy)
	right.Mul(&xx, &yy).Mul(&right, &coefD)
	one := fr.One()
	right.Add(&right, &one)
	return left.Equal(&right)
}

// IsZero tells whether this is O.
func (a *Affine) IsZero() bool { return a.X.IsZero() && a.Y.IsOne() }

// Bytes is x ‖ y.
func (a *Affine) Bytes() []byte {
	x, y := a.X.Bytes(), a.Y.Bytes()
	return append(x[:], y[:]...)
}

// Words is x, y.
func (a *Affine) Words() []words.Word { return []words.Word{a.X.Bytes(), a.Y.Bytes()} }

// Decode reads x ‖ y of a point on the curve; its subgroup is not checked.
func Decode(bytes []byte) (a Affine, err error) {
	if a.X.SetBytesCanonical(bytes[:32]) != nil || a.Y.SetBytesCanonical(bytes[32:64]) != nil {
		return a, ErrField
	}
	if !a.OnCurve() {
		return a, ErrCurve
	}
	return a, nil
}

// Add is complete, because 168700 is a square and 168696 is none (add-2008-hwcd).
func (p *Point) Add(a, b *Point) *Point {
	var A, B, C, D, E, F, G, H, t fr.Element
	A.Mul(&a.X, &b.X)
	B.Mul(&a.Y, &b.Y)
	C.Mul(&a.T, &b.T).Mul(&C, &coefD)
	D.Mul(&a.Z, &b.Z)
	E.Add(&a.X, &a.Y)
	t.Add(&b.X, &b.Y)
	E.Mul(&E, &t).Sub(&E, &A).Sub(&E, &B)
	F.Sub(&D, &C)
	G.Add(&D, &C)
	t.Mul(&A, &coefA)
	H.Sub(&B, &t)
	p.X.Mul(&E, &F)
	p.Y.Mul(&G, &H)
	p.T.Mul(&E, &H)
	p.Z.Mul(&F, &G)
	return p
}

// Double is dbl-2008-hwcd.
func (p *Point) Double(a *Point) *Point {
	var A, B, C, D, E, F, G, H fr.Element
	A.Square(&a.X)
	B.Square(&a.Y)
	C.Square(&a.Z).Double(&C)
	D.Mul(&A, &coefA)
	E.Add(&a.X, &a.Y)
	E.Square(&E).Sub(&E, &A).Sub(&E, &B)
	G.Add(&D, &B)
	F.Sub(&G, &C)
	H.Sub(&D, &B)
	p.X.Mul(&E, &F)
	p.Y.Mul(&G, &H)
	p.T.Mul(&E, &H)
	p.Z.Mul(&F, &G)
	return p
}

// Neg is the point with −x.
func (p *Point) Neg(a *Point) *Point {
	p.X.Neg(&a.X)
	p.Y, p.Z = a.Y, a.Z
	p.T.Neg(&a.T)
	return p
}

// Sub is a − b.
func (p *Point) Sub(a, b *Point) *Point {
	var negative Point
	negative.Neg(b)
	return p.Add(a, &negative)
}

// Mul multiplies by a whole number from 0 on; it is not reduced, so points outside the subgroup are right too.
func (p *Point) Mul(a *Point, scalar *big.Int) *Point {
	var table [16]Point
	table[0] = Zero()
	for i := 1; i < 16; i++ {
		table[i].Add(&table[i-1], a)
	}
	sum := Zero()
	for i := (scalar.BitLen() + 3) / 4; i > 0; i-- {
		for range 4 {
			sum.Double(&sum)
		}
		digit := scalar.Bit(4*i-1)<<3 | scalar.Bit(4*i-2)<<2 | scalar.Bit(4*i-3)<<1 | scalar.Bit(4*i-4)
		sum.Add(&sum, &table[digit])
	}
	*p = sum
	return p
}

// Eight is 8·a, which is in the prime subgroup for every a on the curve.
func Eight(a *Affine) Point {
	p := a.Extend()
	for range 3 {
		p.Double(&p)
	}
	return p
}

// InSubgroup checks l·a = O.
func (a *Affine) InSubgroup() bool {
	p := a.Extend()
	return p.Mul(&p, Order).IsZero()
}

// IsZero tells whether this is O.
func (p *Point) IsZero() bool { return p.X.IsZero() && p.Y.Equal(&p.Z) }

// Equal compares the points, not their coordinates.
func (p *Point) Equal(q *Point) bool {
	var left, right fr.Element
	if left.Mul(&p.X, &q.Z); !left.Equal(right.Mul(&q.X, &p.Z)) {
		return false
	}
	left.Mul(&p.Y, &q.Z)
	return left.Equal(right.Mul(&q.Y, &p.Z))
}

// Affine divides by Z.
func (p *Point) Affine() (a Affine) {
	var inverse fr.Element
	inverse.Inverse(&p.Z)
	a.X.Mul(&p.X, &inverse)
	a.Y.Mul(&p.Y, &inverse)
	return a
}

// ToAffine divides many points with one inversion.
func ToAffine(points []Point) []Affine {
	denominators := make([]fr.Element, len(points))
	for i := range points {
		denominators[i] = points[i].Z
	}
	inverses := fr.BatchInvert(denominators)
	affine := make([]Affine, len(points))
	for i := range points {
		affine[i].X.Mul(&points[i].X, &inverses[i])
		affine[i].Y.Mul(&points[i].Y, &inverses[i])
	}
	return affine
}

// Generator is G.
func Generator() Point { return Base.Extend() }

func fromDecimal(x, y string) (a Affine) {
	for text, to := range map[string]*fr.Element{x: &a.X, y: &a.Y} {
		if _, err := to.SetString(text); err != nil {
			panic(err)
		}
	}
	return a
}

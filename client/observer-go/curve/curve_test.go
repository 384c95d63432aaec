package curve

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

func TestEIP2494(t *testing.T) {
	var v struct{ P1, P2, Sum, Double, Base [2]string }
	text, err := os.ReadFile("../../../test/vectors/eip-2494.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	point := func(c [2]string) Affine { return fromDecimal(c[0], c[1]) }
	p1, p2 := point(v.P1), point(v.P2)
	a, b := p1.Extend(), p2.Extend()
	var sum, double Point
	if sum.Add(&a, &b); sum.Affine() != point(v.Sum) {
		t.Error("p1 + p2")
	}
	if double.Double(&a); double.Affine() != point(v.Double) {
		t.Error("2·p1")
	}
	if sum.Add(&a, &a); sum.Affine() != point(v.Double) {
		t.Error("p1 + p1")
	}
	if sum.Sub(&a, &a); !sum.IsZero() {
		t.Error("p1 − p1")
	}
	if Base != point(v.Base) || !Base.InSubgroup() || !Base.OnCurve() {
		t.Error("Base8")
	}
}

func TestMul(t *testing.T) {
	base, sum := Generator(), Zero()
	for i := range int64(70) {
		var product Point
		if product.Mul(&base, big.NewInt(i)); !product.Equal(&sum) {
			t.Errorf("%d·G", i)
		}
		sum.Add(&sum, &base)
	}
	order := new(big.Int).Add(Order, big.NewInt(1))
	if order.Sub(order, big.NewInt(2)); !new(Point).Mul(&base, order).Equal(new(Point).Neg(&base)) {
		t.Error("(l − 1)·G = −G")
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := Base.Bytes()
	if _, err := Decode(good); err != nil {
		t.Fatal(err)
	}
	big := append(fr.Modulus().Bytes(), good[32:]...)
	if _, err := Decode(big); err != ErrField {
		t.Error("x = r:", err)
	}
	good[63] ^= 1
	if _, err := Decode(good); err != ErrCurve {
		t.Error("off the curve:", err)
	}
	// (0, −1) has order 2: on the curve, not in the subgroup.
	var minus Affine
	minus.Y.SetInt64(-1)
	if _, err := Decode(minus.Bytes()); err != nil || minus.InSubgroup() {
		t.Error("(0, −1)", err)
	}
	if eight := Eight(&minus); !eight.IsZero() {
		t.Error("8·(0, −1) = O")
	}
}

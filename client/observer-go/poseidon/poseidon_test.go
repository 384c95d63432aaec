package poseidon

import (
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

func TestHashOfOneAndTwo(t *testing.T) {
	one, two := fr.NewElement(1), fr.NewElement(2)
	hash := Hash(&one, &two)
	// circomlibjs, test/poseidon.js: poseidon([1, 2])
	if got := hash.String(); got != "7853200120776062878684798364095072458815029376092732009249414926327459813530" {
		t.Fatal(got)
	}
}

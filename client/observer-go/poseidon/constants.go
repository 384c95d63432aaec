package poseidon

import (
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// circomlib's parameters for two inputs: state of 3, S-box x⁵, 8 full and 57 partial rounds.
const (
	width         = 3
	fullRounds    = 8
	partialRounds = 57
	fieldBits     = 254
)

// grain is the LFSR of the Poseidon paper (appendix F), from which circomlib's constants come.
type grain struct{ state [80]byte }

func newGrain() *grain {
	g, at := new(grain), 0
	for _, part := range []struct{ value, bits int }{
		{1, 2}, {0, 4}, {fieldBits, 12}, {width, 12}, {fullRounds, 10}, {partialRounds, 10}, {1<<30 - 1, 30},
	} {
		for i := part.bits - 1; i >= 0; i-- {
			g.state[at] = byte(part.value >> i & 1)
			at++
		}
	}
	for range 160 {
		g.shift()
	}
	return g
}

func (g *grain) shift() byte {
	s := &g.state
	bit := s[62] ^ s[51] ^ s[38] ^ s[23] ^ s[13] ^ s[0]
	copy(s[:], s[1:])
	s[79] = bit
	return bit
}

// bit discards every pair of bits that begins with 0 and keeps the second of the others.
func (g *grain) bit() byte {
	for {
		keep, bit := g.shift(), g.shift()
		if keep == 1 {
			return bit
		}
	}
}

func (g *grain) number() *big.Int {
	number := new(big.Int)
	for range fieldBits {
		number.Lsh(number, 1).Or(number, big.NewInt(int64(g.bit())))
	}
	return number
}

// parameters draws the round constants (numbers ≥ r are drawn again) and then the Cauchy matrix 1/(xᵢ + yⱼ).
func parameters() (constants [][width]fr.Element, matrix [width][width]fr.Element) {
	g := newGrain()
	constants = make([][width]fr.Element, fullRounds+partialRounds)
	for i := range constants {
		for j := range width {
			number := g.number()
			for number.Cmp(fr.Modulus()) >= 0 {
				number = g.number()
			}
			constants[i][j].SetBigInt(number)
		}
	}
	var draws [2 * width]fr.Element
	for i := range draws {
		draws[i].SetBigInt(g.number())
	}
	for i := range width {
		for j := range width {
			matrix[i][j].Add(&draws[i], &draws[width+j])
			matrix[i][j].Inverse(&matrix[i][j])
		}
	}
	return constants, matrix
}

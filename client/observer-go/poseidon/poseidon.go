// Package poseidon is circomlib's Poseidon hash of two numbers over BN254's scalar field (SPEC §1.1).
package poseidon

import "github.com/consensys/gnark-crypto/ecc/bn254/fr"

var roundConstants, mix = parameters()

// Hash is Poseidon(left, right): the first word of the permuted state (0, left, right).
func Hash(left, right *fr.Element) fr.Element {
	state := [width]fr.Element{{}, *left, *right}
	for round := range roundConstants {
		for i := range state {
			state[i].Add(&state[i], &roundConstants[round][i])
		}
		fifthPower(&state[0])
		if round < fullRounds/2 || round >= fullRounds/2+partialRounds {
			fifthPower(&state[1])
			fifthPower(&state[2])
		}
		state = mixed(&state)
	}
	return state[0]
}

func fifthPower(x *fr.Element) {
	var square fr.Element
	square.Square(x)
	square.Square(&square)
	x.Mul(x, &square)
}

func mixed(state *[width]fr.Element) (next [width]fr.Element) {
	var product fr.Element
	for i := range next {
		for j := range state {
			product.Mul(&mix[i][j], &state[j])
			next[i].Add(&next[i], &product)
		}
	}
	return next
}

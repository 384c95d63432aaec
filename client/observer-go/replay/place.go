// Package replay recomputes an election from what its record's entries hold (SPEC §15.2).
package replay

import (
	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// Place is the chain and contract that all hashes of an election name (SPEC §1.4).
type Place struct {
	ChainID  uint64
	Election words.Address
}

// Domain is the EIP-712 domain of the place.
func (p Place) Domain() signature.Domain { return signature.NewDomain(p.ChainID, p.Election) }

// Hash is H(purpose, chainId, E, w…).
func (p Place) Hash(purpose string, all ...words.Word) words.Word {
	return words.H(purpose, append([]words.Word{words.Num(p.ChainID), words.Addr(p.Election)}, all...)...)
}

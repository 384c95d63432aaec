// Package signature verifies officers' and trustees' EIP-712 signatures (SPEC §7, §12.1) and credentials' Ed25519 (SPEC §5.4).
package signature

import (
	"encoding/binary"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"urna/client/observer-go/words"
)

// Domain is the EIP-712 domain {name: "Urna", version: "1", chainId, verifyingContract: E} (SPEC §12.1).
type Domain struct{ separator words.Word }

var (
	domainType = words.Keccak([]byte("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"))
	actType    = words.Keccak([]byte("Act(uint256 number,bytes32 kind,bytes32 object,uint256 expiry)"))
	stepType   = words.Keccak([]byte("Step(uint256 attempt,uint256 trustee,bytes32 kind,bytes32 object)"))
)

// NewDomain is the domain of one election.
func NewDomain(chainID uint64, election words.Address) Domain {
	return Domain{words.Keccak(words.Join(domainType, words.Keccak([]byte("Urna")), words.Keccak([]byte("1")),
		words.Num(chainID), words.Addr(election)))}
}

// Act is the digest of an officers' act.
func (d Domain) Act(number uint64, name string, object words.Word, expiry uint64) words.Word {
	return d.digest(words.Keccak(words.Join(actType, words.Num(number), words.Tag("act/"+name), object, words.Num(expiry))))
}

// Step is the digest of a trustee's step.
func (d Domain) Step(attempt, trustee uint64, name string, object words.Word) words.Word {
	return d.digest(words.Keccak(words.Join(stepType, words.Num(attempt), words.Num(trustee), words.Tag("step/"+name), object)))
}

func (d Domain) digest(structHash words.Word) words.Word {
	return words.Keccak([]byte{0x19, 0x01}, d.separator[:], structHash[:])
}

// Recover is the address that signed a digest; false for what is no signature: not 65 bytes r ‖ s ‖ v, v neither 27
// nor 28, high s, or made by no key.
func Recover(digest words.Word, signature []byte) (signer words.Address, ok bool) {
	if len(signature) != 65 || signature[64] != 27 && signature[64] != 28 {
		return signer, false
	}
	var s secp256k1.ModNScalar
	if s.SetByteSlice(signature[32:64]) || s.IsOverHalfOrder() {
		return signer, false
	}
	return RecoverEither(digest, signature)
}

// RecoverEither is Recover where the high s is as good as the low one (SPEC §14.8).
func RecoverEither(digest words.Word, signature []byte) (signer words.Address, ok bool) {
	if len(signature) != 65 || signature[64] != 27 && signature[64] != 28 {
		return signer, false
	}
	compact := append([]byte{signature[64]}, signature[:64]...)
	key, _, err := ecdsa.RecoverCompact(compact, digest[:])
	if err != nil {
		return signer, false
	}
	hash := words.Keccak(key.SerializeUncompressed()[1:])
	return words.Address(hash[12:]), true
}

// Quorum tells whether an act is signed by at least quorum different officers, by increasing address.
func Quorum(digest words.Word, signatures [][]byte, officers map[words.Address]bool, quorum int) bool {
	var last words.Address
	for _, signature := range signatures {
		signer, ok := Recover(digest, signature)
		if !ok || !officers[signer] || string(signer[:]) <= string(last[:]) {
			return false
		}
		last = signer
	}
	return len(signatures) >= quorum
}

// CreateAddress is keccak256(rlp([creator, nonce])), its last 20 bytes (the CREATE opcode's address).
func CreateAddress(creator words.Address, nonce uint64) words.Address {
	item := []byte{0x80} // RLP of 0 is the empty string
	if nonce > 0 {
		var bytes [8]byte
		binary.BigEndian.PutUint64(bytes[:], nonce)
		first := 0
		for bytes[first] == 0 {
			first++
		}
		item = bytes[first:]
		if len(item) > 1 || item[0] >= 0x80 {
			item = append([]byte{0x80 + byte(len(item))}, item...)
		}
	}
	list := append(append([]byte{0x80 + 20}, creator[:]...), item...)
	hash := words.Keccak([]byte{0xc0 + byte(len(list))}, list)
	return words.Address(hash[12:])
}

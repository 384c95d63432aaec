// Package words holds the hash, tags and 32-byte words of SPEC §1.
package words

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"

	"golang.org/x/crypto/sha3"
)

// Word is 32 bytes, big-endian.
type Word [32]byte

// Address is 20 bytes of an account or contract.
type Address [20]byte

// Keccak is keccak256 of the parts put together.
func Keccak(parts ...[]byte) (digest Word) {
	state := sha3.NewLegacyKeccak256()
	for _, part := range parts {
		state.Write(part)
	}
	state.Sum(digest[:0])
	return digest
}

// Tag is keccak256("urna/v1/" ‖ purpose) (SPEC §1.3).
func Tag(purpose string) Word { return Keccak([]byte("urna/v1/" + purpose)) }

// H is keccak256(tag(purpose) ‖ w…) (SPEC §1.3).
func H(purpose string, all ...Word) Word {
	tag := Tag(purpose)
	bytes := make([]byte, 0, 32*(len(all)+1))
	bytes = append(bytes, tag[:]...)
	for _, w := range all {
		bytes = append(bytes, w[:]...)
	}
	return Keccak(bytes)
}

// H8 is H without its lowest 8 bits: always below r.
func H8(purpose string, all ...Word) Word { return H(purpose, all...).Shift8() }

// Shift8 drops the lowest 8 bits.
func (w Word) Shift8() (shifted Word) {
	copy(shifted[1:], w[:31])
	return shifted
}

// Num writes a number as a word.
func Num(number uint64) (w Word) {
	binary.BigEndian.PutUint64(w[24:], number)
	return w
}

// Addr pads an address on the left.
func Addr(address Address) (w Word) {
	copy(w[12:], address[:])
	return w
}

// Of takes a slice of exactly 32 bytes.
func Of(bytes []byte) Word { return Word(bytes) }

// Split cuts bytes into words; what is left over at the end is dropped.
func Split(bytes []byte) []Word {
	all := make([]Word, len(bytes)/32)
	for i := range all {
		all[i] = Word(bytes[32*i:])
	}
	return all
}

// Join puts words together.
func Join(all ...Word) []byte {
	bytes := make([]byte, 0, 32*len(all))
	for _, w := range all {
		bytes = append(bytes, w[:]...)
	}
	return bytes
}

// Big reads a word as a number.
func (w Word) Big() *big.Int { return new(big.Int).SetBytes(w[:]) }

// FromBig writes a number below 2^256 as a word.
func FromBig(number *big.Int) (w Word) {
	number.FillBytes(w[:])
	return w
}

// IsZero tells whether all bytes are 0.
func (w Word) IsZero() bool { return w == Word{} }

// Less compares as numbers.
func (w Word) Less(other Word) bool { return string(w[:]) < string(other[:]) }

func (w Word) String() string { return "0x" + hex.EncodeToString(w[:]) }

func (a Address) String() string { return "0x" + hex.EncodeToString(a[:]) }

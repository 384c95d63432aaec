package published

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Registration is a line of registrations.jsonl (SPEC §5.6): a registration, or the revocation of a credential.
type Registration struct {
	District   uint64
	Key        words.Word
	Revoked    bool
	Commitment words.Word
	Sequence   uint64
	Signature  []byte
	// Replacement is zero where there is none.
	Replacement words.Word
}

var (
	errShape = errors.New("registration-file/shape: not registrations.jsonl")
	errOrder = errors.New("registration-file/order: lines out of order, or a credential twice")
	errMany  = errors.New("registration-file/shape: more lines than there can be credentials")
)

// maxRegistration is more than any line has.
const maxRegistration = 1024

// Leaf of the registrations' Merkle tree.
func (r *Registration) Leaf() words.Word {
	if r.Revoked {
		return words.H("revocation-leaf", words.Num(r.District), r.Key, r.Replacement)
	}
	return words.H("registration-leaf", words.Num(r.District), r.Key, r.Commitment, words.Num(r.Sequence),
		words.Of(r.Signature[:32]), words.Of(r.Signature[32:]))
}

// Before is the order of the file: by district, then key.
func (r *Registration) Before(other *Registration) bool {
	return r.District < other.District || r.District == other.District && r.Key.Less(other.Key)
}

// AtMost is a file of which no more than so many lines are read (SPEC §5.6): whoever reads it may hold something of each.
func AtMost(lines uint64, file io.ReadCloser) io.ReadCloser { return &limited{file, lines} }

type limited struct {
	io.ReadCloser
	left uint64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	lines := uint64(bytes.Count(p[:n], []byte{'\n'}))
	if lines > l.left {
		return 0, errMany
	}
	l.left -= lines
	return n, err
}

// EachRegistration gives every line to visit, in order, without holding the file.
func EachRegistration(file io.Reader, visit func(*Registration) error) error {
	lines := bufio.NewReaderSize(file, maxRegistration)
	var last *Registration
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err == errMany {
			return err
		}
		if err != nil {
			return errShape
		}
		registration, err := decodeRegistration(bytes.TrimSuffix(line, []byte{'\n'}))
		if err != nil {
			return err
		}
		if last != nil && !last.Before(registration) {
			return errOrder
		}
		last = registration
		if err := visit(registration); err != nil {
			return err
		}
	}
}

func decodeRegistration(line []byte) (*Registration, error) {
	value, err := canon.ParseCanonical(line)
	if err != nil {
		return nil, err
	}
	m := canon.MembersOf(value, "line", &err)
	r := &Registration{District: m.Number("district")}
	copy(r.Key[:], m.Bytes("credentialKey", 32))
	if object, ok := value.(canon.Object); ok {
		_, r.Revoked = object["replacement"]
	}
	if r.Revoked {
		if m.Peek("replacement") == nil {
			m.Get("replacement")
		} else {
			copy(r.Replacement[:], m.Bytes("replacement", 32))
		}
	} else {
		copy(r.Commitment[:], m.Bytes("commitment", 32))
		r.Sequence, r.Signature = m.Number("sequence"), m.Bytes("signature", 64)
	}
	m.End()
	if err != nil {
		return nil, err
	}
	var e fr.Element
	if !r.Revoked && (r.Sequence == 0 || r.Commitment.IsZero() || e.SetBytesCanonical(r.Commitment[:]) != nil) {
		return nil, errShape
	}
	return r, nil
}

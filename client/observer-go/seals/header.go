package seals

import (
	"errors"
	"fmt"

	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// Header is the header of a Clique block, as far as seals and state are read from it.
type Header struct {
	Hash, Parent, StateRoot  words.Word
	Difficulty, Number, Time uint64
	listed                   []byte // the signers that an epoch's block lists
	signer                   words.Address
}

const (
	vanitySize = 32
	sealSize   = 65
	extraData  = 12
)

var errHeader = errors.New("not a sealed header")

func decodeHeader(text []byte) (*Header, error) {
	decoded, err := decode(text)
	if err != nil {
		return nil, err
	}
	fields := decoded.list
	if !decoded.isList || len(fields) != 16 || fields[extraData].isList {
		return nil, errHeader
	}
	extra := fields[extraData].bytes
	if len(extra) < vanitySize+sealSize {
		return nil, errHeader
	}
	h := &Header{Hash: words.Keccak(text), listed: extra[vanitySize : len(extra)-sealSize]}
	ok := make([]bool, 5)
	h.Parent, ok[0] = fields[0].word()
	h.StateRoot, ok[1] = fields[3].word()
	h.Difficulty, ok[2] = fields[7].short()
	h.Number, ok[3] = fields[8].short()
	h.Time, ok[4] = fields[11].short()
	for _, fine := range ok {
		if !fine {
			return nil, errHeader
		}
	}
	seal := append([]byte(nil), extra[len(extra)-sealSize:]...)
	if seal[64] > 1 {
		return nil, errHeader
	}
	seal[64] += 27
	unsealed := append([]item(nil), fields...)
	unsealed[extraData] = item{bytes: extra[:len(extra)-sealSize]}
	signer, valid := signature.RecoverEither(words.Keccak(item{list: unsealed, isList: true}.encode()), seal)
	if !valid {
		return nil, errHeader
	}
	h.signer = signer
	return h, nil
}

// VerifyRun reads a run of headers, oldest first, and finds the first of them that the validators did not seal in turn.
func VerifyRun(run [][]byte, validators []words.Address) ([]*Header, error) {
	majority := len(validators)/2 + 1
	if len(run) < max(3, majority)+1 {
		return nil, fmt.Errorf("%d headers are too few", len(run))
	}
	var listed []byte
	number := map[words.Address]int{}
	for i, validator := range validators {
		listed = append(listed, validator[:]...)
		number[validator] = i
	}
	var headers []*Header
	for _, text := range run {
		h, err := decodeHeader(text)
		if err != nil {
			return nil, err
		}
		turn, known := number[h.signer]
		if !known {
			return nil, fmt.Errorf("block %d was sealed by %s, which is no validator", h.Number, h.signer)
		}
		if i := len(headers); i > 0 {
			before := headers[i-1]
			if h.Parent != before.Hash || h.Number != before.Number+1 || h.Time <= before.Time {
				return nil, fmt.Errorf("block %d does not stand on the one before", h.Number)
			}
		}
		for _, recent := range headers[max(0, len(headers)-len(validators)/2):] {
			if recent.signer == h.signer {
				return nil, fmt.Errorf("block %d was sealed by a validator that must wait", h.Number)
			}
		}
		difficulty := uint64(1)
		if h.Number%uint64(len(validators)) == uint64(turn) {
			difficulty = 2
		}
		if h.Difficulty != difficulty {
			return nil, fmt.Errorf("block %d has another difficulty than its sealer's turn", h.Number)
		}
		if len(h.listed) > 0 && string(h.listed) != string(listed) {
			return nil, fmt.Errorf("block %d lists other signers", h.Number)
		}
		headers = append(headers, h)
	}
	return headers, nil
}

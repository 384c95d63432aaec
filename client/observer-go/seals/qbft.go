package seals

import (
	"encoding/hex"
	"fmt"

	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

const (
	leastFields = 15 // of a header before London
	mostFields  = 21 // of one by Prague's rules
	maxRound    = 1 << 31
)

// qbftMark is the mixHash of every block of QBFT.
const qbftMark = "63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"

// qbftHeader is the header of a QBFT block, with who may seal it and who did.
type qbftHeader struct {
	Header
	mixHash    string
	validators []words.Address
	seals      [][]byte
	digest     words.Word // what a seal signs
}

func decodeQBFT(text []byte) (*qbftHeader, error) {
	decoded, err := decode(text)
	if err != nil {
		return nil, err
	}
	fields := decoded.list
	if !decoded.isList || len(fields) < leastFields || len(fields) > mostFields {
		return nil, errHeader
	}
	for _, field := range fields {
		if field.isList {
			return nil, errHeader
		}
	}
	h := &qbftHeader{mixHash: hex.EncodeToString(fields[13].bytes)}
	ok := make([]bool, 4)
	h.StateRoot, ok[0] = fields[3].word()
	h.Difficulty, ok[1] = fields[7].short()
	h.Number, ok[2] = fields[8].short()
	h.Time, ok[3] = fields[11].short()
	for _, fine := range ok {
		if !fine {
			return nil, errHeader
		}
	}
	unsealed, err := h.readExtra(fields[extraData].bytes)
	if err != nil {
		return nil, err
	}
	signed := append([]item(nil), fields...)
	signed[extraData] = item{bytes: unsealed}
	h.digest = words.Keccak(item{list: signed, isList: true}.encode())
	return h, nil
}

// readExtra reads vanity, validators, vote, round and seals, and writes them without seals, as they are signed.
func (h *qbftHeader) readExtra(text []byte) (unsealed []byte, err error) {
	decoded, err := decode(text)
	if err != nil {
		return nil, err
	}
	extra := decoded.list
	if !decoded.isList || len(extra) != 5 || extra[0].isList || len(extra[0].bytes) != vanitySize || !extra[2].isList {
		return nil, errHeader
	}
	listed, ok1 := extra[1].each(len(words.Address{}))
	round, ok2 := extra[3].short()
	seals, ok3 := extra[4].each(sealSize)
	if !ok1 || !ok2 || !ok3 || round >= maxRound {
		return nil, errHeader
	}
	for _, address := range listed {
		h.validators = append(h.validators, words.Address(address))
	}
	h.seals = seals
	return item{list: []item{extra[0], extra[1], extra[2], extra[3], {isList: true}}, isList: true}.encode(), nil
}

// each is what a list of byte strings of one size holds.
func (i item) each(size int) (all [][]byte, ok bool) {
	for _, inner := range i.list {
		if inner.isList || len(inner.bytes) != size {
			return nil, false
		}
		all = append(all, inner.bytes)
	}
	return all, i.isList
}

// VerifyQBFT reads the one header that two thirds of the validators have sealed.
func VerifyQBFT(run [][]byte, validators []words.Address) (*Header, error) {
	if len(run) != 1 {
		return nil, fmt.Errorf("%d headers, not one", len(run))
	}
	h, err := decodeQBFT(run[0])
	if err != nil {
		return nil, err
	}
	if h.mixHash != qbftMark || h.Difficulty != 1 {
		return nil, fmt.Errorf("block %d is not marked as one of QBFT", h.Number)
	}
	same, sealed := len(h.validators) == len(validators), map[words.Address]bool{}
	for i := 0; same && i < len(validators); i++ {
		same, sealed[validators[i]] = h.validators[i] == validators[i], false
	}
	if !same {
		return nil, fmt.Errorf("block %d lists other validators", h.Number)
	}
	if len(h.seals) > len(validators) || 3*len(h.seals) < 2*len(validators) {
		return nil, fmt.Errorf("block %d has %d seals of %d validators", h.Number, len(h.seals), len(validators))
	}
	for _, seal := range h.seals {
		sealer, valid := h.sealer(seal)
		if twice, known := sealed[sealer]; !valid || !known || twice {
			return nil, fmt.Errorf("block %d has a seal that is no validator's, or a second one of one", h.Number)
		}
		sealed[sealer] = true
	}
	return &h.Header, nil
}

// sealer is who made a seal: either s will do, and the last byte is 0 or 1.
func (h *qbftHeader) sealer(seal []byte) (words.Address, bool) {
	if seal[64] > 1 {
		return words.Address{}, false
	}
	return signature.RecoverEither(h.digest, append(append([]byte(nil), seal[:64]...), 27+seal[64]))
}

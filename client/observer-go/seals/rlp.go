// Package seals reads what a chain's validators sealed: headers, and the state that they name (SPEC §14.8).
package seals

import (
	"errors"

	"urna/client/observer-go/words"
)

// item is an RLP item: bytes, or a list where list is set.
type item struct {
	bytes  []byte
	list   []item
	isList bool
}

var errRLP = errors.New("not RLP in its shortest form")

// maxDepth is in how many lists an item may stand.
const maxDepth = 4

// decode takes exactly one item.
func decode(text []byte) (item, error) {
	decoded, rest, err := next(text, 0)
	if err == nil && len(rest) > 0 {
		err = errRLP
	}
	return decoded, err
}

func next(text []byte, depth int) (decoded item, rest []byte, err error) {
	if len(text) == 0 || depth > maxDepth {
		return decoded, nil, errRLP
	}
	first := text[0]
	if first < 0x80 {
		return item{bytes: text[:1]}, text[1:], nil
	}
	code := int(first) - 0x80
	if first >= 0xc0 {
		code, decoded.isList = int(first)-0xc0, true
	}
	content, rest, err := split(text[1:], code)
	if err != nil {
		return decoded, nil, err
	}
	if !decoded.isList {
		if len(content) == 1 && content[0] < 0x80 {
			return decoded, nil, errRLP
		}
		decoded.bytes = content
		return decoded, rest, nil
	}
	for len(content) > 0 {
		var inner item
		if inner, content, err = next(content, depth+1); err != nil {
			return decoded, nil, err
		}
		decoded.list = append(decoded.list, inner)
	}
	return decoded, rest, nil
}

// split cuts an item's content off what follows its first byte; code is that byte without what says list or bytes.
func split(text []byte, code int) (content, rest []byte, err error) {
	length := code
	if code > 55 {
		size := code - 55
		if size > 4 || size > len(text) {
			return nil, nil, errRLP
		}
		length = 0
		for _, digit := range text[:size] {
			length = length<<8 | int(digit)
		}
		if length <= 55 || text[0] == 0 {
			return nil, nil, errRLP
		}
		text = text[size:]
	}
	if length > len(text) {
		return nil, nil, errRLP
	}
	return text[:length], text[length:], nil
}

// encode is the inverse of decode.
func (i item) encode() []byte {
	content, base := i.bytes, byte(0x80)
	if i.isList {
		content, base = nil, 0xc0
		for _, inner := range i.list {
			content = append(content, inner.encode()...)
		}
	} else if len(content) == 1 && content[0] < 0x80 {
		return content
	}
	if len(content) <= 55 {
		return append([]byte{base + byte(len(content))}, content...)
	}
	var size []byte
	for length := len(content); length > 0; length >>= 8 {
		size = append([]byte{byte(length)}, size...)
	}
	return append(append([]byte{base + 55 + byte(len(size))}, size...), content...)
}

// word is bytes of exactly 32.
func (i item) word() (words.Word, bool) {
	if i.isList || len(i.bytes) != 32 {
		return words.Word{}, false
	}
	return words.Of(i.bytes), true
}

// number is a number of at most 32 bytes without leading zeros.
func (i item) number() (number words.Word, ok bool) {
	if i.isList || len(i.bytes) > 32 || len(i.bytes) > 0 && i.bytes[0] == 0 {
		return number, false
	}
	copy(number[32-len(i.bytes):], i.bytes)
	return number, true
}

// short is a number below 2^53.
func (i item) short() (uint64, bool) {
	number, ok := i.number()
	if !ok || !number.Big().IsUint64() || number.Big().Uint64() >= 1<<53 {
		return 0, false
	}
	return number.Big().Uint64(), true
}

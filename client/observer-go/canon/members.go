package canon

import (
	"encoding/hex"
	"fmt"
	"math"
)

// Members reads the members of one object, remembering the first that is wrong and what was never asked for.
type Members struct {
	object Object
	place  string
	asked  int
	err    *error
}

// ShapeError names the member that is missing, unknown or not in its encoding.
type ShapeError struct{ Place, Want string }

func (e *ShapeError) Error() string { return e.Place + ": expected " + e.Want }

// MembersOf begins to read a value that must be an object; the first problem is kept in err.
func MembersOf(value Value, place string, err *error) *Members {
	object, ok := value.(Object)
	m := &Members{object: object, place: place, err: err}
	if !ok {
		m.fail("", "an object")
	}
	return m
}

func (m *Members) fail(name, want string) {
	if *m.err == nil {
		place := m.place
		if name != "" {
			place += "." + name
		}
		*m.err = &ShapeError{place, want}
	}
}

// Get returns a member that must be there.
func (m *Members) Get(name string) Value {
	value, ok := m.object[name]
	m.asked++
	if !ok {
		m.fail(name, "to be there")
	}
	return value
}

// End refuses members that nobody asked for.
func (m *Members) End() {
	if m.asked < len(m.object) {
		m.fail("", fmt.Sprintf("%d members, not %d", m.asked, len(m.object)))
	}
}

// Number is a whole number from 0 to 2^53 − 1.
func (m *Members) Number(name string) uint64 {
	number, ok := ToNumber(m.Get(name))
	if !ok {
		m.fail(name, "a whole number below 2^53")
	}
	return number
}

// String is any string.
func (m *Members) String(name string) string {
	text, ok := m.Get(name).(string)
	if !ok {
		m.fail(name, "a string")
	}
	return text
}

// Bytes decodes 0x and lower-case hex; size −1 takes any number of bytes.
func (m *Members) Bytes(name string, size int) []byte {
	bytes, ok := ToBytes(m.Get(name), size)
	if !ok {
		m.fail(name, hexOf(size))
	}
	return bytes
}

// List is an array of any values.
func (m *Members) List(name string) []Value {
	list, ok := m.Get(name).([]Value)
	if !ok {
		m.fail(name, "a list")
	}
	return list
}

// Numbers is a list of whole numbers.
func (m *Members) Numbers(name string) []uint64 {
	list := m.List(name)
	numbers := make([]uint64, len(list))
	for i, item := range list {
		var ok bool
		if numbers[i], ok = ToNumber(item); !ok {
			m.fail(fmt.Sprintf("%s[%d]", name, i), "a whole number below 2^53")
		}
	}
	return numbers
}

// BytesList is a list of byte strings of one size.
func (m *Members) BytesList(name string, size int) [][]byte {
	list := m.List(name)
	all := make([][]byte, len(list))
	for i, item := range list {
		var ok bool
		if all[i], ok = ToBytes(item, size); !ok {
			m.fail(fmt.Sprintf("%s[%d]", name, i), hexOf(size))
		}
	}
	return all
}

// ToNumber takes a whole number from 0 to 2^53 − 1.
func ToNumber(value Value) (uint64, bool) {
	number, ok := value.(float64)
	if !ok || number < 0 || number >= 1<<53 || number != math.Trunc(number) {
		return 0, false
	}
	return uint64(number), true
}

// ToBytes takes 0x and lower-case hex of the given number of bytes (−1: any).
func ToBytes(value Value, size int) ([]byte, bool) {
	text, ok := value.(string)
	if !ok || len(text) < 2 || text[:2] != "0x" || size >= 0 && len(text) != 2+2*size {
		return nil, false
	}
	for i := 2; i < len(text); i++ {
		if c := text[i]; c >= 'A' && c <= 'F' {
			return nil, false
		}
	}
	bytes, err := hex.DecodeString(text[2:])
	return bytes, err == nil
}

func hexOf(size int) string {
	if size < 0 {
		return "0x and an even number of lower-case hex digits"
	}
	return fmt.Sprintf("0x and %d lower-case hex digits", 2*size)
}

// Peek returns a member without counting it as asked for.
func (m *Members) Peek(name string) Value { return m.object[name] }

// Has tells whether there is a member of this name: of the few that need not be there.
func (m *Members) Has(name string) bool {
	_, there := m.object[name]
	return there
}

// Package canon reads JSON strictly and knows its canonical form (RFC 8785), as SPEC §1.2 and §14 ask.
package canon

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// MaxDepth is how many brackets may be open at once (SPEC §16, json/depth).
const MaxDepth = 32

// Reasons for which a text is not JSON as Urna takes it; the names are the codes of SPEC §16 without `json/`.
var (
	ErrSyntax    = errors.New("json/syntax")
	ErrUTF8      = errors.New("json/utf8")
	ErrValue     = errors.New("json/value")
	ErrDepth     = errors.New("json/depth")
	ErrCanonical = errors.New("json/canonical")
)

// Value is nil, bool, float64, string, []Value or Object.
type Value any

// Object maps names to values; no name stands twice.
type Object map[string]Value

type parser struct {
	text []byte
	at   int
}

// Parse reads one JSON text of any formatting. A name that stands twice in an object is refused.
func Parse(text []byte) (Value, error) {
	if !utf8.Valid(text) {
		return nil, ErrUTF8
	}
	p := &parser{text: text}
	p.space()
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at != len(text) {
		return nil, ErrSyntax
	}
	return value, nil
}

// FewValues tells whether a large document has no more commas and opening brackets than one of its kind, none of whose
// texts holds any: parsed, each value takes many times its bytes.
func FewValues(text []byte, most int) bool {
	values := 0
	for _, c := range text {
		if c == ',' || c == '{' || c == '[' {
			values++
		}
	}
	return values <= most
}

// ParseCanonical reads a text that is its own RFC 8785 form.
func ParseCanonical(text []byte) (Value, error) {
	value, err := Parse(text)
	if err != nil {
		return nil, err
	}
	again := Append(make([]byte, 0, len(text)), value)
	if string(again) != string(text) {
		return nil, ErrCanonical
	}
	return value, nil
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value(depth int) (Value, error) {
	switch c := p.peek(); {
	case c == '{':
		return p.object(depth + 1)
	case c == '[':
		return p.array(depth + 1)
	case c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range []struct {
		text  string
		value Value
	}{{"true", true}, {"false", false}, {"null", nil}} {
		if len(p.text)-p.at >= len(word.text) && string(p.text[p.at:p.at+len(word.text)]) == word.text {
			p.at += len(word.text)
			return word.value, nil
		}
	}
	return nil, ErrSyntax
}

func (p *parser) object(depth int) (Value, error) {
	if depth > MaxDepth {
		return nil, ErrDepth
	}
	p.at++
	found := Object{}
	p.space()
	if p.peek() == '}' {
		p.at++
		return found, nil
	}
	for {
		p.space()
		if p.peek() != '"' {
			return nil, ErrSyntax
		}
		name, err := p.str()
		if err != nil {
			return nil, err
		}
		if _, twice := found[name]; twice {
			return nil, ErrSyntax
		}
		p.space()
		if p.peek() != ':' {
			return nil, ErrSyntax
		}
		p.at++
		p.space()
		if found[name], err = p.value(depth); err != nil {
			return nil, err
		}
		if done, err := p.next('}'); done || err != nil {
			return found, err
		}
	}
}

func (p *parser) array(depth int) (Value, error) {
	if depth > MaxDepth {
		return nil, ErrDepth
	}
	p.at++
	found := []Value{}
	p.space()
	if p.peek() == ']' {
		p.at++
		return found, nil
	}
	for {
		p.space()
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		found = append(found, value)
		if done, err := p.next(']'); done || err != nil {
			return found, err
		}
	}
}

// next passes a comma, or the end of a list, which it reports.
func (p *parser) next(end byte) (bool, error) {
	p.space()
	c := p.peek()
	p.at++
	if c == end {
		return true, nil
	}
	if c != ',' {
		return false, ErrSyntax
	}
	return false, nil
}

func (p *parser) number() (Value, error) {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if !p.digits() {
		return nil, ErrSyntax
	}
	if p.peek() == '.' {
		p.at++
		if !p.digits() {
			return nil, ErrSyntax
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if !p.digits() {
			return nil, ErrSyntax
		}
	}
	number, err := strconv.ParseFloat(string(p.text[start:p.at]), 64)
	if err != nil {
		return nil, ErrValue
	}
	return number, nil
}

func (p *parser) digits() bool {
	start := p.at
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	return p.at > start
}

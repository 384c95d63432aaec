package canon

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string from its opening quotation mark on.
func (p *parser) str() (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return string(p.text[start : p.at-1]), nil
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", ErrSyntax
		}
		p.at++
	}
	return "", ErrSyntax
}

// escaped reads on in a string that holds escapes.
func (p *parser) escaped(start int) (string, error) {
	out := append([]byte(nil), p.text[start:p.at]...)
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return string(out), nil
		case c < 0x20:
			return "", ErrSyntax
		case c != '\\':
			out = append(out, c)
			continue
		}
		r, err := p.escape()
		if err != nil {
			return "", err
		}
		out = utf8.AppendRune(out, r)
	}
	return "", ErrSyntax
}

func (p *parser) escape() (rune, error) {
	const simple, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := p.peek()
	p.at++
	for i := range simple {
		if c == simple[i] {
			return rune(meant[i]), nil
		}
	}
	if c != 'u' {
		return 0, ErrSyntax
	}
	first, err := p.hex4()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if p.peek() != '\\' || p.at+1 >= len(p.text) || p.text[p.at+1] != 'u' {
		return 0, ErrValue
	}
	p.at += 2
	second, err := p.hex4()
	if err != nil {
		return 0, err
	}
	joined := utf16.DecodeRune(first, second)
	if joined == utf8.RuneError {
		return 0, ErrValue
	}
	return joined, nil
}

func (p *parser) hex4() (rune, error) {
	if p.at+4 > len(p.text) {
		return 0, ErrSyntax
	}
	number, err := strconv.ParseUint(string(p.text[p.at:p.at+4]), 16, 16)
	if err != nil {
		return 0, ErrSyntax
	}
	p.at += 4
	return rune(number), nil
}

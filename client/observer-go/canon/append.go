package canon

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"unicode/utf16"
)

// Append writes the RFC 8785 form of a value behind out.
func Append(out []byte, value Value) []byte {
	switch v := value.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, v)
	case float64:
		return appendNumber(out, v)
	case string:
		return appendString(out, v)
	case []Value:
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = Append(out, item)
		}
		return append(out, ']')
	case Object:
		return appendObject(out, v)
	}
	panic("canon: not a JSON value")
}

func appendObject(out []byte, object Object) []byte {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return lessUTF16(names[i], names[j]) })
	out = append(out, '{')
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendString(out, name), ':')
		out = Append(out, object[name])
	}
	return append(out, '}')
}

// lessUTF16 is the order of RFC 8785 §3.2.3: by UTF-16 code units, not by bytes.
func lessUTF16(a, b string) bool {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b))) < 0
}

func appendString(out []byte, text string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= 0x20:
			out = append(out, c)
		case c == '\b':
			out = append(out, `\b`...)
		case c == '\f':
			out = append(out, `\f`...)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c == '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, `\u00`...)
			out = append(out, hex[c>>4], hex[c&15])
		}
	}
	return append(out, '"')
}

// appendNumber is ECMAScript's Number::toString, which RFC 8785 §3.2.2.3 takes over.
func appendNumber(out []byte, number float64) []byte {
	if number == 0 {
		return append(out, '0')
	}
	size := math.Abs(number)
	if size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(out, number, 'f', -1, 64)
	}
	text := strconv.AppendFloat(nil, number, 'e', -1, 64)
	for i, c := range text { // Go pads the exponent to two digits, ECMAScript does not
		if c == 'e' && text[i+2] == '0' {
			return append(append(out, text[:i+2]...), text[i+3:]...)
		}
	}
	return append(out, text...)
}

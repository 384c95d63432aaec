package canon

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

type vectors struct {
	Documents []struct{ Input, Canonical string }
	Numbers   []struct{ IEEE754, Text string }
}

func read(t testing.TB) (v vectors) {
	text, err := os.ReadFile("../../../test/vectors/encoding-rfc8785.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Documents) == 0 || len(v.Numbers) == 0 {
		t.Fatal("no vectors", err)
	}
	return v
}

func TestRFC8785(t *testing.T) {
	v := read(t)
	for _, document := range v.Documents {
		value, err := Parse([]byte(document.Input))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(Append(nil, value)); got != document.Canonical {
			t.Errorf("%s\n%s", got, document.Canonical)
		}
	}
	for _, number := range v.Numbers {
		bytes, err := hex.DecodeString(number.IEEE754)
		if err != nil {
			t.Fatal(err)
		}
		value := math.Float64frombits(binary.BigEndian.Uint64(bytes))
		if got := string(Append(nil, value)); got != number.Text {
			t.Errorf("%s, not %s", got, number.Text)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat("[", 33) + strings.Repeat("]", 33)
	for text, want := range map[string]error{
		"": ErrSyntax, "{": ErrSyntax, "[1,]": ErrSyntax, `{"a":1,"a":2}`: ErrSyntax, "01": ErrSyntax, "1 2": ErrSyntax, "nul": ErrSyntax,
		"\"\n\"": ErrSyntax, `"\x"`: ErrSyntax, "\"\xff\"": ErrUTF8, `"\ud800"`: ErrValue, "1e999": ErrValue, deep: ErrDepth, `"\u12`: ErrSyntax,
	} {
		if value, err := Parse([]byte(text)); err != want {
			t.Errorf("%q: %v, %v", text, value, err)
		}
	}
	if _, err := Parse([]byte(deep[1:65])); err != nil {
		t.Error("32 levels are taken:", err)
	}
	for _, text := range []string{" 1", "1.0", "-0", `{"b":1,"a":2}`, `"\u0041"`, "1E2"} {
		if _, err := ParseCanonical([]byte(text)); err != ErrCanonical {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, document := range read(f).Documents {
		f.Add([]byte(document.Input))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := Parse(text)
		if err != nil {
			return
		}
		again, err := ParseCanonical(Append(nil, value))
		if err != nil || !reflect.DeepEqual(value, again) {
			t.Fatalf("%q does not survive its canonical form: %v", text, err)
		}
	})
}

func TestParseRefusesEmptyBracketsTooDeep(t *testing.T) {
	for text, want := range map[string]error{
		strings.Repeat("[", 32) + "1" + strings.Repeat("]", 32): nil,
		strings.Repeat("[", 33) + strings.Repeat("]", 33):       ErrDepth,
		strings.Repeat(`{"a":`, 33) + "1":                       ErrDepth,
		`["` + strings.Repeat("[", 40) + `"]`:                   nil,
	} {
		if _, err := Parse([]byte(text)); err != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

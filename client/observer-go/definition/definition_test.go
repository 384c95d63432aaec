package definition

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

type vector struct{ Canonical, DefinitionHash, ConfigHash string }

func readVector(t testing.TB, name string) (v vector) {
	text, err := os.ReadFile("../../../test/vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil || v.Canonical == "" {
		t.Fatal("no vector", err)
	}
	return v
}

func TestConfigHash(t *testing.T) {
	v := readVector(t, "config.json")
	d, err := Decode([]byte(v.Canonical))
	if err != nil {
		t.Fatal(err)
	}
	if d.Hash.String() != v.DefinitionHash || d.ConfigHash().String() != v.ConfigHash {
		t.Errorf("definition %s, configuration %s", d.Hash, d.ConfigHash())
	}
}

func TestDecodeRefuses(t *testing.T) {
	text := readVector(t, "config.json").Canonical
	for name, change := range map[string][2]string{
		"formatting":              {`{"assurance"`, `{ "assurance"`},
		"an unknown member":       {`"assurance":"single-office"`, `"assurance":"single-office","beside":1`},
		"a repeated key":          {`"assurance":"single-office"`, `"assurance":"single-office","assurance":"single-office"`},
		"another environment":     {`"development"`, `"production"`},
		"a binding single office": {`"development"`, `"binding"`},
		"upper case":              {`"0xba01cd`, `"0xBA01cd`},
		"a quorum above all":      {`"quorum":2`, `"quorum":9`},
		"an unknown preset":       {`"preset":"score"`, `"preset":"scores"`},
		"an unknown parameter":    {`"credits":99`, `"credit":99`},
		"an unknown district":     {`"districts":["north"]`, `"districts":["norths"]`},
		"a unit merged twice":     {`"id":"c","mergeInto":null`, `"id":"c","mergeInto":"b"`},
		"times out of order":      {`"opensAt":1800002000`, `"opensAt":1800000000`},
		"a control character":     {`"en":"ada"`, `"en":"a\u200eda"`},
		"a budget out of width":   {`"budget":14`, `"budget":4294967296`},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		if changed == text {
			t.Fatalf("%s: nothing to change", name)
		}
		if _, err := Decode([]byte(changed)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestBindingNamesValidators(t *testing.T) {
	text := readVector(t, "config.json").Canonical
	validators := `,"validators":["0x` + strings.Repeat("1", 40) + `","0x` + strings.Repeat("2", 40) + `"]`
	for _, c := range []struct{ environment, profile, validators, refused string }{
		{"binding", "clique", validators, ""},
		{"binding", "clique", "", "definition/validators"},
		{"binding", "besu-qbft", validators, ""},
		{"binding", "besu-qbft", "", "definition/validators"},
		{"rehearsal", "besu-qbft", "", ""},
		{"development", "embedded", validators, "definition/validators"},
		{"rehearsal", "clique", "", ""},
		{"development", "clique", "", ""},
	} {
		changed := strings.NewReplacer(`"environment":"development"`, `"environment":"`+c.environment+`"`,
			`"assurance":"single-office"`, `"assurance":"two-office"`,
			`"profile":"embedded"`, `"profile":"`+c.profile+`"`+c.validators).Replace(text)
		_, err := Decode([]byte(changed))
		if c.refused == "" && err != nil || c.refused != "" && (err == nil || err.Error() != c.refused) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(readVector(f, "config.json").Canonical))
	f.Add([]byte(readVector(f, "definition.json").Canonical))
	f.Fuzz(func(t *testing.T, text []byte) {
		if d, err := Decode(text); err == nil {
			d.ConfigHash() // whatever is taken can be encoded
		}
	})
}

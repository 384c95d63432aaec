package published

import (
	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Code is length and keccak256 of a contract's creation code.
type Code struct {
	Bytes uint64
	Hash  words.Word
}

// DecodeBuild reads build.json of the published build (SPEC §14.5).
func DecodeBuild(text []byte) (map[string]Code, error) {
	value, err := canon.Parse(text)
	if err != nil {
		return nil, err
	}
	m := canon.MembersOf(value, "build", &err)
	build := map[string]Code{}
	for _, name := range []string{"poseidon", "circuit-key", "roll", "ceremony", "ballots", "tally", "election"} {
		inner := canon.MembersOf(m.Get(name), name, &err)
		code := Code{Bytes: inner.Number("codeBytes")}
		copy(code.Hash[:], inner.Bytes("codeHash", 32))
		inner.End()
		build[name] = code
	}
	m.End()
	return build, err
}

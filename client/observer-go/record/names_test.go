package record

import "testing"

func TestMostBytes(t *testing.T) {
	for name, most := range map[string]uint64{
		"election.json": 1 << 22, "build.json": 1 << 20, "seals.json": 1 << 26, "credentials/a-1.json": 1 << 28,
		"registrations-999999999.jsonl": 1 << 41, "reasons-2.json": 1 << 26, "reasons-10.json": 1 << 26,
		"circuits/ballot-16/vkey.json": 1 << 20, "circuits/ballot-2/manifest.json": 1 << 20,
	} {
		if got, known := MostBytes(name); !known || got != most {
			t.Errorf("%s: %d, %t", name, got, known)
		}
	}
	for _, name := range []string{
		"", "reasons-1.json", "reasons-0.json", "reasons-02.json", "reasons-1000000000.json", "registrations-0.jsonl",
		"registrations-1000000000.jsonl", "credentials/A.json", "election.json\n", "../election.json", "circuits/ballot-4/vkey.json",
	} {
		if _, known := MostBytes(name); known {
			t.Errorf("%q is a name of no published file", name)
		}
	}
}

package published

import (
	"crypto/sha256"
	"errors"
	"regexp"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/groth16"
	"urna/client/observer-go/words"
)

// Circuit is a published circuit: its key and what its manifest says (SPEC §13).
type Circuit struct {
	Name          string
	Lanes         int
	Key           *groth16.Key
	KeyHash       words.Word
	ManifestHash  words.Word
	NamedKeyHash  string
	R1CS          string
	Contributions int
	Beacon        bool
	Insecure      bool
	Unreadable    error
}

// constraintSystems is the table of SPEC §13.1.
var constraintSystems = map[string]string{
	"ballot-2":  "0x426016a7009e7482aa00f3866bf8ed92c674b3d3b4d68f764dc2996599a5a005",
	"ballot-8":  "0xa57af3ca57ee8612cd185e78305302bf8d577bf6e0389b527025c412caf94335",
	"ballot-16": "0xd231ff97acf7dc4ce6c9a0f5cdeaf480c55ae7ba8c9aeeab8b90e334eb48fdee",
}

// CircuitName is the circuit with so many lanes (SPEC §8.3).
func CircuitName(lanes int) string {
	return map[int]string{1: "ballot-2", 4: "ballot-8", 8: "ballot-16"}[lanes]
}

var contributionHash = regexp.MustCompile(`^0x[0-9a-f]{128}$`)

// ReadCircuit reads vkey.json and manifest.json. Key is nil where the one cannot be read, Unreadable says why the other
// cannot.
func ReadCircuit(lanes int, vkey, manifest []byte) *Circuit {
	c := &Circuit{Name: CircuitName(lanes), Lanes: lanes, KeyHash: sha256.Sum256(vkey), ManifestHash: sha256.Sum256(manifest)}
	if key, err := groth16.ParseKey(vkey); err == nil {
		c.Key = key
	}
	c.Unreadable = c.readManifest(manifest)
	return c
}

func (c *Circuit) readManifest(text []byte) error {
	value, err := canon.Parse(text)
	if err != nil {
		return err
	}
	object, ok := value.(canon.Object)
	files, ok2 := object["files"].(canon.Object)
	if !ok || !ok2 {
		return errors.New("not the manifest of a circuit")
	}
	c.NamedKeyHash, _ = files["vkey.json"].(string)
	c.R1CS, _ = object["r1cs"].(string)
	c.Beacon = object["beacon"] != nil
	if c.Insecure, ok = object["insecure"].(bool); !ok {
		return errors.New("insecure is neither true nor false")
	}
	c.Contributions, err = contributions(object["contributions"])
	return err
}

// contributions counts the different names, or the different hashes if those are fewer.
func contributions(value canon.Value) (int, error) {
	list, ok := value.([]canon.Value)
	names, hashes := map[string]bool{}, map[string]bool{}
	for _, item := range list {
		object, _ := item.(canon.Object)
		name, ok1 := object["name"].(string)
		hash, ok2 := object["hash"].(string)
		ok = ok && ok1 && ok2 && contributionHash.MatchString(hash)
		names[name], hashes[hash] = true, true
	}
	if !ok {
		return 0, errors.New("contributions are not a list of names and hashes")
	}
	return min(len(names), len(hashes)), nil
}

// Flaws are the reasons to refuse a key (SPEC §13).
func (c *Circuit) Flaws(development bool) []string {
	if c.Key == nil {
		return []string{c.Name + ": no verifying key in canonical form"}
	}
	if c.Unreadable != nil {
		return []string{c.Name + ": the manifest cannot be read: " + c.Unreadable.Error()}
	}
	var flaws []string
	for _, rule := range []struct {
		bad bool
		why string
	}{
		{c.NamedKeyHash != c.KeyHash.String(), "its SHA-256 is not the manifest's"},
		{c.R1CS != constraintSystems[c.Name], "the manifest names another constraint system (§13.1)"},
		{len(c.Key.IC)-1 != 14+12*c.Lanes, "another number of signals than 14 + 12L"},
		{c.Key.Gamma.Equal(&c.Key.Delta), "gamma and delta are equal: anyone could forge proofs"},
		{c.Key.DeltaIsGenerator(), "delta is the generator: nobody contributed"},
		{c.Contributions < 3, "fewer than 3 contributions"},
		{!c.Beacon, "no beacon"},
		{c.Insecure && !development, "made for development only"},
	} {
		if rule.bad {
			flaws = append(flaws, c.Name+": "+rule.why)
		}
	}
	return flaws
}

package check

import (
	"sort"

	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// check03 is SPEC §15, check 3: the proof system is the published one.
type check03 struct {
	findings
	keys []*record.Entry
}

func (c *check03) before(e *record.Entry) {
	if d, ok := e.Data.(*record.Deployment); ok && d.Name == "circuit-key" {
		c.keys = append(c.keys, e)
	}
}

func (c *check03) end() {
	lanes := c.w.lanesInUse()
	hashed := []words.Word{}
	onChain := map[string]int{}
	for _, l := range lanes {
		circuit := c.w.circuits[l]
		if circuit == nil {
			c.failAt("%s is not published.", published.CircuitName(l))
			continue
		}
		c.items++
		hashed = append(hashed, words.Num(uint64(l)), circuit.ManifestHash)
		if circuit.Key != nil {
			onChain["\x00"+string(circuit.Key.Words())] = 0
		}
		for _, flaw := range circuit.Flaws(c.w.definition.Environment == "development") {
			c.failAt("%s.", flaw)
		}
	}
	if words.H("setup", hashed...) != c.w.definition.SetupHash {
		c.failAt("The published circuits are not those that the definition names.")
	}
	for _, e := range c.keys {
		arguments := string(e.Data.(*record.Deployment).Arguments)
		seen, known := onChain[arguments]
		if !known || seen > 0 {
			c.fail(e, "a key on chain that is not the published one of a circuit in use, or twice")
		}
		onChain[arguments] = seen + 1
	}
	if len(c.keys) != len(lanes) {
		c.failAt("There are %d keys on chain for %d circuits in use.", len(c.keys), len(lanes))
	}
}

// lanesInUse is the circuits that the contests use, by increasing lanes.
func (w *world) lanesInUse() (all []int) {
	seen := map[int]bool{}
	for _, contest := range w.definition.Contests {
		if !seen[contest.Lanes] {
			all = append(all, contest.Lanes)
		}
		seen[contest.Lanes] = true
	}
	sort.Ints(all)
	return all
}

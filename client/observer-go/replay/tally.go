package replay

import (
	"math/big"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/definition"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// Unit is a tally unit's state as the record says, and its sums recomputed from the polls (SPEC §12.2).
type Unit struct {
	// State is empty before the unit is aggregated, then that of the entry.
	State string
	// NonEmpty, R and C after merging; a merged unit's are its own.
	NonEmpty    uint64
	R           curve.Point
	C           []curve.Point
	Decryptions []*record.Decryption
	Counts      []uint64
	Counted     bool
	// settled: some aggregate left nothing to count in the unit.
	settled bool
}

// Tally follows aggregates, decryptions and counts.
type Tally struct {
	Units []Unit

	definition *definition.Definition
	polls      map[uint64]*Poll
	pollsOf    [][]uint64 // by unit
	mergedInto [][]int    // by unit: those that may be merged into it
}

// NewTally has all units without state.
func NewTally(d *definition.Definition, polls map[uint64]*Poll) *Tally {
	t := &Tally{Units: make([]Unit, len(d.Units)), definition: d, polls: polls,
		pollsOf: make([][]uint64, len(d.Units)), mergedInto: make([][]int, len(d.Units))}
	for number, poll := range d.Polls {
		t.pollsOf[poll.Unit] = append(t.pollsOf[poll.Unit], uint64(number))
	}
	for number, unit := range d.Units {
		if unit.MergeInto >= 0 {
			t.mergedInto[unit.MergeInto] = append(t.mergedInto[unit.MergeInto], number)
		}
	}
	return t
}

// OwnNonEmpty is the number of ballots in a unit's districts, before merging.
func (t *Tally) OwnNonEmpty(unit int) (count uint64) {
	for _, number := range t.pollsOf[unit] {
		if ready := t.polls[number]; ready != nil {
			count += ready.NonEmpty()
		}
	}
	return count
}

func (t *Tally) addOwn(unit int, to *Unit) {
	to.NonEmpty += t.OwnNonEmpty(unit)
	for _, number := range t.pollsOf[unit] {
		ready := t.polls[number]
		if ready == nil {
			continue
		}
		to.R.Add(&to.R, &ready.Sums[0])
		for lane := range to.C {
			to.C[lane].Add(&to.C[lane], &ready.Sums[lane+1])
		}
	}
}

// Aggregate takes over the states of an entry's units; a second one changes nothing.
func (t *Tally) Aggregate(d *record.Aggregate) {
	for _, unit := range d.Units {
		if unit.Unit >= uint64(len(t.Units)) {
			continue
		}
		if t.Units[unit.Unit].State == "" {
			t.Units[unit.Unit].State = unit.State
		}
		if unit.State != "open" {
			t.Units[unit.Unit].settled = true
		}
	}
	t.Sum()
}

// Sum adds up what the polls hold now, for every unit: updates after an aggregate would change its sums, as they would
// not on the chain, which takes none then (check 10).
func (t *Tally) Sum() {
	for unit := range t.Units {
		t.sum(unit)
	}
}

func (t *Tally) sum(number int) {
	unit := &t.Units[number]
	unit.NonEmpty, unit.R = 0, curve.Zero()
	unit.C = make([]curve.Point, t.definition.Contests[t.definition.Units[number].Contest].Lanes)
	for lane := range unit.C {
		unit.C[lane] = curve.Zero()
	}
	t.addOwn(number, unit)
	if unit.State == "merged" {
		return
	}
	for _, other := range t.mergedInto[number] {
		if t.merged(other) {
			t.addOwn(other, unit)
		}
	}
}

// merged follows the record, or the rule where the record does not say yet.
func (t *Tally) merged(unit int) bool {
	if state := t.Units[unit].State; state != "" {
		return state == "merged"
	}
	return t.RuleMerges(unit)
}

// RuleMerges is SPEC §12.2's first rule: too small and with a unit to go to.
func (t *Tally) RuleMerges(unit int) bool {
	return t.definition.Units[unit].MergeInto >= 0 && t.OwnNonEmpty(unit) < t.definition.MinAnonymitySet
}

// RuleState is the state that SPEC §12.2 gives a unit.
func (t *Tally) RuleState(unit int) string {
	if t.RuleMerges(unit) {
		return "merged"
	}
	count := t.OwnNonEmpty(unit)
	for _, other := range t.mergedInto[unit] {
		if t.RuleMerges(other) {
			count += t.OwnNonEmpty(other)
		}
	}
	switch {
	case count == 0:
		return "empty"
	case count < t.definition.MinAnonymitySet && t.definition.Contests[t.definition.Units[unit].Contest].Withhold:
		return "withheld"
	}
	return "open"
}

// Over tells whether every unit was said to be merged, empty or withheld, or has counts: then the phase is `counted`.
func (t *Tally) Over() bool {
	for i := range t.Units {
		if !t.Units[i].Counted && !t.Units[i].settled {
			return false
		}
	}
	return true
}

// Final tells whether every unit has a final state that an aggregate gave it.
func (t *Tally) Final() bool {
	for i := range t.Units {
		if t.Units[i].final() == 0 {
			return false
		}
	}
	return true
}

// final is a unit's final state as a number (SPEC §12.4), 0 while it has none.
func (u *Unit) final() uint64 {
	if u.State == "open" && u.Counted {
		return 4
	}
	return map[string]uint64{"merged": 1, "empty": 2, "withheld": 3}[u.State]
}

// ResultHash is H("result", state, nonEmpty, counts of each unit) (SPEC §12.4).
func (t *Tally) ResultHash() words.Word {
	var all []words.Word
	for i := range t.Units {
		unit := &t.Units[i]
		all = append(all, words.Num(unit.final()), words.Num(unit.NonEmpty))
		counts := unit.Counts
		if unit.final() != 4 {
			counts = make([]uint64, 2*t.definition.Contests[t.definition.Units[i].Contest].Lanes)
		}
		for _, count := range counts {
			all = append(all, words.Num(count))
		}
	}
	return words.H("result", all...)
}

// CountsHold checks C_j − Σ λ_m·D_{m,j} = (count_{2j} + 2^32·count_{2j+1})·G for the first t decryptions (SPEC §12.4).
func (u *Unit) CountsHold(counts []uint64, threshold int) bool {
	first := u.Decryptions[:threshold]
	for _, decryption := range first {
		if len(decryption.Points) != len(u.C) {
			return false
		}
	}
	for lane := range u.C {
		left := u.C[lane]
		for i, decryption := range first {
			q, err := curve.Decode(decryption.Points[lane][:])
			if err != nil {
				return false
			}
			d := curve.Eight(&q)
			d.Mul(&d, lagrange(first, i))
			left.Sub(&left, &d)
		}
		number := new(big.Int).SetUint64(counts[2*lane+1])
		number.Lsh(number, 32).Add(number, new(big.Int).SetUint64(counts[2*lane]))
		right := curve.Generator()
		if !right.Mul(&right, number).Equal(&left) {
			return false
		}
	}
	return true
}

// lagrange is λ_m = Π k/(k − m) mod l over the other trustees k.
func lagrange(first []*record.Decryption, at int) *big.Int {
	m, product := int64(first[at].Trustee), big.NewInt(1)
	for i, other := range first {
		if i == at {
			continue
		}
		k := int64(other.Trustee)
		difference := new(big.Int).Mod(big.NewInt(k-m), curve.Order)
		inverse := new(big.Int).ModInverse(difference, curve.Order)
		if inverse == nil {
			return big.NewInt(0) // a trustee twice: check 16 has failed
		}
		product.Mul(product, big.NewInt(k)).Mul(product, inverse).Mod(product, curve.Order)
	}
	return product
}

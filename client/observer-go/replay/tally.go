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
}

// Tally follows aggregates, decryptions and counts.
type Tally struct {
	Units []Unit

	definition *definition.Definition
	polls      map[uint64]*Poll
}

// NewTally has all units without state.
func NewTally(d *definition.Definition, polls map[uint64]*Poll) *Tally {
	return &Tally{Units: make([]Unit, len(d.Units)), definition: d, polls: polls}
}

// OwnNonEmpty is the number of ballots in a unit's districts, before merging.
func (t *Tally) OwnNonEmpty(unit int) (count uint64) {
	for number, poll := range t.definition.Polls {
		if ready := t.polls[uint64(number)]; poll.Unit == unit && ready != nil {
			count += ready.NonEmpty()
		}
	}
	return count
}

func (t *Tally) addOwn(unit int, to *Unit) {
	to.NonEmpty += t.OwnNonEmpty(unit)
	for number, poll := range t.definition.Polls {
		ready := t.polls[uint64(number)]
		if poll.Unit != unit || ready == nil {
			continue
		}
		to.R.Add(&to.R, &ready.Sums[0])
		for lane := range to.C {
			to.C[lane].Add(&to.C[lane], &ready.Sums[lane+1])
		}
	}
}

// Aggregate takes over the states of an entry's units and then sums up.
func (t *Tally) Aggregate(d *record.Aggregate) {
	for _, unit := range d.Units {
		if unit.Unit < uint64(len(t.Units)) {
			t.Units[unit.Unit].State = unit.State
		}
	}
	for _, unit := range d.Units {
		if unit.Unit < uint64(len(t.Units)) {
			t.sum(int(unit.Unit))
		}
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
	for other, defined := range t.definition.Units {
		if defined.MergeInto == number && t.merged(other) {
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
	for other, defined := range t.definition.Units {
		if defined.MergeInto == unit && t.RuleMerges(other) {
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

// Final tells whether every unit has its final state.
func (t *Tally) Final() bool {
	for i := range t.Units {
		if t.Units[i].State == "" || t.Units[i].State == "open" && !t.Units[i].Counted {
			return false
		}
	}
	return true
}

// ResultHash is H("result", state, nonEmpty, counts of each unit) (SPEC §12.4).
func (t *Tally) ResultHash() words.Word {
	states := map[string]uint64{"merged": 1, "empty": 2, "withheld": 3, "open": 4}
	var all []words.Word
	for i := range t.Units {
		unit := &t.Units[i]
		all = append(all, words.Num(states[unit.State]), words.Num(unit.NonEmpty))
		counts := make([]uint64, 2*t.definition.Contests[t.definition.Units[i].Contest].Lanes)
		copy(counts, unit.Counts)
		for _, count := range counts {
			all = append(all, words.Num(count))
		}
	}
	return words.H("result", all...)
}

// CountsHold checks C_j − Σ λ_m·D_{m,j} = (count_{2j} + 2^32·count_{2j+1})·G for the first t decryptions (SPEC §12.4).
func (u *Unit) CountsHold(counts []uint64, threshold int) bool {
	first := u.Decryptions[:threshold]
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

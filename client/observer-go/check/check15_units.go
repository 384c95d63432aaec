package check

import "urna/client/observer-go/record"

// check15 is SPEC §15, check 15: districts were counted together as announced.
type check15 struct {
	findings
	aggregated map[uint64]bool
}

func (c *check15) before(e *record.Entry) {
	d, ok := e.Data.(*record.Aggregate)
	if !ok {
		return
	}
	if c.aggregated == nil {
		c.aggregated = map[uint64]bool{}
	}
	for _, unit := range d.Units {
		c.items++
		switch {
		case unit.Unit >= uint64(len(c.w.definition.Units)) || uint64(c.w.definition.Units[unit.Unit].Contest) != d.Contest:
			c.fail(e, "unit %d is not of contest %d", unit.Unit, d.Contest)
			continue
		case c.aggregated[unit.Unit]:
			c.fail(e, "unit %d is aggregated a second time", unit.Unit)
		case unit.State != c.w.tally.RuleState(int(unit.Unit)):
			c.fail(e, "unit %d is %s, by the rule it is %s", unit.Unit, unit.State, c.w.tally.RuleState(int(unit.Unit)))
		}
		c.aggregated[unit.Unit] = true
	}
}

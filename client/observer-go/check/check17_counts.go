package check

import (
	"errors"
	"fmt"

	"urna/client/observer-go/record"
)

// check17 is SPEC §15, check 17: the counts are what the sums contain.
type check17 struct{ findings }

func (c *check17) before(e *record.Entry) {
	if d, ok := e.Data.(*record.Counts); ok {
		c.items++
		c.failIf(e, c.judge(d))
	}
}

func (c *check17) judge(d *record.Counts) error {
	definition := c.w.definition
	if d.Unit >= uint64(len(c.w.tally.Units)) {
		return errors.New("no such unit")
	}
	unit := &c.w.tally.Units[d.Unit]
	if unit.State != "open" || unit.Counted {
		return errors.New("the unit is not to be counted, or counted already")
	}
	if uint64(len(unit.Decryptions)) < definition.Threshold {
		return errors.New("fewer decryptions than the threshold")
	}
	contest := &definition.Contests[definition.Units[d.Unit].Contest]
	if len(d.Counts) != 2*contest.Lanes {
		return fmt.Errorf("%d counts for %d lanes", len(d.Counts), contest.Lanes)
	}
	for i, count := range d.Counts {
		if count > contest.Rule.Max[i]*unit.NonEmpty {
			return fmt.Errorf("count %d is more than so many ballots can give", i)
		}
	}
	if !unit.CountsHold(d.Counts, int(definition.Threshold)) {
		return errors.New("the counts are not what the decrypted sums contain")
	}
	return nil
}

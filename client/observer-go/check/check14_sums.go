package check

import (
	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
)

// check14 is SPEC §15, check 14: the encrypted sums are those of the ballots.
type check14 struct{ findings }

func (c *check14) after(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.Updates:
		if c.w.batch.poll == nil {
			return // check 12 has said so
		}
		c.items++
		if d.SumsHash != c.w.batch.sums {
			c.fail(e, "the poll's sums after the batch are not those of its ballots")
		}
	case *record.Aggregate:
		for i := range d.Units {
			if d.Units[i].Unit >= uint64(len(c.w.tally.Units)) {
				continue // check 15 says so
			}
			c.items++
			if !c.sameSums(&d.Units[i]) {
				c.fail(e, "the sums of unit %d are not those of its ballots", d.Units[i].Unit)
			}
		}
	}
}

func (c *check14) sameSums(unit *record.UnitSums) bool {
	computed := &c.w.tally.Units[unit.Unit]
	if len(unit.C) != len(computed.C) {
		return false
	}
	affine := curve.ToAffine(append([]curve.Point{computed.R}, computed.C...))
	for i, written := range append([]record.Point{unit.R}, unit.C...) {
		if record.Point(affine[i].Bytes()) != written {
			return false
		}
	}
	return true
}

package check

import "urna/client/observer-go/record"

// check18 is SPEC §15, check 18: the certified result is the counted one.
type check18 struct{ findings }

func (c *check18) before(e *record.Entry) {
	d, ok := e.Data.(*record.Certify)
	if !ok {
		return
	}
	c.items += len(c.w.tally.Units)
	if !c.w.tally.Final() {
		c.fail(e, "a unit has no final state")
		return
	}
	if d.ResultHash != c.w.tally.ResultHash() {
		c.fail(e, "the certified result is not the counted one")
	}
}

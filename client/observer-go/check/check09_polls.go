package check

import (
	"urna/client/observer-go/record"
)

// check09 is SPEC §15, check 9: each poll uses the right roll, rules and keys.
type check09 struct {
	findings
	ready map[uint64]bool
}

func (c *check09) after(e *record.Entry) {
	d, ok := e.Data.(*record.PollReady)
	if !ok {
		return
	}
	c.items++
	if c.ready[d.Poll] || d.Poll >= uint64(len(c.w.definition.Polls)) {
		c.fail(e, "poll %d is unknown, or ready a second time", d.Poll)
		return
	}
	if c.ready == nil {
		c.ready = map[uint64]bool{}
	}
	c.ready[d.Poll] = true
	if c.w.constants(d.Poll) == nil {
		c.fail(e, "before roll and keys were there")
		return
	}
	version, district := c.w.roll.Sealed, c.w.definition.Polls[d.Poll].District
	if d.Root != version.Roots[district] || d.Members != uint64(len(version.Members[district])) {
		c.fail(e, "root or number of members are not those of the sealed roll")
	}
	if c.w.proofs == nil {
		c.fail(e, "the circuit's key is not published")
		return
	}
	x, y := c.w.proofs.K.X.Bytes(), c.w.proofs.K.Y.Bytes()
	if d.K != record.Point(append(x[:], y[:]...)) {
		c.fail(e, "the poll's part of the verifying equation is not what follows from its constants")
	}
}

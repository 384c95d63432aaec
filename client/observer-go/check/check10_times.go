package check

import (
	"errors"
	"strings"

	"urna/client/observer-go/record"
)

// check10 is SPEC §15, check 10: everything happened in its time.
type check10 struct {
	findings
	last       *record.Entry
	extensions int
	approvals  int
}

const maxExtensions = 64

func (c *check10) before(e *record.Entry) {
	if e.Data == nil {
		return
	}
	c.order(e)
	c.last = e
	c.items++
	if !c.inPhase(e) {
		c.fail(e, "not in phase %s", c.w.timeline.Phase(e.Time))
	}
	if d, ok := e.Data.(*record.Extend); ok {
		c.failIf(e, c.extension(d, e.Time))
	}
}

func (c *check10) order(e *record.Entry) {
	if e.Seq != uint64(c.items) {
		c.fail(e, "the entry should have number %d", c.items)
	}
	if c.last == nil {
		return
	}
	if e.Block < c.last.Block || e.Time < c.last.Time {
		c.fail(e, "block or time go back")
	}
	if e.Block == c.last.Block && e.Time != c.last.Time {
		c.fail(e, "two times in one block")
	}
}

func (c *check10) extension(d *record.Extend, time uint64) error {
	t, times := c.w.timeline, &c.w.definition.Times
	c.extensions++
	switch {
	case c.extensions > maxExtensions:
		return errors.New("more than 64 extensions")
	case time >= t.SettledAt():
		return errors.New("extended after the election was settled")
	case d.ClosesAt <= t.ClosesAt() || d.ClosesAt <= time:
		return errors.New("an extension that does not extend")
	case d.ClosesAt > times.ClosesAt+times.MaxExtensionSeconds:
		return errors.New("extended beyond the bound of the definition")
	}
	return nil
}

// inPhase is SPEC §15.3.
func (c *check10) inPhase(e *record.Entry) bool {
	t, times, time := c.w.timeline, &c.w.definition.Times, e.Time
	phase := t.Phase(time)
	switch e.Kind {
	case "deployment", "defined":
		return !t.Approved
	case "approve":
		c.approvals++
		return t.Defined && c.approvals == 1 && time < times.RegistrationOpens
	case "credentials":
		return t.InForce() && time < times.RegistrationOpens
	case "roll-begin", "roll-members", "roll-complete":
		open := phase == "challenge" || phase == "cancelled" && e.Kind != "roll-begin"
		return open && t.CredentialsSealed && !t.RollSealed
	case "seal":
		return t.InForce() && time < t.ClosesAt()
	case "ceremony-finish":
		return t.InForce() && !t.KeysMade && time < t.ClosesAt()
	case "poll-ready":
		return t.RollSealed && t.KeysMade
	case "updates":
		return phase == "open"
	case "aggregate":
		return phase == "closed" && time >= t.SettledAt()
	case "decryption", "counts":
		return phase == "closed"
	case "certify":
		return phase == "counted"
	case "extend", "cancel":
		return t.InForce() && !t.Decrypted && !t.Counted && !t.Certified
	case "anchor":
		return t.InForce() && time >= t.GraceEnds()
	}
	return strings.HasPrefix(e.Kind, "ceremony-") && t.InForce() && !t.KeysMade
}

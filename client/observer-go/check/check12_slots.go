package check

import (
	"errors"
	"fmt"

	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
)

// check12 is SPEC §15, check 12: no ballot was lost, replaced or counted twice.
type check12 struct{ findings }

// maxUpdates is how many updates a transaction may hold (SPEC §11.3).
const maxUpdates = 200

func (c *check12) after(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.Updates:
		c.updates(e, d)
	case *record.Aggregate:
		for _, unit := range d.Units {
			if unit.Unit < uint64(len(c.w.tally.Units)) && unit.NonEmpty != c.w.tally.Units[unit.Unit].NonEmpty {
				c.fail(e, "unit %d has another number of ballots", unit.Unit)
			}
		}
	}
}

func (c *check12) updates(e *record.Entry, d *record.Updates) {
	batch := c.w.batch
	if batch.poll == nil {
		c.fail(e, "poll %d is not ready", d.Poll)
		return
	}
	c.items += len(batch.updates)
	if batch.err != nil {
		c.fail(e, "%v", batch.err)
		return
	}
	if count := len(batch.updates); count < 1 || count > maxUpdates {
		c.fail(e, "a batch of %d updates", count)
	}
	if replay.BitsBeyond(d.Skipped, len(batch.updates)) {
		c.fail(e, "skip bits beyond the last update")
	}
	for i, update := range batch.updates {
		if err := judge(update); err != nil {
			c.failIf(e, fmt.Errorf("update %d %w", i, err))
		}
	}
	if d.NonEmpty != batch.poll.NonEmpty() {
		c.fail(e, "the poll has %d ballots, not %d", batch.poll.NonEmpty(), d.NonEmpty)
	}
}

func judge(u *replay.Update) error {
	if !u.Skipped && !u.StateFits {
		return errors.New("took effect although the slot was not in the state that it names, or the poll was full")
	}
	if u.Skipped && u.StateFits && u.NewRound && u.SenderMay {
		return errors.New("was skipped although nothing was against it")
	}
	return nil
}

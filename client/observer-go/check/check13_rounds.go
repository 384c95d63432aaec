package check

import "urna/client/observer-go/record"

// check13 is SPEC §15, check 13: ballots were updated in turn by who might do so.
type check13 struct{ findings }

func (c *check13) after(e *record.Entry) {
	d, ok := e.Data.(*record.Updates)
	if !ok || c.w.batch.poll == nil || c.w.batch.err != nil {
		return
	}
	if d.Round != c.w.batch.round {
		c.fail(e, "the batch is of round %d, its time of round %d", d.Round, c.w.batch.round)
	}
	for i, update := range c.w.batch.updates {
		c.items++
		if update.Skipped {
			continue
		}
		if !update.NewRound {
			c.fail(e, "update %d is the second of its slot in a round", i)
		}
		if !update.SenderMay {
			c.fail(e, "the sender of update %d might not post it then", i)
		}
	}
}

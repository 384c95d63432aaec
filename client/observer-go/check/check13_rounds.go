package check

import (
	"fmt"

	"urna/client/observer-go/record"
)

// check13 is SPEC §15, check 13: ballots were updated in turn by who might do so. Boxes that left their pattern are named (§15.6).
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

// end tells of turns in rounds that are over, in which slots were updated by others than their box, or not at all.
func (c *check13) end() {
	boxes, first := 0, ""
	for _, round := range c.w.turns.Rounds() {
		for _, b := range round.Boxes {
			if !round.Over || b.ByBox == b.Due {
				continue
			}
			boxes++
			if first == "" {
				first = fmt.Sprintf(" In round %d %s updated %d of the %d slots of its turn, other boxes %d, others %d; %d were left.",
					round.Round, b.Box, b.ByBox, b.Due, b.ByOtherBoxes, b.ByOthers, b.Missing)
			}
		}
	}
	if c.told = first; boxes > 1 {
		c.told += fmt.Sprintf(" In all %d turns were not kept.", boxes)
	}
}

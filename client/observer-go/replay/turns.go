package replay

import (
	"math/big"

	"urna/client/observer-go/words"
)

// Turns is who may update what and when, and how boxes kept to it (SPEC §9, §15.6). It keeps sums only: in round r a
// slot's box is r further than in round 0, so it is enough to know how many slots began with which.
type Turns struct {
	Timeline  *Timeline
	RootsHash words.Word

	until     uint64 // the record tells of the election up to here
	cancelled bool
	entered   map[uint64][]uint64  // by round and box in round 0: slots that ceased to be empty
	updated   map[uint64][]updated // by round and box: slots that were due to it, and updated
}

// updated counts by sender.
type updated struct{ byBox, byOtherBoxes, byOthers uint64 }

// BoxTurns is how the slots that were due to a box in a round were updated; Due is the sum of the others.
type BoxTurns struct {
	Box          string `json:"box"`
	Due          uint64 `json:"due"`
	ByBox        uint64 `json:"byBox"`
	ByOtherBoxes uint64 `json:"byOtherBoxes"`
	ByOthers     uint64 `json:"byOthers"`
	Missing      uint64 `json:"missing"`
}

// RoundTurns is a round that has begun, with its boxes in the definition's order.
type RoundTurns struct {
	Round    uint64     `json:"round"`
	StartsAt uint64     `json:"startsAt"`
	EndsAt   uint64     `json:"endsAt"`
	Over     bool       `json:"over"`
	Boxes    []BoxTurns `json:"boxes"`
}

// NewTurns begins before the opening.
func NewTurns(t *Timeline) *Turns {
	return &Turns{Timeline: t, entered: map[uint64][]uint64{}, updated: map[uint64][]updated{}}
}

// Reach notes how far the record goes: nobody has a turn in a cancelled election.
func (t *Turns) Reach(time uint64, cancels bool) {
	if !t.cancelled {
		t.until, t.cancelled = max(t.until, time), cancels
	}
}

func (t *Turns) boxes() uint64 { return uint64(len(t.Timeline.Definition.Boxes)) }

// firstBox is the box of a slot in round 0 (SPEC §2).
func (t *Turns) firstBox(nullifier words.Word) uint64 {
	number := words.H("box", t.RootsHash, nullifier).Big()
	return number.Rsh(number, 1).Mod(number, new(big.Int).SetUint64(t.boxes())).Uint64()
}

// mayFirst is the rule of SPEC §11.3 for first casts; outside voting time nobody has a turn (§15.4).
func (t *Turns) mayFirst(sender words.Address, time uint64) bool {
	return t.Timeline.Voting(time) && (time < t.Timeline.ClosesAt() || t.Timeline.Definition.BoxNumber(sender) >= 0)
}

// mayUpdate is that for later updates.
func (t *Turns) mayUpdate(firstBox uint64, sender words.Address, time uint64) bool {
	if !t.Timeline.Voting(time) {
		return false
	}
	round, start, end := t.Timeline.Round(time)
	box := t.Timeline.Definition.BoxNumber(sender)
	if box >= 0 && uint64(box) == (firstBox+round)%t.boxes() {
		return true
	}
	return 4*(time-start) >= 3*(end-start) && (box >= 0 || time < t.Timeline.ClosesAt())
}

// enter notes that a slot ceased to be empty.
func (t *Turns) enter(firstBox, round uint64) {
	if t.entered[round] == nil {
		t.entered[round] = make([]uint64, t.boxes())
	}
	t.entered[round][firstBox]++
}

// update notes the first update in a round of a slot that was occupied before it.
func (t *Turns) update(firstBox, round uint64, sender words.Address) {
	if t.updated[round] == nil {
		t.updated[round] = make([]updated, t.boxes())
	}
	due, from := (firstBox+round)%t.boxes(), t.Timeline.Definition.BoxNumber(sender)
	switch counts := &t.updated[round][due]; {
	case from >= 0 && uint64(from) == due:
		counts.byBox++
	case from >= 0:
		counts.byOtherBoxes++
	default:
		counts.byOthers++
	}
}

// Rounds is what the record shows of each round that has begun.
func (t *Turns) Rounds() []RoundTurns {
	all, occupied, boxes := []RoundTurns{}, make([]uint64, t.boxes()), t.boxes()
	for round, span := range t.Timeline.Rounds() {
		number := uint64(round)
		turns := RoundTurns{Round: number, StartsAt: span[0], EndsAt: span[1], Over: span[1] <= t.until, Boxes: []BoxTurns{}}
		for i, box := range t.Timeline.Definition.BoxIDs {
			by := updated{}
			if t.updated[number] != nil {
				by = t.updated[number][i]
			}
			due := occupied[(uint64(i)+number*(boxes-1))%boxes]
			missing := due - by.byBox - by.byOtherBoxes - by.byOthers
			turns.Boxes = append(turns.Boxes, BoxTurns{box, due, by.byBox, by.byOtherBoxes, by.byOthers, missing})
		}
		if span[0] <= t.until {
			all = append(all, turns)
		}
		for first, count := range t.entered[number] {
			occupied[first] += count
		}
	}
	return all
}

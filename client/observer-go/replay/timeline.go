package replay

import "urna/client/observer-go/definition"

// Timeline is what phases and rounds follow from (SPEC §9, §12, §15.3).
type Timeline struct {
	Definition                              *definition.Definition
	Defined, Approved, Cancelled, Certified bool
	CredentialsSealed, RollSealed, KeysMade bool
	Decrypted, Counted                      bool
	// Closes holds closesAt as defined and after each extension.
	Closes []uint64

	rounds   [][2]uint64 // with so many closings
	closings int
}

// NewTimeline begins before the deployment.
func NewTimeline(d *definition.Definition) *Timeline {
	return &Timeline{Definition: d, Closes: []uint64{d.Times.ClosesAt}}
}

// ClosesAt is the closing time now in force.
func (t *Timeline) ClosesAt() uint64 { return t.Closes[len(t.Closes)-1] }

// GraceEnds is the end of the grace.
func (t *Timeline) GraceEnds() uint64 { return t.ClosesAt() + t.Definition.Times.GraceSeconds }

// SettledAt is from when sums may be aggregated.
func (t *Timeline) SettledAt() uint64 { return t.GraceEnds() + t.Definition.Times.SettleSeconds }

// InForce: approved and not cancelled.
func (t *Timeline) InForce() bool { return t.Approved && !t.Cancelled }

// Phase is the contract's phase at a time (SPEC §12.1).
func (t *Timeline) Phase(time uint64) string {
	times := &t.Definition.Times
	switch {
	case t.Cancelled:
		return "cancelled"
	case t.Certified:
		return "certified"
	case t.Counted:
		return "counted"
	case !t.Approved || time < times.RegistrationOpens:
		return "defined"
	case time < times.RegistrationCloses:
		return "registering"
	case !t.RollSealed || !t.KeysMade:
		return "challenge"
	case time < times.OpensAt:
		return "ready"
	case time < t.GraceEnds():
		return "open"
	}
	return "closed"
}

// Round is the mask round that a time counts for, with its start and end; before the opening that is the first, after
// the grace the last (SPEC §9, §15.4).
func (t *Timeline) Round(time uint64) (round, start, end uint64) {
	rounds := t.Rounds()
	for i, span := range rounds {
		if span[0] <= time && time < span[1] {
			return uint64(i), span[0], span[1]
		}
	}
	last := len(rounds) - 1
	if time < t.Definition.Times.OpensAt {
		last = 0
	}
	return uint64(last), rounds[last][0], rounds[last][1]
}

// Voting tells whether a time is in any round.
func (t *Timeline) Voting(time uint64) bool {
	_, start, end := t.Round(time)
	return start <= time && time < end
}

// Rounds are start and end of every round (SPEC §9): equal parts of the voting time as defined, one more for each
// extension, and the last from the current closing to the end of the grace.
func (t *Timeline) Rounds() [][2]uint64 {
	if t.closings == len(t.Closes) {
		return t.rounds
	}
	opens, closes, parts := t.Definition.Times.OpensAt, t.Closes[0], t.Definition.MaskRounds
	bounds := make([]uint64, 0, int(parts)+len(t.Closes)+1)
	for i := range parts {
		bounds = append(bounds, opens+i*(closes-opens)/parts)
	}
	bounds = append(append(bounds, t.Closes...), t.GraceEnds())
	t.rounds, t.closings = nil, len(t.Closes)
	for i, bound := range bounds[1:] {
		t.rounds = append(t.rounds, [2]uint64{bounds[i], bound})
	}
	return t.rounds
}

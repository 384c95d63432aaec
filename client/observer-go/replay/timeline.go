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

// Round is the mask round of a time with its start and end (SPEC §9): equal parts of the voting time as defined, one
// more for each extension, and the last from the current closing to the end of the grace.
func (t *Timeline) Round(time uint64) (round, start, end uint64) {
	opens, closes, parts := t.Definition.Times.OpensAt, t.Closes[0], t.Definition.MaskRounds
	boundary := func(i uint64) uint64 { return opens + i*(closes-opens)/parts }
	for i := range parts {
		if time < boundary(i+1) {
			return i, boundary(i), boundary(i + 1)
		}
	}
	for i := 1; i < len(t.Closes); i++ {
		if time < t.Closes[i] {
			return parts + uint64(i-1), t.Closes[i-1], t.Closes[i]
		}
	}
	return parts + uint64(len(t.Closes)-1), t.ClosesAt(), t.GraceEnds()
}

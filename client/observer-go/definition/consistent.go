package definition

import (
	"errors"

	"urna/client/observer-go/words"
)

// consistent checks what the members mean together (SPEC §3.2); merges and references were checked on the way.
func (d *Definition) consistent() error {
	for _, check := range []struct {
		ok   bool
		code string
	}{
		{d.timesInOrder(), "definition/times"},
		{d.allDifferent(), "definition/duplicate"},
		{d.Quorum <= uint64(len(d.Officers)), "definition/quorum"},
		{d.Threshold <= uint64(len(d.Trustees)), "definition/threshold"},
		{d.BoxNumber(d.Registrar) < 0, "definition/roles"},
		{d.partition(), "definition/unit-overlap or definition/district-unused"},
		{len(d.Polls) < 65535 && uint64(len(d.Trustees))*d.Threshold*uint64(d.Lanes) <= 1024, "definition/size"},
		{d.assured(), "definition/assurance"},
		{d.validatorsInOrder() && d.sealed(), "definition/validators"},
	} {
		if !check.ok {
			return errors.New(check.code)
		}
	}
	for i := range d.Contests {
		contest, voters := &d.Contests[i], uint64(0)
		for _, poll := range d.Polls[contest.FirstPoll : contest.FirstPoll+contest.PollCount] {
			voters += d.Districts[poll.District].Voters
		}
		if err := contest.Rule.countable(voters); err != nil {
			return err
		}
	}
	return nil
}

func (d *Definition) validatorsInOrder() bool {
	for i := 1; i < len(d.Validators); i++ {
		if string(d.Validators[i-1][:]) >= string(d.Validators[i][:]) {
			return false
		}
	}
	return len(d.Validators) == 0 || d.Profile != "embedded"
}

// sealed: a binding election names who seals its chain (SPEC §14.8); on the embedded one there is none.
func (d *Definition) sealed() bool {
	return d.Environment != "binding" || d.Profile == "embedded" || len(d.Validators) > 0
}

func (d *Definition) timesInOrder() bool {
	t := &d.Times
	return t.RegistrationOpens < t.RegistrationCloses && t.RegistrationCloses+t.ChallengeSeconds <= t.OpensAt &&
		t.OpensAt+4*d.MaskRounds <= t.ClosesAt
}

func (d *Definition) allDifferent() bool {
	ids := map[string]bool{}
	for _, district := range d.Districts {
		ids["district "+district.ID] = true
	}
	for _, contest := range d.Contests {
		ids["contest "+contest.ID] = true
	}
	return different(d.Officers) && different(d.Trustees) && different(d.Boxes) && len(ids) == len(d.Districts)+len(d.Contests)
}

func different(addresses []words.Address) bool {
	set := map[words.Address]bool{}
	for _, address := range addresses {
		set[address] = true
	}
	return len(set) == len(addresses)
}

// partition: no district twice in a contest, and every district in some contest.
func (d *Definition) partition() bool {
	used, seen := map[int]bool{}, map[[2]int]bool{}
	for _, poll := range d.Polls {
		used[poll.District] = true
		seen[[2]int{poll.Contest, poll.District}] = true
	}
	return len(used) == len(d.Districts) && len(seen) == len(d.Polls)
}

func (d *Definition) assured() bool {
	return d.Environment != "binding" ||
		d.Assurance == "two-office" && d.Profile != "embedded" && d.Threshold >= 2 && d.Quorum >= 2
}

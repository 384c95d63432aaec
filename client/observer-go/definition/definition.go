// Package definition reads election.json (SPEC §3) and derives polls, units, rules and the chain's configuration from it.
package definition

import (
	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Definition is what the checks need of election.json; Bytes is the file.
type Definition struct {
	Bytes           []byte
	Hash            words.Word
	Environment     string
	Assurance       string
	ChainID         uint64
	Profile         string
	Validators      []words.Address // none where seals are not checked
	Times           Times
	Registrar       words.Address
	Officers        []words.Address
	Quorum          uint64
	Trustees        []words.Address
	Threshold       uint64
	Boxes           []words.Address
	BoxIDs          []string // in the same order
	MaskRounds      uint64
	Districts       []District
	Contests        []Contest
	MinAnonymitySet uint64
	SetupHash       words.Word

	// Units and Polls are numbered globally (SPEC §2).
	Units []Unit
	Polls []Poll
	// Lanes is the largest number of lanes that a contest has: those of the key ceremony.
	Lanes int
}

// Times in Unix seconds and seconds.
type Times struct {
	RegistrationOpens, RegistrationCloses, ChallengeSeconds uint64
	OpensAt, ClosesAt, GraceSeconds, SettleSeconds          uint64
	MaxExtensionSeconds                                     uint64
}

// District has at most so many voters.
type District struct {
	ID     string
	Voters uint64
}

// Contest with its rule (SPEC §8).
type Contest struct {
	ID       string
	Options  int
	Rule     Rule
	Lanes    int
	Withhold bool
	// FirstUnit and UnitCount are its place among all units; likewise its polls.
	FirstUnit, UnitCount int
	FirstPoll, PollCount int
}

// Unit is a tally unit; MergeInto is a global number, or −1.
type Unit struct {
	ID        string
	Contest   int
	Districts []int
	MergeInto int
}

// Poll is a contest in a district.
type Poll struct{ Contest, District, Unit int }

// Decode reads a definition; every problem makes it unreadable.
func Decode(text []byte) (*Definition, error) {
	value, err := canon.ParseCanonical(text)
	if err != nil {
		return nil, err
	}
	s := &shape{}
	d := s.definition(value)
	if s.err != nil {
		return nil, s.err
	}
	d.Bytes, d.Hash = text, words.Keccak(text)
	if err := d.consistent(); err != nil {
		return nil, err
	}
	return d, nil
}

// BoxNumber is the index of an address among the boxes, or −1.
func (d *Definition) BoxNumber(address words.Address) int {
	for i, box := range d.Boxes {
		if box == address {
			return i
		}
	}
	return -1
}

// OfficerSet is the officers by address.
func (d *Definition) OfficerSet() map[words.Address]bool {
	set := map[words.Address]bool{}
	for _, officer := range d.Officers {
		set[officer] = true
	}
	return set
}

package check

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// check07 is SPEC §15, check 7: the roll is exactly the registrations. Members are compared with them in the version
// that stands at the end only: what challenges put right was wrong before.
type check07 struct{ findings }

func (c *check07) before(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.RollBegin:
		c.begin(e, d)
	case *record.RollMembers:
		c.members(e, d)
	case *record.RollComplete:
		if !c.w.roll.UnderWay(d.Version) {
			c.fail(e, "version %d is not under way", d.Version)
		}
	case *record.Seal:
		c.seal(e, d)
	}
}

func (c *check07) after(e *record.Entry) {
	if d, ok := e.Data.(*record.RollComplete); ok {
		c.complete(e, d)
	}
}

func (c *check07) sender(e *record.Entry, sender words.Address) {
	if sender != c.w.definition.Registrar {
		c.fail(e, "not sent by the registrar")
	}
}

func (c *check07) begin(e *record.Entry, d *record.RollBegin) {
	c.sender(e, d.Sender)
	next := uint64(1)
	if newest := c.w.roll.Newest; newest != nil {
		next = newest.Number + 1
	}
	if d.Version != next {
		c.fail(e, "version %d begins where %d is next", d.Version, next)
	}
	if d.Version < 2 {
		return
	}
	changes, err := c.w.reasoned(d)
	c.items += changes
	c.failIf(e, err)
}

// reasoned checks that a version differs from its predecessor exactly by the reasons that are on chain (SPEC §6), and
// counts the reasons where all files that this takes can be read.
func (w *world) reasoned(d *record.RollBegin) (changes int, err error) {
	text, err := w.read(fmt.Sprintf("reasons-%d.json", d.Version))
	if err != nil {
		return 0, fmt.Errorf("the reasons of version %d are not published", d.Version)
	}
	version, reasons, err := published.DecodeReasons(text)
	if err != nil {
		return 0, err
	}
	newer, err := w.registrations(d.Version)
	if err != nil {
		return 0, err
	}
	defer newer.Close()
	older, err := w.registrations(d.Version - 1)
	if err != nil {
		return 0, err
	}
	defer older.Close()
	differences, err := published.Differences(older, newer)
	if err != nil {
		return 0, err
	}
	if words.Keccak(text) != d.ReasonsHash {
		return len(reasons), errors.New("the published reasons have another hash than on chain")
	}
	if version != d.Version || !slices.Equal(differences, reasons) {
		return len(reasons), errors.New("the version differs from its predecessor otherwise than by its reasons")
	}
	return len(reasons), nil
}

// registrations opens a version's file. Those of all versions before must be there too: without them nobody can say
// what led to it.
func (w *world) registrations(version uint64) (io.ReadCloser, error) {
	for number := uint64(1); number < version; number++ {
		file, err := w.files.File(fmt.Sprintf("registrations-%d.jsonl", number))
		if err != nil {
			return nil, fmt.Errorf("the registrations of version %d are not published", number)
		}
		file.Close()
	}
	file, err := w.files.File(fmt.Sprintf("registrations-%d.jsonl", version))
	if err != nil {
		return nil, fmt.Errorf("the registrations of version %d are not published", version)
	}
	// So many keys can be sealed at most, and so many in reserve.
	var voters uint64
	for _, district := range w.definition.Districts {
		voters += district.Voters
	}
	return published.AtMost(2*voters, file), nil
}

func (c *check07) members(e *record.Entry, d *record.RollMembers) {
	c.sender(e, d.Sender)
	c.items += len(d.Commitments)
	version := c.w.roll.Newest
	if version == nil || version.Number != d.Version || version.Complete {
		c.fail(e, "version %d is not under way", d.Version)
		return
	}
	if d.District >= uint64(len(version.Members)) {
		c.fail(e, "there is no district %d", d.District)
		return
	}
	last, before := words.Word{}, version.Members[d.District]
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	var element fr.Element
	for _, commitment := range d.Commitments {
		if !last.Less(commitment) {
			c.fail(e, "members are not strictly increasing from above 0")
		}
		if element.SetBytesCanonical(commitment[:]) != nil {
			c.fail(e, "a member is not below r")
		}
		last = commitment
	}
	if uint64(len(before)+len(d.Commitments)) > c.w.sealedCount(d.District) {
		c.fail(e, "district %d has more members than sealed credentials", d.District)
	}
}

func (w *world) sealedCount(district uint64) uint64 {
	if district < uint64(len(w.sealed)) {
		return w.sealed[district].Count
	}
	return 0
}

func (c *check07) complete(e *record.Entry, d *record.RollComplete) {
	c.sender(e, d.Sender)
	version := c.w.roll.Newest
	if version == nil || version.Number != d.Version {
		return // refused before
	}
	var numbers []uint64
	for _, members := range version.Members {
		numbers = append(numbers, uint64(len(members)))
	}
	if !slices.Equal(d.Members, numbers) || !slices.Equal(d.Roots, version.Roots) {
		c.fail(e, "roots or numbers of members are not those of the posted members")
	}
}

func (c *check07) end() {
	version := c.w.roll.Standing()
	if version == nil {
		return
	}
	if err := c.w.registered(version.Number, version.Members); err != nil {
		c.failAt("Version %d of the roll: %v.", version.Number, err)
	}
}

// registered compares members with the commitments of the version's published registrations.
func (w *world) registered(version uint64, members [][]words.Word) error {
	file, err := w.registrations(version)
	if err != nil {
		return err
	}
	defer file.Close()
	commitments := make([][]words.Word, len(members))
	err = published.EachRegistration(file, func(r *published.Registration) error {
		// One in a district that there is not belongs to no roll; check 6 refuses it.
		if !r.Revoked && r.District < uint64(len(commitments)) {
			commitments[r.District] = append(commitments[r.District], r.Commitment)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for district := range members {
		slices.SortFunc(commitments[district], func(a, b words.Word) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(commitments[district], members[district]) {
			return fmt.Errorf("the members of district %d are not the registered commitments", district)
		}
	}
	return nil
}

func (c *check07) seal(e *record.Entry, d *record.Seal) {
	version := c.w.roll.Newest
	switch {
	case c.w.timeline.RollSealed:
		c.fail(e, "the roll is sealed already")
	case version == nil || version.Number != d.Version || !version.Complete:
		c.fail(e, "version %d is not the newest complete one", d.Version)
	case e.Time < version.CompletedAt+c.w.definition.Times.ChallengeSeconds:
		c.fail(e, "sealed before the time to challenge was over")
	case d.RegistrationsRoot != version.RegistrationsRoot:
		c.fail(e, "another root of registrations than the version's")
	case d.SealedRootsHash != version.RootsHash():
		c.fail(e, "another hash of roots than the version's")
	}
}

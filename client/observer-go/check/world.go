// Package check is the numbered checks that define a correct election (SPEC §15), one file each.
package check

import (
	"bytes"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/definition"
	"urna/client/observer-go/groth16"
	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/words"
)

// Files opens published files by their names of SPEC §14.5.
type Files interface {
	File(name string) (io.ReadCloser, error)
}

// world is the election so far: what the definition says, and what the replay made of the entries before.
type world struct {
	files      Files
	build      map[string]published.Code
	definition *definition.Definition
	place      replay.Place
	defined    *record.Defined // the first
	circuits   map[int]*published.Circuit

	timeline *replay.Timeline
	roll     replay.Roll
	ceremony *replay.Ceremony
	polls    map[uint64]*replay.Poll
	tally    *replay.Tally
	turns    *replay.Turns
	sealed   []record.SealedList
	lists    map[int]*published.CredentialList
	hashes   []words.Word // h after so many entries (SPEC §14.4)

	moved bool // ballots changed since units were summed up

	// of the entry that was followed last
	ceremonyErr error
	batch       *batch
	proofs      *groth16.Poll
}

// batch is an entry of updates as replayed.
type batch struct {
	poll    *replay.Poll
	updates []*replay.Update
	err     error
	round   uint64
	sums    words.Word
}

// read returns a published file whole; one that has more bytes than its name allows is an error.
func (w *world) read(name string) ([]byte, error) {
	most, _ := record.MostBytes(name)
	file, err := w.files.File(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var text bytes.Buffer
	_, err = io.Copy(&text, io.LimitReader(file, int64(most)+1))
	if err == nil && uint64(text.Len()) > most {
		err = fmt.Errorf("%s has more than %d bytes", name, most)
	}
	return text.Bytes(), err
}

func newWorld(files Files, build map[string]published.Code, d *definition.Definition) *world {
	w := &world{files: files, build: build, definition: d, timeline: replay.NewTimeline(d), polls: map[uint64]*replay.Poll{},
		place: replay.Place{ChainID: d.ChainID}}
	w.tally = replay.NewTally(d, w.polls)
	w.turns = replay.NewTurns(w.timeline)
	w.loadCircuits()
	return w
}

// loadCircuits reads the circuits in use; one without both files is missing (check 3).
func (w *world) loadCircuits() {
	w.circuits = map[int]*published.Circuit{}
	for _, contest := range w.definition.Contests {
		folder := "circuits/" + published.CircuitName(contest.Lanes) + "/"
		vkey, err1 := w.read(folder + "vkey.json")
		manifest, err2 := w.read(folder + "manifest.json")
		if err1 != nil || err2 != nil {
			continue
		}
		w.circuits[contest.Lanes] = published.ReadCircuit(contest.Lanes, vkey, manifest)
	}
}

// definitionHash is the one that `defined` says, with which credentials and registrations were made; check 1 compares
// it with election.json.
func (w *world) definitionHash() words.Word {
	if w.defined == nil {
		return words.Word{}
	}
	return w.defined.DefinitionHash
}

// prepare brings the units' sums up to date before an entry that is judged by them.
func (w *world) prepare(e *record.Entry) {
	switch e.Data.(type) {
	case *record.Aggregate, *record.Decryption, *record.Counts, *record.Certify:
		if w.moved {
			w.tally.Sum()
			w.moved = false
		}
	}
}

// follow lets an entry take effect, as the record says it did.
func (w *world) follow(e *record.Entry) {
	w.ceremonyErr, w.batch, w.proofs = nil, nil, nil
	if e.Data != nil {
		w.turns.Reach(e.Time, e.Kind == "cancel")
	}
	switch d := e.Data.(type) {
	case *record.Defined:
		w.followDefined(d)
	case *record.Approve:
		w.timeline.Approved = true
	case *record.Credentials:
		w.timeline.CredentialsSealed = true
		if w.sealed == nil {
			w.sealed = d.Lists
		}
	case *record.RollBegin:
		w.roll.Begin(d.Version, d.RegistrationsRoot, d.ReasonsHash, len(w.definition.Districts))
	case *record.RollMembers:
		w.followMembers(d)
	case *record.RollComplete:
		if w.roll.UnderWay(d.Version) {
			w.roll.Finish(e.Time)
		}
	case *record.Seal:
		w.followSeal(d)
	case *record.PollReady:
		w.followPollReady(d)
	case *record.Updates:
		w.followUpdates(d, e.Time)
		w.moved = true
	case *record.Extend:
		w.timeline.Closes = append(w.timeline.Closes, d.ClosesAt)
	case *record.Cancel:
		w.timeline.Cancelled = true
	case *record.Certify:
		w.timeline.Certified = true
	default:
		w.followCeremony(e)
		w.followTally(e)
	}
}

func (w *world) followDefined(d *record.Defined) {
	w.timeline.Defined = true
	if w.defined != nil {
		return
	}
	w.defined = d
	w.place = replay.Place{ChainID: d.ChainID, Election: d.Election}
	w.ceremony = replay.NewCeremony(w.place, w.definition.Trustees, w.definition.Threshold, w.definition.Lanes,
		w.definition.Times.ChallengeSeconds)
	// The first attempt's deadline is fixed, so that it does not matter here when the approval opened it.
	w.ceremony.Open(w.definition.Times.RegistrationOpens + w.definition.Times.ChallengeSeconds)
}

func (w *world) followMembers(d *record.RollMembers) {
	for _, commitment := range d.Commitments {
		var element fr.Element
		if element.SetBytesCanonical(commitment[:]) != nil {
			return // no tree has such a leaf
		}
	}
	if w.roll.UnderWay(d.Version) && d.District < uint64(len(w.definition.Districts)) {
		members := &w.roll.Newest.Members[d.District]
		*members = append(*members, d.Commitments...)
	}
}

func (w *world) followSeal(d *record.Seal) {
	w.timeline.RollSealed = true
	if version := w.roll.Newest; version != nil && version.Number == d.Version && version.Complete && w.roll.Sealed == nil {
		w.roll.Sealed = version
		w.turns.RootsHash = version.RootsHash()
	}
}

// constants are a poll's, or nil before roll and keys are there.
func (w *world) constants(number uint64) []fr.Element {
	version := w.roll.Sealed
	if number >= uint64(len(w.definition.Polls)) || version == nil || w.ceremony == nil || w.ceremony.PK == nil {
		return nil
	}
	poll := w.definition.Polls[number]
	contest := &w.definition.Contests[poll.Contest]
	return replay.Constants(w.place, number, version.Roots[poll.District], uint64(len(version.Members[poll.District])),
		&contest.Rule, contest.Lanes, w.ceremony.PK, w.ceremony.PK2)
}

func (w *world) followPollReady(d *record.PollReady) {
	constants := w.constants(d.Poll)
	if constants == nil {
		return
	}
	poll := w.definition.Polls[d.Poll]
	lanes := w.definition.Contests[poll.Contest].Lanes
	if circuit := w.circuits[lanes]; circuit != nil && circuit.Key != nil && len(circuit.Key.IC)-1 == 14+12*lanes {
		w.proofs = groth16.NewPoll(circuit.Key, constants)
	}
	if w.polls[d.Poll] == nil {
		members := uint64(len(w.roll.Sealed.Members[poll.District]))
		w.polls[d.Poll] = replay.NewPoll(w.place, d.Poll, lanes, members, w.proofs)
	}
}

func (w *world) followUpdates(d *record.Updates, time uint64) {
	w.batch = &batch{poll: w.polls[d.Poll]}
	if w.batch.poll == nil {
		return
	}
	w.batch.updates, w.batch.err = w.batch.poll.Split(d.Firsts, d.Laters, d.Skipped)
	if w.batch.err == nil {
		w.batch.round, _, _ = w.timeline.Round(time)
		for _, update := range w.batch.updates {
			w.batch.poll.Follow(update, w.turns, d.Sender, time, w.batch.round)
		}
	}
	w.batch.sums = words.Keccak(words.Join(w.batch.poll.SumWords()...))
}

func (w *world) followCeremony(e *record.Entry) {
	if w.ceremony == nil {
		return
	}
	switch d := e.Data.(type) {
	case *record.CeremonyCommit:
		w.ceremonyErr = w.ceremony.Commit(d, e.Time)
	case *record.CeremonyReveal:
		w.ceremonyErr = w.ceremony.Reveal(d, e.Time)
	case *record.CeremonyDeal:
		w.ceremonyErr = w.ceremony.Deal(d, e.Time)
	case *record.CeremonyConfirm:
		w.ceremonyErr = w.ceremony.Confirm(d, e.Time)
	case *record.CeremonyAccuse:
		w.ceremonyErr = w.ceremony.Accuse(d, e.Time)
	case *record.CeremonyAnswer:
		w.ceremonyErr = w.ceremony.Answer(d, e.Time)
	case *record.CeremonyRestart:
		w.ceremonyErr = w.ceremony.Restart(d, e.Time)
	case *record.CeremonyAbort:
		w.ceremonyErr = w.ceremony.Abort(d, e.Time)
	case *record.CeremonyFinish:
		w.ceremonyErr = w.ceremony.Finish(d)
		w.timeline.KeysMade = true
	}
}

func (w *world) followTally(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.Aggregate:
		w.tally.Aggregate(d)
	case *record.Decryption:
		w.timeline.Decrypted = true
		if d.Unit < uint64(len(w.tally.Units)) && replay.Decodable(d) {
			unit := &w.tally.Units[d.Unit]
			unit.Decryptions = append(unit.Decryptions, d)
		}
	case *record.Counts:
		if d.Unit < uint64(len(w.tally.Units)) {
			unit := &w.tally.Units[d.Unit]
			unit.Counts, unit.Counted = d.Counts, true
		}
	default:
		return
	}
	w.timeline.Counted = w.tally.Over()
}

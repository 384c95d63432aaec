package check

import (
	"errors"
	"fmt"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/definition"
	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/words"
)

// Answer is what one numbered check found.
type Answer struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Items  int    `json:"items"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Report is schemas/checks-report.schema.json.
type Report struct {
	Checks    []Answer `json:"checks"`
	OK        bool     `json:"ok"`
	Complete  bool     `json:"complete"`
	Assurance *string  `json:"assurance"`
	Sealed    bool     `json:"sealed"` // the definition names validators (SPEC §14.8)
	Entries   uint64   `json:"entries"`
	// Rounds is how boxes kept to their turns (SPEC §15.6).
	Rounds []replay.RoundTurns `json:"rounds"`
}

// Source is a record that was found whole.
type Source interface {
	Files
	Each(visit func(line []byte, value canon.Value) error) error
}

// Run checks a record; the error is for a record that could not be read again.
func Run(source Source, definitionHash words.Word, build map[string]published.Code) (*Report, error) {
	d, err := readDefinition(source)
	if err != nil {
		return unreadable(err), nil
	}
	w := newWorld(source, build, d)
	w.hashes = []words.Word{record.First(definitionHash)}
	checks := newChecks(w)
	err = source.Each(func(line []byte, value canon.Value) error {
		entry := record.DecodeEntry(value)
		if entry.Err != nil {
			checks[responsible(entry.Kind)-1].found().fail(entry, "cannot be decoded: %v", entry.Err)
		}
		w.prepare(entry)
		for _, check := range checks {
			check.before(entry)
		}
		w.follow(entry)
		for _, check := range checks {
			check.after(entry)
		}
		w.hashes = append(w.hashes, record.Next(w.hashes[len(w.hashes)-1], line))
		return nil
	})
	if err != nil {
		return nil, err
	}
	report := &Report{OK: true}
	for i, check := range checks {
		check.end()
		report.add(i+1, check.found())
	}
	report.Complete = w.timeline.Certified || w.timeline.Cancelled
	report.Assurance, report.Entries = &d.Assurance, uint64(len(w.hashes)-1)
	report.Sealed, report.Rounds = len(d.Validators) > 0, w.turns.Rounds()
	return report, nil
}

func newChecks(w *world) []check {
	f := findings{w: w}
	return []check{
		&check01{findings: f}, &check02{findings: f}, &check03{findings: f}, &check04{findings: f}, &check05{findings: f},
		&check06{findings: f}, &check07{f}, &check08{f}, &check09{findings: f}, &check10{findings: f}, &check11{findings: f},
		&check12{f}, &check13{f}, &check14{f}, &check15{findings: f}, &check16{findings: f}, &check17{f}, &check18{f}, &check19{f},
		&check20{findings: f},
	}
}

// titles are those of SPEC §15, with what is said where nothing was wrong.
var titles = [...][2]string{
	{"The election is the one that was published", "Definition and contracts on chain agree."},
	{"The contracts are the published programs", "Each contract has the published code, its true address, and the right neighbours."},
	{"The proof system is the published one", "The keys on chain are the published ones, and have no known flaw."},
	{"Every official act was signed by enough officers", "Each act has a quorum for exactly what it did, in order and in time."},
	{"The list of credentials is the sealed one", "The published lists are those that were sealed."},
	{"Every registration was authorised by a voter’s credential", "Each registration is signed by a different sealed credential."},
	{"The roll is exactly the registrations", "The roll holds the registered commitments and no others."},
	{"The election key was made by the trustees together", "Every message of the ceremony is valid, and the keys follow from them."},
	{"Each poll uses the right roll, rules and keys", "What proofs are verified against follows from definition, roll and ceremony."},
	{"Everything happened in its time", "Every entry stands in its phase and in the chain's order."},
	{"Every ballot was cast by a member of the roll and keeps the rules", "The proof of every update that took effect holds."},
	{"No ballot was lost, replaced or counted twice", "Each update continues its slot; exactly those that did not fit were skipped."},
	{"Ballots were updated in turn by who might do so", "No slot was updated twice in a round, none by a stranger out of turn."},
	{"The encrypted sums are those of the ballots", "The sums on chain are those of the slots."},
	{"Districts were counted together as announced", "Units have the states that the definition gives them."},
	{"The trustees decrypted the sums and nothing else", "Each partial decryption is proved and signed."},
	{"The counts are what the sums contain", "The counts equal what the decrypted sums contain."},
	{"The certified result is the counted one", "The certificate is of what was counted."},
	{"The record is the one that was anchored", "Every anchor has the hash of this record."},
	{"The chain’s validators sealed these ballots", "A majority of the validators sealed this record's acts and ballots, if the definition names any."},
}

func (r *Report) add(number int, f *findings) {
	title := titles[number-1]
	answer := Answer{number, title[0], f.items, f.wrong == "", title[1] + f.told}
	if f.wrong != "" {
		answer.Detail, r.OK = f.wrong, false
	}
	r.Checks = append(r.Checks, answer)
}

// responsible is the check that an entry belongs to which cannot be decoded (SPEC §15.2).
func responsible(kind string) int {
	switch kind {
	case "deployment":
		return 2
	case "defined":
		return 1
	case "approve":
		return 4
	case "credentials":
		return 5
	case "roll-begin", "roll-members", "roll-complete", "seal":
		return 7
	case "ceremony-commit", "ceremony-reveal", "ceremony-deal", "ceremony-confirm", "ceremony-accuse", "ceremony-answer",
		"ceremony-restart", "ceremony-abort", "ceremony-finish":
		return 8
	case "poll-ready":
		return 9
	case "updates":
		return 12
	case "aggregate":
		return 15
	case "decryption":
		return 16
	case "counts":
		return 17
	case "certify":
		return 18
	case "anchor":
		return 19
	}
	return 10
}

func readDefinition(files Files) (*definition.Definition, error) {
	w := &world{files: files}
	text, err := w.read("election.json")
	if err != nil {
		return nil, errors.New("election.json is missing, or cannot be read")
	}
	d, err := definition.Decode(text)
	if err != nil {
		err = fmt.Errorf("election.json, %d bytes: %w", len(text), err)
	}
	return d, err
}

// unreadable: without election.json nothing can be said, everything fails and nothing else is read (SPEC §15.2).
func unreadable(why error) *Report {
	r := &Report{Rounds: []replay.RoundTurns{}}
	for number := range titles {
		wrong := "Not checked: the definition cannot be read."
		if number == 0 {
			wrong = fmt.Sprintf("The definition cannot be read: %v.", why)
		}
		r.add(number+1, &findings{wrong: wrong})
	}
	return r
}

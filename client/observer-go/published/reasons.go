package published

import (
	"errors"
	"io"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Change is an entry that differs between a version of the roll and its predecessor.
type Change struct {
	District uint64
	Key      words.Word
}

// smallestReason is how many bytes a value of the document has at least, on average: a change has four in more than a hundred.
const smallestReason = 24

// DecodeReasons reads the document that allows a version ≥ 2 (SPEC §6); changes are by district, then key, none twice.
func DecodeReasons(text []byte) (version uint64, changes []Change, err error) {
	if !canon.FewValues(text, few+len(text)/smallestReason) {
		return 0, nil, errors.New("roll-reasons/shape: more values than a document of reasons has")
	}
	value, err := canon.ParseCanonical(text)
	if err != nil {
		return 0, nil, err
	}
	m := canon.MembersOf(value, "reasons", &err)
	version = m.Number("version")
	kind, list := m.String("type"), m.List("changes")
	m.End()
	known := map[string]bool{"omitted": true, "wrong-commitment": true, "not-authorised": true, "revoked": true, "replaced": true}
	for i, item := range list {
		inner := canon.MembersOf(item, "changes", &err)
		change := Change{District: inner.Number("district")}
		copy(change.Key[:], inner.Bytes("credentialKey", 32))
		reason := inner.String("reason")
		inner.End()
		if err == nil && (!known[reason] || i > 0 && !changes[i-1].before(change)) {
			err = errors.New("roll-reasons/shape: an unknown reason, or changes out of order")
		}
		changes = append(changes, change)
	}
	if err == nil && (kind != "urna/v1/roll-reasons" || version < 2) {
		err = errors.New("roll-reasons/shape: not a document of reasons")
	}
	return version, changes, err
}

func (c Change) before(other Change) bool {
	return c.District < other.District || c.District == other.District && c.Key.Less(other.Key)
}

// Differences compares two registration files, both in order: an entry differs if it is in one of them only or its leaf does.
func Differences(older, newer io.Reader) (changes []Change, err error) {
	left, stopLeft := pull(older)
	defer stopLeft()
	right, stopRight := pull(newer)
	defer stopRight()
	a, b := left(), right()
	for a.registration != nil || b.registration != nil {
		switch {
		case a.err != nil || b.err != nil:
			return nil, errors.Join(a.err, b.err)
		case b.registration == nil || a.registration != nil && a.registration.Before(b.registration):
			changes = append(changes, Change{a.registration.District, a.registration.Key})
			a = left()
		case a.registration == nil || b.registration.Before(a.registration):
			changes = append(changes, Change{b.registration.District, b.registration.Key})
			b = right()
		default:
			if a.registration.Leaf() != b.registration.Leaf() {
				changes = append(changes, Change{a.registration.District, a.registration.Key})
			}
			a, b = left(), right()
		}
	}
	return changes, errors.Join(a.err, b.err)
}

type pulled struct {
	registration *Registration
	err          error
}

var errStopped = errors.New("stopped")

// pull reads a file line by line on demand.
func pull(file io.Reader) (next func() pulled, stop func()) {
	lines, done := make(chan pulled, 64), make(chan struct{})
	go func() {
		defer close(lines)
		err := EachRegistration(file, func(r *Registration) error {
			select {
			case lines <- pulled{registration: r}:
				return nil
			case <-done:
				return errStopped
			}
		})
		if err != nil && err != errStopped {
			select {
			case lines <- pulled{err: err}:
			case <-done:
			}
		}
	}()
	return func() pulled { return <-lines }, func() { close(done) }
}

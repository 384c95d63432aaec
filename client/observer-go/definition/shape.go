package definition

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

var (
	slug      = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	paramName = regexp.MustCompile(`^[a-z]{1,32}$`)
)

// shape reads the members of schemas/definition.schema.json.
type shape struct{ err error }

func (s *shape) refuse(place, want string) {
	if s.err == nil {
		s.err = fmt.Errorf("definition/shape: %s: expected %s", place, want)
	}
}

func (s *shape) definition(value canon.Value) *Definition {
	m := canon.MembersOf(value, "$", &s.err)
	d := &Definition{
		Environment:     s.oneOf(m, "environment", "development", "rehearsal", "binding"),
		Assurance:       s.oneOf(m, "assurance", "single-office", "two-office"),
		Registrar:       s.address(m, "registrar"),
		MaskRounds:      s.within(m, "maskRounds", 1, 64),
		MinAnonymitySet: s.within(m, "minAnonymitySet", 1, 1<<20),
		SetupHash:       s.hash(m, "setupHash"),
	}
	s.hash(m, "webHash")
	s.within(m, "version", 1, 1)
	s.slug(m, "id")
	s.title(m)
	s.chain(d, m.Get("chain"))
	s.times(d, m.Get("times"))
	d.Officers, d.Quorum = s.keys(m, "officers", "quorum")
	d.Trustees, d.Threshold = s.keys(m, "trustees", "threshold")
	for i, item := range s.list(m, "boxes", 1, 32) {
		box := canon.MembersOf(item, fmt.Sprintf("$.boxes[%d]", i), &s.err)
		d.BoxIDs = append(d.BoxIDs, s.slug(box, "id"))
		d.Boxes = append(d.Boxes, s.address(box, "address"))
		box.End()
	}
	d.uniqueBoxIDs(m, s)
	for i, item := range s.list(m, "districts", 1, 4096) {
		district := canon.MembersOf(item, fmt.Sprintf("$.districts[%d]", i), &s.err)
		d.Districts = append(d.Districts, District{s.slug(district, "id"), s.within(district, "voters", 1, 1<<20)})
		s.title(district)
		district.End()
	}
	s.contests(d, m)
	m.End()
	return d
}

// uniqueBoxIDs refuses an id that two boxes have; nothing else needs their ids.
func (d *Definition) uniqueBoxIDs(m *canon.Members, s *shape) {
	seen := map[canon.Value]bool{}
	object, _ := m.Peek("boxes").([]canon.Value)
	for _, item := range object {
		if box, ok := item.(canon.Object); ok {
			if seen[box["id"]] {
				s.refuse("$.boxes", "ids that differ (definition/duplicate)")
			}
			seen[box["id"]] = true
		}
	}
}

func (s *shape) chain(d *Definition, value canon.Value) {
	m := canon.MembersOf(value, "$.chain", &s.err)
	d.ChainID = s.within(m, "id", 1, 1<<53-1)
	d.Profile = s.oneOf(m, "profile", "embedded", "clique", "besu-qbft")
	if m.Has("validators") {
		for _, item := range s.list(m, "validators", 1, 32) {
			d.Validators = append(d.Validators, s.toAddress(item, "validators"))
		}
	}
	m.End()
}

func (s *shape) times(d *Definition, value canon.Value) {
	const latest, year = 253402300799, 31622400
	m := canon.MembersOf(value, "$.times", &s.err)
	d.Times = Times{
		RegistrationOpens:   s.within(m, "registrationOpens", 1, latest),
		RegistrationCloses:  s.within(m, "registrationCloses", 1, latest),
		ChallengeSeconds:    s.within(m, "challengeSeconds", 1, year),
		OpensAt:             s.within(m, "opensAt", 1, latest),
		ClosesAt:            s.within(m, "closesAt", 1, latest),
		GraceSeconds:        s.within(m, "graceSeconds", 4, year),
		SettleSeconds:       s.within(m, "settleSeconds", 1, year),
		MaxExtensionSeconds: s.within(m, "maxExtensionSeconds", 0, year),
	}
	m.End()
}

func (s *shape) keys(m *canon.Members, name, number string) (keys []words.Address, needed uint64) {
	inner := canon.MembersOf(m.Get(name), "$."+name, &s.err)
	for _, item := range s.list(inner, "keys", 1, 32) {
		keys = append(keys, s.toAddress(item, name))
	}
	needed = s.within(inner, number, 1, 32)
	inner.End()
	return keys, needed
}

func (s *shape) oneOf(m *canon.Members, name string, choices ...string) string {
	text := m.String(name)
	for _, choice := range choices {
		if text == choice {
			return text
		}
	}
	s.refuse(name, fmt.Sprint("one of ", choices))
	return text
}

func (s *shape) within(m *canon.Members, name string, low, high uint64) uint64 {
	number := m.Number(name)
	if number < low || number > high {
		s.refuse(name, fmt.Sprintf("%d to %d", low, high))
	}
	return number
}

func (s *shape) list(m *canon.Members, name string, low, high int) []canon.Value {
	list := m.List(name)
	if len(list) < low || len(list) > high {
		s.refuse(name, fmt.Sprintf("%d to %d items", low, high))
	}
	return list
}

func (s *shape) slug(m *canon.Members, name string) string {
	text := m.String(name)
	if !slug.MatchString(text) {
		s.refuse(name, "1 to 32 of a–z, 0–9 and -")
	}
	return text
}

func (s *shape) address(m *canon.Members, name string) words.Address {
	return s.toAddress(m.Get(name), name)
}

func (s *shape) toAddress(value canon.Value, name string) (address words.Address) {
	bytes, ok := canon.ToBytes(value, 20)
	if !ok || words.Address(bytes) == address {
		s.refuse(name, "an address other than zero")
		return address
	}
	return words.Address(bytes)
}

func (s *shape) hash(m *canon.Members, name string) (hash words.Word) {
	if bytes := m.Bytes(name, 32); len(bytes) == 32 {
		hash = words.Of(bytes)
	}
	return hash
}

func (s *shape) title(m *canon.Members) {
	title := canon.MembersOf(m.Get("title"), "title", &s.err)
	for _, language := range []string{"en", "fr", "ru"} {
		if !visible(title.String(language)) {
			s.refuse("title."+language, "1 to 200 visible characters")
		}
	}
	title.End()
}

// visible: no control, format or line separator characters, and one that is no space.
func visible(text string) bool {
	if count := utf8.RuneCountInString(text); count < 1 || count > 200 {
		return false
	}
	seen := false
	for _, r := range text {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return false
		}
		seen = seen || !unicode.In(r, unicode.Zs) && r != '\uFEFF'
	}
	return seen
}

package record

import (
	"errors"
	"fmt"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// ErrKind is for an entry of a kind that this version does not know.
var ErrKind = errors.New("record/kind")

// data reads the members of an entry's data.
type data struct {
	*canon.Members
	err *error
}

// DecodeEntry reads a line that is JSON; what is wrong with it stands in Err. An entry whose frame is wrong has no kind.
func DecodeEntry(value canon.Value) *Entry {
	var err error
	m := data{canon.MembersOf(value, "entry", &err), &err}
	entry := &Entry{
		Seq: m.Number("seq"), Block: m.Number("block"), Time: m.Number("time"),
		Transaction: m.word("transaction"), Kind: m.String("kind"),
	}
	inner := m.Get("data")
	m.End()
	if err != nil {
		entry.Err, entry.Kind = err, ""
		return entry
	}
	read, known := kinds[entry.Kind]
	if !known {
		entry.Err = ErrKind
		return entry
	}
	d := data{canon.MembersOf(inner, "data", &err), &err}
	content := read(d)
	d.End()
	if err != nil {
		entry.Err = fmt.Errorf("record/shape: %w", err)
		return entry
	}
	entry.Data = content
	return entry
}

var kinds = map[string]func(data) any{
	"deployment": func(d data) any {
		return &Deployment{d.contract("name"), d.address("address"), d.address("creator"), d.Number("nonce"),
			d.Number("codeBytes"), d.word("codeHash"), d.Bytes("arguments", -1)}
	},
	"defined": func(d data) any {
		return &Defined{d.Number("chainId"), d.address("election"), d.address("roll"), d.address("ceremony"),
			d.address("ballots"), d.address("tally"), d.addresses("circuitKeys"), d.word("definitionHash"), d.word("configHash")}
	},
	"approve":     func(d data) any { return &Approve{d.act()} },
	"credentials": func(d data) any { return &Credentials{d.act(), d.sealedLists()} },
	"roll-begin": func(d data) any {
		return &RollBegin{d.address("sender"), d.Number("version"), d.word("registrationsRoot"), d.word("reasonsHash"), d.actOrNull()}
	},
	"roll-members": func(d data) any {
		return &RollMembers{d.address("sender"), d.Number("version"), d.Number("district"), d.words("commitments")}
	},
	"roll-complete": func(d data) any {
		return &RollComplete{d.address("sender"), d.Number("version"), d.words("roots"), d.Numbers("members")}
	},
	"seal": func(d data) any {
		return &Seal{d.act(), d.Number("version"), d.word("registrationsRoot"), d.word("sealedRootsHash")}
	},
	"ceremony-commit": func(d data) any {
		return &CeremonyCommit{d.Number("attempt"), d.Number("trustee"), d.word("commitment"), d.Bytes("signature", 65)}
	},
	"ceremony-reveal": func(d data) any {
		return &CeremonyReveal{d.Number("attempt"), d.Number("trustee"), d.points("points"), d.point("k"), d.word("z"),
			d.word("transportKey"), d.Bytes("signature", 65)}
	},
	"ceremony-deal": func(d data) any {
		return &CeremonyDeal{d.Number("attempt"), d.Number("trustee"), d.BytesList("shares", 80), d.Bytes("signature", 65)}
	},
	"ceremony-confirm": func(d data) any {
		return &CeremonyConfirm{d.Number("attempt"), d.Number("trustee"), d.Bytes("signature", 65)}
	},
	"ceremony-accuse": func(d data) any {
		return &CeremonyAccuse{d.Number("attempt"), d.Number("trustee"), d.Number("dealer"), d.Number("lane"), d.Bytes("signature", 65)}
	},
	"ceremony-answer": func(d data) any {
		return &CeremonyAnswer{d.Number("attempt"), d.Number("trustee"), d.Number("accuser"), d.Number("lane"), d.word("share"),
			d.Bytes("signature", 65)}
	},
	"ceremony-restart": func(d data) any { return &CeremonyRestart{d.Number("attempt"), d.Numbers("excluded")} },
	"ceremony-abort":   func(d data) any { return &CeremonyAbort{d.Number("attempt")} },
	"ceremony-finish": func(d data) any {
		return &CeremonyFinish{d.Number("attempt"), d.points("pk"), d.points("pk2"), d.verificationKeys()}
	},
	"poll-ready": func(d data) any {
		return &PollReady{d.Number("poll"), d.Number("members"), d.word("root"), d.point("k")}
	},
	"updates": func(d data) any {
		return &Updates{d.address("sender"), d.Number("poll"), d.Number("round"), d.Number("nonEmpty"), d.Bytes("firsts", -1),
			d.Bytes("laters", -1), d.word("skipped"), d.word("sumsHash")}
	},
	"extend":    func(d data) any { return &Extend{d.act(), d.Number("closesAt"), d.word("reasonHash")} },
	"cancel":    func(d data) any { return &Cancel{d.act(), d.word("reasonHash")} },
	"aggregate": func(d data) any { return &Aggregate{d.Number("contest"), d.unitSums()} },
	"decryption": func(d data) any {
		return &Decryption{d.Number("unit"), d.Number("trustee"), d.points("points"), d.point("a"), d.point("b"), d.word("z"),
			d.Bytes("signature", 65)}
	},
	"counts":  func(d data) any { return &Counts{d.Number("unit"), d.Numbers("counts")} },
	"certify": func(d data) any { return &Certify{d.act(), d.word("resultHash")} },
	"anchor":  func(d data) any { return &Anchor{d.act(), d.Number("entries"), d.word("hash")} },
}

func (d data) refuse(name, want string) {
	if *d.err == nil {
		*d.err = &canon.ShapeError{Place: "data." + name, Want: want}
	}
}

func (d data) word(name string) (w words.Word) {
	copy(w[:], d.Bytes(name, 32))
	return w
}

func (d data) words(name string) (all []words.Word) {
	for _, bytes := range d.BytesList(name, 32) {
		var w words.Word
		copy(w[:], bytes)
		all = append(all, w)
	}
	return all
}

func (d data) address(name string) (a words.Address) {
	copy(a[:], d.Bytes(name, 20))
	return a
}

func (d data) addresses(name string) (all []words.Address) {
	for _, bytes := range d.BytesList(name, 20) {
		var a words.Address
		copy(a[:], bytes)
		all = append(all, a)
	}
	return all
}

func (d data) point(name string) (p Point) {
	copy(p[:], d.Bytes(name, 64))
	return p
}

func (d data) points(name string) (all []Point) {
	for _, bytes := range d.BytesList(name, 64) {
		var p Point
		copy(p[:], bytes)
		all = append(all, p)
	}
	return all
}

func (d data) contract(name string) string {
	text := d.String(name)
	switch text {
	case "poseidon", "circuit-key", "roll", "ceremony", "ballots", "tally", "election":
	default:
		d.refuse(name, "the name of a contract")
	}
	return text
}

func (d data) actOf(value canon.Value) Act {
	m := data{canon.MembersOf(value, "data.act", d.err), d.err}
	act := Act{m.Number("number"), m.Number("expiry"), m.BytesList("signatures", 65)}
	m.End()
	return act
}

func (d data) act() Act { return d.actOf(d.Get("act")) }

func (d data) actOrNull() *Act {
	value := d.Get("act")
	if value == nil {
		return nil
	}
	act := d.actOf(value)
	return &act
}

func (d data) sealedLists() (lists []SealedList) {
	for i, item := range d.List("lists") {
		m := data{canon.MembersOf(item, fmt.Sprintf("data.lists[%d]", i), d.err), d.err}
		lists = append(lists, SealedList{m.word("root"), m.word("reserveRoot"), m.Number("count"), m.Number("reserveCount")})
		m.End()
	}
	return lists
}

func (d data) verificationKeys() (all []TrusteePoints) {
	for i, item := range d.List("vk") {
		m := data{canon.MembersOf(item, fmt.Sprintf("data.vk[%d]", i), d.err), d.err}
		all = append(all, TrusteePoints{m.Number("trustee"), m.points("points")})
		m.End()
	}
	return all
}

func (d data) unitSums() (all []UnitSums) {
	for i, item := range d.List("units") {
		m := data{canon.MembersOf(item, fmt.Sprintf("data.units[%d]", i), d.err), d.err}
		unit := UnitSums{m.Number("unit"), m.Number("nonEmpty"), m.String("state"), m.point("r"), m.points("c")}
		m.End()
		switch unit.State {
		case "open", "merged", "empty", "withheld":
		default:
			d.refuse("units.state", "open, merged, empty or withheld")
		}
		all = append(all, unit)
	}
	return all
}

package check

import (
	"urna/client/observer-go/record"
	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// check04 is SPEC §15, check 4: every official act was signed by enough officers.
type check04 struct {
	findings
	executed uint64
	officers map[words.Address]bool
}

func (c *check04) before(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.Approve:
		c.act(e, &d.Act, "approve", c.approved())
	case *record.Credentials:
		all := []words.Word{}
		for _, list := range d.Lists {
			all = append(all, list.Root, words.Num(list.Count), list.ReserveRoot, words.Num(list.ReserveCount))
		}
		c.act(e, &d.Act, "credentials", words.H("credentials", all...))
	case *record.RollBegin:
		if (d.Version == 1) != (d.Act == nil) {
			c.fail(e, "the first version of the roll takes no act, every later one needs one")
		}
		if d.Act != nil {
			c.act(e, d.Act, "version", words.H("version", words.Num(d.Version), d.RegistrationsRoot, d.ReasonsHash))
		} else if d.Version != 1 {
			c.items++
		}
	case *record.Seal:
		c.act(e, &d.Act, "seal", words.H("seal", words.Num(d.Version), d.RegistrationsRoot, d.SealedRootsHash))
	case *record.Extend:
		c.act(e, &d.Act, "extend", words.H("extend", words.Num(d.ClosesAt), d.ReasonHash))
	case *record.Cancel:
		c.act(e, &d.Act, "cancel", words.H("cancel", d.ReasonHash))
	case *record.Certify:
		c.act(e, &d.Act, "certify", words.H("certify", d.ResultHash))
	case *record.Anchor:
		c.act(e, &d.Act, "anchor", words.H("anchor", words.Num(d.Entries), d.Hash))
	}
}

// approved is the object of the approval: what `defined` says was constructed.
func (c *check04) approved() words.Word {
	d := c.w.defined
	if d == nil {
		return words.Word{}
	}
	return words.H("approve", d.DefinitionHash, d.ConfigHash, words.Addr(d.Roll), words.Addr(d.Ceremony),
		words.Addr(d.Ballots), words.Addr(d.Tally))
}

func (c *check04) act(e *record.Entry, act *record.Act, name string, object words.Word) {
	c.items++
	if c.officers == nil {
		c.officers = c.w.definition.OfficerSet()
	}
	if act.Number != c.executed {
		c.fail(e, "the act has number %d, but %d acts came before", act.Number, c.executed)
	}
	c.executed++
	if e.Time > act.Expiry {
		c.fail(e, "the act had expired")
	}
	digest := c.w.place.Domain().Act(act.Number, name, object, act.Expiry)
	if !signature.Quorum(digest, act.Signatures, c.officers, int(c.w.definition.Quorum)) {
		c.fail(e, "not signed by a quorum of officers for what took effect")
	}
}

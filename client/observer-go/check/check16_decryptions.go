package check

import (
	"errors"

	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/signature"
)

// check16 is SPEC §15, check 16: the trustees decrypted the sums and nothing else.
type check16 struct {
	findings
	posted map[[2]uint64]bool
}

func (c *check16) before(e *record.Entry) {
	if d, ok := e.Data.(*record.Decryption); ok {
		c.items++
		c.failIf(e, c.judge(d))
	}
}

func (c *check16) judge(d *record.Decryption) error {
	if d.Unit >= uint64(len(c.w.tally.Units)) {
		return errors.New("no such unit")
	}
	unit := &c.w.tally.Units[d.Unit]
	if unit.State != "open" || unit.Counted {
		return errors.New("the unit is not to be decrypted")
	}
	if c.w.ceremony == nil || c.w.ceremony.VK[d.Trustee] == nil {
		return errors.New("the trustee has no part of the key")
	}
	this := [2]uint64{d.Unit, d.Trustee}
	if c.posted[this] {
		return errors.New("the trustee has decrypted the unit already")
	}
	if c.posted == nil {
		c.posted = map[[2]uint64]bool{}
	}
	c.posted[this] = true
	digest := c.w.place.Domain().Step(c.w.ceremony.Attempt, d.Trustee, "decrypt", replay.DecryptionObject(d))
	if signer, ok := signature.Recover(digest, d.Signature); !ok || signer != c.w.definition.Trustees[d.Trustee-1] {
		return errors.New("not signed by its trustee")
	}
	return replay.ProofHolds(c.w.place, d, c.w.ceremony.VK[d.Trustee][:len(unit.C)], unit.R)
}

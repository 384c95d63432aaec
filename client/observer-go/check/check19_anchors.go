package check

import "urna/client/observer-go/record"

// check19 is SPEC §15, check 19: the anchored record is this one.
type check19 struct{ findings }

func (c *check19) before(e *record.Entry) {
	d, ok := e.Data.(*record.Anchor)
	if !ok {
		return
	}
	c.items++
	// The world has h of every number of entries up to those before this one.
	if d.Entries >= uint64(len(c.w.hashes)) {
		c.fail(e, "anchored are %d entries, more than stand before", d.Entries)
		return
	}
	if d.Hash != c.w.hashes[d.Entries] {
		c.fail(e, "this record has another hash after %d entries", d.Entries)
	}
}

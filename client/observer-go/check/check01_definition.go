package check

import (
	"bytes"

	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// check01 is SPEC §15, check 1: the election is the one that was published.
type check01 struct {
	findings
	count     int
	arguments []byte
	deployed  bool
}

func (c *check01) before(e *record.Entry) {
	switch d := e.Data.(type) {
	case *record.Deployment:
		if d.Name == "election" {
			c.arguments, c.deployed = d.Arguments, true
		}
	case *record.Defined:
		c.items++
		if c.count++; c.count > 1 {
			c.fail(e, "the election is defined a second time")
			return
		}
		c.compare(e, d)
	}
}

func (c *check01) compare(e *record.Entry, d *record.Defined) {
	definition := c.w.definition
	switch {
	case d.DefinitionHash != definition.Hash:
		c.fail(e, "the definition on chain has another hash than election.json")
	case d.ChainID != definition.ChainID:
		c.fail(e, "the election is on chain %d, its definition is for %d", d.ChainID, definition.ChainID)
	case d.ConfigHash != definition.ConfigHash():
		c.fail(e, "the configuration on chain is not the one of election.json")
	case !c.deployed || !bytes.Equal(c.arguments, definition.ElectionArguments([4]words.Address{d.Roll, d.Ceremony, d.Ballots, d.Tally})):
		c.fail(e, "Election was not created with the definition's configuration and its parts")
	}
}

func (c *check01) end() {
	if c.count == 0 {
		c.failAt("The record has no entry `defined`.")
	}
}

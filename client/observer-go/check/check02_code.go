package check

import (
	"bytes"

	"urna/client/observer-go/record"
	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// check02 is SPEC §15, check 2: the contracts are the published programs.
type check02 struct {
	findings
	deployments []*record.Entry
}

func (c *check02) before(e *record.Entry) {
	d, ok := e.Data.(*record.Deployment)
	if !ok {
		return
	}
	c.items++
	c.deployments = append(c.deployments, e)
	if code := c.w.build[d.Name]; d.CodeBytes != code.Bytes || d.CodeHash != code.Hash {
		c.fail(e, "the code of %s is not the published one", d.Name)
	}
	if d.Address != signature.CreateAddress(d.Creator, d.Nonce) {
		c.fail(e, "the address of %s does not follow from creator and nonce", d.Name)
	}
}

func (c *check02) end() {
	defined := c.w.defined
	if defined == nil {
		c.failAt("The record does not say which contracts belong together.")
		return
	}
	election, poseidon := words.Addr(defined.Election), words.Word{}
	for _, e := range c.deployments {
		if d := e.Data.(*record.Deployment); d.Name == "poseidon" {
			poseidon = words.Addr(d.Address)
		}
	}
	ballots := []words.Word{election, words.Num(64), words.Num(uint64(len(defined.CircuitKeys)))}
	for _, key := range defined.CircuitKeys {
		ballots = append(ballots, words.Addr(key))
	}
	c.one("poseidon", nil, words.Join())
	c.one("election", &defined.Election, nil)
	c.one("roll", &defined.Roll, words.Join(election, poseidon))
	c.one("ceremony", &defined.Ceremony, words.Join(election))
	c.one("tally", &defined.Tally, words.Join(election))
	c.one("ballots", &defined.Ballots, words.Join(ballots...))
	c.keys(defined)
}

// one asks for exactly one contract of a name, at its address and with its arguments where they are given.
func (c *check02) one(name string, address *words.Address, arguments []byte) {
	count := 0
	for _, e := range c.deployments {
		d := e.Data.(*record.Deployment)
		if d.Name != name {
			continue
		}
		if count++; count > 1 {
			c.fail(e, "a second %s", name)
		}
		if address != nil && d.Address != *address {
			c.fail(e, "another %s than the one that the election names", name)
		}
		if arguments != nil && !bytes.Equal(d.Arguments, arguments) {
			c.fail(e, "%s was created with other arguments", name)
		}
	}
	if count == 0 {
		c.failAt("The deployment of %s is not in the record.", name)
	}
}

// keys asks for exactly the circuit keys that `defined` names, each once.
func (c *check02) keys(defined *record.Defined) {
	named := map[words.Address]bool{}
	for _, key := range defined.CircuitKeys {
		named[key] = true
	}
	seen := map[words.Address]bool{}
	for _, e := range c.deployments {
		d := e.Data.(*record.Deployment)
		if d.Name != "circuit-key" {
			continue
		}
		if !named[d.Address] || seen[d.Address] {
			c.fail(e, "a circuit key that the election does not name, or twice")
		}
		seen[d.Address] = true
	}
	if len(seen) != len(defined.CircuitKeys) {
		c.failAt("The record has not exactly the circuit keys that the election names.")
	}
}

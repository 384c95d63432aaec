package check

import (
	"errors"
	"fmt"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/record"
	"urna/client/observer-go/seals"
	"urna/client/observer-go/words"
)

// check20 is SPEC §15, check 20: the chain's validators sealed these ballots.
type check20 struct {
	findings
	acts                           uint64
	approved, cancelled, certified bool
	block, time                    uint64                  // the latest of any entry
	keys                           map[uint64][]words.Word // K_poll of the polls that are ready
}

func (c *check20) before(e *record.Entry) {
	act := e.Data != nil
	switch d := e.Data.(type) {
	case *record.Approve:
		c.approved = true
	case *record.Cancel:
		c.cancelled = true
	case *record.Certify:
		c.certified = true
	case *record.RollBegin:
		act = d.Act != nil
	case *record.Credentials, *record.Seal, *record.Extend, *record.Anchor:
	default:
		act = false
	}
	if act {
		c.acts++
	}
	if e.Data != nil {
		c.block, c.time = max(c.block, e.Block), max(c.time, e.Time)
	}
}

func (c *check20) after(e *record.Entry) {
	d, ok := e.Data.(*record.PollReady)
	if !ok || c.w.polls[d.Poll] == nil || c.keys[d.Poll] != nil {
		return
	}
	if c.keys == nil {
		c.keys = map[uint64][]words.Word{}
	}
	c.keys[d.Poll] = words.Split(d.K[:])
}

const (
	maxHeaders = 64
	maxNodes   = 1 << 20
	others     = 16 // other members and brackets of the file
)

func (c *check20) end() {
	if len(c.w.definition.Validators) == 0 {
		c.told = " Chain not sealed: it names none, and the record shows nothing of what its giver may have kept back."
		return
	}
	headers, nodes, err := c.file()
	if err != nil {
		c.failAt("seals.json is missing, or cannot be read: %v.", err)
		return
	}
	c.items = len(headers) + len(c.w.definition.Polls)
	sealed, err := c.sealed(headers)
	if err != nil {
		c.failAt("The seals do not hold: %v.", err)
		return
	}
	if c.block > sealed.Number || c.time > sealed.Time {
		c.failAt("An entry stands after block %d, whose state was sealed.", sealed.Number)
		return
	}
	if err := c.state(sealed, seals.NewNodes(nodes)); err != nil {
		c.failAt("At block %d: %v.", sealed.Number, err)
	}
}

// sealed is the block whose state counts: by the rules of the definition's chain.
func (c *check20) sealed(headers [][]byte) (*seals.Header, error) {
	if c.w.definition.Profile == "besu-qbft" {
		return seals.VerifyQBFT(headers, c.w.definition.Validators)
	}
	run, err := seals.VerifyRun(headers, c.w.definition.Validators)
	if err != nil {
		return nil, err
	}
	return run[0], nil
}

func (c *check20) file() (headers, nodes [][]byte, err error) {
	text, err := c.w.read("seals.json")
	if err != nil {
		return nil, nil, err
	}
	if !canon.FewValues(text, maxHeaders+maxNodes+others) {
		return nil, nil, errors.New("more values than seals have")
	}
	value, err := canon.ParseCanonical(text)
	if err != nil {
		return nil, nil, err
	}
	m := canon.MembersOf(value, "seals.json", &err)
	version := m.Number("version")
	headers, nodes = m.BytesList("headers", -1), m.BytesList("nodes", -1)
	m.End()
	if err == nil && (version != 1 || len(headers) > maxHeaders || len(nodes) > maxNodes) {
		err = errors.New("another version, or more than 64 headers or 2^20 nodes")
	}
	return headers, nodes, err
}

func (c *check20) state(sealed *seals.Header, nodes seals.Nodes) error {
	defined := c.w.defined
	if defined == nil {
		return errors.New("the record does not say which contracts are the election")
	}
	election, err := nodes.Storage(sealed.StateRoot, defined.Election)
	if err != nil {
		return err
	}
	ballots, err := nodes.Storage(sealed.StateRoot, defined.Ballots)
	if err != nil {
		return err
	}
	same, err := election.Holds(seals.ElectionWords(c.acts, c.approved, c.cancelled, c.certified, c.w.timeline.Closes))
	if err == nil && !same {
		err = errors.New("the chain has other acts of the officers than the record")
	}
	for number := 0; err == nil && number < len(c.w.definition.Polls); number++ {
		same, err = ballots.Holds(seals.PollWords(uint64(number), c.poll(uint64(number))))
		if err == nil && !same {
			err = fmt.Errorf("the chain has other ballots in poll %d than the record", number)
		}
	}
	return err
}

func (c *check20) poll(number uint64) *seals.Poll {
	poll := c.w.polls[number]
	if poll == nil {
		return nil
	}
	return &seals.Poll{NonEmpty: poll.NonEmpty(), Members: poll.Members, Boxes: len(c.w.definition.Boxes), Lanes: poll.Lanes,
		Key: c.keys[number], Sums: poll.SumWords()}
}

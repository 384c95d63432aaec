package replay

import (
	"errors"
	"fmt"
	"math/big"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// stage of a ceremony's attempt (SPEC §7.2).
type stage int

const (
	notOpen stage = iota
	commit
	reveal
	deal
	confirm
	over
)

// Ceremony follows the key ceremony (SPEC §7). Every method judges its entry and then follows what it says.
type Ceremony struct {
	// PK, PK2 (a lane each) and VK (by trustee, a lane each) are recomputed at the finish; nil before.
	PK, PK2 []curve.Point
	VK      map[uint64][]curve.Point
	// Attempt is the one that is under way, or that made the keys.
	Attempt uint64

	place     Place
	keys      []words.Address
	threshold uint64
	lanes     int
	seconds   uint64

	stage         stage
	active        map[uint64]bool
	deadline      uint64
	firstDeadline uint64
	commitments   map[uint64]words.Word
	reveals       map[uint64]*revealed
	deals         map[uint64]words.Word
	confirmed     map[uint64]bool
	accused       map[accusation]bool
	open          map[accusation]bool
	shown         map[uint64]bool
	due           *turn
}

type revealed struct {
	hash   words.Word
	points []curve.Point // F, lane-major
}

type accusation struct{ accuser, dealer, lane uint64 }

// turn is a restart or abort that must come next; nobody is in named where shares were opened.
type turn struct{ named map[uint64]bool }

// NewCeremony waits for the approval.
func NewCeremony(place Place, keys []words.Address, threshold uint64, lanes int, seconds uint64) *Ceremony {
	c := &Ceremony{place: place, keys: keys, threshold: threshold, lanes: lanes, seconds: seconds, active: map[uint64]bool{}}
	for i := range keys {
		c.active[uint64(i+1)] = true
	}
	c.reset(1)
	c.stage = notOpen
	return c
}

// Open starts the first attempt, at the approval; its deadline is registrationOpens + challengeSeconds.
func (c *Ceremony) Open(deadline uint64) {
	if c.stage == notOpen {
		c.enter(commit, deadline-c.seconds)
	}
}

func (c *Ceremony) reset(attempt uint64) {
	c.Attempt = attempt
	c.commitments, c.reveals = map[uint64]words.Word{}, map[uint64]*revealed{}
	c.deals, c.confirmed = map[uint64]words.Word{}, map[uint64]bool{}
	c.accused, c.open, c.shown = map[accusation]bool{}, map[accusation]bool{}, map[uint64]bool{}
	c.due = nil
}

func (c *Ceremony) enter(next stage, time uint64) {
	c.stage, c.deadline = next, time+c.seconds
	c.firstDeadline = c.deadline
}

// turnDone opens the next stage with the last message of a stage.
func (c *Ceremony) turnDone(this stage, posted int, next stage, time uint64) {
	if c.stage == this && posted == len(c.active) {
		c.enter(next, time)
	}
}

// base is H("ceremony", chainId, E, attempt).
func (c *Ceremony) base() words.Word {
	return words.H("ceremony", words.Num(c.place.ChainID), words.Addr(c.place.Election), words.Num(c.Attempt))
}

// message is what all steps need: the attempt, the stage, in time, of an active trustee, signed.
func (c *Ceremony) message(in stage, attempt, trustee, time uint64, kind string, object words.Word, sig []byte) error {
	signer, ok := signature.Recover(c.place.Domain().Step(attempt, trustee, kind, object), sig)
	switch {
	case trustee < 1 || trustee > uint64(len(c.keys)) || !ok || signer != c.keys[trustee-1]:
		return errors.New("not signed by its trustee")
	case c.due != nil:
		return errors.New("a restart or abort had to come first")
	case attempt != c.Attempt:
		return fmt.Errorf("attempt %d is not under way", attempt)
	case !c.active[trustee]:
		return fmt.Errorf("trustee %d takes no part in the attempt", trustee)
	case c.stage != in:
		return errors.New("the stage takes no such message")
	case time > c.deadline:
		return errors.New("after the deadline")
	}
	return nil
}

// Commit takes a commitment.
func (c *Ceremony) Commit(d *record.CeremonyCommit, time uint64) error {
	err := c.message(commit, d.Attempt, d.Trustee, time, "commit", words.Keccak(d.Commitment[:]), d.Signature)
	if _, twice := c.commitments[d.Trustee]; err == nil && twice {
		err = errors.New("the trustee has committed already")
	}
	if c.active[d.Trustee] {
		c.commitments[d.Trustee] = d.Commitment
		c.turnDone(commit, len(c.commitments), reveal, time)
	}
	return err
}

// Deal takes a dealer's encrypted shares, lanes each for every other active trustee.
func (c *Ceremony) Deal(d *record.CeremonyDeal, time uint64) error {
	bytes := []byte{}
	for _, share := range d.Shares {
		bytes = append(bytes, share...)
	}
	hash := words.Keccak(bytes)
	err := c.message(deal, d.Attempt, d.Trustee, time, "deal", hash, d.Signature)
	if _, twice := c.deals[d.Trustee]; err == nil && twice {
		err = errors.New("the trustee has dealt already")
	}
	if err == nil && len(d.Shares) != (len(c.active)-1)*c.lanes {
		err = errors.New("not a share for each other trustee and lane")
	}
	if c.active[d.Trustee] {
		c.deals[d.Trustee] = hash
		c.turnDone(deal, len(c.deals), confirm, time)
	}
	return err
}

// Confirm takes a confirmation of the transcript.
func (c *Ceremony) Confirm(d *record.CeremonyConfirm, time uint64) error {
	transcript := c.transcript()
	err := c.message(confirm, d.Attempt, d.Trustee, time, "confirm", words.Keccak(transcript[:]), d.Signature)
	if err == nil && c.confirmed[d.Trustee] {
		err = errors.New("the trustee has confirmed already")
	}
	for accusation := range c.open {
		if err == nil && accusation.accuser == d.Trustee {
			err = errors.New("the trustee's own accusation is open")
		}
	}
	if c.active[d.Trustee] {
		c.confirmed[d.Trustee] = true
	}
	return err
}

func (c *Ceremony) transcript() words.Word {
	all := []words.Word{c.base()}
	for _, trustee := range c.activeInOrder() {
		if revealed := c.reveals[trustee]; revealed != nil {
			all = append(all, revealed.hash, c.deals[trustee])
		}
	}
	return words.H("ceremony-transcript", all...)
}

func (c *Ceremony) activeInOrder() []uint64 {
	var all []uint64
	for i := range c.keys {
		if c.active[uint64(i+1)] {
			all = append(all, uint64(i+1))
		}
	}
	return all
}

// Accuse takes an accusation; who has confirmed cannot accuse.
func (c *Ceremony) Accuse(d *record.CeremonyAccuse, time uint64) error {
	object := words.Keccak(words.Join(words.Num(d.Dealer), words.Num(d.Lane)))
	err := c.message(confirm, d.Attempt, d.Trustee, time, "accuse", object, d.Signature)
	this := accusation{d.Trustee, d.Dealer, d.Lane}
	switch {
	case err != nil:
	case c.confirmed[d.Trustee]:
		err = errors.New("the trustee has confirmed already")
	case time > c.firstDeadline:
		err = errors.New("accusations end with the stage's first deadline")
	case !c.active[d.Dealer] || d.Dealer == d.Trustee || d.Lane >= uint64(c.lanes):
		err = errors.New("nobody to accuse so")
	case c.accused[this]:
		err = errors.New("accused already")
	}
	if c.active[d.Trustee] && c.active[d.Dealer] && d.Lane < uint64(c.lanes) {
		c.accused[this], c.open[this] = true, true
		c.deadline = max(c.deadline, time+c.seconds)
	}
	return err
}

// Answer takes a share in clear. A wrong one names the dealer; shares of a second recipient in the open end the attempt.
func (c *Ceremony) Answer(d *record.CeremonyAnswer, time uint64) error {
	object := words.Keccak(words.Join(words.Num(d.Accuser), words.Num(d.Lane), d.Share))
	err := c.message(confirm, d.Attempt, d.Trustee, time, "answer", object, d.Signature)
	this := accusation{d.Accuser, d.Trustee, d.Lane}
	if err == nil && !c.open[this] {
		err = errors.New("no such accusation is open")
	}
	if !c.open[this] || !c.active[d.Trustee] || c.reveals[d.Trustee] == nil {
		return err
	}
	if !c.rightShare(d) {
		c.due = &turn{map[uint64]bool{d.Trustee: true}}
		return err
	}
	delete(c.open, this)
	c.shown[d.Accuser] = true
	c.deadline = max(c.deadline, time+c.seconds)
	if len(c.shown) > 1 {
		c.due = &turn{map[uint64]bool{}}
	}
	return err
}

// rightShare checks share·G = Σ_k m^k·F[dealer][lane][k] and share < l.
func (c *Ceremony) rightShare(d *record.CeremonyAnswer) bool {
	share := d.Share.Big()
	if share.Cmp(curve.Order) >= 0 {
		return false
	}
	t := int(c.threshold)
	expected := evaluate(c.reveals[d.Trustee].points[int(d.Lane)*t:(int(d.Lane)+1)*t], d.Accuser)
	base := curve.Generator()
	return base.Mul(&base, share).Equal(&expected)
}

// evaluate is Σ_k m^k·points[k], by Horner's rule.
func evaluate(points []curve.Point, m uint64) curve.Point {
	sum, index := curve.Zero(), new(big.Int).SetUint64(m)
	for k := len(points) - 1; k >= 0; k-- {
		sum.Mul(&sum, index)
		sum.Add(&sum, &points[k])
	}
	return sum
}

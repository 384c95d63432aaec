package replay

import (
	"errors"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/words"
)

// Update is one entry of a batch as sent, with what the replay found.
type Update struct {
	Nullifier, Previous words.Word
	Old, New            []words.Word // R.x, R.y, C_0.x, …; Old is nil for a first cast
	Proof               []byte
	Skipped             bool

	// Named is the head that the update says the slot has; 0 for a first cast.
	Named words.Word
	// StateFits: the slot is in the state that the update names, and a first cast finds room.
	StateFits bool
	// NewRound: the slot had no update in this round or a later one. SenderMay: the sender might post it then.
	NewRound, SenderMay bool
}

// First tells a first cast.
func (u *Update) First() bool { return u.Old == nil }

// ErrBatch is for calldata that is no batch.
var (
	ErrBatch  = errors.New("calldata is no whole number of updates")
	ErrSignal = errors.New("a signal is not below r")
)

// Split cuts a batch's calldata into updates, however many they are: what the record says took effect is followed.
func (p *Poll) Split(firsts, laters []byte, skipped words.Word) ([]*Update, error) {
	firstSize, laterSize := 32*p.FirstSize(), 32*p.LaterSize()
	if len(firsts)%firstSize != 0 || len(laters)%laterSize != 0 {
		return nil, ErrBatch
	}
	count := len(firsts)/firstSize + len(laters)/laterSize
	bits, point := skipped.Big(), 2+2*p.Lanes
	all := make([]*Update, 0, count)
	for ; len(firsts) > 0; firsts = firsts[firstSize:] {
		w := words.Split(firsts[:firstSize])
		all = append(all, &Update{Nullifier: w[0], New: w[1 : 1+point], Proof: firsts[firstSize-256 : firstSize]})
	}
	for ; len(laters) > 0; laters = laters[laterSize:] {
		w := words.Split(laters[:laterSize])
		all = append(all, &Update{Nullifier: w[0], Previous: w[1], Old: w[2 : 2+point], New: w[2+point : 2+2*point],
			Proof: laters[laterSize-256 : laterSize]})
	}
	for i, update := range all {
		update.Skipped = bits.Bit(i) == 1
		if !update.signalsInRange() {
			return nil, ErrSignal
		}
	}
	return all, nil
}

// BitsBeyond tells of skip bits behind the last of so many updates.
func BitsBeyond(skipped words.Word, count int) bool { return skipped.Big().BitLen() > count }

func (u *Update) signalsInRange() bool {
	var e fr.Element
	for _, list := range [][]words.Word{{u.Nullifier, u.Previous}, u.Old, u.New} {
		for _, w := range list {
			if e.SetBytesCanonical(w[:]) != nil {
				return false
			}
		}
	}
	return true
}

// Follow judges one update against the slots and lets it take effect where the record says so. round is that of the
// batch's time.
func (p *Poll) Follow(u *Update, turns *Turns, sender words.Address, time, round uint64) {
	held, taken := p.slots[u.Nullifier]
	first := turns.firstBox(u.Nullifier)
	if u.First() {
		u.StateFits = !taken && p.NonEmpty() < p.Members
		u.NewRound = true
		u.SenderMay = turns.mayFirst(sender, time)
	} else {
		u.Named = words.H8("head", append([]words.Word{u.Previous}, u.Old...)...)
		u.StateFits = taken && held.head == u.Named
		u.NewRound = !taken || held.round < round
		u.SenderMay = turns.mayUpdate(first, sender, time)
	}
	if u.Skipped {
		return
	}
	if !taken {
		turns.enter(first, round)
	} else if held.round < round {
		turns.update(first, round, sender)
	}
	// Times that go back (check 10) must not give a slot a second turn in a round.
	p.slots[u.Nullifier] = slot{words.H8("head", append([]words.Word{u.Named}, u.New...)...), max(held.round, round)}
	for i := range p.Sums {
		after := extended(u.New[2*i:])
		p.Sums[i].Add(&p.Sums[i], &after)
		if !u.First() {
			before := extended(u.Old[2*i:])
			p.Sums[i].Sub(&p.Sums[i], &before)
		}
	}
}

func extended(w []words.Word) curve.Point {
	affine := curve.Affine{X: element(w[0]), Y: element(w[1])}
	return affine.Extend()
}

// Signals are the update's public signals (SPEC §10.1): nullifier, context, fresh, oldR, newR, oldC, newC.
func (p *Poll) Signals(u *Update) []fr.Element {
	context := words.Keccak(p.context[:], u.Nullifier[:], u.Named[:]).Shift8()
	old := u.Old
	if u.First() {
		old = make([]words.Word, 0, len(u.New))
		for range len(u.New) / 2 {
			old = append(old, words.Word{}, words.Num(1))
		}
	}
	all := make([]fr.Element, 0, 7+4*p.Lanes)
	all = append(all, element(u.Nullifier), element(context), flag(u.First()))
	for _, list := range [][]words.Word{old[:2], u.New[:2], old[2:], u.New[2:]} {
		for _, w := range list {
			all = append(all, element(w))
		}
	}
	return all
}

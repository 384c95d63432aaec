package replay

import (
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/definition"
	"urna/client/observer-go/groth16"
	"urna/client/observer-go/words"
)

// slot is what a poll remembers of a ballot: its head and the round of its last update.
type slot struct {
	head  words.Word
	round uint64
}

// Poll is a poll that is ready for updates.
type Poll struct {
	Lanes   int
	Members uint64
	// Proofs is nil where the circuit's key is not known.
	Proofs *groth16.Poll
	// Sums of R, C_0, … over what took effect.
	Sums []curve.Point

	number  uint64
	context words.Word
	slots   map[words.Word]slot
}

// NonEmpty is the number of slots with a ballot.
func (p *Poll) NonEmpty() uint64 { return uint64(len(p.slots)) }

// Constants are a poll's public signals (SPEC §10.1).
func Constants(place Place, number uint64, root words.Word, members uint64, rule *definition.Rule, lanes int, pk, pk2 []curve.Point) []fr.Element {
	all := []fr.Element{element(place.Hash("scope", words.Num(number)).Shift8()), element(root), fr.NewElement(members),
		fr.NewElement(rule.MinTotal), fr.NewElement(rule.MaxTotal), flag(rule.Quadratic), flag(rule.Distinct)}
	for _, numbers := range [][]uint64{rule.Max, rule.Price} {
		for _, number := range numbers {
			all = append(all, fr.NewElement(number))
		}
	}
	for _, points := range [][]curve.Point{pk[:lanes], pk2[:lanes]} {
		for _, affine := range curve.ToAffine(points) {
			all = append(all, affine.X, affine.Y)
		}
	}
	return all
}

func element(w words.Word) (e fr.Element) {
	e.SetBytes(w[:])
	return e
}

func flag(set bool) fr.Element {
	if set {
		return fr.One()
	}
	return fr.Element{}
}

// NewPoll is a poll without ballots.
func NewPoll(place Place, number uint64, lanes int, members uint64, proofs *groth16.Poll) *Poll {
	p := &Poll{Lanes: lanes, Members: members, Proofs: proofs, number: number, slots: map[words.Word]slot{},
		context: place.Hash("context", words.Num(number)), Sums: make([]curve.Point, lanes+1)}
	for i := range p.Sums {
		p.Sums[i] = curve.Zero()
	}
	return p
}

// SumWords is the poll's sums as words, affine.
func (p *Poll) SumWords() []words.Word {
	var all []words.Word
	for _, affine := range curve.ToAffine(p.Sums) {
		all = append(all, affine.Words()...)
	}
	return all
}

// FirstSize and LaterSize are the words of an update (SPEC §11.3).
func (p *Poll) FirstSize() int { return 11 + 2*p.Lanes }

// LaterSize is that of an update of a slot that has a ballot.
func (p *Poll) LaterSize() int { return 14 + 4*p.Lanes }

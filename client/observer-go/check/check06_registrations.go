package check

import (
	"fmt"
	"sync"

	"urna/client/observer-go/published"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/signature"
	"urna/client/observer-go/words"
)

// check06 is SPEC §15, check 6: every registration was authorised by a voter's credential. It looks at the sealed
// version of the roll, or the newest while none is sealed.
type check06 struct {
	findings
	commitments map[words.Word]bool
	reserves    []*published.Registration
	from        map[words.Word]replaced // by replacement
}

type replaced struct {
	district uint64
	key      words.Word
}

func (c *check06) end() {
	version := c.w.roll.Current()
	if version == nil {
		return
	}
	c.commitments, c.from = map[words.Word]bool{}, map[words.Word]replaced{}
	file, err := c.w.registrations(version.Number)
	if err != nil {
		c.failAt("%v.", err)
		return
	}
	defer file.Close()
	tree := replay.NewTree("registration-node")
	signatures := newVerifier(c.w.place, c.w.definitionHash())
	err = published.EachRegistration(file, func(r *published.Registration) error {
		c.items++
		tree.Add(r.Leaf())
		c.line(r)
		if !r.Revoked {
			signatures.add(r)
		}
		return nil
	})
	if err != nil {
		c.items = 0
		c.wrong = fmt.Sprintf("The registrations of version %d cannot be read: %v.", version.Number, err)
	}
	if bad := signatures.wait(); bad != nil {
		c.failAt("The registration with credential %s is not signed with it for this election.", bad.Key)
	}
	if tree.Root() != version.RegistrationsRoot {
		c.failAt("The registrations of version %d have another root than the one on chain.", version.Number)
	}
	c.reached()
}

func (c *check06) line(r *published.Registration) {
	var list *published.CredentialList
	if r.District < uint64(len(c.w.definition.Districts)) {
		list = c.w.list(int(r.District))
	}
	switch {
	case list == nil:
		c.failAt("Credential %s is of an unknown district, or one without list.", r.Key)
		return
	case list.HasReserve(r.Key):
		c.reserves = append(c.reserves, r)
	case !list.Has(r.Key):
		c.failAt("Credential %s was not sealed for its district.", r.Key)
	}
	if !r.Revoked {
		if c.commitments[r.Commitment] {
			c.failAt("Commitment %s is registered twice.", r.Commitment)
		}
		c.commitments[r.Commitment] = true
		return
	}
	if r.Replacement.IsZero() {
		return
	}
	if _, twice := c.from[r.Replacement]; twice || !list.HasReserve(r.Replacement) {
		c.failAt("The replacement of credential %s is no reserve key of its district, or used twice.", r.Key)
	}
	c.from[r.Replacement] = replaced{r.District, r.Key}
}

// reached follows replacements back to a sealed key.
func (c *check06) reached() {
	for _, r := range c.reserves {
		district, key := r.District, r.Key
		for steps := 0; ; steps++ {
			list := c.w.list(int(district))
			if list != nil && list.Has(key) {
				break
			}
			before, known := c.from[key]
			if !known || before.district != district || steps > len(c.from) {
				c.failAt("Reserve credential %s replaces no sealed one.", r.Key)
				return
			}
			key = before.key
		}
	}
}

// verifier checks registrations' signatures on all cores.
type verifier struct {
	place      replay.Place
	definition words.Word
	work       chan []*published.Registration
	batch      []*published.Registration
	done       sync.WaitGroup
	lock       sync.Mutex
	bad        *published.Registration
}

func newVerifier(place replay.Place, definition words.Word) *verifier {
	v := &verifier{place: place, definition: definition, work: make(chan []*published.Registration, workers())}
	for range workers() {
		v.done.Add(1)
		go func() {
			defer v.done.Done()
			for batch := range v.work {
				v.verify(batch)
			}
		}()
	}
	return v
}

func (v *verifier) add(r *published.Registration) {
	if v.batch = append(v.batch, r); len(v.batch) == 64 {
		v.work <- v.batch
		v.batch = nil
	}
}

func (v *verifier) verify(batch []*published.Registration) {
	tag := words.Tag("registration")
	for _, r := range batch {
		message := words.Join(tag, words.Num(v.place.ChainID), words.Addr(v.place.Election), v.definition,
			words.Num(r.District), r.Commitment, words.Num(r.Sequence))
		if !signature.VerifyEd25519(r.Key[:], message, r.Signature) {
			v.lock.Lock()
			if v.bad == nil || r.Before(v.bad) {
				v.bad = r
			}
			v.lock.Unlock()
		}
	}
}

// wait returns the first registration whose signature is wrong.
func (v *verifier) wait() *published.Registration {
	v.work <- v.batch
	close(v.work)
	v.done.Wait()
	return v.bad
}

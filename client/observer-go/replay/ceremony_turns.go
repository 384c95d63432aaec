package replay

import (
	"errors"
	"slices"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/record"
)

// Restart judges a new attempt and follows it (SPEC §7.2).
func (c *Ceremony) Restart(d *record.CeremonyRestart, time uint64) error {
	named, err := c.cause(time)
	if err == nil {
		if d.Attempt != c.Attempt+1 || !slices.Equal(d.Excluded, c.excludedWith(named)) {
			err = errors.New("not the next attempt, or others excluded than those named")
		} else if len(c.keys)-len(d.Excluded) < int(c.threshold) {
			err = errors.New("fewer trustees than the threshold are left: the ceremony should have been aborted")
		}
	}
	c.active = map[uint64]bool{}
	for i := range c.keys {
		if trustee := uint64(i + 1); !slices.Contains(d.Excluded, trustee) {
			c.active[trustee] = true
		}
	}
	c.reset(d.Attempt)
	c.enter(commit, time)
	return err
}

// Abort judges the end of a ceremony without keys; it names the attempt that cannot begin.
func (c *Ceremony) Abort(d *record.CeremonyAbort, time uint64) error {
	named, err := c.cause(time)
	left := len(c.keys) - len(c.excludedWith(named))
	if err == nil && (d.Attempt != c.Attempt+1 || left >= int(c.threshold)) {
		err = errors.New("of another attempt, or enough trustees are left")
	}
	c.stage, c.due = over, nil
	return err
}

// cause is who was named: by the message before, or by a time-out now.
func (c *Ceremony) cause(time uint64) (map[uint64]bool, error) {
	if c.due != nil {
		return c.due.named, nil
	}
	if c.stage == notOpen || c.stage == over {
		return nil, errors.New("no attempt is under way")
	}
	if time <= c.deadline {
		return nil, errors.New("the deadline has not passed")
	}
	named := c.missing()
	if len(named) == 0 {
		return nil, errors.New("nothing is missing")
	}
	return named, nil
}

// missing is whom a time-out names.
func (c *Ceremony) missing() map[uint64]bool {
	named := map[uint64]bool{}
	waiting := map[uint64]bool{}
	if c.stage == confirm {
		for accusation := range c.open {
			named[accusation.dealer] = true
			waiting[accusation.accuser] = true
		}
	}
	for trustee := range c.active {
		posted := false
		switch c.stage {
		case commit:
			_, posted = c.commitments[trustee]
		case reveal:
			posted = c.reveals[trustee] != nil
		case deal:
			_, posted = c.deals[trustee]
		case confirm:
			posted = c.confirmed[trustee] || waiting[trustee]
		}
		if !posted {
			named[trustee] = true
		}
	}
	return named
}

// excludedWith is all who take no part once the named are out, in order.
func (c *Ceremony) excludedWith(named map[uint64]bool) []uint64 {
	all := []uint64{}
	for i := range c.keys {
		if trustee := uint64(i + 1); !c.active[trustee] || named[trustee] {
			all = append(all, trustee)
		}
	}
	return all
}

// Finish recomputes the keys from the reveals and compares them; the recomputed ones are kept.
func (c *Ceremony) Finish(d *record.CeremonyFinish) error {
	var err error
	switch {
	case c.due != nil || c.stage != confirm || len(c.confirmed) != len(c.active):
		err = errors.New("not every trustee has confirmed")
	case d.Attempt != c.Attempt:
		err = errors.New("of another attempt")
	}
	if len(c.reveals) != len(c.active) || c.PK != nil {
		return err // nothing to compute keys from, or they are there
	}
	c.compute()
	c.stage = over
	if err == nil && !c.sameKeys(d) {
		err = errors.New("PK, PK2 or VK are not what follows from the reveals")
	}
	return err
}

func (c *Ceremony) compute() {
	t := int(c.threshold)
	c.VK = map[uint64][]curve.Point{}
	for lane := range c.lanes {
		sums := make([]curve.Point, t)
		for k := range t {
			sums[k] = curve.Zero()
			for _, revealed := range c.reveals {
				sums[k].Add(&sums[k], &revealed.points[lane*t+k])
			}
		}
		twice := sums[0]
		for range 125 {
			twice.Double(&twice)
		}
		c.PK, c.PK2 = append(c.PK, sums[0]), append(c.PK2, twice)
		for trustee := range c.active {
			c.VK[trustee] = append(c.VK[trustee], evaluate(sums, trustee))
		}
	}
}

func (c *Ceremony) sameKeys(d *record.CeremonyFinish) bool {
	order := c.activeInOrder()
	if len(d.VK) != len(order) || !samePoints(d.PK, c.PK) || !samePoints(d.PK2, c.PK2) {
		return false
	}
	for i, vk := range d.VK {
		if vk.Trustee != order[i] || !samePoints(vk.Points, c.VK[order[i]]) {
			return false
		}
	}
	for i := range c.PK {
		if c.PK[i].IsZero() {
			return false
		}
	}
	return true
}

// samePoints compares written points with computed ones.
func samePoints(written []record.Point, points []curve.Point) bool {
	if len(written) != len(points) {
		return false
	}
	for i, affine := range curve.ToAffine(points) {
		if record.Point(affine.Bytes()) != written[i] {
			return false
		}
	}
	return true
}

package check

import (
	"fmt"
	"sort"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/groth16"
	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
)

// check11 is SPEC §15, check 11: every ballot was cast by a member of the roll and keeps the rules. Proofs are
// verified in batches, on all cores, while the record is read on.
type check11 struct {
	findings
	pending map[*groth16.Key][]job
	queue   chan []job
	running sync.WaitGroup
	lock    sync.Mutex
	culprit *job
}

// job is one update that took effect.
type job struct {
	seq     uint64
	number  int
	poll    *groth16.Poll
	signals []fr.Element
	proof   []byte
}

// proofBatch is how many proofs share a pairing equation.
const proofBatch = 256

func (c *check11) after(e *record.Entry) {
	d, ok := e.Data.(*record.Updates)
	if !ok {
		return
	}
	batch := c.w.batch
	if batch.poll == nil || batch.err != nil {
		return
	}
	for i, update := range batch.updates {
		if update.Skipped {
			continue
		}
		if batch.poll.Proofs == nil {
			c.fail(e, "the key that poll %d's proofs are verified with is not known", d.Poll)
			continue
		}
		c.items++
		c.add(batch.poll, update, e.Seq, i)
	}
}

func (c *check11) add(poll *replay.Poll, update *replay.Update, seq uint64, number int) {
	if c.queue == nil {
		c.start()
	}
	key := poll.Proofs.Key
	c.pending[key] = append(c.pending[key], job{seq, number, poll.Proofs, poll.Signals(update), update.Proof})
	if len(c.pending[key]) == proofBatch {
		c.queue <- c.pending[key]
		c.pending[key] = nil
	}
}

func (c *check11) start() {
	c.pending, c.queue = map[*groth16.Key][]job{}, make(chan []job, workers())
	for range workers() {
		c.running.Add(1)
		go func() {
			defer c.running.Done()
			for jobs := range c.queue {
				c.verify(jobs)
			}
		}()
	}
}

// verify decodes what can be decoded and checks it at once.
func (c *check11) verify(jobs []job) {
	var statements []groth16.Statement
	var of []int
	for i := range jobs {
		proof, err := groth16.DecodeProof(jobs[i].proof)
		if err != nil || !newPointsOnCurve(jobs[i].signals) {
			c.blame(&jobs[i])
			continue
		}
		statements, of = append(statements, groth16.Statement{Poll: jobs[i].poll, Signals: jobs[i].signals, Proof: proof}), append(of, i)
	}
	for _, wrong := range groth16.Wrong(statements) {
		c.blame(&jobs[of[wrong]])
	}
}

func (c *check11) blame(j *job) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.culprit == nil || j.seq < c.culprit.seq || j.seq == c.culprit.seq && j.number < c.culprit.number {
		c.culprit = j
	}
}

// newPointsOnCurve looks at newR and newC among the signals 3 + oldR(2) + newR(2) + oldC(2L) + newC(2L).
func newPointsOnCurve(signals []fr.Element) bool {
	lanes := (len(signals) - 7) / 4
	for i := range lanes + 1 {
		at := 5
		if i > 0 {
			at = 7 + 2*lanes + 2*(i-1)
		}
		point := curve.Affine{X: signals[at], Y: signals[at+1]}
		if !point.OnCurve() {
			return false
		}
	}
	return true
}

func (c *check11) end() {
	if c.queue == nil {
		return
	}
	keys := make([]*groth16.Key, 0, len(c.pending))
	for key := range c.pending {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return len(keys[i].IC) < len(keys[j].IC) })
	for _, key := range keys {
		c.queue <- c.pending[key]
	}
	close(c.queue)
	c.running.Wait()
	if c.culprit != nil && c.wrong == "" {
		c.wrong = fmt.Sprintf("Entry %d (updates): the proof of update %d does not hold", c.culprit.seq, c.culprit.number)
	}
}

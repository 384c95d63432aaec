package check

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"syscall"
	"testing"
	"time"

	"urna/client/observer-go/curve"
	"urna/client/observer-go/definition"
	"urna/client/observer-go/groth16"
	"urna/client/observer-go/record"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/trapdoor"
	"urna/client/observer-go/words"
)

const (
	benchLanes   = 4 // ballot-8
	benchBallots = 1024
	benchBatch   = 100
)

var benchSender = words.Address{1}

// benchWorld is an open election with one poll of circuit ballot-8, whose proofs a key with a trapdoor makes.
func benchWorld(poll *groth16.Poll) *world {
	d := &definition.Definition{MaskRounds: 2, Boxes: []words.Address{benchSender},
		Times: definition.Times{OpensAt: 1000, ClosesAt: 2000, GraceSeconds: 100}}
	w := &world{definition: d, timeline: replay.NewTimeline(d), polls: map[uint64]*replay.Poll{}}
	w.turns = replay.NewTurns(w.timeline)
	w.tally = replay.NewTally(d, w.polls)
	w.polls[0] = replay.NewPoll(w.place, 0, benchLanes, benchBallots, poll)
	return w
}

// ballots makes batches of first casts in the first round, and as many later updates in the second.
func ballots(key *trapdoor.Key, poll *groth16.Poll, total, size int) (lines []string) {
	w := benchWorld(poll)
	ciphertext := points(2*total + benchLanes + 1)
	for round := range 2 {
		for at := 0; at < total; at += size {
			d := &record.Updates{Sender: benchSender, Round: uint64(round)}
			for k := at; k < min(at+size, total); k++ {
				entry := sent(k, round, total, ciphertext)
				update, err := w.polls[0].Split(half(entry, round == 0), half(entry, round == 1), words.Word{})
				if err != nil {
					panic(err)
				}
				w.polls[0].Follow(update[0], w.turns, benchSender, uint64(1000+500*round), uint64(round))
				signals := append(benchConstants[:len(benchConstants):len(benchConstants)], w.polls[0].Signals(update[0])...)
				copy(entry[len(entry)-256:], trapdoor.Encode(key.Prove(signals)))
				d.Firsts, d.Laters = append(d.Firsts, half(entry, round == 0)...), append(d.Laters, half(entry, round == 1)...)
			}
			d.NonEmpty, d.SumsHash = w.polls[0].NonEmpty(), words.Keccak(words.Join(w.polls[0].SumWords()...))
			lines = append(lines, line(len(lines), 1000+500*round, d))
		}
	}
	return lines
}

var benchConstants = trapdoor.Random(7 + 8*benchLanes)

func half(entry []byte, wanted bool) []byte {
	if wanted {
		return entry
	}
	return nil
}

// points are multiples of G: a ballot's ciphertext is any of them here.
func points(count int) []words.Word {
	base := curve.Generator()
	all := make([]curve.Point, count)
	all[0].Mul(&base, big.NewInt(7))
	for i := 1; i < count; i++ {
		all[i].Add(&all[i-1], &base)
	}
	var out []words.Word
	for _, affine := range curve.ToAffine(all) {
		out = append(out, affine.Words()...)
	}
	return out
}

// sent is ballot k's words in a round, with room for the proof.
func sent(k, round, total int, ciphertext []words.Word) []byte {
	size := 2 + 2*benchLanes
	all := []words.Word{words.H8("bench", words.Num(uint64(k)))}
	if round == 1 {
		all = append(append(all, words.Word{}), ciphertext[2*k:2*k+size]...)
	}
	at := 2 * (k + round*total)
	all = append(all, ciphertext[at:at+size]...)
	return append(words.Join(all...), make([]byte, groth16.ProofSize)...)
}

func line(seq, time int, d *record.Updates) string {
	zero := words.Word{}
	return fmt.Sprintf(`{"block":%d,"data":{"firsts":"0x%s","laters":"0x%s","nonEmpty":%d,"poll":0,"round":%d,"sender":"%s","skipped":"%s",`+
		`"sumsHash":"%s"},"kind":"updates","seq":%d,"time":%d,"transaction":"%s"}`, seq, hex.EncodeToString(d.Firsts), hex.EncodeToString(d.Laters),
		d.NonEmpty, d.Round, d.Sender, zero, d.SumsHash, seq, time, zero)
}

// BenchmarkBallot measures all that a ballot costs, from the line of the record to its proof: reading, hash chain, slots,
// turns, sums and the batched proofs. Half the ballots are first casts, half later updates.
func BenchmarkBallot(b *testing.B) {
	key := trapdoor.New(14 + 12*benchLanes)
	poll := groth16.NewPoll(key.Verifying, benchConstants)
	lines := ballots(key, poll, benchBallots, benchBatch)
	before := cpuTime()
	for b.Loop() {
		w := benchWorld(poll)
		f := findings{w: w}
		checks := []check{&check11{findings: f}, &check12{f}, &check13{f}, &check14{f}}
		hash := words.Word{}
		for _, text := range lines {
			value, err := record.ParseLine([]byte(text))
			if err != nil {
				b.Fatal(err)
			}
			hash = record.Next(hash, []byte(text))
			entry := record.DecodeEntry(value)
			w.follow(entry)
			for _, check := range checks {
				check.after(entry)
			}
		}
		for _, check := range checks {
			if check.end(); check.found().wrong != "" || check.found().items < len(lines) {
				b.Fatal(check.found().wrong, check.found().items)
			}
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/1000/float64(b.N*2*benchBallots), "cpu-ms/ballot")
	b.ReportMetric(0, "ns/op")
}

// cpuTime is what this process has used on all cores: other work on the machine does not count.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

package check

import (
	"strings"
	"testing"

	"urna/client/observer-go/groth16"
	"urna/client/observer-go/record"
	"urna/client/observer-go/trapdoor"
	"urna/client/observer-go/words"
)

// verdicts runs checks 11 to 14 over lines and returns the numbers of those that fail.
func verdicts(t *testing.T, poll *groth16.Poll, lines []string) (failed []int) {
	w := benchWorld(poll)
	f := findings{w: w}
	checks := []check{&check11{findings: f}, &check12{f}, &check13{f}, &check14{f}}
	for _, text := range lines {
		value, err := record.ParseLine([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		entry := record.DecodeEntry(value)
		if entry.Err != nil {
			t.Fatal(entry.Err)
		}
		w.follow(entry)
		for _, check := range checks {
			check.after(entry)
		}
	}
	for i, check := range checks {
		if check.end(); check.found().wrong != "" {
			failed = append(failed, 11+i)
		}
	}
	return failed
}

func TestBallots(t *testing.T) {
	key := trapdoor.New(14 + 12*benchLanes)
	poll := groth16.NewPoll(key.Verifying, benchConstants)
	lines := ballots(key, poll, 7, 3)
	if failed := verdicts(t, poll, lines); failed != nil {
		t.Fatalf("true ballots fail %v", failed)
	}
	last := len(lines) - 1
	change := func(index int, old, replacement string) []string {
		changed := append([]string(nil), lines...)
		changed[index] = strings.Replace(changed[index], old, replacement, 1)
		if changed[index] == lines[index] {
			t.Fatalf("%s is not in line %d", old, index)
		}
		return changed
	}
	proofOf := func(index int) string { // the last update's
		text := lines[index]
		end := strings.Index(text[strings.Index(text, `"firsts":"0x`)+12:], `"`) + strings.Index(text, `"firsts":"0x`) + 12
		return text[end-2*groth16.ProofSize : end]
	}
	skipFirst := words.Num(1)
	for name, test := range map[string]struct {
		lines []string
		check int
	}{
		"another update's proof": {change(0, proofOf(0), proofOf(1)), 11},
		"a coordinate beyond p":  {change(0, proofOf(0)[:64], strings.Repeat("f", 64)), 11},
		"miscounted ballots":     {change(1, `"nonEmpty":6`, `"nonEmpty":5`), 12},
		"bits beyond the last":   {change(last, words.Word{}.String(), words.FromBig(skipFirst.Big().Lsh(skipFirst.Big(), 9)).String()), 12},
		"the batch once more":    {append(lines[:last:last], lines[last], lines[last]), 12},
		"another round":          {change(last, `"round":1`, `"round":0`), 13},
		"other sums":             {change(last, sumsHash(lines[last]), sumsHash(lines[0])), 14},
	} {
		failed := verdicts(t, poll, test.lines)
		if len(failed) == 0 || failed[0] != test.check {
			t.Errorf("%s: %d should fail first, failed are %v", name, test.check, failed)
		}
	}
}

func sumsHash(line string) string {
	at := strings.Index(line, `"sumsHash":"0x`) + 14
	return line[at : at+64]
}

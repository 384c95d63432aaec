package record

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

const extend = `{"block":7,"data":{"act":{"expiry":9,"number":0,"signatures":[]},"closesAt":5,"reasonHash":"%s"},"kind":"extend","seq":%d,` +
	`"time":8,"transaction":"%s"}`

var hash32 = "0x" + strings.Repeat("ab", 32)

func lines(count int) (all []string) {
	for i := range count {
		all = append(all, fmt.Sprintf(extend, hash32, i, hash32))
	}
	return all
}

// write makes a record's folder of the lines, cut as SPEC §14.5 says, and returns the path of its head.
func write(t *testing.T, all []string) string {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "segments"), 0o755); err != nil {
		t.Fatal(err)
	}
	definition := words.Of(bytes.Repeat([]byte{0xab}, 32))
	hash, total := First(definition), len(all)
	var segments []string
	for len(all) > 0 {
		count := min(len(all), MaxSegmentEntries)
		var text bytes.Buffer
		for _, line := range all[:count] {
			hash = Next(hash, []byte(line))
			text.WriteString(line + "\n")
		}
		segments = append(segments, fmt.Sprintf(`{"bytes":%d,"entries":%d,"hash":"%s"}`, text.Len(), count, hash))
		save(t, filepath.Join(folder, fmt.Sprintf("segments/%06d.jsonl.gz", len(segments)-1)), compress(t, text.Bytes()))
		all = all[count:]
	}
	head := fmt.Sprintf(`{"chainId":1,"definitionHash":"%s","election":"0x%s","entries":%d,"files":[],"hash":"%s","segments":[%s],"version":1}`,
		definition, strings.Repeat("cd", 20), total, hash, strings.Join(segments, ","))
	path := filepath.Join(folder, "record.json")
	save(t, path, []byte(head))
	return path
}

func save(t *testing.T, path string, content []byte) {
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func compress(t *testing.T, text []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := writer.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhole(t *testing.T) {
	source, err := Open(write(t, lines(1500)))
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Whole(); err != nil {
		t.Fatal(err)
	}
	count := uint64(0)
	err = source.Each(func(_ []byte, value canon.Value) error {
		if entry := DecodeEntry(value); entry.Err != nil || entry.Seq != count {
			t.Error(entry.Seq, entry.Err)
		}
		count++
		return nil
	})
	if err != nil || count != 1500 {
		t.Fatal(count, err)
	}
}

func TestWholeRefuses(t *testing.T) {
	segment := func(change func(t *testing.T, text []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, head string) {
			path := filepath.Join(filepath.Dir(head), "segments/000001.jsonl.gz")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			save(t, path, change(t, text))
		}
	}
	content := []byte(strings.Join(lines(1500)[1024:], "\n") + "\n")
	for name, test := range map[string]struct {
		code   string
		damage func(*testing.T, string)
	}{
		"truncated": {"record/gzip", segment(func(_ *testing.T, b []byte) []byte { return b[:len(b)-9] })},
		"longer":    {"record/gzip", segment(func(_ *testing.T, b []byte) []byte { return append(b, 0) })},
		"twice":     {"record/gzip", segment(func(_ *testing.T, b []byte) []byte { return append(b, b...) })},
		"a bomb":    {"record/length", segment(func(t *testing.T, _ []byte) []byte { return compress(t, make([]byte, 1<<25)) })},
		"a digit": {"record/hash", segment(func(t *testing.T, _ []byte) []byte {
			return compress(t, bytes.Replace(content, []byte(`"block":7`), []byte(`"block":8`), 1))
		})},
		"formatted": {"record/line", segment(func(t *testing.T, _ []byte) []byte {
			return compress(t, bytes.Replace(content, []byte(`"block":7,`), []byte(`"block": 7`), 1))
		})},
		"cut off": {"record/line", segment(func(t *testing.T, _ []byte) []byte {
			return compress(t, append(content[:len(content)-1:len(content)-1], ' '))
		})},
		"a huge line": {"record/length", segment(func(t *testing.T, _ []byte) []byte { return compress(t, bytes.Repeat([]byte("1"), 1<<21)) })},
		"missing": {"record/missing", func(t *testing.T, head string) {
			os.Remove(filepath.Join(filepath.Dir(head), "segments/000001.jsonl.gz"))
		}},
		"another number": {"record/head", replaceInHead(`"entries":1500`, `"entries":1501`)},
		"version 2":      {"record/version", replaceInHead(`"version":1`, `"version":2`)},
		"a path":         {"record/head", replaceInHead(`"files":[]`, `"files":[{"bytes":1,"name":"../secret","sha256":"`+hash32+`"}]`)},
	} {
		head := write(t, lines(1500))
		test.damage(t, head)
		source, err := Open(head)
		if err == nil {
			err = source.Whole()
		}
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != test.code || fault.Place == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func replaceInHead(old, replacement string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte(old)) {
			t.Fatal("nothing to replace", err)
		}
		save(t, path, bytes.Replace(text, []byte(old), []byte(replacement), 1))
	}
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add([]byte(lines(1)[0]))
	for kind := range kinds {
		f.Add([]byte(`{"block":1,"data":{"act":null,"points":[],"attempt":1},"kind":"` + kind + `","seq":0,"time":1,"transaction":"` + hash32 + `"}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := ParseLine(text)
		if err != nil {
			return
		}
		if entry := DecodeEntry(value); (entry.Err == nil) != (entry.Data != nil) {
			t.Fatalf("%s: an entry has data or an error: %v", text, entry.Err)
		}
	})
}

func FuzzDecodeHead(f *testing.F) {
	f.Add([]byte(`{"chainId":1,"definitionHash":"` + hash32 + `","election":"0x` + strings.Repeat("cd", 20) + `","entries":0,"files":[],"hash":"` +
		First(words.Of(bytes.Repeat([]byte{0xab}, 32))).String() + `","segments":[],"version":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		head, err := DecodeHead(text)
		if err == nil && head.addUp() != nil {
			t.Fatal("a head that does not add up was taken")
		}
	})
}

package record

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Record is a record's folder and head.
type Record struct {
	Head   *Head
	folder string
}

// Open reads the head of the record that record.json names.
func Open(path string) (*Record, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, &Fault{"record/missing", headFile, "cannot be read"}
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxHead+1))
	if err != nil {
		return nil, &Fault{"record/missing", headFile, "cannot be read"}
	}
	if len(text) > maxHead {
		return nil, &Fault{"record/head", headFile, fmt.Sprintf("longer than %d bytes", maxHead)}
	}
	head, err := DecodeHead(text)
	if err != nil {
		return nil, err
	}
	return &Record{head, filepath.Dir(path)}, nil
}

// openFile opens what is a file; a pipe would let whoever opens it wait for ever.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// Each gives every line and its JSON value to visit, in order, after the segment they stand in was found whole.
// Memory is bounded by one segment.
func (r *Record) Each(visit func(line []byte, value canon.Value) error) error {
	hash := First(r.Head.DefinitionHash)
	for i := range r.Head.Segments {
		lines, values, err := r.segment(i, &hash)
		if err != nil {
			return err
		}
		for k := range lines {
			if err := visit(lines[k], values[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Whole reads everything once and reports the first fault, in the order of SPEC §14.6.
func (r *Record) Whole() error {
	for _, file := range r.Head.Files {
		if err := r.wholeFile(file); err != nil {
			return err
		}
	}
	seen := false
	return r.Each(func(line []byte, value canon.Value) error {
		if seen || !bytes.Contains(line, []byte(`"kind":"defined"`)) {
			return nil
		}
		defined, ok := DecodeEntry(value).Data.(*Defined)
		if !ok {
			return nil
		}
		seen = true
		h := r.Head
		if defined.ChainID != h.ChainID || defined.Election != h.Election || defined.DefinitionHash != h.DefinitionHash {
			return &Fault{"record/election", headFile, "chain, election or definition is not the one of the entry `defined`"}
		}
		return nil
	})
}

func (r *Record) segment(index int, hash *words.Word) (lines [][]byte, values []canon.Value, err error) {
	head := r.Head.Segments[index]
	name := fmt.Sprintf("segments/%06d.jsonl.gz", index)
	text, err := r.inflate(name, head.Bytes)
	if err != nil {
		return nil, nil, err
	}
	size, cut := uint64(0), false
	for len(text) > 0 {
		place := fmt.Sprintf("%s, line %d (entry %d)", name, len(lines)+1, r.firstEntry(index)+uint64(len(lines)))
		end := bytes.IndexByte(text, '\n')
		if end < 0 || end > MaxLine {
			return nil, nil, &Fault{"record/line", place, "too long, or without its line feed"}
		}
		line := text[:end]
		value, err := ParseLine(line)
		if err != nil {
			return nil, nil, &Fault{"record/line", place, err.Error()}
		}
		cut = cut || isFull(len(lines), size)
		size += uint64(end) + 1
		lines, values, text = append(lines, line), append(values, value), text[end+1:]
		*hash = Next(*hash, line)
	}
	last := index == len(r.Head.Segments)-1
	if cut || uint64(len(lines)) != head.Entries || !last && !isFull(len(lines), size) {
		return nil, nil, &Fault{"record/cut", name, fmt.Sprintf("%d entries, %d bytes", len(lines), size)}
	}
	if *hash != head.Hash {
		return nil, nil, &Fault{"record/hash", name, "not the hash that the head says"}
	}
	return lines, values, nil
}

// isFull tells whether a segment of so many entries and bytes ends here (SPEC §14.5).
func isFull(entries int, size uint64) bool {
	return entries >= MaxSegmentEntries || size >= SegmentBytes
}

func (r *Record) firstEntry(segment int) (first uint64) {
	for _, head := range r.Head.Segments[:segment] {
		first += head.Entries
	}
	return first
}

// inflate reads one gzip member of exactly the given length, never more than that.
func (r *Record) inflate(name string, length uint64) ([]byte, error) {
	file, err := openFile(filepath.Join(r.folder, name))
	if err != nil {
		return nil, &Fault{"record/missing", name, "cannot be read"}
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || uint64(info.Size()) > length+compressedSlack {
		return nil, &Fault{"record/gzip", name, "longer than any compression of what the head says"}
	}
	compressed := bufio.NewReader(file)
	stream, err := gzip.NewReader(compressed)
	if err != nil {
		return nil, &Fault{"record/gzip", name, err.Error()}
	}
	stream.Multistream(false)
	text, err := io.ReadAll(io.LimitReader(stream, int64(length)+1))
	if err != nil && uint64(len(text)) <= length {
		return nil, &Fault{"record/gzip", name, err.Error()}
	}
	if uint64(len(text)) != length {
		return nil, &Fault{"record/length", name, fmt.Sprintf("not the %d bytes that the head says", length)}
	}
	if _, err := compressed.ReadByte(); err != io.EOF {
		return nil, &Fault{"record/gzip", name, "bytes after the end"}
	}
	return text, nil
}

// compressedSlack is how much longer than its content a compressed segment may be (SPEC §14.6).
const compressedSlack = 1 << 16

var errNumber = errors.New("a number that is no integer from 0 to 2^53 − 1")

// ParseLine reads a line without its line feed: canonical JSON whose numbers are whole (SPEC §14.6).
func ParseLine(line []byte) (canon.Value, error) {
	value, err := canon.ParseCanonical(line)
	if err == nil && !wholeNumbers(value) {
		err = errNumber
	}
	return value, err
}

func wholeNumbers(value canon.Value) bool {
	switch v := value.(type) {
	case float64:
		_, ok := canon.ToNumber(v)
		return ok
	case []canon.Value:
		for _, item := range v {
			if !wholeNumbers(item) {
				return false
			}
		}
	case canon.Object:
		for _, item := range v {
			if !wholeNumbers(item) {
				return false
			}
		}
	}
	return true
}

func (r *Record) wholeFile(head FileHead) error {
	name := "files/" + head.Name
	file, err := r.File(head.Name)
	if err != nil {
		return &Fault{"record/missing", name, "cannot be read"}
	}
	defer file.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, io.LimitReader(file, int64(head.Bytes)+1))
	if err != nil || uint64(size) != head.Bytes {
		return &Fault{"record/length", name, fmt.Sprintf("not the %d bytes that the head says", head.Bytes)}
	}
	if words.Of(digest.Sum(nil)) != head.Hash {
		return &Fault{"record/hash", name, "not the hash that the head says"}
	}
	return nil
}

// File opens a published file that the head names.
func (r *Record) File(name string) (io.ReadCloser, error) {
	for _, file := range r.Head.Files {
		if file.Name == name {
			return openFile(filepath.Join(r.folder, "files", filepath.FromSlash(name)))
		}
	}
	return nil, fs.ErrNotExist
}

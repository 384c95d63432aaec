package record

import (
	"crypto/sha256"
	"fmt"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/words"
)

// Limits of SPEC §14 and §14.5.
const (
	MaxLine           = 1 << 20
	MaxSegmentEntries = 1024
	SegmentBytes      = 1 << 22
	maxHead           = 1 << 24
	headFile          = "record.json"
)

// Fault is why a record is not whole: a code of SPEC §14.6 and the place.
type Fault struct{ Code, Place, Why string }

func (f *Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Code, f.Place, f.Why) }

// SegmentHead is what the head says of a segment; Hash is h after its last entry.
type SegmentHead struct {
	Entries, Bytes uint64
	Hash           words.Word
}

// FileHead is what the head says of a published file.
type FileHead struct {
	Name  string
	Bytes uint64
	Hash  words.Word
}

// Head is record.json (SPEC §14.6).
type Head struct {
	ChainID              uint64
	Election             words.Address
	DefinitionHash, Hash words.Word
	Entries              uint64
	Segments             []SegmentHead
	Files                []FileHead
}

// First is h_0 (SPEC §14.4).
func First(definitionHash words.Word) words.Word {
	return sha256.Sum256(append([]byte("urna/v1/record"), definitionHash[:]...))
}

// Next is h_{k+1} of an entry's line without its line feed.
func Next(hash words.Word, line []byte) words.Word {
	digest := sha256.Sum256(line)
	var bytes [len(entryTag) + 64]byte
	copy(bytes[:], entryTag)
	copy(bytes[len(entryTag):], hash[:])
	copy(bytes[len(entryTag)+32:], digest[:])
	return sha256.Sum256(bytes[:])
}

const entryTag = "urna/v1/record-entry"

// DecodeHead reads record.json.
func DecodeHead(text []byte) (*Head, error) {
	refuse := func(why string) error { return &Fault{"record/head", headFile, why} }
	value, err := canon.ParseCanonical(text)
	if err != nil {
		return nil, refuse(err.Error())
	}
	if object, ok := value.(canon.Object); ok {
		if version, ok := object["version"].(float64); ok && version != 1 {
			return nil, &Fault{"record/version", headFile, "this reader knows version 1"}
		}
	}
	m := data{canon.MembersOf(value, "head", &err), &err}
	head := &Head{ChainID: m.Number("chainId"), Election: m.address("election"), DefinitionHash: m.word("definitionHash"),
		Hash: m.word("hash"), Entries: m.Number("entries")}
	m.Number("version")
	for i, item := range m.List("segments") {
		s := data{canon.MembersOf(item, fmt.Sprintf("segments[%d]", i), &err), &err}
		head.Segments = append(head.Segments, SegmentHead{s.Number("entries"), s.Number("bytes"), s.word("hash")})
		s.End()
	}
	for i, item := range m.List("files") {
		f := data{canon.MembersOf(item, fmt.Sprintf("files[%d]", i), &err), &err}
		head.Files = append(head.Files, FileHead{f.String("name"), f.Number("bytes"), f.word("sha256")})
		f.End()
	}
	m.End()
	if err == nil {
		err = head.addUp()
	}
	if err != nil {
		return nil, refuse(err.Error())
	}
	return head, nil
}

func (h *Head) addUp() error {
	sum, last := uint64(0), First(h.DefinitionHash)
	for i, segment := range h.Segments {
		if segment.Entries == 0 || segment.Entries > MaxSegmentEntries {
			return fmt.Errorf("segment %d: 1 to 1,024 entries", i)
		}
		if segment.Bytes > SegmentBytes+MaxLine {
			return fmt.Errorf("segment %d: at most 2^22 + 2^20 bytes", i)
		}
		sum, last = sum+segment.Entries, segment.Hash
	}
	if sum != h.Entries {
		return fmt.Errorf("the segments have %d entries, not %d", sum, h.Entries)
	}
	if last != h.Hash {
		return fmt.Errorf("hash is not that of the last segment")
	}
	for i, file := range h.Files {
		most, known := MostBytes(file.Name)
		if !known || i > 0 && h.Files[i-1].Name >= file.Name {
			return fmt.Errorf("files[%d]: unknown, repeated or out of order", i)
		}
		if file.Bytes > most {
			return fmt.Errorf("files[%d]: a file of this name has at most %d bytes", i, most)
		}
	}
	return nil
}

// Package published reads the files that are published beside an election's chain data (SPEC §5, §6, §13, §14.5).
package published

import (
	"errors"
	"slices"

	"urna/client/observer-go/canon"
	"urna/client/observer-go/replay"
	"urna/client/observer-go/words"
)

// CredentialList is a district's (SPEC §5.3); both lists are strictly increasing and have no key in common.
type CredentialList struct {
	DefinitionHash words.Word
	District       uint64
	Keys, Reserve  []words.Word
}

// smallestInList is how many bytes a value of a list has at least, on average: a key has 69. A few more have less.
const smallestInList, few = 64, 64

// DecodeCredentialList reads the RFC 8785 document.
func DecodeCredentialList(text []byte) (*CredentialList, error) {
	if !canon.FewValues(text, few+len(text)/smallestInList) {
		return nil, errors.New("credential-list/shape: more values than a list has")
	}
	value, err := canon.ParseCanonical(text)
	if err != nil {
		return nil, err
	}
	m := canon.MembersOf(value, "list", &err)
	list := &CredentialList{District: m.Number("district")}
	copy(list.DefinitionHash[:], m.Bytes("definitionHash", 32))
	keys, reserve, kind := m.BytesList("keys", 32), m.BytesList("reserve", 32), m.String("type")
	m.End()
	if err != nil {
		return nil, err
	}
	if kind != "urna/v1/credential-list" {
		return nil, errors.New("credential-list/shape: not a credential list")
	}
	if list.Keys, err = increasing(keys); err != nil {
		return nil, err
	}
	if list.Reserve, err = increasing(reserve); err != nil {
		return nil, err
	}
	for _, key := range list.Reserve {
		if list.Has(key) {
			return nil, errors.New("credential-list/duplicate: a key is listed in the reserve as well")
		}
	}
	return list, nil
}

func increasing(keys [][]byte) ([]words.Word, error) {
	all := make([]words.Word, len(keys))
	for i, key := range keys {
		all[i] = words.Of(key)
		if i > 0 && !all[i-1].Less(all[i]) {
			return nil, errors.New("credential-list/order: keys out of order, or one twice")
		}
	}
	return all, nil
}

func compare(a, b words.Word) int { return slices.Compare(a[:], b[:]) }

// Has tells whether a key is in the list proper.
func (l *CredentialList) Has(key words.Word) bool {
	_, found := slices.BinarySearchFunc(l.Keys, key, compare)
	return found
}

// HasReserve tells whether a key is in the reserve.
func (l *CredentialList) HasReserve(key words.Word) bool {
	_, found := slices.BinarySearchFunc(l.Reserve, key, compare)
	return found
}

// CredentialRoot is the Merkle root of keys or reserve of a district.
func CredentialRoot(district uint64, keys []words.Word) words.Word {
	tree := replay.NewTree("credential-node")
	for _, key := range keys {
		tree.Add(words.H("credential-leaf", words.Num(district), key))
	}
	return tree.Root()
}

package seals

import (
	"errors"
	"math/big"

	"urna/client/observer-go/words"
)

// Nodes are those of tries, by the hash that names them.
type Nodes map[words.Word][]byte

// NewNodes takes nodes in any order.
func NewNodes(all [][]byte) Nodes {
	nodes := Nodes{}
	for _, node := range all {
		nodes[words.Keccak(node)] = node
	}
	return nodes
}

var (
	errProof = errors.New("a node of the state is missing, or none")
	empty    = words.Keccak([]byte{0x80}) // root of a trie that holds nothing
)

// value is what a trie holds under a key, or nil where it shows that it holds nothing.
func (n Nodes) value(root words.Word, key []byte) ([]byte, error) {
	if root == empty {
		return nil, nil
	}
	hash := words.Keccak(key)
	path := nibbles(hash[:])
	node, err := n.node(root)
	for err == nil {
		switch {
		case !node.isList:
			return nil, errProof
		case len(node.list) == 17:
			if len(path) == 0 {
				return nil, errProof
			}
			child := node.list[path[0]]
			path = path[1:]
			if !child.isList && len(child.bytes) == 0 {
				return nil, nil
			}
			node, err = n.child(child)
		case len(node.list) == 2:
			part, isLeaf, ok := decodePath(node.list[0])
			if !ok {
				return nil, errProof
			}
			same := len(part) <= len(path) && string(part) == string(path[:len(part)])
			if isLeaf {
				if !same || len(part) != len(path) {
					return nil, nil
				}
				if node.list[1].isList {
					return nil, errProof
				}
				return node.list[1].bytes, nil
			}
			if !same {
				return nil, nil
			}
			path = path[len(part):]
			node, err = n.child(node.list[1])
		default:
			return nil, errProof
		}
	}
	return nil, err
}

// child stands in its parent by its hash, or itself where it is short.
func (n Nodes) child(child item) (item, error) {
	if child.isList {
		return child, nil
	}
	hash, ok := child.word()
	if !ok {
		return item{}, errProof
	}
	return n.node(hash)
}

func (n Nodes) node(hash words.Word) (item, error) {
	text, ok := n[hash]
	if !ok {
		return item{}, errProof
	}
	return decode(text)
}

// decodePath reads the part of the path that a leaf or an extension stands for.
func decodePath(encoded item) (part []byte, isLeaf, ok bool) {
	if encoded.isList || len(encoded.bytes) == 0 {
		return nil, false, false
	}
	all := nibbles(encoded.bytes)
	flags := all[0]
	if flags > 3 || flags&1 == 0 && all[1] != 0 {
		return nil, false, false
	}
	part, isLeaf = all[2-flags&1:], flags&2 != 0
	return part, isLeaf, isLeaf || len(part) > 0
}

func nibbles(bytes []byte) []byte {
	all := make([]byte, 0, 2*len(bytes))
	for _, b := range bytes {
		all = append(all, b>>4, b&15)
	}
	return all
}

// Storage is a contract's, in a state.
type Storage struct {
	nodes Nodes
	root  words.Word
}

// Storage is that of an account; an error where there is none.
func (n Nodes) Storage(stateRoot words.Word, account words.Address) (*Storage, error) {
	text, err := n.value(stateRoot, account[:])
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, errors.New("the state has no such contract")
	}
	decoded, err := decode(text)
	if err != nil {
		return nil, err
	}
	if !decoded.isList || len(decoded.list) != 4 {
		return nil, errProof
	}
	root, ok := decoded.list[2].word()
	if !ok {
		return nil, errProof
	}
	return &Storage{n, root}, nil
}

// Holds tells whether all of the words stand at their places.
func (s *Storage) Holds(all []Placed) (bool, error) {
	for _, placed := range all {
		word, err := s.Word(placed.Place)
		if err != nil || word != placed.Word {
			return false, err
		}
	}
	return true, nil
}

// Word is what stands at a place; 0 where nothing does.
func (s *Storage) Word(place words.Word) (word words.Word, err error) {
	text, err := s.nodes.value(s.root, place[:])
	if err != nil || text == nil {
		return word, err
	}
	decoded, err := decode(text)
	if err != nil {
		return word, err
	}
	word, ok := decoded.number()
	if !ok {
		return word, errProof
	}
	return word, nil
}

// Placed is what stands at a place of a storage.
type Placed struct{ Place, Word words.Word }

// ElectionWords are the election's acts and times: closings is the definition's closing time and that of each extension.
func ElectionWords(acts uint64, approved, cancelled, certified bool, closings []uint64) []Placed {
	all := []Placed{
		{words.Num(11), fields([]uint64{acts, flag(approved), flag(cancelled), flag(certified)}, []uint{0, 64, 72, 80})},
		{words.Num(12), words.Num(uint64(len(closings)))},
	}
	first := words.Keccak(words.Join(words.Num(12)))
	for i := 0; i < len(closings); i += 4 {
		four := closings[i:min(i+4, len(closings))]
		all = append(all, Placed{plus(first, uint64(i/4)), fields(four, []uint{0, 64, 128, 192})})
	}
	return all
}

// Poll is what the ballots' contract keeps of a poll that is ready: Key is x and y of K_poll, Sums those of R, C_0, …
type Poll struct {
	NonEmpty, Members uint64
	Boxes, Lanes      int
	Key, Sums         []words.Word
}

// PollWords are those of a poll; of nil, which is not ready, that it is not.
func PollWords(number uint64, poll *Poll) []Placed {
	first := words.Keccak(words.Join(words.Num(number), words.Num(2)))
	if poll == nil {
		return []Placed{{first, words.Word{}}}
	}
	size := []uint64{poll.NonEmpty, poll.Members, uint64(poll.Boxes), uint64(poll.Lanes), 1}
	all := []Placed{{first, fields(size, []uint{0, 32, 64, 80, 88})}}
	for i, word := range poll.Key {
		all = append(all, Placed{plus(first, uint64(1+i)), word})
	}
	sums := words.Keccak(words.Join(plus(first, 3)))
	for i, word := range poll.Sums {
		all = append(all, Placed{plus(sums, uint64(i)), word})
	}
	return all
}

func fields(values []uint64, shifts []uint) words.Word {
	sum := new(big.Int)
	for i, value := range values {
		sum.Or(sum, new(big.Int).Lsh(new(big.Int).SetUint64(value), shifts[i]))
	}
	return words.FromBig(sum)
}

func flag(set bool) uint64 {
	if set {
		return 1
	}
	return 0
}

func plus(word words.Word, number uint64) words.Word {
	sum := new(big.Int).Add(word.Big(), new(big.Int).SetUint64(number))
	return words.FromBig(sum.Mod(sum, new(big.Int).Lsh(big.NewInt(1), 256)))
}

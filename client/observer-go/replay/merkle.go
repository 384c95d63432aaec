package replay

import (
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"urna/client/observer-go/poseidon"
	"urna/client/observer-go/words"
)

// LeanRoot is the root of a LeanIMT: parent = Poseidon(left, right), a node without sibling moves up unchanged (SPEC
// §6.1). Leaves are below r. The root of no leaves is 0.
func LeanRoot(leaves []words.Word) words.Word {
	nodes := make([]fr.Element, len(leaves))
	for i := range leaves {
		nodes[i].SetBytes(leaves[i][:])
	}
	if len(nodes) == 0 {
		return words.Word{}
	}
	for len(nodes) > 1 {
		half := (len(nodes) + 1) / 2
		for i := range half {
			if 2*i+1 < len(nodes) {
				nodes[i] = poseidon.Hash(&nodes[2*i], &nodes[2*i+1])
			} else {
				nodes[i] = nodes[2*i]
			}
		}
		nodes = nodes[:half]
	}
	return nodes[0].Bytes()
}

// Tree is a Merkle tree of a file (SPEC §5.3), built leaf by leaf; it keeps one node a level.
type Tree struct {
	purpose string
	count   uint64
	full    []words.Word // full[k]: the root of 2^k leaves, where bit k of count is set
}

// NewTree hashes nodes as H(purpose, left, right).
func NewTree(purpose string) *Tree { return &Tree{purpose: purpose} }

// Add appends a leaf.
func (t *Tree) Add(leaf words.Word) {
	level := 0
	for ; t.count>>level&1 == 1; level++ {
		leaf = words.H(t.purpose, t.full[level], leaf)
	}
	if level == len(t.full) {
		t.full = append(t.full, leaf)
	} else {
		t.full[level] = leaf
	}
	t.count++
}

// Count is the number of leaves.
func (t *Tree) Count() uint64 { return t.count }

// Root promotes odd last nodes unchanged; an empty tree has root 0.
func (t *Tree) Root() (root words.Word) {
	found := false
	for level := range t.full {
		if t.count>>level&1 == 0 {
			continue
		}
		if !found {
			root, found = t.full[level], true
		} else {
			root = words.H(t.purpose, t.full[level], root)
		}
	}
	return root
}

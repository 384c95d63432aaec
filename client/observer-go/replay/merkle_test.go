package replay

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"urna/client/observer-go/words"
)

func TestLeanRootVectors(t *testing.T) {
	text, err := os.ReadFile("../../../test/vectors/lean-imt.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Rolls []struct {
			Size int
			Root string
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors.Rolls) == 0 {
		t.Fatal("no vectors", err)
	}
	cube := new(big.Int).Exp(big.NewInt(1000000007), big.NewInt(3), nil)
	for _, roll := range vectors.Rolls {
		var leaves []words.Word
		for i := range roll.Size {
			member := new(big.Int).Mul(big.NewInt(int64(i+1)), cube)
			leaves = append(leaves, words.FromBig(member.Add(member, big.NewInt(int64(i)))))
		}
		if got := LeanRoot(leaves).Big().String(); got != roll.Root {
			t.Errorf("size %d: %s", roll.Size, got)
		}
	}
}

func TestTreeHasTheShapeOfRFC9162(t *testing.T) {
	var level []words.Word
	for size := range 20 {
		tree := NewTree("credential-node")
		for _, leaf := range level {
			tree.Add(leaf)
		}
		if tree.Root() != pairwise(level) || tree.Count() != uint64(size) {
			t.Errorf("size %d", size)
		}
		level = append(level, words.H("credential-leaf", words.Num(uint64(size))))
	}
}

// pairwise is §5.3 read literally.
func pairwise(level []words.Word) words.Word {
	if len(level) == 0 {
		return words.Word{}
	}
	for len(level) > 1 {
		var next []words.Word
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				next = append(next, level[i])
			} else {
				next = append(next, words.H("credential-node", level[i], level[i+1]))
			}
		}
		level = next
	}
	return level[0]
}

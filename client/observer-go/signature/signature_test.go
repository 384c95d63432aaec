package signature

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"urna/client/observer-go/words"
)

func read(t *testing.T, name string, into any) {
	text, err := os.ReadFile("../../../test/vectors/" + name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, text string) []byte {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

type signed struct {
	Name, Object, Digest, Signature  string
	Number, Expiry, Attempt, Trustee uint64
}

func TestActsAndSteps(t *testing.T) {
	var v struct {
		Domain struct {
			ChainID  uint64
			Election string
		}
		Signer      string
		Acts, Steps []signed
	}
	read(t, "acts.json", &v)
	domain := NewDomain(v.Domain.ChainID, words.Address(unhex(t, v.Domain.Election)))
	check := func(s signed, digest words.Word) {
		if digest.String() != s.Digest {
			t.Errorf("%s: digest %s", s.Name, digest)
		}
		signature := unhex(t, s.Signature)
		if signer, ok := Recover(digest, signature); !ok || signer.String() != v.Signer {
			t.Errorf("%s: signed by %s", s.Name, signer)
		}
		signature[5] ^= 1
		if signer, ok := Recover(digest, signature); ok && signer.String() == v.Signer {
			t.Errorf("%s: a changed signature is taken", s.Name)
		}
	}
	for _, s := range v.Acts {
		check(s, domain.Act(s.Number, s.Name, words.Of(unhex(t, s.Object)), s.Expiry))
	}
	for _, s := range v.Steps {
		check(s, domain.Step(s.Attempt, s.Trustee, s.Name, words.Of(unhex(t, s.Object))))
	}
	if len(v.Acts) == 0 || len(v.Steps) == 0 {
		t.Fatal("no vectors")
	}
}

func TestRecoverRefuses(t *testing.T) {
	var v struct{ Acts []signed }
	read(t, "acts.json", &v)
	digest, good := words.Of(unhex(t, v.Acts[0].Digest)), unhex(t, v.Acts[0].Signature)
	high := append([]byte(nil), good...)
	order := unhex(t, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
	borrow := 0
	for i := 31; i >= 0; i-- { // n − s signs as well, with the other v
		difference := int(order[i]) - int(good[32+i]) - borrow
		borrow = 0
		if difference < 0 {
			difference, borrow = difference+256, 1
		}
		high[32+i] = byte(difference)
	}
	high[64] ^= 27 ^ 28
	for name, bad := range map[string][]byte{
		"high s": high, "64 bytes": good[:64], "v = 0": append(append([]byte(nil), good[:64]...), 0),
		"v = 29": append(append([]byte(nil), good[:64]...), 29), "r = 0": append(make([]byte, 32), good[32:]...), "nothing": nil,
	} {
		if _, ok := Recover(digest, bad); ok {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestEd25519(t *testing.T) {
	var v struct {
		Tests []struct{ Name, PublicKey, Message, Signature string }
	}
	read(t, "rfc8032.json", &v)
	for _, test := range v.Tests {
		key, message, signature := unhex(t, test.PublicKey), unhex(t, test.Message), unhex(t, test.Signature)
		if !VerifyEd25519(key, message, signature) {
			t.Errorf("%s was refused", test.Name)
		}
		if VerifyEd25519(key, append(message, 0), signature) {
			t.Errorf("%s: another message was taken", test.Name)
		}
	}
}

func TestEd25519Edges(t *testing.T) {
	var v struct {
		Tests []struct {
			Name, PublicKey, Message, Signature string
			Valid                               bool
		}
	}
	read(t, "ed25519-edges.json", &v)
	if len(v.Tests) == 0 {
		t.Fatal("no vectors")
	}
	for _, test := range v.Tests {
		if VerifyEd25519(unhex(t, test.PublicKey), unhex(t, test.Message), unhex(t, test.Signature)) != test.Valid {
			t.Errorf("%s: valid is %v", test.Name, test.Valid)
		}
	}
}

func TestCreateAddress(t *testing.T) {
	creator := words.Address(unhex(t, "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"))
	// https://ethereum.stackexchange.com/q/760
	for nonce, want := range map[uint64]string{
		0: "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", 1: "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8",
		2: "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91", 3: "0xfffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c",
	} {
		if got := CreateAddress(creator, nonce).String(); got != want {
			t.Errorf("nonce %d: %s", nonce, got)
		}
	}
}

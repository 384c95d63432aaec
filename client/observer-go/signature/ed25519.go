package signature

import (
	"crypto/ed25519"
	"encoding/hex"
	"slices"
)

// smallOrder are the y of the points of order 1, 2, 4 and 8, big-endian.
var smallOrder = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000001",
	"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
	"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
	"05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
}

const fieldOrder = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"

// mayBePoint tells whether the y of 32 bytes is below the field's order and not that of a point of small order.
func mayBePoint(encoded []byte) bool {
	y := slices.Clone(encoded)
	slices.Reverse(y)
	y[0] &= 0x7f
	digits := hex.EncodeToString(y)
	return digits < fieldOrder && !slices.Contains(smallOrder, digits)
}

// VerifyEd25519 is the rule of SPEC §5.4: neither key nor R of small order or with y not reduced, and what crypto/ed25519
// accepts: S < L, the key decodes, and the encoding of S·B − h·A is R.
func VerifyEd25519(key, message, signature []byte) bool {
	return len(key) == 32 && len(signature) == 64 && mayBePoint(key) && mayBePoint(signature[:32]) &&
		ed25519.Verify(ed25519.PublicKey(key), message, signature)
}

// Package record reads an election record: its head, segments and published files (SPEC §14.4–14.6), and its entries (SPEC §14.1).
package record

import "urna/client/observer-go/words"

// Entry is one line; Data is a pointer to one of the kinds below, or nil with Err where it cannot be decoded.
type Entry struct {
	Seq, Block, Time uint64
	Transaction      words.Word
	Kind             string
	Data             any
	Err              error
}

// Point is x ‖ y as written; whether it is a point is for the checks.
type Point [64]byte

// Act is what all officers' acts hold (SPEC §12.1).
type Act struct {
	Number, Expiry uint64
	Signatures     [][]byte
}

// Deployment is a creating transaction.
type Deployment struct {
	Name             string
	Address, Creator words.Address
	Nonce, CodeBytes uint64
	CodeHash         words.Word
	Arguments        []byte
}

// Defined is the construction of Election.
type Defined struct {
	ChainID                                  uint64
	Election, Roll, Ceremony, Ballots, Tally words.Address
	CircuitKeys                              []words.Address
	DefinitionHash, ConfigHash               words.Word
}

// Approve is the act.
type Approve struct{ Act Act }

// SealedList is root and count of a district's credentials and of its reserve.
type SealedList struct {
	Root, ReserveRoot   words.Word
	Count, ReserveCount uint64
}

// Credentials is the act, one list a district.
type Credentials struct {
	Act   Act
	Lists []SealedList
}

// RollBegin begins a version; Act is nil for the first.
type RollBegin struct {
	Sender                         words.Address
	Version                        uint64
	RegistrationsRoot, ReasonsHash words.Word
	Act                            *Act
}

// RollMembers is a batch.
type RollMembers struct {
	Sender            words.Address
	Version, District uint64
	Commitments       []words.Word
}

// RollComplete ends a version.
type RollComplete struct {
	Sender  words.Address
	Version uint64
	Roots   []words.Word
	Members []uint64
}

// Seal is the act.
type Seal struct {
	Act                                Act
	Version                            uint64
	RegistrationsRoot, SealedRootsHash words.Word
}

// CeremonyCommit and the next five are the trustees' steps (SPEC §7).
type CeremonyCommit struct {
	Attempt, Trustee uint64
	Commitment       words.Word
	Signature        []byte
}

// CeremonyReveal has Q lane-major.
type CeremonyReveal struct {
	Attempt, Trustee uint64
	Points           []Point
	K                Point
	Z, TransportKey  words.Word
	Signature        []byte
}

// CeremonyDeal has shares of 80 bytes, by recipient, then lane.
type CeremonyDeal struct {
	Attempt, Trustee uint64
	Shares           [][]byte
	Signature        []byte
}

// CeremonyConfirm confirms the transcript.
type CeremonyConfirm struct {
	Attempt, Trustee uint64
	Signature        []byte
}

// CeremonyAccuse names a dealer.
type CeremonyAccuse struct {
	Attempt, Trustee, Dealer, Lane uint64
	Signature                      []byte
}

// CeremonyAnswer shows a share; Trustee is the dealer.
type CeremonyAnswer struct {
	Attempt, Trustee, Accuser, Lane uint64
	Share                           words.Word
	Signature                       []byte
}

// CeremonyRestart begins a new attempt.
type CeremonyRestart struct {
	Attempt  uint64
	Excluded []uint64
}

// CeremonyAbort ends the ceremony without keys.
type CeremonyAbort struct{ Attempt uint64 }

// TrusteePoints is a trustee's verification keys.
type TrusteePoints struct {
	Trustee uint64
	Points  []Point
}

// CeremonyFinish stores the keys.
type CeremonyFinish struct {
	Attempt uint64
	PK, PK2 []Point
	VK      []TrusteePoints
}

// PollReady is K_poll, a point of BN254's G1.
type PollReady struct {
	Poll, Members uint64
	Root          words.Word
	K             Point
}

// Updates is a batch as sent.
type Updates struct {
	Sender                words.Address
	Poll, Round, NonEmpty uint64
	Firsts, Laters        []byte
	Skipped, SumsHash     words.Word
}

// Extend is the act.
type Extend struct {
	Act        Act
	ClosesAt   uint64
	ReasonHash words.Word
}

// Cancel is the act.
type Cancel struct {
	Act        Act
	ReasonHash words.Word
}

// UnitSums is a unit's state and sums after merging.
type UnitSums struct {
	Unit, NonEmpty uint64
	State          string
	R              Point
	C              []Point
}

// Aggregate is one transaction's units.
type Aggregate struct {
	Contest uint64
	Units   []UnitSums
}

// Decryption has Q and the posted eighths A, B.
type Decryption struct {
	Unit, Trustee uint64
	Points        []Point
	A, B          Point
	Z             words.Word
	Signature     []byte
}

// Counts is a unit's.
type Counts struct {
	Unit   uint64
	Counts []uint64
}

// Certify is the act.
type Certify struct {
	Act        Act
	ResultHash words.Word
}

// Anchor is the act.
type Anchor struct {
	Act     Act
	Entries uint64
	Hash    words.Word
}

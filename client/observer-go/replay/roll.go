package replay

import "urna/client/observer-go/words"

// Version is one version of the roll as posted (SPEC §6); CompletedAt is the time of its completion, once it is complete:
// any number, for a record may be forged.
type Version struct {
	Number                         uint64
	RegistrationsRoot, ReasonsHash words.Word
	Members                        [][]words.Word // by district
	Roots                          []words.Word   // by district, recomputed at the completion
	Complete                       bool
	CompletedAt                    uint64
}

// Roll keeps the newest version, the newest complete one and the sealed one; others are not needed any more.
type Roll struct{ Newest, Completed, Sealed *Version }

// Current is the sealed version, or the newest while none is sealed.
func (r *Roll) Current() *Version {
	if r.Sealed != nil {
		return r.Sealed
	}
	return r.Newest
}

// Standing is the version that the roll is as far as it goes: the sealed one, or the newest complete one while none is
// sealed.
func (r *Roll) Standing() *Version {
	if r.Sealed != nil {
		return r.Sealed
	}
	return r.Completed
}

// Begin starts a version.
func (r *Roll) Begin(number uint64, registrationsRoot, reasonsHash words.Word, districts int) {
	r.Newest = &Version{Number: number, RegistrationsRoot: registrationsRoot, ReasonsHash: reasonsHash,
		Members: make([][]words.Word, districts)}
}

// UnderWay tells whether members of a version can be posted.
func (r *Roll) UnderWay(version uint64) bool {
	return r.Newest != nil && r.Newest.Number == version && !r.Newest.Complete
}

// Finish computes the roots; members that are no field elements count modulo r, which check 7 has refused before.
func (r *Roll) Finish(time uint64) {
	version := r.Newest
	version.Complete, version.CompletedAt = true, time
	r.Completed = version
	version.Roots = make([]words.Word, len(version.Members))
	for i, members := range version.Members {
		version.Roots[i] = LeanRoot(members)
	}
}

// RootsHash is the sealed roots hash (SPEC §2).
func (v *Version) RootsHash() words.Word { return words.H("roots", v.Roots...) }

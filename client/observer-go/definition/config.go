package definition

import "urna/client/observer-go/words"

// The chain's configuration, as Solidity's ABI encodes it (SPEC §12.1a): a tuple is its members' heads, then the
// tails of the dynamic ones, whose heads are offsets from the tuple's start.
type item struct {
	head words.Word
	tail []byte
	far  bool
}

func number(value uint64) item { return item{head: words.Num(value)} }

func account(address words.Address) item { return item{head: words.Addr(address)} }

func boolean(set bool) item {
	if set {
		return number(1)
	}
	return number(0)
}

func far(tail []byte) item { return item{tail: tail, far: true} }

func tuple(items ...item) []byte {
	var heads, tails []byte
	for _, item := range items {
		head := item.head
		if item.far {
			head = words.Num(uint64(32*len(items) + len(tails)))
			tails = append(tails, item.tail...)
		}
		heads = append(heads, head[:]...)
	}
	return append(heads, tails...)
}

func list(items []item) item {
	length := words.Num(uint64(len(items)))
	return far(append(length[:], tuple(items...)...))
}

func numbers(values []uint64) item {
	items := make([]item, len(values))
	for i, value := range values {
		items[i] = number(value)
	}
	return list(items)
}

func accounts(addresses []words.Address) item {
	items := make([]item, len(addresses))
	for i, address := range addresses {
		items[i] = account(address)
	}
	return list(items)
}

// flat is a list of static tuples: all their words, one after the other, behind the number of tuples.
func flat(rows [][]uint64) item {
	length := words.Num(uint64(len(rows)))
	bytes := append([]byte(nil), length[:]...)
	for _, row := range rows {
		for _, value := range row {
			w := words.Num(value)
			bytes = append(bytes, w[:]...)
		}
	}
	return far(bytes)
}

func (d *Definition) config() []byte {
	t := &d.Times
	var voters []uint64
	for _, district := range d.Districts {
		voters = append(voters, district.Voters)
	}
	var contests []item
	for i := range d.Contests {
		c := &d.Contests[i]
		rule := tuple(number(c.Rule.MinTotal), number(c.Rule.MaxTotal), boolean(c.Rule.Quadratic), boolean(c.Rule.Distinct),
			numbers(c.Rule.Max), numbers(c.Rule.Price))
		contests = append(contests, far(tuple(number(uint64(c.Lanes)), boolean(c.Withhold), far(rule))))
	}
	var units, polls [][]uint64
	for _, unit := range d.Units {
		units = append(units, []uint64{uint64(unit.Contest), uint64(unit.MergeInto + 1)})
	}
	for _, poll := range d.Polls {
		polls = append(polls, []uint64{uint64(poll.Contest), uint64(poll.District), uint64(poll.Unit)})
	}
	return tuple(item{head: d.Hash}, number(t.RegistrationOpens), number(t.RegistrationCloses), number(t.ChallengeSeconds),
		number(t.OpensAt), number(t.ClosesAt), number(t.GraceSeconds), number(t.SettleSeconds), number(t.MaxExtensionSeconds),
		accounts(d.Officers), number(d.Quorum), account(d.Registrar), accounts(d.Trustees), number(d.Threshold),
		accounts(d.Boxes), number(d.MaskRounds), numbers(voters), list(contests), flat(units), flat(polls), number(d.MinAnonymitySet))
}

// ConfigHash is keccak256(abi.encode(config)).
func (d *Definition) ConfigHash() words.Word { return words.Keccak(tuple(far(d.config()))) }

// ElectionArguments is abi.encode(config, roll, ceremony, ballots, tally).
func (d *Definition) ElectionArguments(parts [4]words.Address) []byte {
	return tuple(far(d.config()), account(parts[0]), account(parts[1]), account(parts[2]), account(parts[3]))
}

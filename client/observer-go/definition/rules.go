package definition

import (
	"errors"
	"math"
	"math/big"

	"urna/client/observer-go/canon"
)

// Rule of a contest (SPEC §8.1); the lists have 2L numbers, 0 beyond the contest's options.
type Rule struct {
	Max, Price         []uint64
	MinTotal, MaxTotal uint64
	Quadratic          bool
	Distinct           bool
}

// Errors of SPEC §16.
var (
	errPreset = errors.New("rules/preset: unknown preset")
	errParams = errors.New("rules/params: a parameter missing, unknown or out of range")
	errBounds = errors.New("rules/bounds: circuit or count cannot hold the contest (§8.2)")
)

// lanesFor is L of the circuit for so many options (SPEC §8.3).
func lanesFor(options int) int {
	switch {
	case options <= 2:
		return 1
	case options <= 8:
		return 4
	}
	return 8
}

// params reads a preset's parameters; what is not read is refused.
type params struct {
	object canon.Object
	asked  int
	bad    bool
}

func (p *params) number(name string, preset uint64) uint64 {
	value, given := p.object[name]
	if !given {
		return preset
	}
	p.asked++
	number, ok := canon.ToNumber(value)
	p.bad = p.bad || !ok
	return number
}

func (p *params) must(name string) uint64 {
	if _, given := p.object[name]; !given {
		p.bad = true
	}
	return p.number(name, 0)
}

func (p *params) flag(name string) bool {
	value, given := p.object[name]
	if !given {
		return false
	}
	p.asked++
	flag, ok := value.(bool)
	p.bad = p.bad || !ok
	return flag
}

func (p *params) numbers(name string, count int) []uint64 {
	p.asked++
	list, _ := p.object[name].([]canon.Value)
	p.bad = p.bad || len(list) != count
	numbers := make([]uint64, count)
	for i := range min(count, len(list)) {
		number, ok := canon.ToNumber(list[i])
		p.bad = p.bad || !ok || number < 1
		numbers[i] = number
	}
	return numbers
}

// ruleOf is the table of presets (SPEC §8.4).
func ruleOf(preset string, object canon.Object, options, lanes int) (Rule, error) {
	p, n := &params{object: object}, uint64(options)
	rule := Rule{Max: make([]uint64, 2*lanes), Price: make([]uint64, 2*lanes)}
	highest, price := uint64(1), uint64(1)
	var prices []uint64
	switch preset {
	case "single":
		rule.MinTotal, rule.MaxTotal = 1, 1
		if p.flag("blank") {
			rule.MinTotal = 0
		}
	case "approval":
		rule.MinTotal, rule.MaxTotal = p.number("min", 0), p.number("max", n)
	case "score":
		highest = p.must("max")
		rule.MaxTotal = p.number("total", n*highest)
	case "cumulative":
		highest = p.must("points")
		rule.MaxTotal = highest
		if p.flag("exact") {
			rule.MinTotal = highest
		}
	case "budget":
		prices, rule.MaxTotal = p.numbers("prices", options), p.must("budget")
	case "ranking":
		highest = p.number("ranks", n)
		p.bad = p.bad || highest > n
		rule.MaxTotal = highest * (highest + 1) / 2
		rule.MinTotal, rule.Distinct = p.number("min", rule.MaxTotal), true
	case "quadratic":
		credits := p.must("credits")
		price, rule.MaxTotal, rule.Quadratic = 0, credits, true
		highest = p.number("max", uint64(math.Sqrt(float64(credits))))
	default:
		return rule, errPreset
	}
	if p.bad || p.asked != len(object) {
		return rule, errParams
	}
	for i := range options {
		rule.Max[i], rule.Price[i] = highest, price
		if prices != nil {
			rule.Price[i] = prices[i]
		}
	}
	return rule, rule.inWidth()
}

// inWidth checks what the circuit can hold (SPEC §8.2, first half).
func (r *Rule) inWidth() error {
	most := new(big.Int)
	for i := range r.Max {
		if r.Max[i] >= 1<<10 || r.Price[i] >= 1<<32 {
			return errBounds
		}
		cost := r.Price[i] * r.Max[i]
		if r.Quadratic {
			cost = r.Max[i] * r.Max[i]
		}
		most.Add(most, new(big.Int).SetUint64(cost))
	}
	if r.MinTotal > r.MaxTotal || r.MaxTotal >= 1<<32 || most.Sign() == 0 || most.Cmp(new(big.Int).SetUint64(r.MinTotal)) < 0 {
		return errBounds
	}
	return nil
}

// countable checks what the search for the count can hold (SPEC §8.2, second half).
func (r *Rule) countable(voters uint64) error {
	for i := 0; i < len(r.Max); i += 2 {
		low, high := r.Max[i]*voters, r.Max[i+1]*voters
		if low >= 1<<32 || high >= 1<<32 {
			return errBounds
		}
		product := new(big.Int).SetUint64(low + 1)
		if product.Mul(product, new(big.Int).SetUint64(high+1)).Cmp(big.NewInt(1<<48)) > 0 {
			return errBounds
		}
	}
	return nil
}

package definition

import (
	"fmt"

	"urna/client/observer-go/canon"
)

// contests reads the contests and numbers their units and polls (SPEC §2).
func (s *shape) contests(d *Definition, m *canon.Members) {
	number := map[string]int{}
	for i, district := range d.Districts {
		number[district.ID] = i
	}
	for i, item := range s.list(m, "contests", 1, 64) {
		place := fmt.Sprintf("$.contests[%d]", i)
		contest := canon.MembersOf(item, place, &s.err)
		c := Contest{ID: s.slug(contest, "id"), FirstUnit: len(d.Units), FirstPoll: len(d.Polls)}
		s.title(contest)
		c.Withhold = s.oneOf(contest, "onSmall", "decrypt", "withhold") == "withhold"
		c.Options = s.options(contest, place)
		s.units(d, contest, number, i)
		c.UnitCount, c.PollCount = len(d.Units)-c.FirstUnit, len(d.Polls)-c.FirstPoll
		preset, params := s.slug(contest, "preset"), s.params(contest)
		contest.End()
		if s.err == nil {
			c.Lanes = lanesFor(c.Options)
			c.Rule, s.err = ruleOf(preset, params, c.Options, c.Lanes)
			d.Lanes = max(d.Lanes, c.Lanes)
		}
		d.Contests = append(d.Contests, c)
	}
}

func (s *shape) options(contest *canon.Members, place string) int {
	options := s.list(contest, "options", 1, 16)
	seen := map[string]bool{}
	for i, item := range options {
		option := canon.MembersOf(item, fmt.Sprintf("%s.options[%d]", place, i), &s.err)
		id := s.slug(option, "id")
		s.title(option)
		option.End()
		if seen[id] {
			s.refuse(place+".options", "ids that differ (definition/duplicate)")
		}
		seen[id] = true
	}
	return len(options)
}

// params are whole numbers, booleans or lists of up to 16 numbers; what each preset takes is for ruleOf.
func (s *shape) params(contest *canon.Members) canon.Object {
	params, ok := contest.Get("params").(canon.Object)
	if !ok || len(params) > 16 {
		s.refuse("params", "an object of up to 16 members")
	}
	for name, value := range params {
		if !paramName.MatchString(name) {
			s.refuse("params", "names of a–z")
		}
		switch v := value.(type) {
		case bool:
		case []canon.Value:
			for _, item := range v {
				if _, ok := canon.ToNumber(item); !ok || len(v) > 16 {
					s.refuse("params."+name, "up to 16 whole numbers")
				}
			}
		default:
			if _, ok := canon.ToNumber(value); !ok {
				s.refuse("params."+name, "a whole number, a boolean or a list of numbers")
			}
		}
	}
	return params
}

func (s *shape) units(d *Definition, contest *canon.Members, number map[string]int, index int) {
	items := s.list(contest, "units", 1, 4096)
	first := len(d.Units)
	merge := make([]string, len(items))
	for i, item := range items {
		unit := canon.MembersOf(item, "units", &s.err)
		u := Unit{ID: s.slug(unit, "id"), Contest: index, MergeInto: -1}
		if target := unit.Get("mergeInto"); target != nil {
			text, ok := target.(string)
			if !ok || !slug.MatchString(text) {
				s.refuse("units.mergeInto", "null or an id")
			}
			merge[i] = text
		}
		for _, name := range s.list(unit, "districts", 1, 4096) {
			text, _ := name.(string)
			district, known := number[text]
			if !known {
				s.refuse("units.districts", "known districts (definition/unit-district)")
			}
			u.Districts = append(u.Districts, district)
			d.Polls = append(d.Polls, Poll{index, district, first + i})
		}
		unit.End()
		d.Units = append(d.Units, u)
	}
	s.merges(d.Units[first:], merge, first)
}

func (s *shape) merges(units []Unit, merge []string, first int) {
	number := map[string]int{}
	for i, unit := range units {
		if _, twice := number[unit.ID]; twice {
			s.refuse("units", "ids that differ (definition/duplicate)")
		}
		number[unit.ID] = i
	}
	for i, target := range merge {
		if target == "" {
			continue
		}
		to, known := number[target]
		if !known || to == i || merge[to] != "" {
			s.refuse("units.mergeInto", "another unit of the contest that is not merged itself (definition/merge)")
		}
		units[i].MergeInto = first + to
	}
}

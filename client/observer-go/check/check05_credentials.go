package check

import (
	"fmt"

	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
	"urna/client/observer-go/words"
)

// check05 is SPEC §15, check 5: the list of credentials is the sealed one.
type check05 struct {
	findings
	sealed int
}

func (c *check05) before(e *record.Entry) {
	d, ok := e.Data.(*record.Credentials)
	if !ok {
		return
	}
	if c.sealed++; c.sealed > 1 {
		c.fail(e, "the credentials are sealed a second time")
	}
	districts := c.w.definition.Districts
	if len(d.Lists) != len(districts) {
		c.fail(e, "%d lists for %d districts", len(d.Lists), len(districts))
	}
	seen := map[words.Word]bool{}
	for i := range districts {
		c.items++
		list := c.w.list(i)
		if list == nil {
			c.fail(e, "the list of district %s is missing, or none", districts[i].ID)
			continue
		}
		if list.DefinitionHash != c.w.definitionHash() || list.District != uint64(i) {
			c.fail(e, "the list of district %s is of another election or district", districts[i].ID)
		}
		if i < len(d.Lists) {
			c.failIf(e, sameList(list, &d.Lists[i]))
		}
		if voters := districts[i].Voters; uint64(len(list.Keys)) > voters || uint64(len(list.Reserve)) > voters {
			c.fail(e, "district %s has more keys than voters", districts[i].ID)
		}
		for _, key := range append(append([]words.Word(nil), list.Keys...), list.Reserve...) {
			if seen[key] {
				c.fail(e, "key %s is in two lists", key)
			}
			seen[key] = true
		}
	}
}

func sameList(list *published.CredentialList, sealed *record.SealedList) error {
	district := list.District
	if sealed.Count != uint64(len(list.Keys)) || sealed.ReserveCount != uint64(len(list.Reserve)) ||
		sealed.Root != published.CredentialRoot(district, list.Keys) ||
		sealed.ReserveRoot != published.CredentialRoot(district, list.Reserve) {
		return fmt.Errorf("the list of district %d has another root or count than was sealed", district)
	}
	return nil
}

// list reads a district's credential list once; nil where it is missing or malformed.
func (w *world) list(district int) *published.CredentialList {
	if w.lists == nil {
		w.lists = map[int]*published.CredentialList{}
	}
	if list, known := w.lists[district]; known {
		return list
	}
	w.lists[district] = nil
	if text, err := w.read("credentials/" + w.definition.Districts[district].ID + ".json"); err == nil {
		if list, err := published.DecodeCredentialList(text); err == nil {
			w.lists[district] = list
		}
	}
	return w.lists[district]
}

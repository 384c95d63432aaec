package check

import (
	"strings"

	"urna/client/observer-go/record"
)

// check08 is SPEC §15, check 8: the election key was made by the trustees together.
type check08 struct{ findings }

func (c *check08) after(e *record.Entry) {
	if !strings.HasPrefix(e.Kind, "ceremony-") || e.Err != nil {
		return
	}
	c.items++
	if c.w.ceremony == nil {
		c.fail(e, "before the election was defined")
	}
	c.failIf(e, c.w.ceremonyErr)
}

package check

import (
	"fmt"

	"urna/client/observer-go/record"
)

// findings is what one check has examined, the first thing it found wrong, and what is not wrong but should be known.
type findings struct {
	w     *world
	items int
	wrong string
	told  string
}

// check sees every entry before and after it takes effect, and the end of the record.
type check interface {
	before(e *record.Entry)
	after(e *record.Entry)
	end()
	found() *findings
}

func (f *findings) before(*record.Entry) {}
func (f *findings) after(*record.Entry)  {}
func (f *findings) end()                 {}
func (f *findings) found() *findings     { return f }

// fail keeps the first fault, with the entry it is in.
func (f *findings) fail(e *record.Entry, format string, arguments ...any) {
	if f.wrong == "" {
		f.wrong = fmt.Sprintf("Entry %d (%s): ", e.Seq, e.Kind) + fmt.Sprintf(format, arguments...)
	}
}

// failAt keeps the first fault where no entry is to blame.
func (f *findings) failAt(format string, arguments ...any) {
	if f.wrong == "" {
		f.wrong = fmt.Sprintf(format, arguments...)
	}
}

// failIf is fail with an error's words.
func (f *findings) failIf(e *record.Entry, err error) {
	if err != nil {
		f.fail(e, "%v", err)
	}
}

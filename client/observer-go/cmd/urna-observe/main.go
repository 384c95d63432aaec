// Command urna-observe verifies the record of an Urna election, independently of the software that made it.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"urna/client/observer-go/check"
	"urna/client/observer-go/published"
	"urna/client/observer-go/record"
)

// Exit statuses of DESIGN §4.
const (
	exitOK         = 0
	exitFailed     = 1
	exitUsage      = 2
	exitBadInput   = 3
	exitIncomplete = 6
	exitOurFault   = 70
)

const usage = `usage: urna-observe run --record record.json --build build.json [--election ADDRESS] [--json]

  --record    the head of a record: record.json in its folder
  --build     build.json of the build that you trust, never the record's own
  --election  refuse the record of any other election
  --json      one JSON object on standard output`

// outcome is what --json prints.
type outcome struct {
	OK   bool   `json:"ok"`
	Code string `json:"code"`
	Data any    `json:"data"`
}

type message struct {
	Message string `json:"message"`
}

type options struct {
	record, build, election string
	json                    bool
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) (exit int) {
	o, err := parse(arguments)
	defer func() {
		if fault := recover(); fault != nil {
			exit = o.tell(stdout, stderr, exitOurFault, "internal/unexpected", message{fmt.Sprint(fault)})
		}
	}()
	if err != nil {
		return o.tell(stdout, stderr, exitUsage, "usage/arguments", message{err.Error()})
	}
	report, code, err := verify(o)
	if err != nil {
		return o.tell(stdout, stderr, exitBadInput, code, message{err.Error()})
	}
	switch {
	case !report.OK:
		return o.tell(stdout, stderr, exitFailed, "check/failed", report)
	case !report.Complete:
		return o.tell(stdout, stderr, exitIncomplete, "incomplete/record", report)
	}
	return o.tell(stdout, stderr, exitOK, "ok", report)
}

func parse(arguments []string) (*options, error) {
	o := new(options)
	set := flag.NewFlagSet("urna-observe run", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&o.record, "record", "", "")
	set.StringVar(&o.build, "build", "", "")
	set.StringVar(&o.election, "election", "", "")
	set.BoolVar(&o.json, "json", false, "")
	if len(arguments) == 0 || arguments[0] != "run" {
		return o, errors.New(usage)
	}
	if err := set.Parse(arguments[1:]); err != nil || set.NArg() > 0 || o.record == "" || o.build == "" {
		return o, errors.New(usage)
	}
	return o, nil
}

// verify reads the record twice: once to see that it is whole, and once to check it.
func verify(o *options) (report *check.Report, code string, err error) {
	text, err := os.ReadFile(o.build)
	if err != nil {
		return nil, "file/missing", fmt.Errorf("%s cannot be read", o.build)
	}
	build, err := published.DecodeBuild(text)
	if err != nil {
		return nil, "deployment/build", fmt.Errorf("%s is no build.json: %w", o.build, err)
	}
	source, err := record.Open(o.record)
	if err == nil && o.election != "" && source.Head.Election.String() != strings.ToLower(o.election) {
		return nil, "record/election", fmt.Errorf("the record is of election %s", source.Head.Election)
	}
	if err == nil {
		err = source.Whole()
	}
	if err == nil {
		report, err = check.Run(source, source.Head.DefinitionHash, build)
	}
	var fault *record.Fault
	if errors.As(err, &fault) {
		code = fault.Code
	}
	return report, code, err
}

// tell prints the outcome and passes the exit status on.
func (o *options) tell(stdout, stderr io.Writer, exit int, code string, data any) int {
	if o.json {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(outcome{exit == exitOK, code, data}); err != nil {
			fmt.Fprintln(stderr, err)
			return exitOurFault
		}
		return exit
	}
	switch d := data.(type) {
	case message:
		fmt.Fprintf(stderr, "%s: %s\n", code, d.Message)
	case *check.Report:
		for _, answer := range d.Checks {
			mark := "ok"
			if !answer.OK {
				mark = "FAILED"
			} else if answer.Number == 20 && !d.Sealed {
				mark = "not sealed"
			}
			fmt.Fprintf(stdout, "%-10s %2d  %s (%d)\n", mark, answer.Number, answer.Title, answer.Items)
			if !answer.OK {
				fmt.Fprintf(stdout, "               %s\n", answer.Detail)
			}
		}
		tellTurns(stdout, d)
		if d.Assurance != nil && !d.Sealed {
			fmt.Fprintln(stdout, "chain not sealed: the definition names no validators")
		}
		fmt.Fprintf(stdout, "%s: %d entries\n", code, d.Entries)
	}
	return exit
}

// tellTurns prints how the slots that were due to each box were updated, round by round (SPEC §15.6).
func tellTurns(stdout io.Writer, report *check.Report) {
	for _, round := range report.Rounds {
		for _, b := range round.Boxes {
			if b.Due == 0 {
				continue
			}
			note := "not over"
			if round.Over {
				note = ""
			}
			if round.Over && b.ByBox < b.Due {
				note = "left its pattern"
			}
			fmt.Fprintf(stdout, "round %2d  %s: %d due, %d by it, %d by other boxes, %d by others, %d missing  %s\n", round.Round, b.Box,
				b.Due, b.ByBox, b.ByOtherBoxes, b.ByOthers, b.Missing, note)
		}
	}
}

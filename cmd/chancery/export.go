package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"chancery/exchange"
	"chancery/models"
)

type exportCommand struct {
	Timeline exportTimeline `cmd:"" help:"Events as CSV on standard output: chancery export timeline --pair BY-RU > file.csv"`
}

type exportTimeline struct {
	Pair         string   `help:"Two codes: BY-RU." placeholder:"A-B"`
	Party        string   `help:"One code: BY." placeholder:"CODE"`
	Predecessors bool     `help:"Take in the predecessors of the parties."`
	Agreement    int64    `help:"Register number." placeholder:"N"`
	Meeting      int64    `help:"Number of a meeting." placeholder:"N"`
	Event        []string `help:"Kinds of event." placeholder:"KIND,…"`
	From         string   `help:"First date." placeholder:"EDTF"`
	Until        string   `help:"Last date." placeholder:"EDTF"`
	On           string   `help:"The day as at which renewals are read; by default today." placeholder:"DAY"`
	Exact        bool     `help:"Write every cell as it is, without the apostrophe before formulas."`
	BOM          bool     `name:"bom" help:"Begin with a byte-order mark, for Excel."`
}

func (c *exportTimeline) Run(ctx context.Context, line *commandLine) error {
	q := url.Values{}
	for name, value := range map[string]string{"pair": c.Pair, "party": c.Party, "from": c.From, "until": c.Until, "on": c.On} {
		if value != "" {
			q.Set(name, value)
		}
	}
	q["event"] = c.Event
	f, err := models.ParseFilter(q, models.Today(time.Now()))
	if err != nil {
		return explain(err)
	}
	f.Predecessors, f.Agreement, f.Meeting = c.Predecessors, c.Agreement, c.Meeting
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Note(ctx, console, models.AuditExport, "timeline "+q.Encode()); err != nil {
		return err
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	if err := exchange.WriteTimelineCSV(out, store.Timeline(ctx, f), exchange.CSVOptions{Exact: c.Exact, BOM: c.BOM}); err != nil {
		return err
	}
	return out.Flush()
}

// explain says what is wrong with values given on the command line.
func explain(err error) error {
	var invalid models.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	for _, field := range invalid.Fields() {
		return fmt.Errorf("--%s: %s", field, speaker.Problem(invalid[field]))
	}
	return err
}

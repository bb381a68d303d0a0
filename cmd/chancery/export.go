package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"strings"
	"time"

	"chancery/exchange"
	"chancery/models"
	"chancery/models/edtf"
)

type exportCommand struct {
	Register exportRegister `cmd:"" help:"The whole register with its history and documents, as a ZIP on standard output: chancery export register > register.zip. Another takes it up with chancery import register.zip."`
	Records  exportRecords  `cmd:"" help:"Records in a form of one's choice on standard output: chancery export records --as xlsx --query pair=BY-RU > file.xlsx"`
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
	for name, value := range map[string]string{"pair": c.Pair, "party": c.Party, "from": c.From, "until": c.Until,
		"on": c.On} {
		if value != "" {
			q.Set(name, value)
		}
	}
	q["event"] = c.Event
	f, err := models.ParseFilter(q, edtf.Today(time.Now()))
	if err != nil {
		return explain(err)
	}
	f.Predecessors, f.Agreement, f.Meeting = c.Predecessors, c.Agreement, c.Meeting
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Accounts().Note(ctx, console, models.AuditExport, "timeline "+q.Encode()); err != nil {
		return err
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	if err := exchange.WriteTimelineCSV(out, store.Timelines().Timeline(ctx, f),
		exchange.CSVOptions{Exact: c.Exact, BOM: c.BOM}); err != nil {
		return err
	}
	return out.Flush()
}

type exportRegister struct {
	Accounts  bool   `help:"With accounts, their passwords' and tokens' hashes, proposals, settings and audit."`
	Documents string `help:"Where documents lie: a folder, or a bucket as s3://…; by default the folder beside the SQLite file." env:"CHANCERY_DOCUMENTS" placeholder:"FOLDER"`
}

func (c *exportRegister) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	documents, err := files(c.Documents, line.Database, 0)
	if err != nil {
		return err
	}
	if isTerminal(os.Stdout) {
		return errors.New("this is not for a terminal: chancery export register > register.zip")
	}
	return exchange.WriteRegister(ctx, os.Stdout, store, documents.Bucket, c.Accounts)
}

type exportRecords struct {
	As    string `help:"jsonl, jsonld, ttl, bib, ris, csl, xlsx, or the name of a table: records, titles, participations, signatories, acts, periods, meetings, relations, identifiers, sources, dyads." default:"jsonl" placeholder:"FORM"`
	Query string `help:"A filter, as in the address of a list." placeholder:"pair=BY-RU&kind=plan"`
	Site  string `help:"The register's public address." env:"CHANCERY_SITE" default:"http://localhost:8080" placeholder:"ADDRESS"`
	Exact bool   `help:"Write every cell as it is, without the apostrophe before formulas."`
	BOM   bool   `name:"bom" help:"Begin with a byte-order mark, for Excel."`
}

func (c *exportRecords) Run(ctx context.Context, line *commandLine) error {
	q, err := url.ParseQuery(c.Query)
	if err != nil {
		return fmt.Errorf("--query: %w", err)
	}
	f, err := models.ParseFilter(q, edtf.Today(time.Now()))
	if err != nil {
		return explain(err)
	}
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Accounts().Note(ctx, console, models.AuditExport, c.As+" "+c.Query); err != nil {
		return err
	}
	names, err := store.Parties().AllPartyNames(ctx, "en")
	if err != nil {
		return err
	}
	site := strings.TrimRight(c.Site, "/")
	records := func() iter.Seq2[*models.Agreement, error] { return store.Lists().AllRecords(ctx, f) }
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	if table, ok := exchange.RecordTableOf(c.As); ok {
		err = table.Write(out, exchange.CSVOptions{Exact: c.Exact, BOM: c.BOM}, table.Rows(records(), site))
	} else {
		err = exchange.WriteRecords(out, c.As, exchange.Records{All: records(), Names: names, Site: site, Pair: f.Pair})
	}
	if err != nil {
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

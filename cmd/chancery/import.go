package main

import (
	"context"
	"fmt"
	"os"

	"chancery/exchange"
	"chancery/frontend/locales"
	"chancery/models"

	"github.com/schollz/progressbar/v3"
)

// speaker is the console's language.
var speaker = locales.Of("en")

type importCommand struct {
	GGO importGGO `cmd:"" name:"ggo" help:"The GGO data set of agreements and parties, as gzipped CSV (package manytreaties)."`
}

type importGGO struct {
	Agreements string `arg:"" help:"ggo-agreements.csv.gz" type:"existingfile"`
	Parties    string `arg:"" help:"ggo-parties.csv.gz" type:"existingfile"`
	Rejected   string `help:"Where to write the rows and values that could not be taken." default:"rejected.csv" placeholder:"FILE"`
	Actor      string `help:"Who stands in the history." env:"CHANCERY_ACTOR" default:"chancery import"`
	DryRun     bool   `help:"Read and check everything, write nothing."`
}

func (c *importGGO) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	rejected, err := os.Create(c.Rejected)
	if err != nil {
		return fmt.Errorf("writing rejected rows: %w", err)
	}
	defer rejected.Close()
	report, err := exchange.ImportGGO(ctx, store, exchange.GGO{Agreements: c.Agreements, Parties: c.Parties, Rejected: rejected, Actor: c.Actor, DryRun: c.DryRun, Progress: line.progress("recording")})
	if err != nil {
		return err
	}
	if !c.DryRun {
		if err := store.Note(ctx, console, models.AuditImport, fmt.Sprintf("GGO: %d agreements recorded", report.AgreementsRecorded)); err != nil {
			return err
		}
	}
	line.say("%s", report)
	if report.Rejected() > 0 {
		line.say("What could not be taken stands in %s, with line, column, value and reason.", c.Rejected)
	}
	return nil
}

// progress shows how far a long work is, at a terminal.
func (line *commandLine) progress(what string) func(done, total int) {
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if line.Quiet || !isTerminal(os.Stderr) {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
		}
		bar.Set(done)
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

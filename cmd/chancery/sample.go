package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"chancery/exchange"
	"chancery/models"
	"chancery/sample"
)

type sampleCommand struct {
	Yes bool `help:"Load it beside what the register holds already." short:"y"`
}

// Help says what is loaded, and where to put it.
func (sampleCommand) Help() string {
	return "Loads the GGO data set of agreements on environment, trade and health, 1351 to 2023: James Hollway, " +
		"Henrique Sposito and contributors, CC BY 4.0. " +
		"For a look around without touching your own register: chancery sample --database sample.db, then chancery --database sample.db"
}

func (c *sampleCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	size, err := store.Lists().Totals(ctx)
	if err != nil {
		return err
	}
	if size.Agreements > 0 && !c.Yes {
		return errors.New(
			"the register is not empty: load the sample into another with --database sample.db, or beside what is there with --yes")
	}
	importer := exchange.NewImporter(store, slog.Default())
	importer.Progress = line.progress("agreements")
	imp, err := sample.Load(ctx, store, importer, "chancery sample")
	if err != nil {
		return fmt.Errorf("loading the sample: %w", err)
	}
	n := imp.Counted()
	line.say(
		"%d agreements of the GGO data set are recorded (CC BY 4.0: James Hollway, Henrique Sposito and contributors). %d of its rows name no party or repeat another: /imports/%d tells of each.",
		n.New+n.Changed+n.Same, n.Refused, imp.ID)
	return nil
}

type indexCommand struct {
	Rebuild rebuildCommand     `cmd:"" help:"Derive timelines, the card index and what a search finds anew from the records."`
	Verify  indexVerifyCommand `cmd:"" help:"Hold them against the records; exit code 1 when any differs."`
}

type rebuildCommand struct{}

func (rebuildCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Upkeep().Rebuild(ctx, line.progress("deriving"))
}

type indexVerifyCommand struct{}

func (indexVerifyCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	return verifyDerived(ctx, line, store)
}

func verifyDerived(ctx context.Context, line *commandLine, store *models.Store) error {
	differing := 0
	checked, err := store.Upkeep().Verify(ctx, func(m models.Mismatch) {
		differing++
		fmt.Println(m)
	})
	if err != nil {
		return err
	}
	if differing > 0 {
		return fmt.Errorf("%d of what is derived from %d agreements differs from them: run chancery index rebuild",
			differing, checked)
	}
	line.say("What is derived from %d agreements says what they say.", checked)
	return nil
}

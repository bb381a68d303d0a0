package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"chancery/exchange"
	"chancery/exchange/bucket"
	"chancery/handlers"
	"chancery/models"
)

// A backupCommand copies the whole register, accounts and documents included, into
// one file that either engine restores.
type backupCommand struct {
	File      string `arg:"" help:"The file to write; it must not be there yet." type:"path"`
	Documents string `help:"Where documents lie: a folder, or a bucket as s3://…" env:"CHANCERY_DOCUMENTS" placeholder:"FOLDER"`
}

func (c *backupCommand) Run(ctx context.Context, line *commandLine) error {
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s is there already: a backup is never written over", c.File)
	}
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	documents, err := files(c.Documents, line.Database, 0)
	if err != nil {
		return err
	}
	summary, err := exchange.Backup(ctx, c.File, store, documents.Bucket)
	if err != nil {
		return err
	}
	line.say("%s: %s; read again and found whole.", c.File, told(summary))
	return nil
}

func told(s models.DumpSummary) string {
	return fmt.Sprintf("%d agreements, %d revisions, %d accounts, %d documents", s.Rows["agreements"],
		s.Rows["revisions"], s.Rows["accounts"], len(s.Files))
}

// A restoreCommand builds a new register from a backup, and holds it against its
// history.
type restoreCommand struct {
	File      string `arg:"" help:"What chancery backup wrote." type:"existingfile"`
	Check     bool   `help:"Only read it through: nothing is restored."`
	Documents string `help:"Where documents are to lie: a folder, or a bucket as s3://…" env:"CHANCERY_DOCUMENTS" placeholder:"FOLDER"`
}

func (c *restoreCommand) Run(ctx context.Context, line *commandLine) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	summary, err := exchange.CheckRegister(f, info.Size()) // before anything is written
	if err != nil {
		return err
	}
	line.say("%s is whole: %s.", c.File, told(summary))
	if c.Check {
		return nil
	}
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	documents, err := files(c.Documents, line.Database, 0)
	if err != nil {
		return err
	}
	err = exchange.ReadRegister(ctx, f, info.Size(), store, documents.Bucket)
	if errors.Is(err, models.ErrNotEmpty) {
		return errors.New("the register holds records or accounts already: a backup is restored into an empty database")
	}
	if err != nil {
		return err
	}
	return holdAgainstHistory(ctx, line, store, nil)
}

// backups opens where scheduled copies are kept: a folder, or a bucket.
func backups(address string, keep int) (*exchange.Backups, error) {
	to, err := bucket.Open(address)
	if err != nil {
		return nil, fmt.Errorf("backups cannot be kept at %s: %w", address, err)
	}
	return &exchange.Backups{Bucket: to, Keep: max(1, keep)}, nil
}

// backUp makes a copy whenever one is due, by one instance of all.
func backUp(ctx context.Context, store *models.Store, documents *handlers.Files, to *exchange.Backups,
	every time.Duration) {
	for {
		ran, err := store.Upkeep().DoChore(ctx, "backup", every, func(ctx context.Context) error {
			name, summary, err := to.Take(ctx, store, documents.Bucket)
			if err == nil {
				slog.Info("backed up", "name", name, "agreements", summary.Rows["agreements"], "documents", len(summary.Files))
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			slog.Error("there is no new backup", "error", err, "tried", ran)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

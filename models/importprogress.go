package models

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
)

// A Progress is what one batch of an import came to.
type Progress struct {
	Steps    int64
	Counts   ImportCounts
	Refusals []Refusal
	Unknown  []UnknownParty // all so far
}

// Checked notes what a check came to so far. The error is ErrTaken when the import
// is not being checked by the holder any more.
func (s Bulk) Checked(ctx context.Context, imp *Import, holder string, p Progress, total int64, last bool) error {
	state := "checking"
	if last {
		state = "checked"
	}
	unknown, err := json.Marshal(p.Unknown)
	if err != nil {
		return err
	}
	return s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		return s.progress(tx, imp, holder, p, map[string]any{"state": state, "total": total, "unknown": string(unknown)})
	})
}

// progress moves an import on by a batch, in the transaction of what the batch
// writes.
func (s Bulk) progress(tx *gorm.DB, imp *Import, holder string, p Progress, also map[string]any) error {
	counts := imp.Counted()
	counts.Add(p.Counts)
	text, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	also["counts"], also["done"], also["held_until"] = string(text), imp.Done+p.Steps, s.Now().UTC().Add(holding)
	done := tx.Model(&Import{}).Where("id = ? AND state = ? AND done = ? AND holder = ?", imp.ID, imp.State, imp.Done,
		holder).Updates(also)
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected == 0 {
		return ErrTaken
	}
	for i := range p.Refusals {
		p.Refusals[i].ImportID = imp.ID
	}
	if err := insertAll(tx, p.Refusals); err != nil {
		return err
	}
	imp.Counts, imp.Done = string(text), imp.Done+p.Steps
	return nil
}

// ImportBatch writes what a batch brings, and that it did, in one transaction. What
// becomes of each agreement goes to count, which says what the batch came to. The
// error is ErrTaken when the import was cancelled, or another works on it.
func (s Bulk) ImportBatch(ctx context.Context, imp *Import, holder string, list []Incoming,
	count func([]Outcome) Progress) error {
	before := *imp
	change := Change{Actor: imp.Actor, AccountID: imp.AccountID, Address: imp.Address,
		Comment: fmt.Sprintf("import %d: %s", imp.ID, imp.Name)}
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		*imp = before
		outcomes, err := s.apply(tx, *imp.OperationID, list, change)
		if err != nil {
			return err
		}
		return s.progress(tx, imp, holder, count(outcomes), map[string]any{})
	})
	if err != nil {
		*imp = before
		return fmt.Errorf("import %d: %w", imp.ID, err)
	}
	return nil
}

// EndImport ends an import that was written whole, or that cannot be gone on with.
func (s Bulk) EndImport(ctx context.Context, imp *Import, holder string, problem *Problem) error {
	values := map[string]any{"state": "done", "ended_at": s.Now().UTC(), "holder": ""}
	if problem != nil {
		values["state"], values["problem"], values["problem_args"] = "failed", problem.Code, argsText(problem.Args)
	}
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Model(&Import{}).Where("id = ? AND holder = ? AND state IN ('running', 'checking')", imp.ID,
			holder).Updates(values)
		if done.Error != nil || done.RowsAffected == 0 || problem != nil && imp.OperationID == nil {
			return done.Error // files that were only checked can be read anew by another mapping
		}
		return forgetFiles(tx, imp.ID)
	})
	if err != nil {
		return fmt.Errorf("ending import %d: %w", imp.ID, err)
	}
	return nil
}

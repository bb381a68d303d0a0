package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// An Operation changed many records at once: an import, an edit of a list, a merge.
// It is undone as one.
type Operation struct {
	ID            int64      `json:"id"`
	Kind          string     `json:"kind"` // import, edit, merge
	Title         string     `json:"title"`
	AccountID     *int64     `json:"account"`
	Actor         string     `json:"actor"`
	Address       string     `json:"-"`
	Comment       string     `json:"comment"`
	At            time.Time  `json:"at"`
	Detail        string     `json:"-"`
	UndoAskedAt   *time.Time `json:"undo_asked_at"`
	UndoneAt      *time.Time `json:"undone_at"`
	UndoneBy      string     `json:"undone_by"`
	UndoneByID    *int64     `json:"-"`
	UndoneAddress string     `json:"-"`
}

// OperationKinds are what an operation can be.
var OperationKinds = []string{"import", "edit", "merge"}

// An OperationChange is one record that an operation made or changed.
type OperationChange struct {
	OperationID int64 `json:"-"`
	AgreementID int64 `json:"agreement"`
	Before      int   `json:"before"` // the version before, 0 for none
	After       int   `json:"after"`
	Undone      int   `json:"undone"` // 1 undone, 2 left because it was changed since
}

// What became of a record when its operation was undone.
const (
	undone    = 1
	undoneNot = 2
)

// OperationCounts say how many records an operation made and changed, and how many
// of them its undoing has reached.
type OperationCounts struct {
	Made    int `json:"made"`
	Changed int `json:"changed"`
	Undone  int `json:"undone"`
	Left    int `json:"left"` // changed by somebody since: they stay as they are
}

// beginOperation records an operation, by which all that it changes can be undone.
func (s Bulk) beginOperation(tx *gorm.DB, kind, title string, change Change, detail string) (int64, error) {
	op := Operation{Kind: kind, Title: title, AccountID: change.AccountID, Actor: change.Actor, Address: change.Address,
		Comment: change.Comment, Detail: detail,
		At: s.Now().UTC().Truncate(time.Millisecond)}
	if err := tx.Create(&op).Error; err != nil {
		return 0, fmt.Errorf("noting an operation: %w", err)
	}
	return op.ID, nil
}

// noteChanges records which versions an operation took records from and to.
func noteChanges(tx *gorm.DB, changes []OperationChange) error {
	if err := insertAll(tx, changes); err != nil {
		return fmt.Errorf("noting what an operation changed: %w", err)
	}
	return nil
}

// Operation reads one with its counts.
func (s Bulk) Operation(ctx context.Context, id int64) (*Operation, OperationCounts, error) {
	var counts OperationCounts
	op, err := s.operation(s.reader(ctx), id)
	if err != nil {
		return nil, counts, err
	}
	err = s.reader(ctx).Raw(
		`SELECT count(CASE WHEN before = 0 THEN 1 END) AS made, count(CASE WHEN before > 0 THEN 1 END) AS changed,
		count(CASE WHEN undone = 1 THEN 1 END) AS undone, count(CASE WHEN undone = 2 THEN 1 END) AS "left" FROM operation_changes WHERE operation_id = ?`, id).Scan(&counts).Error
	if err != nil {
		return nil, counts, fmt.Errorf("reading operation %d: %w", id, err)
	}
	return op, counts, nil
}

// operation reads one; ErrNotFound when there is none.
func (s Bulk) operation(tx *gorm.DB, id int64) (*Operation, error) {
	var found []Operation
	if err := tx.Where("id = ?", id).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("reading operation %d: %w", id, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("operation %d: %w", id, ErrNotFound)
	}
	return &found[0], nil
}

// Operations lists those before a number (0 is the newest), the newest first.
func (s Bulk) Operations(ctx context.Context, before int64, limit int) (list []Operation, err error) {
	tx := s.reader(ctx).Order("id DESC").Limit(limit)
	if before > 0 {
		tx = tx.Where("id < ?", before)
	}
	if err = tx.Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing operations: %w", err)
	}
	return list, nil
}

// A ChangedRecord is a record that an operation made or changed, as a list shows
// it.
type ChangedRecord struct {
	OperationChange
	Title string `json:"title"`
}

// ChangedBy lists the records of an operation after a register number, at most
// limit.
func (s Bulk) ChangedBy(ctx context.Context, operation, after int64, limit int) (list []ChangedRecord, err error) {
	err = s.reader(ctx).Raw(`SELECT c.*, a.title FROM operation_changes c JOIN agreements a ON a.id = c.agreement_id
		WHERE c.operation_id = ? AND c.agreement_id > ? ORDER BY c.agreement_id LIMIT ?`, operation, after, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing what operation %d changed: %w", operation, err)
	}
	return list, nil
}

// ErrUndone says that an operation is undone already, or being so.
var ErrUndone = errors.New("it is undone already")

// AskUndo asks for an operation to be undone; UndoStep does it.
func (s Bulk) AskUndo(ctx context.Context, id int64, by Change) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		op, err := s.operation(tx, id)
		if err != nil {
			return err
		}
		if op.Kind == "merge" { // all of it or nothing
			var changed int64
			if err := tx.Raw(
				"SELECT count(*) FROM operation_changes c JOIN agreements a ON a.id = c.agreement_id WHERE c.operation_id = ? AND a.version <> c.after", id).Scan(&changed).Error; err != nil {
				return err
			}
			if changed > 0 {
				return &Conflict{}
			}
		}
		var working int64
		if err := tx.Raw("SELECT count(*) FROM imports WHERE operation_id = ? AND state = 'running'",
			id).Scan(&working).Error; err != nil {
			return err
		}
		if working > 0 {
			return ErrTaken
		}
		done := tx.Exec(
			"UPDATE operations SET undo_asked_at = ?, undone_by = ?, undone_by_id = ?, undone_address = ? WHERE id = ? AND undo_asked_at IS NULL",
			s.Now().UTC().Truncate(time.Millisecond), by.Actor, by.AccountID, by.Address, id)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrUndone
		}
		return done.Error
	})
	if err != nil {
		return fmt.Errorf("undoing operation %d: %w", id, err)
	}
	return nil
}

// ToUndo is the number of an operation that is to be undone, 0 for none.
func (s Bulk) ToUndo(ctx context.Context) (id int64, err error) {
	err = s.reader(ctx).Raw(
		"SELECT coalesce(min(id), 0) FROM operations WHERE undo_asked_at IS NOT NULL AND undone_at IS NULL").Scan(&id).Error
	return id, err
}

// undoBatch is how many records one step of an undoing takes back.
const undoBatch = 250

// UndoStep takes back some records of an operation in one transaction, the last
// ones first, and tells whether that was all. What it made is withdrawn, what it
// changed says again what it said before, each as a revision of its own. A record
// that was changed since is left as it is.
func (s Bulk) UndoStep(ctx context.Context, id int64) (all bool, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		op, err := s.operation(tx, id)
		if err != nil {
			return err
		}
		if op.UndoAskedAt == nil || op.UndoneAt != nil {
			all = true
			return errUnchanged
		}
		var changes []OperationChange
		if err := tx.Where("operation_id = ? AND undone = 0", id).Order(
			"agreement_id DESC").Limit(undoBatch).Find(&changes).Error; err != nil {
			return err
		}
		by := Change{Actor: op.UndoneBy, AccountID: op.UndoneByID, Address: op.UndoneAddress,
			Comment: fmt.Sprintf("undo %d: %s", op.ID, op.Title)}
		if len(changes) == 0 {
			all = true
			if err := s.finishUndo(tx, op); err != nil {
				return err
			}
			now := s.Now().UTC().Truncate(time.Millisecond)
			return tx.Exec("UPDATE operations SET undone_at = ? WHERE id = ?", now, id).Error
		}
		return s.undoChanges(tx, op, changes, by)
	})
	if err != nil {
		return false, fmt.Errorf("undoing operation %d: %w", id, err)
	}
	return all, nil
}

// undoChanges takes records back to what they said before an operation, but for
// those that were changed since.
func (s Bulk) undoChanges(tx *gorm.DB, op *Operation, changes []OperationChange, by Change) error {
	now, err := versionsOf(tx, changes)
	if err != nil {
		return err
	}
	made := map[int64]int{}
	var changed []OperationChange
	var left, done []int64
	for _, c := range changes {
		if now[c.AgreementID] != c.After {
			left = append(left, c.AgreementID)
			continue
		}
		done = append(done, c.AgreementID)
		if c.Before == 0 {
			made[c.AgreementID] = c.After
			continue
		}
		changed = append(changed, c)
	}
	revised, err := s.undrafted(tx, op, changed)
	if err != nil {
		return err
	}
	for _, c := range changed {
		if !slices.ContainsFunc(revised, func(item revising) bool { return item.id == c.AgreementID }) {
			done = slices.DeleteFunc(done, func(id int64) bool { return id == c.AgreementID })
			left = append(left, c.AgreementID)
		}
	}
	if len(made) > 0 {
		if err := s.withdrawAll(tx, made, by.Comment, by); err != nil {
			return err
		}
	}
	if len(revised) > 0 {
		if err := s.reviseAll(tx, s.newResolver(tx), revised, by, "restored"); err != nil {
			return err
		}
	}
	return noteUndone(tx, op.ID, done, left)
}

// versionsOf are the versions at which records stand.
func versionsOf(tx *gorm.DB, changes []OperationChange) (map[int64]int, error) {
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i] = c.AgreementID
	}
	var rows []Agreement
	if err := tx.Raw("SELECT id, version FROM agreements WHERE id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	now := map[int64]int{}
	for _, a := range rows {
		now[a.ID] = a.Version
	}
	return now, nil
}

// noteUndone notes of an operation's changes which were undone and which were left.
func noteUndone(tx *gorm.DB, operation int64, done, left []int64) error {
	for state, ids := range map[int][]int64{undone: done, undoneNot: left} {
		if len(ids) == 0 {
			continue
		}
		if err := tx.Exec("UPDATE operation_changes SET undone = ? WHERE operation_id = ? AND agreement_id IN ?", state,
			operation, ids).Error; err != nil {
			return err
		}
	}
	return nil
}

// undrafted are the records that an operation changed with what they said before
// it. One that can no longer say that, since what it led to is gone, is left out.
func (s Bulk) undrafted(tx *gorm.DB, op *Operation, changes []OperationChange) ([]revising, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	after := map[int64]int{}
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i], after[c.AgreementID] = c.AgreementID, c.After
	}
	var old []Revision
	err := tx.Raw(
		`SELECT r.* FROM operation_changes c JOIN revisions r ON r.subject = 'agreement' AND r.subject_key = CAST(c.agreement_id AS text) AND r.number = c.before
		WHERE c.operation_id = ? AND c.agreement_id IN ?`, op.ID, ids).Scan(&old).Error
	if err != nil {
		return nil, err
	}
	drafts := make([]AgreementDraft, len(old))
	for i := range old {
		if drafts[i], err = old[i].Draft(); err != nil {
			return nil, err
		}
	}
	r := s.newResolver(tx)
	if err := r.load(drafts); err != nil {
		return nil, err
	}
	var list []revising
	for i := range old {
		list = append(list, revising{old[i].subjectID(), after[old[i].subjectID()], drafts[i], true})
	}
	r.release(list)
	list = nil
	for i := range old {
		id := old[i].subjectID()
		p := pendingChange{Outcome: Outcome{Number: id}, draft: drafts[i]}
		if can, err := s.tryBuild(r, &p); err != nil {
			return nil, err
		} else if can {
			list = append(list, revising{id, after[id], drafts[i], true})
		}
	}
	return list, nil
}

// finishUndo takes back what an operation did beside changing records.
func (s Bulk) finishUndo(tx *gorm.DB, op *Operation) error {
	if op.Kind != "merge" {
		return nil
	}
	var m merge
	if err := json.Unmarshal([]byte(op.Detail), &m); err != nil {
		return err
	}
	if len(m.Documents) == 0 {
		return nil
	}
	return tx.Exec("UPDATE documents SET agreement_id = ? WHERE id IN ?", m.Away, m.Documents).Error
}

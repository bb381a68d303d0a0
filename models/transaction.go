package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// errUnchanged ends a transaction that had nothing to change: the register keeps
// the number of its last change.
var errUnchanged = errors.New("nothing to change")

// transaction runs one change of the register: all of it or nothing.
func (s *Store) transaction(ctx context.Context, change func(tx *gorm.DB) error) error {
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := change(tx); err != nil {
			return err
		}
		if write, ok := ctx.Value(alongsideKey{}).(func(tx *gorm.DB) error); ok {
			if err := write(tx); err != nil {
				return err
			}
		}
		if err := s.engine.learn(tx); err != nil {
			return err
		}
		if err := numberChange(tx); err != nil {
			return err
		}
		if rehearsing(ctx) {
			return ErrRehearsed
		}
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// noted writes down that something was read: not while the register can only be
// read.
func (s *Store) noted(ctx context.Context, sql string, values ...any) error {
	if s.Upkeep().Away() {
		return nil
	}
	err := s.write.WithContext(ctx).Exec(sql, values...).Error
	if Unreachable(err) {
		return nil
	}
	return err
}

// chain gives their places to the revisions that a transaction wrote, at its end:
// the row of the register that is written with them is held until the commit, so
// that no two transactions continue the chain at the same place.
func chain(tx *gorm.DB, h chainHead) error {
	for {
		var rows []Revision
		if err := tx.Raw(
			"SELECT id, digest FROM revisions WHERE place = 0 ORDER BY id LIMIT 1000").Scan(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 0 {
			return tx.Exec("UPDATE register SET head = ?, length = ?", h.Head, h.Length).Error
		}
		for i := range rows {
			r := &rows[i]
			if r.Digest == "" { // written by an older version
				var whole Revision
				if err := tx.Where("id = ?", r.ID).Take(&whole).Error; err != nil {
					return err
				}
				r.Digest = whole.digestNow()
			}
			h.Length++
			r.Place, r.Previous = h.Length, h.Head
			h.Head = link(h.Head, r.Digest)
		}
		if err := engines[tx.Name()].chain(tx, rows); err != nil {
			return err
		}
	}
}

// numberChange marks what a transaction changed with the number of its change. It
// comes last before the commit: the row that it writes is held until then, so that
// changes are numbered in the order in which they can be seen.
func numberChange(tx *gorm.DB) error {
	var end chainHead
	if err := tx.Raw("UPDATE register SET change = change + 1 RETURNING head, length").Scan(&end).Error; err != nil {
		return err
	}
	if err := numberOpenChange(tx); err != nil {
		return err
	}
	if err := chain(tx, end); err != nil {
		return fmt.Errorf("chaining revisions: %w", err)
	}
	return tx.Exec("UPDATE cards SET change = (SELECT change FROM register) WHERE change = 0").Error
}

// numberOpenChange notes that a change is one that everybody can see: unless all that the
// transaction wrote are revisions of restricted records that were restricted before, and
// what is derived of such alone.
func numberOpenChange(tx *gorm.DB) error {
	const concealed = `EXISTS (SELECT 1 FROM revisions WHERE place = 0)
		AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.place = 0 AND NOT r.restricted)
		AND NOT EXISTS (SELECT 1 FROM revisions r JOIN revisions before ON before.subject = r.subject AND before.subject_key = r.subject_key
			AND before.number = r.number - 1 WHERE r.place = 0 AND NOT before.restricted)
		AND NOT EXISTS (SELECT 1 FROM cards c JOIN agreements a ON a.id = c.agreement_id WHERE c.change = 0 AND NOT a.restricted)`
	return tx.Exec("UPDATE register SET open_change = change, open_at = coalesce((SELECT at FROM revisions WHERE place = 0 ORDER BY id DESC LIMIT 1), open_at) WHERE NOT (" +
		concealed + ")").Error
}

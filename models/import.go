package models

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// An Import is files on their way into the register: first a mapping is made, then
// all rows are checked, then they are written, in batches that a restart continues.
type Import struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	State       string     `json:"state"` // mapping, checking, checked, running, done, failed, cancelled
	Mapping     string     `json:"-"`
	AccountID   *int64     `json:"account"`
	Actor       string     `json:"actor"`
	Address     string     `json:"-"`
	MadeAt      time.Time  `json:"made_at"`
	StartedAt   *time.Time `json:"started_at"`
	EndedAt     *time.Time `json:"ended_at"`
	OperationID *int64     `json:"operation"`
	Total       int64      `json:"total"` // steps: an agreement each, or a row that belongs to none
	Done        int64      `json:"done"`
	Counts      string     `json:"-"`
	Unknown     string     `json:"-"`
	Problem     string     `json:"problem"` // why it failed: its code
	ProblemArgs string     `json:"-"`
	Holder      string     `json:"-"`
	HeldUntil   *time.Time `json:"-"`
}

// ImportCounts add up: what is read is new, the same, changed or refused. Rows of
// further tables belong to an agreement or are refused; values are refused in rows
// that are taken.
type ImportCounts struct {
	Read          int64 `json:"read"`
	New           int64 `json:"new"`
	Same          int64 `json:"same"`
	Changed       int64 `json:"changed"`
	Fields        int64 `json:"fields"` // changed in records that were there
	Refused       int64 `json:"refused"`
	RowsRead      int64 `json:"rows_read"`
	RowsTaken     int64 `json:"rows_taken"`
	RowsRefused   int64 `json:"rows_refused"`
	ValuesRefused int64 `json:"values_refused"`
}

// Add adds other counts.
func (c *ImportCounts) Add(o ImportCounts) {
	c.Read, c.New, c.Same, c.Changed, c.Fields, c.Refused = c.Read+o.Read, c.New+o.New, c.Same+o.Same,
		c.Changed+o.Changed, c.Fields+o.Fields, c.Refused+o.Refused
	c.RowsRead, c.RowsTaken, c.RowsRefused, c.ValuesRefused = c.RowsRead+o.RowsRead, c.RowsTaken+o.RowsTaken,
		c.RowsRefused+o.RowsRefused, c.ValuesRefused+o.ValuesRefused
}

// Counted are the import's counts.
func (i *Import) Counted() (c ImportCounts) {
	if i.Counts != "" {
		_ = json.Unmarshal([]byte(i.Counts), &c)
	}
	return c
}

// UnknownParties are the names that nobody is known by, and in how many rows each
// stands.
func (i *Import) UnknownParties() (list []UnknownParty) {
	if i.Unknown != "" {
		_ = json.Unmarshal([]byte(i.Unknown), &list)
	}
	return list
}

// ReadMapping is the import's mapping.
func (i *Import) ReadMapping() (m Mapping, err error) {
	if err = json.Unmarshal([]byte(i.Mapping), &m); err != nil {
		err = fmt.Errorf("reading the mapping of import %d: %w", i.ID, err)
	}
	return m, err
}

// An UnknownParty is a name that nobody is known by, or that several are.
type UnknownParty struct {
	Name  string   `json:"name"`
	Rows  int      `json:"rows"`
	Codes []string `json:"codes,omitempty"` // that it may mean
}

// chunkSize is how much of a file one row of the database holds, in bytes.
const chunkSize = 256 << 10

// NewImport keeps files until they are imported. Each is given by its name and
// content.
func (s Bulk) NewImport(ctx context.Context, mapping Mapping, files []NamedReader, change Change) (id int64,
	err error) {
	text, err := json.Marshal(mapping)
	if err != nil {
		return 0, err
	}
	err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		imp := Import{State: "mapping", Mapping: string(text), AccountID: change.AccountID, Actor: change.Actor,
			Address: change.Address, MadeAt: s.Now().UTC().Truncate(time.Millisecond)}
		for i, f := range files {
			if i == 0 {
				imp.Name = CleanFileName(f.Name)
				if err := tx.Create(&imp).Error; err != nil {
					return err
				}
			}
			size, err := writeChunks(tx, imp.ID, i, f.Content)
			if err != nil {
				return err
			}
			if err := tx.Create(&ImportFile{imp.ID, i, CleanFileName(f.Name), size}).Error; err != nil {
				return err
			}
		}
		id = imp.ID
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("keeping files to import: %w", err)
	}
	return id, nil
}

// Import reads one, with its files.
func (s Bulk) Import(ctx context.Context, id int64) (*Import, []ImportFile, error) {
	var found []Import
	var files []ImportFile
	tx := s.reader(ctx)
	err := tx.Where("id = ?", id).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = tx.Where("import_id = ?", id).Order("number").Find(&files).Error
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading import %d: %w", id, err)
	}
	return &found[0], files, nil
}

// Imports lists those before a number (0 is the newest), the newest first.
func (s Bulk) Imports(ctx context.Context, before int64, limit int) (list []Import, err error) {
	tx := s.reader(ctx).Omit("mapping", "unknown").Order("id DESC").Limit(limit)
	if before > 0 {
		tx = tx.Where("id < ?", before)
	}
	if err = tx.Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing imports: %w", err)
	}
	return list, nil
}

// importStates say from which states an import can go to another.
var importStates = map[string][]string{
	"mapping":   {"mapping", "checked", "failed", "cancelled", "checking"},
	"checking":  {"mapping", "checked", "failed"},
	"running":   {"checked"},
	"cancelled": {"running"},
}

// MapImport gives an import another mapping; what was checked is to be checked
// again.
func (s Bulk) MapImport(ctx context.Context, id int64, m Mapping) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.moveImport(ctx, id, "mapping", func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM import_refusals WHERE import_id = ?", id).Error; err != nil {
			return err
		}
		return tx.Exec(
			"UPDATE imports SET mapping = ?, done = 0, total = 0, counts = '', problem = '', problem_args = '', holder = '' WHERE id = ? AND operation_id IS NULL", string(text), id).Error
	})
}

// CheckImport has all rows of an import checked; nothing is written to the
// register.
func (s Bulk) CheckImport(ctx context.Context, id int64) error {
	return s.moveImport(ctx, id, "checking", func(tx *gorm.DB) error { return unchecked(tx, id) })
}

// RecheckImport has the check that another process began and left begin anew. The
// error is ErrTaken when the holder does not have it.
func (s Bulk) RecheckImport(ctx context.Context, id int64, holder string) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Exec("UPDATE imports SET held_until = ? WHERE id = ? AND state = 'checking' AND holder = ?",
			s.Now().UTC(), id, holder)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrTaken
		}
		return unchecked(tx, id)
	})
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	return nil
}

// unchecked forgets what a check came to.
func unchecked(tx *gorm.DB, id int64) error {
	if err := tx.Exec("DELETE FROM import_refusals WHERE import_id = ?", id).Error; err != nil {
		return err
	}
	return tx.Exec(
		"UPDATE imports SET done = 0, total = 0, counts = '', unknown = '', problem = '', problem_args = '', holder = '' WHERE id = ?", id).Error
}

// StartImport has a checked import written.
func (s Bulk) StartImport(ctx context.Context, id int64, change Change) error {
	return s.moveImport(ctx, id, "running", func(tx *gorm.DB) error {
		var imp Import
		if err := tx.Where("id = ?", id).Take(&imp).Error; err != nil {
			return err
		}
		operation, err := s.beginOperation(tx, "import", imp.Name, change, "")
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM import_refusals WHERE import_id = ?", id).Error; err != nil {
			return err
		}
		if err := s.Accounts().note(tx, change, AuditImport, fmt.Sprintf("%d: %s", id, imp.Name)); err != nil {
			return err
		}
		return tx.Exec(
			"UPDATE imports SET operation_id = ?, done = 0, counts = '', started_at = ?, holder = '' WHERE id = ?", operation,
			s.Now().UTC(), id).Error
	})
}

// CancelImport stops an import that is being written; what was written stays until
// it is undone.
func (s Bulk) CancelImport(ctx context.Context, id int64) error {
	return s.moveImport(ctx, id, "cancelled", func(tx *gorm.DB) error {
		if err := forgetFiles(tx, id); err != nil {
			return err
		}
		return tx.Exec("UPDATE imports SET ended_at = ?, holder = '' WHERE id = ?", s.Now().UTC(), id).Error
	})
}

// moveImport moves an import to another state, if it is in one that leads there;
// also is done in the same transaction.
func (s Bulk) moveImport(ctx context.Context, id int64, to string, also func(tx *gorm.DB) error) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Exec("UPDATE imports SET state = ? WHERE id = ? AND state IN ?", to, id, importStates[to])
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrTaken
		}
		return also(tx)
	})
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	return nil
}

// RemoveImport takes an import's files away, and itself if it wrote nothing.
func (s Bulk) RemoveImport(ctx context.Context, id int64) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Exec("DELETE FROM imports WHERE id = ? AND operation_id IS NULL AND state NOT IN ('running')", id)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrTaken
		}
		return done.Error
	})
	if err != nil {
		return fmt.Errorf("removing import %d: %w", id, err)
	}
	return nil
}

// holding is for how long a process has an import without a word.
const holding = 5 * time.Second

// TakeImport finds an import that is to be checked or written and that no other
// process works on; nil when there is none.
func (s Bulk) TakeImport(ctx context.Context, holder string) (*Import, error) {
	now := s.Now().UTC()
	var found []Import
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		err := tx.Where("state IN ('checking', 'running') AND (holder = '' OR holder = ? OR held_until < ?)", holder,
			now).Order("id").Limit(1).Find(&found).Error
		if err != nil || len(found) == 0 {
			return err
		}
		done := tx.Exec(
			"UPDATE imports SET holder = ?, held_until = ? WHERE id = ? AND state = ? AND (holder = '' OR holder = ? OR held_until < ?)",
			holder, now.Add(holding), found[0].ID, found[0].State, holder, now)
		if done.Error == nil && done.RowsAffected == 0 {
			found = nil
		}
		return done.Error
	})
	if err != nil {
		return nil, fmt.Errorf("looking for imports: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// AtWork counts the imports that are being checked or written, by whatever process.
func (s Bulk) AtWork(ctx context.Context) (n int64, err error) {
	err = s.reader(ctx).Raw("SELECT count(*) FROM imports WHERE state IN ('checking', 'running')").Scan(&n).Error
	return n, err
}

// Failure is why an import failed.
func (i *Import) Failure() (Problem, bool) {
	r := Refusal{Problem: i.Problem, Args: i.ProblemArgs}
	return r.Why(), i.Problem != ""
}

package models

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
)

// A Document is a text of an agreement as a file, which lies under its SHA-256 in a
// folder or a bucket.
type Document struct {
	ID          int64      `json:"id"`
	AgreementID int64      `json:"-"`
	Language    string     `json:"language"`
	Name        string     `json:"name"`
	MediaType   string     `json:"media_type"`
	Size        int64      `json:"size"` // bytes
	SHA256      string     `json:"sha256" gorm:"column:sha256"`
	Words       string     `json:"-"` // what is said in it
	AddedBy     string     `json:"added_by"`
	AddedAt     time.Time  `json:"added_at"`
	Restricted  bool       `json:"-"` // added while its agreement was restricted, and not opened since
	RemovedAt   *time.Time `json:"-"`
}

// mostDocuments is how many an agreement can have, longestFileName how long a
// file's name may be, in characters.
const (
	mostDocuments   = 100
	longestFileName = 200
)

// CleanFileName makes a name that can be shown and saved: no path, no control or
// direction marks, no end of a line.
func CleanFileName(typed string) string {
	typed = strings.ToValidUTF8(typed, "")
	if at := strings.LastIndexAny(typed, `/\`); at >= 0 {
		typed = typed[at+1:]
	}
	name := strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r <= 0x9f || strings.ContainsRune(
			"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029", r) {
			return -1
		}
		return r
	}, typed)
	name = strings.Trim(name, " .")
	for utf8.RuneCountInString(name) > longestFileName {
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:] // the ending tells what it is
	}
	if name == "" {
		name = "document"
	}
	return name
}

// AddDocument notes a file that lies in place. It stands in the history as a
// revision of the agreement, which says the same as before. The error is Invalid
// when the agreement has too many, or has this very file.
func (s Documents) AddDocument(ctx context.Context, agreement int64, d Document, change Change) (*Document, error) {
	d.Name, d.AgreementID, d.AddedBy = CleanFileName(d.Name), agreement, change.Actor
	if d.Language != "" && !isLanguage(d.Language) {
		return nil, Invalid{"language": {Code: "language", Args: map[string]string{"value": d.Language}}}
	}
	change.Comment = strings.TrimSpace("+ " + d.Name + " (SHA-256 " + d.SHA256 + ") " + change.Comment)
	err := s.documentChange(ctx, agreement, change, func(tx *gorm.DB, now time.Time) error {
		var has []Document
		if err := tx.Where("agreement_id = ? AND removed_at IS NULL", agreement).Omit("words").Find(&has).Error; err != nil {
			return err
		}
		for _, other := range has {
			if other.SHA256 == d.SHA256 {
				return Invalid{"file": {Code: "document_twice", Args: map[string]string{"value": other.Name}}}
			}
		}
		if len(has) >= mostDocuments {
			return Invalid{"file": {Code: "too_many", Args: map[string]string{"limit": fmt.Sprint(mostDocuments)}}}
		}
		d.AddedAt = now
		if err := tx.Raw("SELECT restricted FROM agreements WHERE id = ?", agreement).Scan(&d.Restricted).Error; err != nil {
			return err
		}
		return tx.Create(&d).Error
	})
	if err != nil {
		return nil, fmt.Errorf("adding a document to agreement %d: %w", agreement, err)
	}
	return &d, nil
}

// RemoveDocument takes a document off an agreement; the file stays, for the
// history.
func (s Documents) RemoveDocument(ctx context.Context, agreement, id int64, change Change) error {
	d, err := s.Document(ctx, agreement, id)
	if err != nil {
		return err
	}
	change.Comment = strings.TrimSpace("− " + d.Name + " (SHA-256 " + d.SHA256 + ") " + change.Comment)
	err = s.documentChange(ctx, agreement, change, func(tx *gorm.DB, now time.Time) error {
		done := tx.Exec("UPDATE documents SET removed_at = ? WHERE id = ? AND agreement_id = ? AND removed_at IS NULL", now,
			id, agreement)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrNotFound
		}
		return done.Error
	})
	if err != nil {
		return fmt.Errorf("removing document %d: %w", id, err)
	}
	return nil
}

// documentChange makes a change of an agreement's documents, with a revision.
func (s Documents) documentChange(ctx context.Context, agreement int64, change Change,
	do func(tx *gorm.DB, now time.Time) error) error {
	if err := s.Visible(ctx, agreement); err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		now := s.Now().UTC().Truncate(time.Millisecond)
		var version int
		if err := tx.Raw("SELECT version FROM agreements WHERE id = ?", agreement).Scan(&version).Error; err != nil {
			return err
		}
		if err := s.claim(tx, agreement, version, now); err != nil {
			return err
		}
		if err := do(tx, now); err != nil {
			return err
		}
		last, err := revisionAt(tx, "agreement", fmt.Sprint(agreement), 0)
		if err != nil {
			return err
		}
		if err := writeRevision(tx, "agreement", fmt.Sprint(agreement), version+1, "revised", change, now,
			json.RawMessage(last.Record)); err != nil {
			return err
		}
		return s.derivation().rederive(tx, agreement)
	})
}

// List lists an agreement's documents, the oldest first.
func (s Documents) List(ctx context.Context, agreement int64) (list []Document, err error) {
	if err := s.Visible(ctx, agreement); err != nil {
		return nil, err
	}
	if err = s.reader(ctx).Where("agreement_id = ? AND removed_at IS NULL AND "+readablePast(ctx),
		agreement).Omit("words").Order("id").Limit(mostDocuments).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing documents: %w", err)
	}
	return list, nil
}

// Document reads one of an agreement's documents.
func (s Documents) Document(ctx context.Context, agreement, id int64) (*Document, error) {
	if err := s.Visible(ctx, agreement); err != nil {
		return nil, err
	}
	var found []Document
	if err := s.reader(ctx).Where("id = ? AND agreement_id = ? AND removed_at IS NULL AND "+readablePast(ctx), id,
		agreement).Omit("words").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("reading document %d: %w", id, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("reading document %d: %w", id, ErrNotFound)
	}
	return &found[0], nil
}

// FileSums are the SHA-256 of all files that documents have or had.
func (s Documents) FileSums(ctx context.Context) (sums []string, err error) {
	if err = s.reader(ctx).Raw("SELECT DISTINCT sha256 FROM documents ORDER BY sha256").Scan(&sums).Error; err != nil {
		return nil, fmt.Errorf("listing files: %w", err)
	}
	return sums, nil
}

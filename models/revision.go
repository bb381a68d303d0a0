package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Revision is one numbered change of a record: who, when, why, and what the
// record said after it.
type Revision struct {
	Subject    string    `json:"subject"` // agreement, meeting, party, person
	SubjectKey string    `json:"subject_key"`
	Number     int       `json:"number"`
	Action     string    `json:"action"` // recorded, revised, restored, withdrawn, imported
	Actor      string    `json:"actor"`
	At         time.Time `json:"at"`
	Comment    string    `json:"comment"`
	Record     string    `json:"-"` // the draft, as JSON

	ID        int64  `json:"-"`
	AccountID *int64 `json:"account"`
	Address   string `json:"-"`        // from which the change came
	Place     int64  `json:"place"`    // in the chain of all revisions
	Previous  string `json:"previous"` // the hash of the one before
	Digest    string `json:"digest"`   // of its own canonical JSON
	Purged    bool   `json:"purged"`   // personal data were taken out of it

	Restricted bool `json:"restricted,omitempty"` // of a time when its record was, and not opened since
}

// subjectID is the register number of the agreement that the revision is of.
func (r *Revision) subjectID() int64 {
	id, _ := strconv.ParseInt(r.SubjectKey, 10, 64)
	return id
}

// newRevision makes the revision of a draft, with its digest.
func newRevision(subject, key string, number int, action string, change Change, now time.Time, draft any) (Revision,
	error) {
	if err := change.checkLengths(); err != nil {
		return Revision{}, err
	}
	var record bytes.Buffer
	encoder := json.NewEncoder(&record)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(draft); err != nil {
		return Revision{}, err
	}
	rev := Revision{Subject: subject, SubjectKey: key, Number: number, Action: action, Actor: change.Actor,
		AccountID: change.AccountID, Address: change.Address,
		At: now.UTC().Truncate(time.Millisecond), Comment: change.Comment, Record: strings.TrimSpace(record.String())}
	rev.Digest = rev.digestNow()
	if subject == "agreement" {
		said := struct{ Restricted bool }{}
		switch d := draft.(type) {
		case AgreementDraft:
			said.Restricted = d.Restricted
		default:
			if err := json.Unmarshal([]byte(rev.Record), &said); err != nil {
				return Revision{}, err
			}
		}
		rev.Restricted = said.Restricted
	}
	return rev, nil
}

// Draft is what an agreement's record said after the revision.
func (r *Revision) Draft() (draft AgreementDraft, err error) {
	err = json.Unmarshal([]byte(r.Record), &draft)
	return draft, err
}

// A FieldChange is one field that two revisions of a record say differently; empty
// means not stated.
type FieldChange struct {
	Field  string `json:"field"` // titles[0].text
	Before string `json:"before"`
	After  string `json:"after"`
}

// Compare lists the fields in which two revisions differ, in the order of their
// names.
func Compare(before, after *Revision) ([]FieldChange, error) {
	old, err := flatten(before.Record)
	if err != nil {
		return nil, err
	}
	now, err := flatten(after.Record)
	if err != nil {
		return nil, err
	}
	fields := maps.Clone(old)
	maps.Copy(fields, now)
	var changes []FieldChange
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if old[field] != now[field] {
			changes = append(changes, FieldChange{field, old[field], now[field]})
		}
	}
	return changes, nil
}

// compareDrafts lists the fields in which two drafts of an agreement differ, as
// Compare does.
func compareDrafts(before, after AgreementDraft) ([]FieldChange, error) {
	was, err := newRevision("agreement", "", 0, "", Change{}, time.Time{}, before)
	if err != nil {
		return nil, err
	}
	then, err := newRevision("agreement", "", 0, "", Change{}, time.Time{}, after)
	if err != nil {
		return nil, err
	}
	return Compare(&was, &then)
}

// flatten turns a JSON record into its fields by path.
func flatten(record string) (map[string]string, error) {
	decoder := json.NewDecoder(strings.NewReader(record))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("reading a revision: %w", err)
	}
	fields := map[string]string{}
	walk("", value, fields)
	return fields, nil
}

// walk visits every value of a record under its path.
func walk(path string, value any, fields map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(strings.TrimPrefix(path+"."+name, "."), inner, fields)
		}
	case []any:
		for i, inner := range v {
			walk(path+"["+strconv.Itoa(i)+"]", inner, fields)
		}
	default:
		fields[path] = fmt.Sprint(v)
	}
}

package models

import (
	"context"
	"fmt"
	"io"
)

// Copy writes what a reader of this context may read as an SQLite register of its
// own at a path where nothing is: the schema of the embedded database, for Chancery
// itself or any tool that reads SQLite. Accounts, the addresses from which changes
// came and one-time keys are not in it; its history is chained anew. Who may not
// see restricted records gets none, nor what they alone name.
func (s Upkeep) Copy(ctx context.Context, path string) error {
	keep, err := s.copied(ctx)
	if err != nil {
		return err
	}
	target, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer target.Close()
	if err := target.Upkeep().Migrate(ctx); err != nil {
		return err
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(s.dump(ctx, writer, false, keep)) }()
	if err := target.Upkeep().LoadDump(ctx, reader, nil); err != nil {
		reader.CloseWithError(err)
		return err
	}
	return target.write.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
}

// unread are the columns of rows that concern nobody else, and what stands there in
// a copy.
var unread = map[string]map[string]any{
	"revisions":  {"address": "", "account_id": nil, "place": int64(0), "previous": "", "digest": ""},
	"operations": {"address": "", "account_id": nil, "undone_address": "", "undone_by_id": nil},
	"register":   {"head": "", "length": int64(0)},
}

// leadsTo are the tables to which columns of other tables lead; a row that leads to a hidden
// one is hidden.
var leadsTo = map[string]string{"first_id": "agreements", "second_id": "agreements", "agreement_id": "agreements",
	"target_id": "agreements", "person_id": "people", "institution_id": "institutions", "meeting_id": "meetings"}

// copied tells which rows a reader may have in a copy, and takes out of them what concerns
// nobody else.
func (s Upkeep) copied(ctx context.Context) (func(table string, row map[string]any) bool, error) {
	hidden, err := s.hiddenRows(ctx)
	if err != nil {
		return nil, err
	}
	isHidden := func(table string, id any) bool {
		n, ok := id.(int64)
		return ok && hidden[table][n]
	}
	subjects := map[any]string{"agreement": "agreements", "meeting": "meetings", "person": "people"}
	return func(table string, row map[string]any) bool {
		for column, value := range unread[table] {
			row[column] = value
		}
		if !withRestricted(ctx) && !openly(table, row) {
			return false
		}
		switch table {
		case "submissions", "mappings":
			return false
		case "agreements":
			if isHidden("agreements", row["merged_into"]) {
				row["merged_into"] = nil
			}
		case "participations":
			if isHidden("institutions", row["institution_id"]) { // of a withdrawn agreement
				row["institution_id"] = nil
			}
		case "meetings":
			if isHidden("meetings", row["related_id"]) {
				row["related_id"], row["relation"] = nil, ""
			}
		case "revisions", "documents":
			if row["subject"] == "account" {
				return false
			}
			key, _ := row["subject_key"].(string)
			return !isHidden(subjects[row["subject"]], (&Revision{SubjectKey: key}).subjectID()) &&
				!isHidden("agreements", row["agreement_id"])
		}
		for column, of := range leadsTo {
			if isHidden(of, row[column]) {
				return false
			}
		}
		return !isHidden(table, row["id"])
	}, nil
}

// openly tells whether a stranger may have a row, as far as the row itself tells, and takes
// out of it what only those who sign in can see.
func openly(table string, row map[string]any) bool {
	switch table {
	case "register":
		row["change"] = row["open_change"]
	case "operations", "operation_changes":
		return false
	case "revisions", "documents":
		return row["restricted"] != true
	}
	return true
}

// hiddenRows are the numbers of rows, by table, that who may not see restricted
// records is not given: those records, and what they alone name.
func (s Upkeep) hiddenRows(ctx context.Context) (map[string]map[int64]bool, error) {
	hidden := map[string]map[int64]bool{}
	if withRestricted(ctx) {
		return hidden, nil
	}
	for table, condition := range map[string]string{"agreements": readable(ctx, "t"), "people": readablePerson(ctx, "t.id"),
		"institutions": readableInstitution(ctx, "t.id"), "meetings": readableMeeting(ctx, "t.id")} {
		var ids []int64
		if err := s.reader(ctx).Raw("SELECT t.id FROM " + table + " t WHERE NOT " + condition).Scan(&ids).Error; err != nil {
			return nil, fmt.Errorf("finding what may be read: %w", err)
		}
		hidden[table] = map[int64]bool{}
		for _, id := range ids {
			hidden[table][id] = true
		}
	}
	return hidden, nil
}

package models

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// A LikelyPair are two records that may be of one agreement. Two instruments can
// have all of this in common (exchanges of notes do), so that a person decides.
type LikelyPair struct {
	First    PairSide `json:"first"`
	Second   PairSide `json:"second"`
	SameDay  bool     `json:"same_day"`
	Likeness float64  `json:"title_likeness"` // of the titles: the share of common words, 0 to 1
}

// A PairSide is one of two records.
type PairSide struct {
	ID      int64  `json:"id"`
	Title   string `json:"title"`
	Signed  string `json:"signed"`
	Parties string `json:"parties"`
}

// likeTitles is from which share of common words on two titles are alike.
const likeTitles = 0.5

// LikelyPairs lists pairs of records between the same parties that are dated on the
// same day with like titles, or have the same title at most a year apart; the most
// alike first, at most limit. An operation, when given, has made or changed one of
// the two. Pairs that were found to be two are left out.
func (s Bulk) LikelyPairs(ctx context.Context, operation int64, limit int) ([]LikelyPair, error) {
	only, args := "", []any{}
	if operation > 0 {
		only = " AND EXISTS (SELECT 1 FROM operation_changes o WHERE o.operation_id = ? AND o.agreement_id IN (a.id, b.id))"
		args = append(args, operation)
	}
	const most = 5000
	query := func(join string) string {
		return `SELECT a.id AS id, a.title AS title, a.signed AS signed, a.parties AS parties, a.search_title AS words, b.id AS other_id, b.title AS other_title, b.signed AS other_signed, b.search_title AS other_words,
			a.dated_earliest = b.dated_earliest AS same_day
			FROM agreements a JOIN agreements b ON ` + join + ` AND b.parties = a.parties AND b.id > a.id
			WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL AND a.parties <> ''` + only + `
			AND NOT EXISTS (SELECT 1 FROM distinctions d WHERE d.first_id = a.id AND d.second_id = b.id)
			AND NOT EXISTS (SELECT 1 FROM relations r WHERE r.agreement_id = a.id AND r.target_id = b.id OR r.agreement_id = b.id AND r.target_id = a.id)
			ORDER BY b.id DESC LIMIT ` + strconv.Itoa(most)
	}
	var rows []struct {
		ID                            int64
		Title, Signed, Parties, Words string
		OtherID                       int64
		OtherTitle, OtherSigned       string
		OtherWords                    string
		SameDay                       bool
	}
	list := []LikelyPair{}
	seen := map[[2]int64]bool{}
	for _, join := range []string{"b.dated_earliest = a.dated_earliest",
		"b.search_title = a.search_title AND substr(b.dated_earliest, 1, 4) IN (substr(a.dated_earliest, 1, 4), CAST(CAST(substr(a.dated_earliest, 1, 4) AS integer) + 1 AS text), CAST(CAST(substr(a.dated_earliest, 1, 4) AS integer) - 1 AS text))"} {
		rows = nil
		if err := s.reader(ctx).Raw(query(join), args...).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("looking for duplicates: %w", err)
		}
		for _, r := range rows {
			p := LikelyPair{PairSide{r.ID, r.Title, r.Signed, r.Parties},
				PairSide{r.OtherID, r.OtherTitle, r.OtherSigned, r.Parties}, r.SameDay, commonWords(r.Words, r.OtherWords)}
			if key := [2]int64{r.ID, r.OtherID}; p.Likeness >= likeTitles && !seen[key] {
				seen[key] = true
				list = append(list, p)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b LikelyPair) int {
		score := func(p LikelyPair) float64 {
			if p.SameDay {
				return p.Likeness + 1
			}
			return p.Likeness
		}
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(b.Second.ID, a.Second.ID))
	})
	return list[:min(len(list), limit)], nil
}

// Distinguish notes that two records are of two agreements.
func (s Bulk) Distinguish(ctx context.Context, first, second int64, change Change) error {
	err := s.write.WithContext(ctx).Exec(
		"INSERT INTO distinctions (first_id, second_id, actor, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		min(first, second), max(first, second), change.Actor, s.Now().UTC()).Error
	if err != nil {
		return fmt.Errorf("telling agreements %d and %d apart: %w", first, second, err)
	}
	return nil
}

// MergedDraft is what two records say together: what both say as the kept one does.
func MergedDraft(kept, away AgreementDraft) (AgreementDraft, error) {
	merged, err := cloneOf(away)
	if err != nil {
		return merged, err
	}
	identifiers := slices.Clone(merged.ExternalIDs)
	merged.Take(kept)
	for _, e := range identifiers {
		if !slices.Contains(merged.ExternalIDs, e) {
			merged.ExternalIDs = append(merged.ExternalIDs, e)
		}
	}
	for _, subject := range away.Subjects {
		if !slices.Contains(merged.Subjects, subject) {
			merged.Subjects = append(merged.Subjects, subject)
		}
	}
	if len(kept.ValidityPeriods) > 0 {
		merged.ValidityPeriods = slices.Clone(kept.ValidityPeriods)
	}
	if len(kept.Titles) > 0 { // its main title comes first
		titles := slices.Clone(kept.Titles)
		for _, t := range away.Titles {
			if !slices.ContainsFunc(titles, func(o TitleDraft) bool { return o.Text == t.Text && o.Language == t.Language }) {
				titles = append(titles, t)
			}
		}
		merged.Titles = titles
	}
	for _, m := range kept.Meetings {
		if !slices.Contains(merged.Meetings, m) {
			merged.Meetings = append(merged.Meetings, m)
		}
	}
	merged.Restricted = kept.Restricted || away.Restricted
	return merged, nil
}

// A merge is what is noted of one, to be undone.
type merge struct {
	Keep      int64   `json:"keep"`
	Away      int64   `json:"away"`
	Documents []int64 `json:"documents,omitempty"` // that were the other's
}

// Merge makes one record of two that were read at their versions: the kept one says
// the draft, has the documents of both, and what leads to the other leads to it;
// the other's number leads to it as well. It returns the number of the operation,
// by which all of it can be undone.
func (s Bulk) Merge(ctx context.Context, keep, away map[int64]int, draft AgreementDraft,
	change Change) (operation int64, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		m, versions, err := mergeOf(tx, keep, away)
		if err != nil {
			return err
		}
		detail, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if operation, err = s.beginOperation(tx, "merge", fmt.Sprintf("%d → %d", m.Away, m.Keep), change,
			string(detail)); err != nil {
			return err
		}
		items, err := s.ledElsewhere(tx, m, draft, versions)
		if err != nil {
			return err
		}
		reason := strings.TrimSpace(fmt.Sprintf("%d → %d %s", m.Away, m.Keep, change.Comment))
		if err := s.withdrawAll(tx, map[int64]int{m.Away: versions[m.Away]}, reason, change); err != nil {
			return err
		}
		for _, statement := range []string{"UPDATE agreements SET merged_into = @keep WHERE id = @away",
			"DELETE FROM external_ids WHERE agreement_id = @away",
			"UPDATE documents SET agreement_id = @keep WHERE agreement_id = @away"} {
			if err := tx.Exec(statement, map[string]any{"keep": m.Keep, "away": m.Away}).Error; err != nil {
				return err
			}
		}
		change.Comment = reason
		if err := s.reviseAll(tx, s.newResolver(tx), items, change, "revised"); err != nil {
			return err
		}
		changes := []OperationChange{{operation, m.Away, versions[m.Away], versions[m.Away] + 1, 0}}
		for _, item := range items {
			changes = append(changes, OperationChange{operation, item.id, item.version, item.version + 1, 0})
		}
		return noteChanges(tx, changes)
	})
	if err != nil {
		return 0, fmt.Errorf("merging agreements: %w", err)
	}
	return operation, nil
}

// mergeOf is what is merged, and the versions that were read.
func mergeOf(tx *gorm.DB, keep, away map[int64]int) (m merge, versions map[int64]int, err error) {
	versions = map[int64]int{}
	for id, version := range keep {
		m.Keep, versions[id] = id, version
	}
	for id, version := range away {
		m.Away, versions[id] = id, version
	}
	if m.Keep == m.Away || m.Keep == 0 || m.Away == 0 {
		return m, nil, Invalid{"keep": {Code: "same_record"}}
	}
	if err := tx.Raw("SELECT id FROM documents WHERE agreement_id = ? ORDER BY id",
		m.Away).Scan(&m.Documents).Error; err != nil {
		return m, nil, err
	}
	return m, versions, nil
}

// ledElsewhere are the records that a merge revises: the kept one, and those that
// lead to the other.
func (s Bulk) ledElsewhere(tx *gorm.DB, m merge, draft AgreementDraft, versions map[int64]int) ([]revising, error) {
	turn := func(d *AgreementDraft, self int64) {
		var relations []RelationDraft
		for _, r := range d.Relations {
			if r.Target.Int() == m.Away {
				r.Target = Number(strconv.FormatInt(m.Keep, 10))
			}
			if r.Target.Int() != self && !slices.Contains(relations, r) {
				relations = append(relations, r)
			}
		}
		d.Relations = relations
	}
	turn(&draft, m.Keep)
	items := []revising{{m.Keep, versions[m.Keep], draft, false}}
	var ids []int64
	if err := tx.Raw(
		"SELECT DISTINCT r.agreement_id FROM relations r JOIN agreements a ON a.id = r.agreement_id WHERE r.target_id = ? AND a.withdrawn_at IS NULL AND a.id <> ?", m.Away, m.Keep).Scan(&ids).Error; err != nil {
		return nil, err
	}
	standing, err := s.current(tx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(standing)) {
		d := standing[id].draft
		turn(&d, id)
		items = append(items, revising{id, standing[id].version, d, false})
	}
	return items, nil
}

// An Edit changes one field of many records: it sets it, or of subjects adds or
// takes one away.
type Edit struct {
	Field string `form:"field"`
	Value string `form:"value"`
}

// EditFields are those that can be changed of many records at once.
var EditFields = append(fieldNames(func(f Field) bool { return f.Edited }), "subject_add", "subject_remove",
	"restricted")

// apply changes a draft.
func (e Edit) apply(d *AgreementDraft) {
	if f := FieldNamed(e.Field); f != nil {
		*f.Draft(d) = e.Value
		return
	}
	switch e.Field {
	case "subject_add":
		if !slices.Contains(d.Subjects, e.Value) {
			d.Subjects = append(d.Subjects, e.Value)
		}
	case "subject_remove":
		d.Subjects = slices.DeleteFunc(d.Subjects, func(s string) bool { return s == e.Value })
	case "restricted":
		d.Restricted = e.Value == "yes"
	}
}

// check tells whether an edit's field can be changed of many, and its value be
// what it says.
func (e Edit) check() error {
	problems := Invalid{}
	oneOf(e.Field, EditFields, "field", problems)
	if f := FieldNamed(e.Field); f != nil && f.Kind == ChoiceField {
		oneOf(e.Value, f.Choices, "value", problems)
	}
	switch e.Field {
	case "restricted":
		oneOf(e.Value, YesNo, "value", problems)
	case "subject_add", "subject_remove":
		if e.Value == "" {
			problems.add("value", "required")
		}
	}
	return problems.orNil()
}

// An Edited record is one that an edit changes.
type Edited struct {
	ID      int64         `json:"id"`
	Version int           `json:"version"`
	Title   string        `json:"title"`
	Changes []FieldChange `json:"changes"`
}

// edited works out what an edit changes of records; those that say it already are
// left out.
func (s Bulk) edited(tx *gorm.DB, ids []int64, e Edit) (list []Edited, items []revising, err error) {
	if err := e.check(); err != nil {
		return nil, nil, err
	}
	standing, err := s.current(tx, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(standing)) {
		now := standing[id]
		if now.withdrawn {
			continue
		}
		then, err := cloneOf(now.draft)
		if err != nil {
			return nil, nil, err
		}
		e.apply(&then)
		then.Tidy()
		changes, err := compareDrafts(now.draft, then)
		if err != nil {
			return nil, nil, err
		}
		if len(changes) > 0 {
			title := ""
			if len(then.Titles) > 0 {
				title = then.Titles[0].Text
			}
			list = append(list, Edited{id, now.version, title, changes})
			items = append(items, revising{id, now.version, then, false})
		}
	}
	return list, items, nil
}

// PreviewEdit tells what an edit would change; nothing is written. The error is
// Invalid when the edit is bad.
func (s Bulk) PreviewEdit(ctx context.Context, ids []int64, e Edit) ([]Edited, error) {
	list, _, err := s.edited(s.reader(ctx), ids, e)
	if err != nil {
		return nil, fmt.Errorf("looking at an edit: %w", err)
	}
	return list, nil
}

// EditAll changes one field of records, a revision each, as one operation, whose
// number it returns; 0 when nothing was to be changed. Those that are no longer at
// the versions that were seen make it fail with *Conflict.
func (s Bulk) EditAll(ctx context.Context, versions map[int64]int, e Edit, title string,
	change Change) (operation int64, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		_, items, err := s.edited(tx, slices.Sorted(maps.Keys(versions)), e)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return errUnchanged
		}
		var changes []OperationChange
		for _, item := range items {
			if versions[item.id] != item.version {
				return &Conflict{versions[item.id], item.version}
			}
		}
		if operation, err = s.beginOperation(tx, "edit", title, change, ""); err != nil {
			return err
		}
		for _, item := range items {
			changes = append(changes, OperationChange{operation, item.id, item.version, item.version + 1, 0})
		}
		for chunk := range slices.Chunk(items, 250) {
			if err := s.reviseAll(tx, s.newResolver(tx), chunk, change, "revised"); err != nil {
				return err
			}
		}
		return noteChanges(tx, changes)
	})
	if err != nil {
		return 0, fmt.Errorf("editing records: %w", err)
	}
	return operation, nil
}

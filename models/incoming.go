package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"chancery/models/edtf"

	"gorm.io/gorm"
)

// An Incoming is an agreement as an import brings it. Fields that are empty say
// nothing of what is recorded.
type Incoming struct {
	Number int64 // the register number of the record it is of, 0 if it names none
	Draft  AgreementDraft
	ByURL  bool // a record with one of its sources' addresses is the same, when no identifier says so
	// Relations to agreements that are named by an identifier elsewhere.
	Relations []IncomingRelation
}

// An IncomingRelation leads to an agreement by its identifier in an external list.
type IncomingRelation struct{ Type, Scheme, Value string }

// What an import does with an agreement.
const (
	IncomingNew     = "new"
	IncomingSame    = "same"
	IncomingChanged = "changed"
	IncomingRefused = "refused"
)

// An Outcome is what became, or would become, of an Incoming.
type Outcome struct {
	Action   string
	Number   int64         // of the record, 0 for a new one that is not recorded yet
	Changes  []FieldChange // of a record that is there
	Problems Invalid       // why it is refused
	Missing  []IncomingRelation
}

// A pendingChange is an outcome with what is to be written.
type pendingChange struct {
	Outcome
	draft    AgreementDraft
	version  int
	restores bool // it was taken out when an import was undone
}

// preview finds out what an import would do with each agreement, in a few
// statements however many they are. New ones are tried only if that is asked for:
// recording them tells as well.
func (s Bulk) preview(tx *gorm.DB, r *resolver, list []Incoming, try bool) ([]pendingChange, error) {
	drafts := make([]AgreementDraft, len(list))
	for i := range list {
		list[i].Draft.tidyLists()
		drafts[i] = list[i].Draft
	}
	if err := r.load(drafts); err != nil {
		return nil, err
	}
	if err := r.loadRelated(list); err != nil {
		return nil, err
	}
	plans := make([]pendingChange, len(list))
	matched, err := s.match(tx, r, list, plans)
	if err != nil {
		return nil, err
	}
	standing, err := s.current(tx, matched)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	given := map[ExternalIDDraft]bool{} // identifiers of new records in the list
	for i := range list {
		p := &plans[i]
		if p.Action == IncomingRefused {
			continue
		}
		p.draft = list[i].Draft
		p.relate(r, list[i].Relations)
		if p.Number == 0 {
			if err := s.previewNew(r, p, given, try); err != nil {
				return nil, err
			}
			continue
		}
		if seen[p.Number] {
			p.refuse("id", "import_twice", "agreement", fmt.Sprint(p.Number))
			continue
		}
		seen[p.Number] = true
		if err := s.previewChange(r, p, standing[p.Number]); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// relate adds an agreement's relations to its draft; those to records that are not
// there yet are missing.
func (p *pendingChange) relate(r *resolver, relations []IncomingRelation) {
	for _, rel := range relations {
		if target := r.taken[ExternalID{Scheme: rel.Scheme, Value: rel.Value}]; target == 0 || !r.targets[target] {
			p.Missing = append(p.Missing, rel)
		} else if link := (RelationDraft{rel.Type, Number(strconv.FormatInt(target, 10))}); target != p.Number &&
			!slices.Contains(p.draft.Relations, link) {
			p.draft.Relations = append(slices.Clone(p.draft.Relations), link)
		}
	}
}

// previewNew finds out whether a record can be made; given are the identifiers of
// those before it.
func (s Bulk) previewNew(r *resolver, p *pendingChange, given map[ExternalIDDraft]bool, try bool) error {
	p.Action = IncomingNew
	for _, e := range p.draft.ExternalIDs {
		if given[e] {
			p.refuse("external_ids", "import_same_value", "value", e.Value)
		}
		given[e] = true
	}
	if p.Action != IncomingNew || !try {
		return nil
	}
	_, err := s.tryBuild(r, p)
	return err
}

// refuse says why an agreement cannot be taken.
func (p *pendingChange) refuse(field, code string, args ...string) {
	p.Action, p.Problems = IncomingRefused, Invalid{}
	p.Problems.add(field, code, args...)
}

// tidyLists tidies a draft without the defaults of a form: what is empty says
// nothing.
func (d *AgreementDraft) tidyLists() {
	kind, level, binding := d.Kind, d.Level, d.Binding
	d.Tidy()
	d.Kind, d.Level, d.Binding = kind, level, binding
}

// A current is a record as it is, to be changed by an import.
type current struct {
	version   int
	draft     AgreementDraft
	withdrawn bool
	reason    string
	undone    bool // it was taken out by undoing an operation
}

// current reads what records say now, in a few statements however many they are.
func (s Bulk) current(tx *gorm.DB, ids []int64) (map[int64]current, error) {
	found := make(map[int64]current, len(ids))
	for chunk := range slices.Chunk(ids, 400) {
		var rows []struct {
			ID              int64
			Version         int
			WithdrawnAt     *time.Time
			WithdrawnReason string
			Record          string
			Undone          bool
		}
		err := tx.Raw(`SELECT a.id, a.version, a.withdrawn_at, a.withdrawn_reason, r.record,
				EXISTS (SELECT 1 FROM operation_changes c WHERE c.agreement_id = a.id AND c.before = 0 AND c.undone = 1 AND a.version = c.after + 1) AS undone
			FROM agreements a JOIN revisions r ON r.subject = 'agreement' AND r.subject_key = CAST(a.id AS text) AND r.number = a.version
			WHERE a.id IN ?`, chunk).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("reading records: %w", err)
		}
		for _, row := range rows {
			st := current{version: row.Version, withdrawn: row.WithdrawnAt != nil, reason: row.WithdrawnReason,
				undone: row.Undone}
			if err := json.Unmarshal([]byte(row.Record), &st.draft); err != nil {
				return nil, fmt.Errorf("reading agreement %d: %w", row.ID, err)
			}
			found[row.ID] = st
		}
	}
	return found, nil
}

// previewChange finds out what would change in a record.
func (s Bulk) previewChange(r *resolver, p *pendingChange, now current) error {
	switch {
	case now.version == 0:
		p.refuse("number", "unknown_agreement", "value", fmt.Sprint(p.Number))
		return nil
	case now.withdrawn && !now.undone:
		p.refuse("number", "import_withdrawn", "agreement", fmt.Sprint(p.Number), "reason", now.reason)
		return nil
	}
	p.version = now.version
	if now.withdrawn {
		p.Action, p.restores = IncomingNew, true
		_, err := s.tryBuild(r, p)
		return err
	}
	r.canonical(&p.draft)
	merged, err := cloneOf(now.draft)
	if err != nil {
		return err
	}
	merged.Take(p.draft)
	merged.Tidy()
	before := now.draft
	before.Tidy()
	if sameDraft(before, merged) {
		p.Action = IncomingSame
		return nil
	}
	p.Action, p.draft = IncomingChanged, merged
	built, err := s.tryBuild(r, p)
	if err != nil || !built {
		return err
	}
	if p.Changes, err = compareDrafts(before, p.draft); err == nil && len(p.Changes) == 0 {
		p.Action = IncomingSame
	}
	return err
}

// canonical puts the codes of parties in place of their names, where one is meant.
func (r *resolver) canonical(d *AgreementDraft) {
	if date, err := edtf.ParseDate(d.Signed); err == nil {
		r.on = date.Latest
	}
	for i, p := range d.Participations {
		if code := r.party(p.Party, "", Invalid{}); code != "" {
			d.Participations[i].Party = code
		}
	}
	for i, a := range d.Acts {
		if code := r.party(a.Party, "", Invalid{}); a.Party != "" && code != "" {
			d.Acts[i].Party = code
		}
	}
}

// tryBuild checks a plan's draft without making people, institutions or meetings.
func (s Bulk) tryBuild(r *resolver, p *pendingChange) (bool, error) {
	copied, err := cloneOf(p.draft)
	if err != nil {
		return false, err
	}
	copied.Tidy()
	dry, self := r.dry, r.self
	r.dry, r.self = true, p.Number
	_, problems, err := r.build(&copied)
	r.dry, r.self = dry, self
	if err != nil {
		return false, err
	}
	p.draft = copied
	if len(problems) > 0 {
		p.Action, p.Problems = IncomingRefused, problems
	}
	return len(problems) == 0, nil
}

// Preview tells what an import would do with agreements; nothing is written.
func (s Bulk) Preview(ctx context.Context, list []Incoming) ([]Outcome, error) {
	tx := s.reader(ctx)
	plans, err := s.preview(tx, s.newResolver(tx), list, true)
	if err != nil {
		return nil, fmt.Errorf("checking an import: %w", err)
	}
	return outcomes(plans), nil
}

// outcomes is what is told of pending changes.
func outcomes(plans []pendingChange) []Outcome {
	list := make([]Outcome, len(plans))
	for i, p := range plans {
		list[i] = p.Outcome
	}
	return list
}

// apply writes what an import brings, new records and changed ones, and notes each
// in its operation.
func (s Bulk) apply(tx *gorm.DB, operation int64, list []Incoming, change Change) ([]Outcome, error) {
	r := s.newResolver(tx)
	plans, err := s.preview(tx, r, list, false)
	if err != nil {
		return nil, err
	}
	var fresh []AgreementDraft
	var place []int
	var revised []revising
	for i := range plans {
		switch p := &plans[i]; {
		case p.Action == IncomingNew && !p.restores:
			fresh, place = append(fresh, p.draft), append(place, i)
		case p.Action == IncomingNew, p.Action == IncomingChanged:
			revised = append(revised, revising{id: p.Number, version: p.version, draft: p.draft, restores: p.restores})
		}
	}
	var changes []OperationChange
	if len(fresh) > 0 {
		ids, err := s.record(tx, r, fresh, change, "imported", func(i int, bad Invalid) {
			plans[place[i]].Action, plans[place[i]].Problems = IncomingRefused, bad
		})
		if err != nil {
			return nil, err
		}
		for i, id := range ids {
			if plans[place[i]].Number = id; id > 0 {
				changes = append(changes, OperationChange{operation, id, 0, 1, 0})
			}
		}
	}
	if err := s.reviseAll(tx, r, revised, change, "imported"); err != nil {
		return nil, err
	}
	for _, item := range revised {
		c := OperationChange{operation, item.id, item.version, item.version + 1, 0}
		if item.restores {
			c.Before = 0
		}
		changes = append(changes, c)
	}
	return outcomes(plans), noteChanges(tx, changes)
}

// ErrTaken says that another process works on an import.
var ErrTaken = errors.New("another process works on it")

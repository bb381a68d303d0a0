package models

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// A revising is a record that is given another draft.
type revising struct {
	id       int64
	version  int // that was read
	draft    AgreementDraft
	restores bool // it is withdrawn, and comes back
}

// release makes the external numbers of records that are about to be revised free
// for each other, and lets them lead to each other, for each is there afterwards.
func (r *resolver) release(items []revising) {
	for _, item := range items {
		r.targets[item.id] = true
		maps.DeleteFunc(r.taken, func(_ ExternalID, owner int64) bool { return owner == item.id })
	}
}

// reviseAll writes drafts over records that are still at the versions read, in as
// many statements as there are tables. The error is *Conflict when one is not,
// Invalid when a draft is bad.
func (s *Store) reviseAll(tx *gorm.DB, r *resolver, items []revising, change Change, action string) error {
	if len(items) == 0 {
		return nil
	}
	drafts := make([]AgreementDraft, len(items))
	for i := range items {
		items[i].draft.Tidy()
		drafts[i] = items[i].draft
	}
	if err := r.load(drafts); err != nil {
		return err
	}
	r.release(items)
	now := s.Now().UTC().Truncate(time.Millisecond)
	r.change, r.now = change, now
	versions := make(map[int64]int, len(items))
	for _, item := range items {
		if versions[item.id] = item.version; item.restores {
			versions[item.id] = -item.version
		}
	}
	ids := slices.Sorted(maps.Keys(versions))
	first, err := claimAll(tx, versions, now)
	if err != nil {
		return err
	}
	touched, err := s.derivation().influenced(standing{s, tx}, ids)
	if err != nil {
		return err
	}
	touched = append(touched, ids...)
	list, revisions, err := rebuilt(r, items, first, now, change, action)
	if err != nil {
		return err
	}
	for _, table := range []string{"events", "titles", "acts", "signatories", "participations", "validity_periods",
		"agreement_meetings", "relations", "subjects", "external_ids", "sources"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE agreement_id IN ?", ids).Error; err != nil {
			return err
		}
	}
	if err := tx.Omit(children...).Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&list,
		40).Error; err != nil {
		return err
	}
	if err := s.insertChildren(tx, list); err != nil {
		return err
	}
	if err := insertAll(tx, revisions); err != nil {
		return err
	}
	more, err := s.derivation().influenced(standing{s, tx}, ids)
	if err != nil {
		return err
	}
	touched = append(touched, more...)
	return s.derivation().rederiveAll(tx, unique(touched))
}

// rebuilt makes the rows and the revisions of drafts; first is when each record was
// recorded.
func rebuilt(r *resolver, items []revising, first map[int64]time.Time, now time.Time, change Change,
	action string) (list []*Agreement, revisions []Revision, err error) {
	for i := range items {
		item := &items[i]
		r.self = item.id
		a, problems, err := r.build(&item.draft)
		if err != nil {
			return nil, nil, err
		}
		if len(problems) > 0 {
			return nil, nil, problems
		}
		a.ID, a.Version, a.RecordedAt, a.RevisedAt = item.id, item.version+1, first[item.id], now
		rev, err := newRevision("agreement", fmt.Sprint(item.id), item.version+1, action, change, now, item.draft)
		if err != nil {
			return nil, nil, err
		}
		list, revisions = append(list, a), append(revisions, rev)
	}
	r.self = 0
	return list, revisions, nil
}

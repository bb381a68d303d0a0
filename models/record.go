package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Record checks a draft and writes it as a new agreement with revision 1; it
// returns the register number. The error is Invalid when fields are bad,
// ErrKeyReused when the key came with another draft before.
func (s *Store) Record(ctx context.Context, draft AgreementDraft, change Change) (int64, error) {
	if rehearsing(ctx) {
		return 0, s.rehearse(ctx, 0, draft)
	}
	typed, err := json.Marshal(draft)
	if err != nil {
		return 0, fmt.Errorf("recording an agreement: %w", err)
	}
	digest := hexSum(string(typed))
	var id int64
	attempt := func(tx *gorm.DB) error {
		draft, err := cloneDraft(typed)
		if err != nil {
			return err
		}
		if id, err = submitted(tx, change.Key, digest); err != nil || id != 0 {
			return err
		}
		problems := Invalid{}
		ids, err := s.record(tx, s.newResolver(tx), []AgreementDraft{draft}, change, "recorded",
			func(_ int, bad Invalid) { problems = bad })
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems
		}
		id = ids[0]
		if change.Key == "" {
			return nil
		}
		return tx.Exec("INSERT INTO submissions (key, digest, agreement_id, at) VALUES (?, ?, ?, ?)", change.Key, digest, id,
			s.Now().UTC()).Error
	}
	// Another request may write the same submission, person or institution between our
	// look and our write: then look again.
	for range 5 {
		if err = s.transaction(ctx, attempt); !errors.Is(err, gorm.ErrDuplicatedKey) {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("recording an agreement: %w", err)
	}
	return id, nil
}

// cloneDraft gives a draft to work on, so that the caller's stays as typed.
func cloneDraft(typed []byte) (draft AgreementDraft, err error) {
	err = json.Unmarshal(typed, &draft)
	return draft, err
}

// RecordAll writes many drafts as new agreements in one transaction: all of them
// or, when interrupted, none. Each batch that next gives is recorded in as many
// statements as there are tables; an empty one ends it. What is wrong with a draft
// goes to refused with its index in the batch, and the others are recorded;
// numbered gets each batch's register numbers, 0 for a refused one.
func (s *Store) RecordAll(ctx context.Context, change Change, next func() ([]AgreementDraft, error),
	refused func(i int, bad Invalid), numbered func(ids []int64)) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		r := s.newResolver(tx)
		changed := false
		for {
			drafts, err := next()
			if err == nil && len(drafts) == 0 && !changed {
				return errUnchanged
			}
			if err != nil || len(drafts) == 0 {
				return err
			}
			changed = true
			ids, err := s.record(tx, r, drafts, change, "imported", refused)
			if err != nil {
				return err
			}
			numbered(ids)
		}
	})
	if err != nil {
		return fmt.Errorf("recording agreements: %w", err)
	}
	return nil
}

// ByExternalID maps the values of an external scheme to register numbers.
func (s Lists) ByExternalID(ctx context.Context, scheme string) (map[string]int64, error) {
	var rows []ExternalID
	if err := s.write.WithContext(ctx).Where("scheme = ?", scheme).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("reading the numbers of %s: %w", scheme, err)
	}
	found := make(map[string]int64, len(rows))
	for _, r := range rows {
		found[r.Value] = r.AgreementID
	}
	return found, nil
}

// record writes checked drafts as new agreements, all children and derived rows
// included, in as many statements as there are tables however many drafts there
// are. A draft with problems goes to refused and has number 0.
func (s *Store) record(tx *gorm.DB, r *resolver, drafts []AgreementDraft, change Change, action string,
	refused func(int, Invalid)) ([]int64, error) {
	for i := range drafts {
		drafts[i].Tidy()
	}
	if err := r.load(drafts); err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Millisecond)
	r.change, r.now = change, now
	ids := make([]int64, len(drafts))
	list := make([]*Agreement, 0, len(drafts))
	index := make([]int, 0, len(drafts))
	for i := range drafts {
		a, problems, err := r.build(&drafts[i])
		if err != nil {
			return nil, err
		}
		if len(problems) > 0 {
			refused(i, problems)
			continue
		}
		a.Version, a.RecordedAt, a.RevisedAt = 1, now, now
		list, index = append(list, a), append(index, i)
	}
	if len(list) == 0 {
		return ids, nil
	}
	if err := tx.Omit(children...).CreateInBatches(&list, 40).Error; err != nil {
		return nil, err
	}
	if err := s.insertChildren(tx, list); err != nil {
		return nil, err
	}
	from, err := s.derivation().elsewhereOfNew(tx, list)
	if err != nil {
		return nil, err
	}
	if err := s.derivation().writeDerived(tx, list, from); err != nil {
		return nil, err
	}
	var revisions []Revision
	for i, a := range list {
		ids[index[i]] = a.ID
		rev, err := newRevision("agreement", fmt.Sprint(a.ID), 1, action, change, now, drafts[index[i]])
		if err != nil {
			return nil, err
		}
		revisions = append(revisions, rev)
	}
	if err := insertAll(tx, revisions); err != nil {
		return nil, err
	}
	return ids, s.derivation().rederiveInfluenced(tx, list)
}

// children are the parts of an agreement that insertChildren writes.
var children = []string{"Titles", "Participations", "Acts", "ValidityPeriods", "Meetings", "Relations", "Subjects",
	"ExternalIDs", "Sources"}

// insertChildren writes all that belongs to the agreements, which have their
// numbers already.
func (s *Store) insertChildren(tx *gorm.DB, list []*Agreement) error {
	var titles []*Title
	var participations []*Participation
	for _, a := range list {
		for i := range a.Titles {
			a.Titles[i].AgreementID = a.ID
			titles = append(titles, &a.Titles[i])
		}
		for i := range a.Participations {
			a.Participations[i].AgreementID = a.ID
			participations = append(participations, &a.Participations[i])
		}
	}
	if err := insertAll(tx, titles); err != nil {
		return err
	}
	if err := insertAll(tx, participations); err != nil {
		return err
	}
	var signatories []*Signatory
	var acts []*Act
	var periods []*ValidityPeriod
	var meetings []*AgreementMeeting
	var relations []*Relation
	var subjects []*Subject
	var externals []*ExternalID
	var sources []*Source
	for _, a := range list {
		byParty := map[string]*int64{}
		for i := range a.Participations {
			p := &a.Participations[i]
			byParty[p.Party] = &p.ID
			for j := range p.Signatories {
				p.Signatories[j].AgreementID, p.Signatories[j].ParticipationID = a.ID, p.ID
				signatories = append(signatories, &p.Signatories[j])
			}
		}
		for i := range a.Acts {
			a.Acts[i].AgreementID, a.Acts[i].ParticipationID = a.ID, byParty[a.Acts[i].Party]
			acts = append(acts, &a.Acts[i])
		}
		periods = appendOwned(periods, a.ValidityPeriods, func(p *ValidityPeriod) { p.AgreementID = a.ID })
		meetings = appendOwned(meetings, a.Meetings, func(m *AgreementMeeting) { m.AgreementID = a.ID })
		relations = appendOwned(relations, a.Relations, func(r *Relation) { r.AgreementID = a.ID })
		subjects = appendOwned(subjects, a.Subjects, func(s *Subject) { s.AgreementID = a.ID })
		externals = appendOwned(externals, a.ExternalIDs, func(e *ExternalID) { e.AgreementID = a.ID })
		sources = appendOwned(sources, a.Sources, func(s *Source) { s.AgreementID = a.ID })
	}
	return errors.Join(insertAll(tx, signatories), insertAll(tx, acts), insertAll(tx, periods), insertAll(tx, meetings),
		insertAll(tx, relations), insertAll(tx, subjects), insertAll(tx, externals), insertAll(tx, sources))
}

// appendOwned adds rows to those of all agreements, each told whose it is.
func appendOwned[T any](all []*T, rows []T, own func(*T)) []*T {
	for i := range rows {
		own(&rows[i])
		all = append(all, &rows[i])
	}
	return all
}

// Revise checks a draft and writes it over the record if that is still at the
// version that was read; it returns the new version. The error is *Conflict when it
// is not, Invalid when fields are bad.
func (s *Store) Revise(ctx context.Context, id int64, version int, draft AgreementDraft, change Change) (int, error) {
	if rehearsing(ctx) {
		return 0, s.rehearse(ctx, id, draft)
	}
	typed, err := json.Marshal(draft)
	if err == nil {
		err = s.transaction(ctx, func(tx *gorm.DB) error {
			draft, err := cloneDraft(typed)
			if err != nil {
				return err
			}
			return s.revise(tx, id, version, draft, change, "revised")
		})
	}
	if err != nil {
		return 0, fmt.Errorf("revising agreement %d: %w", id, err)
	}
	return version + 1, nil
}

// revise writes a draft over the record that is at a version: rows, revision and
// what is derived, in one transaction.
func (s *Store) revise(tx *gorm.DB, id int64, version int, draft AgreementDraft, change Change, action string) error {
	return s.reviseAll(tx, s.newResolver(tx), []revising{{id, version, draft, action == "restored"}}, change, action)
}

// claim raises the version of a record that is still at the one that was read, so
// that of two who edit at once the second is told.
func (s *Store) claim(tx *gorm.DB, id int64, version int, now time.Time) error {
	_, err := claimAll(tx, map[int64]int{id: version}, now)
	return err
}

// claimAll raises the versions of records that are still at those that were read,
// withdrawn ones only where their version is negative; it returns when each was
// first made. The error is *Conflict when one was changed since, *Withdrawn when
// one is no longer there.
func claimAll(tx *gorm.DB, versions map[int64]int, now time.Time) (recorded map[int64]time.Time, err error) {
	var rows []Agreement
	err = tx.Raw(
		"UPDATE agreements SET version = version + 1, revised_at = ? WHERE id IN ? RETURNING id, version, recorded_at, withdrawn_at, withdrawn_reason",
		now, slices.Sorted(maps.Keys(versions))).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	if len(rows) < len(versions) {
		return nil, ErrNotFound
	}
	recorded = make(map[int64]time.Time, len(rows))
	for _, a := range rows {
		read := versions[a.ID]
		if a.WithdrawnAt != nil && read > 0 {
			return nil, &Withdrawn{Reason: a.WithdrawnReason}
		}
		if read = max(read, -read); a.Version != read+1 {
			return nil, &Conflict{read, a.Version - 1}
		}
		recorded[a.ID] = a.RecordedAt
	}
	return recorded, nil
}

// Withdraw takes an agreement out of the register with a reason. Its number stays,
// with its history.
func (s *Store) Withdraw(ctx context.Context, id int64, version int, reason string, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		if reason == "" {
			return Invalid{"reason": {Code: "required"}}
		}
		return s.withdrawAll(tx, map[int64]int{id: version}, reason, change)
	})
	if err != nil {
		return fmt.Errorf("withdrawing agreement %d: %w", id, err)
	}
	return nil
}

// withdrawAll takes agreements out that are still at the versions read, in a few
// statements.
func (s *Store) withdrawAll(tx *gorm.DB, versions map[int64]int, reason string, change Change) error {
	now := s.Now().UTC().Truncate(time.Millisecond)
	ids := slices.Sorted(maps.Keys(versions))
	if _, err := claimAll(tx, versions, now); err != nil {
		return err
	}
	last, err := lastRevisions(tx, ids)
	if err != nil {
		return err
	}
	change.Comment = reason
	var revisions []Revision
	for _, r := range last {
		rev, err := newRevision("agreement", r.SubjectKey, versions[r.subjectID()]+1, "withdrawn", change, now,
			json.RawMessage(r.Record))
		if err != nil {
			return err
		}
		revisions = append(revisions, rev)
	}
	if len(revisions) < len(ids) {
		return ErrNotFound
	}
	if err := insertAll(tx, revisions); err != nil {
		return err
	}
	touched, err := s.derivation().influenced(standing{s, tx}, ids)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE agreements SET withdrawn_at = ?, withdrawn_reason = ? WHERE id IN ?", now, reason,
		ids).Error; err != nil {
		return err
	}
	return s.derivation().rederiveAll(tx, unique(append(touched, ids...)))
}

// Restore brings an old revision back as a new one; a withdrawn record returns to
// the register by it.
func (s *Store) Restore(ctx context.Context, id int64, version, number int, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		old, err := revisionAt(tx, "agreement", fmt.Sprint(id), number)
		if err != nil {
			return err
		}
		draft, err := old.Draft()
		if err != nil {
			return err
		}
		return s.revise(tx, id, version, draft, change, "restored")
	})
	if err != nil {
		return fmt.Errorf("restoring revision %d of agreement %d: %w", number, id, err)
	}
	return nil
}

// rehearse checks a draft of an agreement without taking a register number for it.
func (s *Store) rehearse(ctx context.Context, id int64, draft AgreementDraft) error {
	if err := s.Drafts().Check(ctx, id, draft); err != nil {
		return err
	}
	return ErrRehearsed
}

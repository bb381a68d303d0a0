package models

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"chancery/models/edtf"
	"chancery/models/status"
)

// Agreement reads one record whole, in a fixed number of statements. A withdrawn
// one comes with *Withdrawn.
func (s *Store) Agreement(ctx context.Context, id int64) (*Agreement, error) {
	list, err := s.load(s.reader(ctx), []int64{id})
	if err != nil {
		return nil, fmt.Errorf("reading agreement %d: %w", id, err)
	}
	if len(list) == 0 || list[0].Restricted && !withRestricted(ctx) {
		return nil, fmt.Errorf("agreement %d: %w", id, ErrNotFound)
	}
	if a := list[0]; a.WithdrawnAt != nil {
		return a, a.withdrawn()
	}
	return list[0], nil
}

// withdrawn says why a record is no longer there; nil when it is.
func (a *Agreement) withdrawn() *Withdrawn {
	w := &Withdrawn{Reason: a.WithdrawnReason}
	if a.MergedInto != nil {
		w.MergedInto = *a.MergedInto
	}
	return w
}

// AgreementAt reads one record as the register stood at a moment; the zero time is
// now. One recorded later is not found.
func (s *Store) AgreementAt(ctx context.Context, id int64, moment time.Time) (*Agreement, error) {
	if moment.IsZero() || id > math.MaxUint32 {
		return s.Agreement(ctx, id)
	}
	ctx, done, err := s.asRecorded(ctx, moment)
	if err != nil {
		return nil, err
	}
	defer done()
	then, err := s.replays().asRecorded(ctx, moment)
	if err != nil {
		return nil, err
	}
	if err := s.visible(ctx, id); err != nil {
		return nil, err
	}
	if a := then.agreement(uint32(id)); a != nil && (!a.Restricted || withRestricted(ctx)) {
		return a, nil
	}
	if then.hidden.Contains(uint32(id)) {
		return nil, fmt.Errorf("agreement %d as recorded then: %w", id, ErrNotFound)
	}
	return s.Agreement(ctx, id)
}

// A Related agreement stands in a relation with the one asked about; Inverse tells
// that it is the one that states it.
type Related struct {
	Type    string `json:"type"`
	Inverse bool   `json:"inverse"`
	ID      int64  `json:"id"`
	Title   string `json:"title"`
	Signed  string `json:"signed"`
}

// Relations reads an agreement's relations both ways.
func (s *Store) Relations(ctx context.Context, id int64) ([]Related, error) {
	var related []Related
	err := s.reader(ctx).Raw(`
		SELECT r.type, FALSE AS inverse, a.id, a.title, a.signed, a.dated_earliest
		FROM relations r JOIN agreements a ON a.id = r.target_id WHERE r.agreement_id = ? AND a.withdrawn_at IS NULL AND (NOT a.restricted OR ?)
		UNION ALL
		SELECT r.type, TRUE, a.id, a.title, a.signed, a.dated_earliest
		FROM relations r JOIN agreements a ON a.id = r.agreement_id WHERE r.target_id = ? AND a.withdrawn_at IS NULL AND (NOT a.restricted OR ?)
		ORDER BY 2, 6, 3`, id, withRestricted(ctx), id, withRestricted(ctx)).Scan(&related).Error
	if err != nil {
		return nil, fmt.Errorf("reading the relations of agreement %d: %w", id, err)
	}
	return related, nil
}

// States computes the status of an agreement on a day, of the whole and for each
// party, and notes on each participation the first and last day of its being in
// force.
func (s *Store) States(ctx context.Context, a *Agreement, on edtf.Day) (whole status.State,
	byParty map[string]status.State, err error) {
	replaced, err := s.derivation().replacedOn(s.reader(ctx), []int64{a.ID})
	if err != nil {
		return whole, nil, fmt.Errorf("reading what replaces agreement %d: %w", a.ID, err)
	}
	if a.asRecorded {
		replaced = map[int64]edtf.Day{a.ID: a.replacedOn}
	}
	facts := a.Facts(replaced[a.ID])
	whole = facts.Status(on)
	byParty = make(map[string]status.State, len(a.Participations))
	var ofWhole []status.Span
	if facts.Bilateral() {
		ofWhole = facts.Spans("")
	}
	for i := range a.Participations {
		p := &a.Participations[i]
		spans := ofWhole
		if !facts.Bilateral() {
			spans = facts.Spans(p.Party)
		}
		byParty[p.Party] = status.State{Status: status.Proposed}
		for _, span := range spans {
			if span.From <= on && on <= span.Until {
				byParty[p.Party] = span.State
			}
			if span.Status != status.InForce {
				continue
			}
			if p.InForceFrom == "" {
				p.InForceFrom = span.From
			}
			if p.InForceUntil = span.Until; span.Until == edtf.LastDay {
				p.InForceUntil = ""
			}
		}
	}
	return whole, byParty, nil
}

// AllRecords streams every agreement of a filter whole, newest first, a few hundred
// at a time.
func (s Lists) AllRecords(ctx context.Context, f Filter) iter.Seq2[*Agreement, error] {
	return func(yield func(*Agreement, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		f.Limit = recordsAtOnce
		for {
			page, err := s.Agreements(ctx, f, "")
			if err != nil {
				yield(nil, err)
				return
			}
			list, err := s.records(ctx, f, page.Items)
			if err != nil {
				yield(nil, fmt.Errorf("reading records: %w", err))
				return
			}
			states := make(map[int64]status.State, len(page.Items))
			for _, e := range page.Items {
				states[e.ID] = e.State
			}
			for _, a := range list {
				a.State = states[a.ID]
				if !yield(a, nil) {
					return
				}
			}
			if f.After = page.Next; f.After == "" {
				return
			}
		}
	}
}

// records reads the agreements of a list whole, as recorded when the filter says,
// in the order of the list.
func (s Lists) records(ctx context.Context, f Filter, items []AgreementSummary) (list []*Agreement, err error) {
	var then *asRecorded
	if !f.Recorded.IsZero() {
		if then, err = s.replays().asRecorded(ctx, f.Recorded); err != nil {
			return nil, err
		}
	}
	byID := make(map[int64]*Agreement, len(items))
	var standing []int64
	for _, e := range items {
		if a := then.agreement(uint32(e.ID)); a != nil {
			byID[e.ID] = a
		} else {
			standing = append(standing, e.ID)
		}
	}
	found, err := s.load(s.reader(ctx), standing)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if a.WithdrawnAt == nil || then != nil { // withdrawn since the list was read
			byID[a.ID] = a
		}
	}
	for _, e := range items {
		if a := byID[e.ID]; a != nil {
			list = append(list, a)
		}
	}
	return list, nil
}

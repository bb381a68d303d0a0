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
	list, err := s.load(s.reader(ctx).Where(readable(ctx, "agreements")), []int64{id})
	if err == nil && len(list) > 0 {
		err = s.withoutUnreadable(ctx, list)
	}
	if err != nil {
		return nil, fmt.Errorf("reading agreement %d: %w", id, err)
	}
	if len(list) == 0 {
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
	if err := s.Visible(ctx, id); err != nil {
		return nil, err
	}
	if a := then.agreement(uint32(id)); a != nil && (!a.Restricted || withRestricted(ctx)) {
		one := []*Agreement{a}
		err := s.withoutUnreadable(ctx, one)
		return one[0], err
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
		FROM relations r JOIN agreements a ON a.id = r.target_id WHERE r.agreement_id = ? AND `+readableNow(ctx, "a")+`
		UNION ALL
		SELECT r.type, TRUE, a.id, a.title, a.signed, a.dated_earliest
		FROM relations r JOIN agreements a ON a.id = r.agreement_id WHERE r.target_id = ? AND `+readableNow(ctx, "a")+`
		ORDER BY 2, 6, 3`, id, id).Scan(&related).Error
	if err != nil {
		return nil, fmt.Errorf("reading the relations of agreement %d: %w", id, err)
	}
	return related, nil
}

// Outcome computes where an agreement stood over all days, as a whole and for each
// party, and notes on each participation from when until when it was in force: in
// the spell that covers the day, or else the last.
func (s *Store) Outcome(ctx context.Context, a *Agreement, on edtf.Day) (*status.Outcome, error) {
	if a.Outcome != nil && a.AsAt == on {
		return a.Outcome, nil
	}
	err := s.outcomes(ctx, []*Agreement{a}, on)
	return a.Outcome, err
}

// outcomes computes where some agreements stood over all days.
func (s *Store) outcomes(ctx context.Context, list []*Agreement, on edtf.Day) error {
	var now []*Agreement
	for _, a := range list {
		if !a.asRecorded {
			now = append(now, a)
		}
	}
	from, err := s.derivation().elsewhere(s.reader(ctx), now)
	if err != nil {
		return fmt.Errorf("reading what bears on agreements: %w", err)
	}
	for _, a := range list {
		if a.asRecorded {
			a.settle(a.elsewhere, on)
		} else {
			a.settle(from, on)
		}
	}
	return nil
}

// Standing is where the agreement stood over all days: as it was read, or else by
// its own record alone.
func (a *Agreement) Standing() *status.Outcome {
	if a.Outcome != nil {
		return a.Outcome
	}
	return a.Facts(surroundings{}).Outcome()
}

// settle computes where the agreement stood over all days.
func (a *Agreement) settle(from surroundings, on edtf.Day) {
	a.Outcome, a.AsAt, a.Warnings = a.Facts(from).Outcome(), on, a.outOfTime(from)
	for i := range a.Participations {
		p := &a.Participations[i]
		p.ISO3 = from.lives[p.Party].alpha3
		held := heldOn(Intervals(a.Outcome.Parties[p.Party]), on)
		p.InForceFrom, p.InForceUntil = held.From, held.Until
	}
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
			if err := s.outcomes(ctx, list, f.On); err != nil {
				yield(nil, err)
				return
			}
			for _, a := range list {
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
	found, err := s.load(s.reader(ctx).Where(readable(ctx, "agreements")), standing)
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
	return list, s.withoutUnreadable(ctx, list)
}

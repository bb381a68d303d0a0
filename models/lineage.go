package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A Forebear is an agreement in a line of those that succeed, extend, amend or
// replace one another.
type Forebear struct {
	ID           int64           `json:"id"`
	Title        string          `json:"title"`
	Signed       string          `json:"signed"`
	status.State                 // on the day asked about
	InForce      []Interval      `json:"in_force"`  // the whole
	Relations    []RelationDraft `json:"relations"` // to others of the line
	dated        edtf.Day
}

// lineageTypes are the relations that make a line of agreements.
var lineageTypes = []string{"succeeds", "extends", "amends", "replaces"}

// mostForebears bounds a line.
const mostForebears = 200

// Lineage lists what an agreement succeeds, extends, amends or replaces, and what
// does so to it, over all generations and both ways, itself among them, the oldest
// first, each as at a day. An agreement that stands alone has none.
func (s *Store) Lineage(ctx context.Context, id int64, on edtf.Day) ([]Forebear, error) {
	by := standing{s, s.reader(ctx)}
	known := map[int64]bool{id: true}
	relations := map[int64][]RelationDraft{}
	stated := map[Relation]bool{}
	ids := []int64{id}
	for frontier := ids; len(frontier) > 0 && len(known) < mostForebears; {
		var found []Relation
		for _, to := range []bool{true, false} {
			list, err := by.relations(frontier, lineageTypes, to)
			if err != nil {
				return nil, fmt.Errorf("reading the line of agreement %d: %w", id, err)
			}
			found = append(found, list...)
		}
		frontier = nil
		for _, r := range found {
			if r.Position = 0; !stated[r] {
				stated[r] = true
				relations[r.AgreementID] = append(relations[r.AgreementID],
					RelationDraft{Type: r.Type, Target: Number(fmt.Sprint(r.TargetID))})
			}
			for _, other := range []int64{r.AgreementID, r.TargetID} {
				if !known[other] && len(known) < mostForebears {
					known[other] = true
					frontier = append(frontier, other)
				}
			}
		}
		ids = append(ids, frontier...)
	}
	line := []Forebear{}
	if len(ids) == 1 {
		return line, nil
	}
	list, err := s.loadParts(s.reader(ctx).Where(readable(ctx, "agreements")), ids, statusParts...)
	if err == nil {
		err = s.outcomes(ctx, list, on)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the line of agreement %d: %w", id, err)
	}
	for _, a := range list {
		f := Forebear{ID: a.ID, Title: a.Title, Signed: a.Signed, State: status.At(a.Outcome.Whole, on).State, InForce: Intervals(a.Outcome.Whole), Relations: relations[a.ID],
			dated: a.DatedEarliest}
		if f.Relations == nil {
			f.Relations = []RelationDraft{}
		}
		line = append(line, f)
	}
	slices.SortFunc(line, func(a, b Forebear) int { return cmp.Or(cmp.Compare(a.dated, b.dated), cmp.Compare(a.ID, b.ID)) })
	return line, nil
}

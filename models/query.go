package models

import (
	"context"
	"slices"
)

// query makes out the parties of a filter and what its words find. Release the
// query when it is no longer read.
func (s *Store) query(ctx context.Context, f Filter) (*query, error) {
	sel := &query{Filter: f, cache: s.index.cache, release: func() {}, hideRestricted: !withRestricted(ctx)}
	var err error
	if sel.sides, err = s.sides(ctx, f); err != nil {
		return nil, err
	}
	if !f.Recorded.IsZero() {
		if sel.asRecorded, err = s.replays().asRecorded(ctx, f.Recorded); err != nil {
			return nil, err
		}
	}
	if f.Query != "" || f.Text != "" {
		if sel.found, err = s.Searches().matching(ctx, f, sel.asRecorded); err != nil {
			return nil, err
		}
	}
	if sel.snapshot, sel.release, err = s.view(ctx); err != nil {
		return nil, err
	}
	sel.compile()
	return sel, nil
}

// sides makes out the parties that a filter names, each with the codes that count
// as it.
func (s *Store) sides(ctx context.Context, f Filter) (sides [][]string, err error) {
	asked := slices.DeleteFunc([]string{f.Pair[0], f.Pair[1]}, func(code string) bool { return code == "" })
	for _, code := range f.Parties {
		if !slices.Contains(asked, code) {
			asked = append(asked, code)
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	codes, err := s.Parties().canonical(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, code := range codes {
		if slices.Contains(codes[:i], code) {
			continue
		}
		side := []string{code}
		if f.Predecessors {
			lineage, err := s.Parties().Lineage(ctx, code)
			if err != nil {
				return nil, err
			}
			side = append(side, lineage...)
		}
		sides = append(sides, side)
	}
	return sides, nil
}

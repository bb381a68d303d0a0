package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"chancery/models/bitmap"

	"chancery/models/search"
)

// matching gives the agreements that have the words of a filter, now or then.
func (s Searches) matching(ctx context.Context, f Filter, then *asRecorded) (*bitmap.Set, error) {
	set := bitmap.New()
	tx := s.reader(ctx)
	collect := func(into *bitmap.Set, sql string, args ...any) error {
		rows, err := tx.Raw(sql, args...).Rows()
		if err != nil {
			return fmt.Errorf("searching: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return fmt.Errorf("searching: %w", err)
			}
			into.Add(uint32(id))
		}
		return rows.Err()
	}
	if f.Query != "" {
		q, err := s.understand(ctx, ParseSearch(f.Query))
		if err != nil || q.Empty() {
			return set, err
		}
		sql, args := s.engine.matching(searchAgreements, q)
		if err := collect(set, sql, args...); err != nil {
			return nil, err
		}
		if id, err := strconv.ParseUint(f.Query, 10, 32); err == nil {
			set.Add(uint32(id))
		}
		then.collect(set, func(a *Agreement) bool { return q.finds(then.document(a)) })
	}
	if folded := search.Fold(f.Text); folded != "" {
		titled := bitmap.New()
		if err := collect(titled, `SELECT id FROM agreements WHERE search_title LIKE ? ESCAPE '\'`,
			likeWithin(folded)); err != nil {
			return nil, err
		}
		then.collect(titled, func(a *Agreement) bool { return strings.Contains(a.SearchTitle, folded) })
		if f.Query == "" {
			return titled, nil
		}
		set.And(titled)
	}
	return set, nil
}

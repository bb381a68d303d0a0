package models

import (
	"slices"

	"chancery/models/bitmap"

	"chancery/models/edtf"
)

// sortKeyOf reads what an agreement is sorted by, now or then.
func (s *query) sortKeyOf(id uint32) (earliest, latest int32) {
	if s.asRecorded != nil {
		if c := s.asRecorded.cards[id]; c != nil {
			return c.Earliest, c.Latest
		}
	}
	return s.sortKey(id)
}

// newest gives the agreements of a set from the newest on, those that come before a
// cursor's place.
func (s *query) newest(set *bitmap.Set, after *cursor, limit int) (ids []uint32) {
	var before func(id uint32) bool
	if after != nil {
		e, l := after.Earliest.Number(), after.Latest.Number()
		before = func(id uint32) bool {
			earliest, latest := s.sortKeyOf(id)
			if earliest != e {
				return earliest < e
			}
			if latest != l {
				return latest < l
			}
			return int64(id) < after.Agreement
		}
	}
	total := set.Len()
	if s.asRecorded == nil && total*total > limit*len(s.byDate) { // walking meets one in every all/total
		at := len(s.byDate)
		if before != nil {
			at, _ = slices.BinarySearchFunc(s.byDate, 0, func(id, _ uint32) int {
				if before(id) {
					return -1
				}
				return 1
			})
		}
		for at--; at >= 0 && len(ids) < limit; at-- {
			if set.Contains(s.byDate[at]) {
				ids = append(ids, s.byDate[at])
			}
		}
		return ids
	}
	all := set.Slice()
	if before != nil {
		all = slices.DeleteFunc(all, func(id uint32) bool { return !before(id) })
	}
	slices.SortFunc(all, func(a, b uint32) int { return -s.compareThen(a, b) })
	return all[:min(limit, len(all))]
}

// compareThen orders agreements by their dates, as they stood at the moment that
// is read.
func (s *query) compareThen(a, b uint32) int {
	if s.asRecorded == nil {
		return s.compare(a, b)
	}
	e, l := s.sortKeyOf(a)
	f, m := s.sortKeyOf(b)
	switch {
	case e != f:
		return int(e - f)
	case l != m:
		return int(l - m)
	}
	return int(int64(a) - int64(b))
}

// firstYear is the year in which the oldest of a set is dated.
func (s *query) firstYear(set *bitmap.Set) int {
	first := int32(noEnd)
	for id := range set.All() {
		earliest, _ := s.sortKeyOf(id)
		if earliest > 0 { // else nothing is dated
			first = min(first, earliest)
		}
	}
	if first == noEnd {
		return s.On.Year()
	}
	return edtf.YearOf(first)
}

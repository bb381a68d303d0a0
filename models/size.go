package models

import (
	"context"

	"chancery/models/edtf"
)

// A Size is how much an export of a filter holds.
type Size struct {
	Agreements     int
	Participations int
	Pairs          int // of parties, counted with each agreement
	Distinct       int // of parties, at the most
	Years          int // from the first that anything is dated in to that of the filter's day
}

// Size counts what a filter means; of the agreements of a pair only the pair itself.
func (s Statistics) Size(ctx context.Context, f Filter) (size Size, err error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return size, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return size, err
	}
	defer sel.release()
	parties, first := map[uint32]bool{}, f.On.Year()
	sel.walk(func(r *evaluation) {
		n := 0
		for i := range r.Parties {
			if r.Parties[i].takesPart() {
				n++
				parties[r.Parties[i].Party] = true
			}
		}
		if !r.undated() {
			first = min(first, edtf.YearOf(r.Earliest))
		}
		size.Agreements++
		size.Participations += n
		if f.Pair[0] == "" {
			size.Pairs += n * (n - 1) / 2
		} else {
			size.Pairs++
		}
	})
	size.Years = f.On.Year() - first + 1
	size.Distinct = min(size.Pairs, len(parties)*(len(parties)-1)/2)
	if f.Pair[0] != "" {
		size.Distinct = min(size.Pairs, 1)
	}
	return size, nil
}

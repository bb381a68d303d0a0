package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"chancery/models/status"
)

// Measures are what a matrix can count: agreements in force on the day, or those
// dated within the filter's span.
var Measures = []string{"in-force", "signed"}

// A Matrix counts the agreements of every two of some parties.
type Matrix struct {
	Codes []string `json:"codes"`
	Cells [][]int  `json:"cells"` // by the places of two codes; the diagonal is empty
	Most  int      `json:"most"`
}

// Matrix counts the agreements of a filter between every two of some parties: those
// in force for both on its day, or all that it means.
func (s Statistics) Matrix(ctx context.Context, f Filter, codes []string, measure string) (*Matrix, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("counting pairs: %w", err)
	}
	defer sel.release()
	return cached(sel, fmt.Sprint("matrix ", measure, codes), func() *cells { return sel.cells(codes, measure) },
		(*cells).matrix), nil
}

// cells sum up a matrix.
type cells struct {
	codes  []string
	signed bool
	counts [][]int
	words  []uint32
	places []int // of parties by their words, -1 where the matrix does not have them
	in     []int
}

// cells begins to count the pairs of some parties.
func (s *query) cells(codes []string, measure string) *cells {
	var words []uint32
	for _, code := range codes {
		if word, ok := s.snapshot.parties.lookup(code); ok {
			words = append(words, word)
		}
	}
	only := s.partyMask()
	if only != nil {
		only = s.marked(slices.Concat(append(s.sideWords, words)...))
	}
	return sumUp(s, s.shared(words), only, false, func() *cells {
		c := &cells{codes: codes, signed: measure == "signed", counts: make([][]int, len(codes))}
		for i := range c.counts {
			c.counts[i] = make([]int, len(codes))
		}
		return c
	})
}

// add counts an agreement for every two of the parties that take part, where it
// holds for both.
func (c *cells) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	for n := len(c.places); n < len(s.codes); n++ {
		c.places = append(c.places, slices.Index(c.codes, s.codes[n]))
	}
	c.in, c.words = c.in[:0], c.words[:0]
	for i := range r.Parties {
		p := &r.Parties[i]
		if c.places[p.Party] >= 0 && p.takesPart() && (c.signed ||
			status.Status(stateOn(r.spansOf(p), s.on)/2) == status.InForce) {
			c.in, c.words = append(c.in, c.places[p.Party]), append(c.words, p.Party)
		}
	}
	for i, a := range c.in {
		for j, b := range c.in[:i] {
			if len(r.Cuts) > 0 && !c.signed && r.cutOn(c.words[i:i+1], c.words[j:j+1], s.on) > 0 {
				continue
			}
			c.counts[a][b] += times
			c.counts[b][a] += times
		}
	}
}

func (c *cells) merge(other *cells) {
	for i, row := range other.counts {
		for j, n := range row {
			c.counts[i][j] += n
		}
	}
}

func (c *cells) matrix() *Matrix {
	m := &Matrix{Codes: c.codes}
	for _, row := range c.counts {
		m.Cells = append(m.Cells, slices.Clone(row))
		m.Most = max(m.Most, slices.Max(row))
	}
	return m
}

// Parties are the codes of all parties that take part in an agreement of the
// filter, the most active first.
func (s Statistics) ActiveParties(ctx context.Context, f Filter, limit int) ([]string, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("finding the most active parties: %w", err)
	}
	defer sel.release()
	type active struct {
		code string
		n    int
	}
	var list []active
	for word, n := range sel.participants() {
		list = append(list, active{sel.codes[word], n})
	}
	slices.SortFunc(list, func(a, b active) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.code, b.code)) })
	codes := make([]string, 0, limit)
	for _, a := range list[:min(limit, len(list))] {
		codes = append(codes, a.code)
	}
	return codes, nil
}

package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"chancery/models/status"
)

// CanonicalPair tells whether both codes are the register's own, in the order of a
// pair.
func (s Parties) CanonicalPair(ctx context.Context, a, b string) (bool, error) {
	if a >= b || !partyCode.MatchString(a) || !partyCode.MatchString(b) {
		return false, nil
	}
	codes, err := s.canonical(ctx, []string{a, b})
	var unknown Invalid
	if errors.As(err, &unknown) {
		return false, nil
	}
	return err == nil && codes[0] == a && codes[1] == b, err
}

// A PairCount is a pair of parties, or one partner of a party, with the number of
// their agreements.
type PairCount struct {
	Pair       string `json:"pair"` // BY-RU, or BY
	Agreements int    `json:"agreements"`
	InForce    int    `json:"in_force"` // on the day
}

// Pairs lists the pairs with the most agreements between these two alone.
func (s Statistics) Pairs(ctx context.Context, f Filter, limit int) ([]PairCount, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	f.Scope = "bilateral"
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("listing pairs: %w", err)
	}
	defer sel.release()
	return cached(sel, "pairs "+strconv.Itoa(limit), func() pairCounts {
		return sumUp(sel, sel.candidates(), nil, false, newPairCounts)
	}, func(counts pairCounts) []PairCount { return counts.most(sel.codes, limit) }), nil
}

// Partners lists whom a party has agreements with, most first, at most limit of
// them or, for 0, all.
func (s Statistics) Partners(ctx context.Context, f Filter, limit int) ([]PairCount, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("listing partners: %w", err)
	}
	defer sel.release()
	if len(sel.sideWords) != 1 {
		return nil, Invalid{"party": {Code: "required"}}
	}
	return cached(sel, "partners "+strconv.Itoa(limit), func() partnerCounts {
		return sumUp(sel, sel.candidates(), nil, false, func() partnerCounts { return partnerCounts{newPairCounts()} })
	}, func(counts partnerCounts) []PairCount { return counts.most(sel.codes, limit) }), nil
}

// pairCounts sum up the agreements of two parties alone, by the words of both: 0
// and the partner's where the other is asked for.
type pairCounts map[[2]uint32]*PairCount

func newPairCounts() pairCounts { return pairCounts{} }

// add counts an agreement for every two of its parties.
func (counts pairCounts) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	var pair []uint32
	for _, p := range r.Parties {
		if p.takesPart() {
			pair = append(pair, p.Party)
		}
	}
	if len(pair) == 2 {
		counts.count([2]uint32{min(pair[0], pair[1]), max(pair[0], pair[1])}, status.Status(r.state/2) == status.InForce,
			times)
	}
}

func (counts pairCounts) count(pair [2]uint32, inForce bool, times int) {
	c := counts[pair]
	if c == nil {
		c = &PairCount{}
		counts[pair] = c
	}
	c.Agreements += times
	c.InForce += times * bit(inForce)
}

func (counts pairCounts) merge(other pairCounts) {
	for pair, c := range other {
		if counts[pair] == nil {
			counts[pair] = &PairCount{}
		}
		counts[pair].Agreements += c.Agreements
		counts[pair].InForce += c.InForce
	}
}

// partnerCounts sum up the agreements of the one party asked for with each other.
type partnerCounts struct{ pairCounts }

func (counts partnerCounts) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	for i := range r.Parties {
		if p := &r.Parties[i]; p.takesPart() && !slices.Contains(s.sideWords[0], p.Party) {
			both := max(r.state, stateOn(r.spansOf(p), s.on))
			if len(r.Cuts) > 0 {
				both = max(both, r.cutOn(s.sideWords[0], []uint32{p.Party}, s.on))
			}
			counts.count([2]uint32{0, p.Party}, status.Status(both/2) == status.InForce, times)
		}
	}
}

func (counts partnerCounts) merge(other partnerCounts) { counts.pairCounts.merge(other.pairCounts) }

// most lists the pairs with the most agreements, at most limit of them or, for 0,
// all.
func (counts pairCounts) most(codes []string, limit int) []PairCount {
	list := make([]PairCount, 0, len(counts))
	for words, c := range counts {
		if c.Agreements == 0 {
			continue
		}
		name := codes[words[1]]
		if words[0] != 0 {
			pair := PairOf(codes[words[0]], name)
			name = pair[0] + "-" + pair[1]
		}
		list = append(list, PairCount{name, c.Agreements, c.InForce})
	}
	slices.SortFunc(list, func(a, b PairCount) int {
		return cmp.Or(b.Agreements-a.Agreements,
			cmp.Compare(a.Pair, b.Pair))
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

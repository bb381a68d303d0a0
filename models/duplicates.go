package models

import (
	"context"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"
)

// Duplicates finds agreements that a draft may record a second time: between the
// same parties, on the same day or with nearly the same title. Two instruments can
// have all three in common, so this only asks.
func (s Bulk) Duplicates(ctx context.Context, draft AgreementDraft) ([]AgreementSummary, error) {
	return s.alike(ctx, draft, 0)
}

// reportDays is how far apart two reports may date the same signing.
const reportDays = 7

// Reported finds records that may be of the signing that a report tells of: the
// same parties, signed within days of it, or a title like it.
func (s Bulk) Reported(ctx context.Context, draft AgreementDraft) ([]AgreementSummary, error) {
	return s.alike(ctx, draft, reportDays)
}

// alike finds records of the same parties, signed on the same day give or take
// some, or under nearly the same title.
func (s Bulk) alike(ctx context.Context, draft AgreementDraft, days int) ([]AgreementSummary, error) {
	draft.Tidy()
	signed, _ := edtf.ParseDate(draft.Signed)
	codes, err := s.partiesOf(ctx, draft, signed.Latest)
	if err != nil {
		return nil, err
	}
	if len(codes) < 2 {
		return nil, nil
	}
	f := Filter{Pair: PairOf(codes[0], codes[1]), On: edtf.Today(s.Now()), Limit: MaxPageSize}
	if len(codes) == 2 {
		f.Scope = "bilateral"
	}
	page, err := s.Lists().Agreements(ctx, f, "")
	if err != nil {
		return nil, err
	}
	slices.Sort(codes)
	near := func(earliest, latest edtf.Day) bool {
		if days == 0 {
			return signed.Known() && earliest == signed.Earliest
		}
		return signed.Known() && earliest <= signed.Latest.Add(days) && signed.Earliest.Add(-days) <= latest
	}
	var found []AgreementSummary
	for _, e := range page.Items {
		parties := slices.Sorted(slices.Values(e.Parties))
		if !slices.Equal(parties, codes) {
			continue
		}
		if near(e.DatedEarliest, e.DatedLatest) || slices.ContainsFunc(draft.Titles,
			func(t TitleDraft) bool { return nearlySame(t.Text, e.Title) }) {
			found = append(found, e)
		}
		if len(found) == 10 {
			break
		}
	}
	return found, nil
}

// partiesOf are the codes of a draft's parties that can be found, as they were
// named on a day.
func (s Bulk) partiesOf(ctx context.Context, draft AgreementDraft, on edtf.Day) (codes []string, err error) {
	r := s.newResolver(s.reader(ctx))
	if err := r.loadParties([]AgreementDraft{draft}); err != nil {
		return nil, err
	}
	r.on = on
	for _, p := range draft.Participations {
		if code := r.party(p.Party, "", Invalid{}); code != "" {
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// nearlySame compares titles by their words: four in five are shared.
func nearlySame(a, b string) bool { return commonWords(a, b) >= .8 }

// commonWords is the share of words that two texts have in common.
func commonWords(a, b string) float64 {
	words := func(s string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.Fields(search.Fold(s)) {
			set[w] = true
		}
		return set
	}
	first, second := words(a), words(b)
	shared := 0
	for w := range first {
		if second[w] {
			shared++
		}
	}
	all := len(first) + len(second) - shared
	return float64(shared) / float64(max(1, all))
}

package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"chancery/models/search"
)

// likeness is from which share of common trigrams on a name is taken for a similar
// one.
const likeness = 0.35

// SimilarParties finds for each name the parties that have the most similar names,
// the most similar first, at most so many.
func (s Parties) SimilarParties(ctx context.Context, lang string, names []string, limit int) (map[string][]PartyEntry,
	error) {
	var rows []struct{ Party, Folded, Name, Kind string }
	err := s.reader(ctx).Raw(
		`SELECT n.party, n.folded, coalesce(m.text, n.text) AS name, p.kind FROM party_names n JOIN parties p ON p.code = n.party
		LEFT JOIN party_names m ON m.party = n.party AND m.main AND m.language = ?`, lang).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("looking for similar parties: %w", err)
	}
	known := make([]map[string]bool, len(rows))
	for i, r := range rows {
		known[i] = trigrams(r.Folded)
	}
	found := map[string][]PartyEntry{}
	for _, name := range names {
		wanted := trigrams(search.Fold(name))
		best := map[string]float64{}
		entries := map[string]PartyEntry{}
		for i, r := range rows {
			if like := dice(wanted, known[i]); like >= likeness && like > best[r.Party] {
				best[r.Party], entries[r.Party] = like, PartyEntry{Code: r.Party, Kind: r.Kind, Name: r.Name, Matched: r.Folded}
			}
		}
		var list []PartyEntry
		for _, e := range entries {
			list = append(list, e)
		}
		slices.SortFunc(list, func(a, b PartyEntry) int {
			return cmp.Or(cmp.Compare(best[b.Code], best[a.Code]), strings.Compare(a.Code, b.Code))
		})
		found[name] = list[:min(len(list), limit)]
	}
	return found, nil
}

// trigrams are three letters in a row, with blanks before and after.
func trigrams(folded string) map[string]bool {
	runes := []rune("  " + folded + " ")
	set := make(map[string]bool, len(runes))
	for i := 0; i+3 <= len(runes); i++ {
		set[string(runes[i:i+3])] = true
	}
	return set
}

// dice is the share of what two sets have in common (Sørensen–Dice).
func dice(a, b map[string]bool) float64 {
	common := 0
	for g := range a {
		if b[g] {
			common++
		}
	}
	return 2 * float64(common) / float64(max(1, len(a)+len(b)))
}

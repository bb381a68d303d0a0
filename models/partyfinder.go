package models

import (
	"context"
	"slices"

	"chancery/models/edtf"
)

// A PartyFinder finds out which parties a file's names and codes mean.
type PartyFinder struct {
	codes  *Codes
	chosen map[string]string
	r      *resolver
}

// LeftOut stands in place of a party's code for a name that is to be left out.
const LeftOut = "-"

// PartyFinder makes one. Codes are those of an external list, if one is named; what
// is chosen, by name, comes first.
func (s Bulk) PartyFinder(ctx context.Context, list string, chosen map[string]string) (*PartyFinder, error) {
	f := &PartyFinder{chosen: chosen, r: s.newResolver(s.reader(ctx))}
	if list == "" {
		return f, nil
	}
	var err error
	f.codes, err = s.Parties().CodesOf(ctx, list)
	return f, err
}

// mostNames is how many names a finder keeps in mind.
const mostNames = 50_000

// Find finds the party that bore a name on a day; an empty day is today. Without
// exactly one the code is empty, and candidates are those that the name can mean.
func (f *PartyFinder) Find(named string, on edtf.Day) (code string, candidates []string, err error) {
	if code, ok := f.chosen[named]; ok {
		return code, nil, nil
	}
	if f.codes != nil {
		if code, ok := f.codes.On(named, on); ok {
			return code, nil, nil
		}
	}
	if len(f.r.parties) > mostNames {
		clear(f.r.parties)
	}
	if err := f.r.lookUp([]string{named}); err != nil {
		return "", nil, err
	}
	f.r.on = on
	code = f.r.party(named, "", Invalid{})
	if code == "" {
		for _, c := range f.r.parties[partyKey(named)] {
			if !slices.Contains(candidates, c.Code) {
				candidates = append(candidates, c.Code)
			}
		}
	}
	return code, candidates, nil
}

package models

import (
	"context"
	"fmt"
	"strconv"

	"chancery/models/edtf"

	"golang.org/x/text/language"
)

// CodesOf reads another list's codes; m49 are the numbers of the United Nations. A code
// without an entry of its own in the list is looked up as ISO 3166 alpha-3.
func (s Parties) CodesOf(ctx context.Context, scheme string) (*Codes, error) {
	c := &Codes{byCode: map[string][]PartyCode{}}
	var rows []PartyCode
	err := s.reader(ctx).Where("scheme IN ?", []string{scheme, "alpha3"}).
		Order("CASE WHEN scheme = 'alpha3' THEN 1 ELSE 0 END, used_until DESC, used_from DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading the codes of %s: %w", scheme, err)
	}
	for _, r := range rows {
		c.byCode[r.Code] = append(c.byCode[r.Code], r)
		if region, err := language.ParseRegion(r.Code); scheme == "m49" && r.Scheme == "alpha3" && err == nil && region.M49() > 0 {
			r.Code = fmt.Sprintf("%03d", region.M49())
			c.byCode[r.Code] = append(c.byCode[r.Code], r)
			c.byCode[strconv.Itoa(region.M49())] = c.byCode[r.Code]
		}
	}
	return c, nil
}

// Codes are another list's codes with the days on which each means which party.
type Codes struct{ byCode map[string][]PartyCode }

// On finds who bore a code on a day; an empty day is any. The party named for a
// stretch of days comes before the one named without; on a day on which nobody bore
// it, it means the one that bore it last.
func (c *Codes) On(code string, day edtf.Day) (party string, ok bool) {
	undated, last, until := "", "", "-"
	for _, r := range c.byCode[code] {
		switch {
		case r.UsedFrom == "" && r.UsedUntil == "":
			if undated == "" {
				undated = r.Party
			}
		case day != "" && r.UsedFrom <= string(day) && (r.UsedUntil == "" || string(day) <= r.UsedUntil):
			return r.Party, true
		case until == "-" || until != "" && (r.UsedUntil == "" || r.UsedUntil > until):
			last, until = r.Party, r.UsedUntil
		}
	}
	if undated == "" {
		undated = last
	}
	return undated, undated != ""
}

// canonical turns codes of two letters or three into the register's own; one that
// nobody bears is Invalid. That a code is there is looked up once in the life of
// the program: a code never changes and is never taken away.
func (s Parties) canonical(ctx context.Context, asked []string) ([]string, error) {
	codes := make([]string, len(asked))
	known := 0
	for i, typed := range asked {
		if _, ok := s.codes.Load(typed); ok {
			codes[i] = typed
			known++
		}
	}
	if known == len(asked) {
		return codes, nil
	}
	var rows []struct{ Code, Alpha3 string }
	err := s.reader(ctx).Raw("SELECT code, alpha3 FROM parties WHERE code IN ? OR alpha3 IN ?", asked,
		asked).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("looking up parties: %w", err)
	}
	for _, r := range rows {
		s.codes.Store(r.Code, true)
	}
	for i, typed := range asked {
		for _, r := range rows {
			if r.Code == typed || r.Alpha3 == typed && codes[i] == "" {
				codes[i] = r.Code
			}
		}
		if codes[i] == "" {
			return nil, Invalid{"party": {Code: "unknown_party", Args: map[string]string{"value": typed}}}
		}
	}
	return codes, nil
}

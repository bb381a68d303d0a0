package models

import (
	"context"
	"fmt"

	"golang.org/x/text/language"

	"chancery/models/edtf"
)

// Continents are groups of states by the United Nations' M49, and the numbers by
// which it calls them.
var Continents = map[string]string{"africa": "002", "americas": "019", "asia": "142", "europe": "150", "oceania": "009"}

// ContinentOf names the continent of a state or territory of today, "" for any
// other party.
func ContinentOf(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 {
		return ""
	}
	for name, number := range Continents {
		if whole, err := language.ParseRegion(number); err == nil && whole.Contains(region) {
			return name
		}
	}
	return ""
}

// Members are the codes of an organisation's members on a day, a membership without
// dates counting always.
func (s Parties) Members(ctx context.Context, organisation string, on edtf.Day) (codes []string, err error) {
	err = s.reader(ctx).Raw(`SELECT DISTINCT member FROM memberships WHERE organisation = ? AND status = 'member'
		AND (member_from = '' OR member_from <= ?) AND (member_until = '' OR member_until >= ?) ORDER BY member`, organisation, on, on).Scan(&codes).Error
	if err != nil {
		return nil, fmt.Errorf("reading the members of %s: %w", organisation, err)
	}
	return codes, nil
}

// Organisations lists the codes of organisations whose members are recorded.
func (s Parties) Organisations(ctx context.Context) (codes []string, err error) {
	err = s.reader(ctx).Raw(
		"SELECT organisation FROM memberships WHERE status = 'member' GROUP BY organisation HAVING count(*) > 2 ORDER BY organisation").Scan(&codes).Error
	if err != nil {
		return nil, fmt.Errorf("listing organisations: %w", err)
	}
	return codes, nil
}

package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// PairOf puts two codes into the order of a pair.
func PairOf(a, b string) [2]string {
	if b < a {
		a, b = b, a
	}
	return [2]string{a, b}
}

// CanonicalPair tells whether both codes are the register's own, in the order of a pair.
func (s *Store) CanonicalPair(ctx context.Context, a, b string) (bool, error) {
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

// canonical turns codes of two letters or three into the register's own; one that nobody bears is Invalid.
// That a code is there is looked up once in the life of the program: a code never changes and is never taken away.
func (s *Store) canonical(ctx context.Context, asked []string) ([]string, error) {
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
	err := s.read.WithContext(ctx).Raw("SELECT code, alpha3 FROM parties WHERE code IN ? OR alpha3 IN ?", asked, asked).Scan(&rows).Error
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

// A PairCount is a pair of parties with the number of agreements between these two alone.
type PairCount struct {
	Pair       string `json:"pair"` // BY-RU
	Agreements int    `json:"agreements"`
}

// Pairs lists the pairs with the most bilateral agreements.
func (s *Store) Pairs(ctx context.Context, limit int) ([]PairCount, error) {
	var rows []PairCount
	err := s.read.WithContext(ctx).Raw(`SELECT parties AS pair, count(*) AS agreements FROM agreements
		WHERE bilateral AND withdrawn_at IS NULL AND parties LIKE '%;%' GROUP BY parties ORDER BY count(*) DESC, parties LIMIT ?`, limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("listing pairs: %w", err)
	}
	for i := range rows {
		rows[i].Pair = strings.ReplaceAll(rows[i].Pair, ";", "-")
	}
	return rows, nil
}

// Partners lists whom a party has agreements with, most first.
func (s *Store) Partners(ctx context.Context, code string, limit int) (list []PairCount, err error) {
	err = s.read.WithContext(ctx).Raw(`SELECT q.party AS pair, count(*) AS agreements
		FROM participations p JOIN participations q ON q.agreement_id = p.agreement_id AND q.party <> p.party AND q.`+taking+`
		JOIN agreements a ON a.id = p.agreement_id AND a.withdrawn_at IS NULL
		WHERE p.party = ? AND p.`+taking+` GROUP BY q.party ORDER BY count(*) DESC, q.party LIMIT ?`, code, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing the partners of %s: %w", code, err)
	}
	return list, nil
}

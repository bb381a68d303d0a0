package models

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chancery/models/edtf"

	"gorm.io/gorm"

	"chancery/models/search"
)

// Party reads one party by its code, with all names.
func (s Parties) Party(ctx context.Context, code string) (*Party, error) {
	var found []Party
	err := s.reader(ctx).Preload("Names", func(db *gorm.DB) *gorm.DB { return db.Order("main DESC, id") }).
		Where("code = ?", code).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("reading party %s: %w", code, err)
	}
	return &found[0], nil
}

// FindParty finds the one party that a code, in capitals or not, of two letters or
// three, or a name in any language means today. The error is Invalid with the field
// "party" when none or several do.
func (s Parties) FindParty(ctx context.Context, typed string) (string, error) {
	r := s.newResolver(s.reader(ctx))
	if err := r.lookUp([]string{typed}); err != nil {
		return "", err
	}
	problems := Invalid{}
	code := r.party(typed, "party", problems)
	return code, problems.orNil()
}

// PartyNames maps codes to names in a language, AllPartyNames those of every party.
func (s Parties) PartyNames(ctx context.Context, lang string, codes []string) (map[string]string, error) {
	slices.Sort(codes)
	return s.namesWhere(ctx, "party IN ? AND main AND language = ?", slices.Compact(codes), lang)
}

// AllPartyNames maps the codes of all parties to their names in a language.
func (s Parties) AllPartyNames(ctx context.Context, lang string) (map[string]string, error) {
	return s.namesWhere(ctx, "main AND language = ?", lang)
}

// EveryPartyName are all names of all parties, in all languages.
func (s Parties) EveryPartyName(ctx context.Context) (names []PartyName, err error) {
	if err := s.reader(ctx).Order("party, main DESC, language, text").Find(&names).Error; err != nil {
		return nil, fmt.Errorf("reading the names of parties: %w", err)
	}
	return names, nil
}

// NamesOn maps codes to the names that their parties bore on a day, in a language,
// where that was another than today's.
func (s Parties) NamesOn(ctx context.Context, lang string, codes []string, day edtf.Day) (map[string]string, error) {
	if day == "" || len(codes) == 0 {
		return nil, nil
	}
	return s.namesWhere(ctx, "party IN ? AND NOT main AND language = ? AND used_until <> '' AND used_from <= ? AND used_until >= ?",
		codes, lang, string(day), string(day))
}

// namesWhere are main names by code, for which a condition holds.
func (s Parties) namesWhere(ctx context.Context, condition string, args ...any) (map[string]string, error) {
	var rows []struct{ Party, Text string }
	err := s.reader(ctx).Raw("SELECT party, text FROM party_names WHERE "+condition,
		args...).Scan(&rows).Error // #nosec G202 -- one of the three above
	if err != nil {
		return nil, fmt.Errorf("reading the names of parties: %w", err)
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.Party] = r.Text
	}
	return names, nil
}

// A PartyEntry is a line of a list of parties.
type PartyEntry struct {
	Code         string `json:"code"`
	Kind         string `json:"kind"`
	Name         string `json:"name"`
	Matched      string `json:"matched,omitempty"` // the name that was found, where it is another
	ExistedUntil string `json:"existed_until"`
	Agreements   int    `json:"agreements"`
}

// SuggestParties finds parties whose code or any name begins with what was typed,
// or has a word that does, the nearest first.
func (s Parties) SuggestParties(ctx context.Context, lang, typed string, limit int) (list []PartyEntry, err error) {
	folded := search.Fold(typed)
	if folded == "" {
		return nil, nil
	}
	code := strings.ToUpper(strings.TrimSpace(typed))
	err = s.reader(ctx).Raw(`
		SELECT p.code, p.kind, p.existed_until, min(m.text) AS name, min(n.text) AS matched,
			min(CASE WHEN p.code = ? OR p.alpha3 = ? THEN 0 WHEN n.folded = ? THEN 1 WHEN n.folded LIKE ? ESCAPE '\' THEN 2 ELSE 3 END) AS rank
		FROM parties p JOIN party_names n ON n.party = p.code JOIN party_names m ON m.party = p.code AND m.main AND m.language = ?
		WHERE n.folded LIKE ? ESCAPE '\' OR n.folded LIKE ? ESCAPE '\' OR p.code = ? OR p.alpha3 = ?
		GROUP BY p.code, p.kind, p.existed_until
		ORDER BY 6, CASE WHEN p.kind = 'state' THEN 0 WHEN p.kind = 'former-state' THEN 2 ELSE 1 END, 4 LIMIT ?`,
		code, code, folded, likePrefix(folded), lang, likePrefix(folded), "% "+likePrefix(folded), code, code,
		limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("suggesting parties: %w", err)
	}
	return list, nil
}

// List lists all parties of a kind (or of all, "") by name in a language, with the
// number of their agreements.
func (s Parties) List(ctx context.Context, lang, kind, text string) (list []PartyEntry, err error) {
	err = s.reader(ctx).Raw(`
		SELECT p.code, p.kind, p.existed_until, coalesce(m.text, p.code) AS name, coalesce(c.n, 0) AS agreements
		FROM parties p LEFT JOIN party_names m ON m.party = p.code AND m.main AND m.language = ?
		LEFT JOIN (SELECT party, count(*) AS n FROM participations v JOIN agreements a ON a.id = v.agreement_id WHERE `+readableNow(ctx, "a")+` GROUP BY party) c ON c.party = p.code
		WHERE (? = '' OR p.kind = ?) AND (? = '' OR EXISTS (SELECT 1 FROM party_names n WHERE n.party = p.code AND n.folded LIKE ? ESCAPE '\'))
		ORDER BY coalesce(m.folded, p.code) LIMIT 2000`, lang, kind, kind, search.Fold(text), likeWithin(search.Fold(text))).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing parties: %w", err)
	}
	return list, nil
}

// Ties are a party's predecessors, successors and memberships, both ways.
type Ties struct {
	Predecessors []string     `json:"predecessors"`
	Successors   []string     `json:"successors"`
	Successions  []Succession `json:"successions"` // the same, each with its kind and date
	MemberOf     []Membership `json:"member_of"`
	Members      []Membership `json:"members"`
}

// successions are the predecessors as a form has them, with what is said of how the
// party came after each: SUHH=continues=1991-12-26.
func (t Ties) successions() (list []string) {
	for _, code := range t.Predecessors {
		text := code
		for _, s := range t.Successions {
			if s.Predecessor == code && (s.Kind != "succeeds" || s.Date != "") {
				text = strings.TrimSuffix(code+"="+s.Kind+"="+s.Date, "=")
			}
		}
		list = append(list, text)
	}
	return list
}

// Ties reads what ties a party to others.
func (s Parties) Ties(ctx context.Context, code string) (t Ties, err error) {
	tx := s.reader(ctx)
	var successions []Succession
	if err = tx.Where("predecessor = ? OR successor = ?", code,
		code).Order("predecessor, successor").Find(&successions).Error; err == nil {
		err = tx.Where("member = ?", code).Order("status, organisation").Find(&t.MemberOf).Error
	}
	if err == nil {
		err = tx.Where("organisation = ?", code).Order("status, member").Find(&t.Members).Error
	}
	if err != nil {
		return t, fmt.Errorf("reading the ties of party %s: %w", code, err)
	}
	t.Successions = successions
	for _, sc := range successions {
		if sc.Predecessor == code {
			t.Successors = append(t.Successors, sc.Successor)
		} else {
			t.Predecessors = append(t.Predecessors, sc.Predecessor)
		}
	}
	return t, nil
}

// Lineage lists a party's predecessors, theirs and so on, the nearest first,
// without the party itself.
func (s Parties) Lineage(ctx context.Context, code string) ([]string, error) {
	var all []Succession
	if err := s.reader(ctx).Order("predecessor").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("reading the predecessors of %s: %w", code, err)
	}
	line := []string{code}
	for i := 0; i < len(line); i++ {
		for _, sc := range all {
			if sc.Successor == line[i] && !slices.Contains(line, sc.Predecessor) {
				line = append(line, sc.Predecessor)
			}
		}
	}
	return line[1:], nil
}

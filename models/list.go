package models

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// An Entry is a line of a list of agreements.
type Entry struct {
	ID            int64    `json:"id"`
	Title         string   `json:"title"`
	TitleLanguage string   `json:"title_language"`
	Kind          string   `json:"kind"`
	Level         string   `json:"level"`
	Signed        string   `json:"signed"`
	DatedEarliest Day      `json:"dated_earliest"`
	DatedLatest   Day      `json:"dated_latest"`
	Place         string   `json:"place"`
	Bilateral     bool     `json:"bilateral"`
	Parties       []string `json:"parties"`
	State
}

// Date is when the agreement is dated, as written where it was signed.
func (e *Entry) Date() Date {
	if e.Signed != "" {
		d, err := ParseDate(e.Signed)
		if err == nil {
			return d
		}
	}
	return Date{Written: string(e.DatedEarliest), Earliest: e.DatedEarliest, Latest: e.DatedLatest}
}

// A Page is part of a list. Next is the cursor of the page after it, empty on the last.
type Page[T any] struct {
	Total int64
	Items []T
	Next  string
}

// choose makes out the parties of a filter.
func (s *Store) choose(ctx context.Context, f Filter) (selection, error) {
	sel := selection{Filter: f}
	asked := slices.DeleteFunc([]string{f.Pair[0], f.Pair[1], f.Party}, func(code string) bool { return code == "" })
	if len(asked) == 0 {
		return sel, nil
	}
	codes, err := s.canonical(ctx, asked)
	if err != nil {
		return sel, err
	}
	for _, code := range codes {
		side := []string{code}
		if f.Predecessors {
			lineage, err := s.Lineage(ctx, code)
			if err != nil {
				return sel, err
			}
			side = append(side, lineage...)
		}
		sel.sides = append(sel.sides, side)
	}
	if len(sel.sides) == 3 { // a pair within a party's list: the pair says it all
		sel.sides = sel.sides[:2]
	}
	return sel, nil
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

// frequentPair is the number of agreements from which a page is found sooner by date than by gathering all.
const frequentPair = 400

// Agreements lists one page of the agreements that a filter means, newest first, in the reader's language where a
// title is recorded in it. It takes the same number of statements whatever the size of the register.
func (s *Store) Agreements(ctx context.Context, f Filter, lang string) (page Page[Entry], err error) {
	sel, err := s.choose(ctx, f)
	if err != nil {
		return page, err
	}
	where := sel.agreements()
	sel.inStatus(where)
	tx := s.read.WithContext(ctx)
	if !f.uncounted {
		if err = tx.Raw("SELECT count(*) FROM agreements a WHERE "+where.String(), where.args...).Scan(&page.Total).Error; err != nil {
			return page, fmt.Errorf("counting agreements: %w", err)
		}
	}
	if sel.frequent = page.Total > frequentPair; sel.frequent {
		where = sel.agreements()
		sel.inStatus(where)
	}
	if f.After != "" {
		c, err := parseCursor(f.After)
		if err != nil {
			return page, Invalid{"after": {Code: "cursor"}}
		}
		where.and("(a.dated_earliest, a.dated_latest, a.id) < (?, ?, ?)", c.Earliest, c.Latest, c.Agreement)
	}
	state, stateArgs := sel.state()
	rows, err := tx.Raw(`SELECT a.id, coalesce(t.text, a.title), CASE WHEN t.text IS NULL THEN a.title_language ELSE t.language END,
			a.kind, a.level, a.signed, a.dated_earliest, a.dated_latest, a.place, a.bilateral, a.parties, `+state+`
		FROM (SELECT a.id FROM agreements a WHERE `+where.String()+`
			ORDER BY a.dated_earliest DESC, a.dated_latest DESC, a.id DESC LIMIT ?) page
		JOIN agreements a ON a.id = page.id
		LEFT JOIN titles t ON t.agreement_id = a.id AND t.language = ? AND t.position = (SELECT min(o.position) FROM titles o WHERE o.agreement_id = a.id AND o.language = t.language)
		ORDER BY a.dated_earliest DESC, a.dated_latest DESC, a.id DESC`, slices.Concat(stateArgs, where.args, []any{f.Limit + 1, lang})...).Rows()
	if err != nil {
		return page, fmt.Errorf("listing agreements: %w", err)
	}
	defer rows.Close()
	page.Items = make([]Entry, 0, f.Limit)
	for rows.Next() {
		var e Entry
		var parties string
		var code int
		if err := rows.Scan(&e.ID, &e.Title, &e.TitleLanguage, &e.Kind, &e.Level, &e.Signed, &e.DatedEarliest, &e.DatedLatest,
			&e.Place, &e.Bilateral, &parties, &code); err != nil {
			return page, fmt.Errorf("listing agreements: %w", err)
		}
		e.Parties, e.State = strings.Split(parties, ";"), stateOf(code)
		page.Items = append(page.Items, e)
	}
	if err := rows.Err(); err != nil {
		return page, fmt.Errorf("listing agreements: %w", err)
	}
	if len(page.Items) > f.Limit {
		page.Items = page.Items[:f.Limit]
		last := page.Items[f.Limit-1]
		page.Next = cursor{last.DatedEarliest, last.DatedLatest, last.ID, 0}.String()
	}
	return page, nil
}

// Counts are the numbers beside a list, all under its filter.
type Counts struct {
	Total     int            `json:"total"`
	ByStatus  map[Status]int `json:"by_status"`
	ByKind    map[string]int `json:"by_kind"`
	ByLevel   map[string]int `json:"by_level"`
	ByScope   map[string]int `json:"by_scope"`
	ByYear    map[int]int    `json:"by_year"`
	Uncertain int            `json:"uncertain"`
}

// Counts numbers the agreements of a filter by status on its day, kind, level, scope and year, in one statement.
func (s *Store) Counts(ctx context.Context, f Filter) (*Counts, error) {
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, err
	}
	where := sel.agreements()
	sel.inStatus(where)
	states, args := sel.states()
	first, second := states[0], states[len(states)-1]
	if len(states) == 1 {
		second = "0"
	}
	var rows []struct {
		Year      string
		Kind      string
		Level     string
		Bilateral bool
		State     int
		N         int
	}
	err = s.read.WithContext(ctx).Raw(`WITH counted AS MATERIALIZED (
			SELECT substr(a.dated_earliest, 1, 4) AS year, a.kind, a.level, a.bilateral, `+first+` AS first, `+second+` AS second
			FROM agreements a WHERE `+where.String()+`)
		SELECT year, kind, level, bilateral, CASE WHEN first >= second THEN first ELSE second END AS state, count(*) AS n
		FROM counted GROUP BY 1, 2, 3, 4, 5`, append(args, where.args...)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("counting agreements: %w", err)
	}
	c := &Counts{ByStatus: map[Status]int{}, ByKind: map[string]int{}, ByLevel: map[string]int{}, ByScope: map[string]int{}, ByYear: map[int]int{}}
	for _, r := range rows {
		c.Total += r.N
		c.ByStatus[stateOf(r.State).Status] += r.N
		if stateOf(r.State).Uncertain {
			c.Uncertain += r.N
		}
		c.ByKind[r.Kind] += r.N
		c.ByLevel[r.Level] += r.N
		c.ByYear[Day(r.Year+"-01-01").Year()] += r.N
		if r.Bilateral {
			c.ByScope["bilateral"] += r.N
		} else {
			c.ByScope["multilateral"] += r.N
		}
	}
	return c, nil
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

// Size is how much the register holds.
type Size struct {
	Agreements int64 `json:"agreements"`
	Parties    int64 `json:"parties"`
	Meetings   int64 `json:"meetings"`
	People     int64 `json:"people"`
}

// Size counts what the register holds.
func (s *Store) Size(ctx context.Context) (size Size, err error) {
	err = s.read.WithContext(ctx).Raw(`SELECT (SELECT count(*) FROM agreements WHERE withdrawn_at IS NULL) AS agreements,
		(SELECT count(*) FROM parties) AS parties, (SELECT count(*) FROM meetings) AS meetings, (SELECT count(*) FROM people) AS people`).Scan(&size).Error
	return size, err
}

// Duplicates finds agreements that a draft may record a second time: between the same parties, on the same day or
// with nearly the same title. Two instruments can have all three in common, so this only asks.
func (s *Store) Duplicates(ctx context.Context, draft AgreementDraft) ([]Entry, error) {
	draft.Tidy()
	r := newResolver(s.read.WithContext(ctx))
	if err := r.loadParties([]AgreementDraft{draft}); err != nil {
		return nil, err
	}
	var codes []string
	signed, _ := ParseDate(draft.Signed)
	r.on = signed.Latest
	for _, p := range draft.Participations {
		if code := r.party(p.Party, "", Invalid{}); code != "" {
			codes = append(codes, code)
		}
	}
	if len(codes) < 2 {
		return nil, nil
	}
	f := Filter{Pair: PairOf(codes[0], codes[1]), On: Today(s.Now()), Limit: MaxPageSize}
	if len(codes) == 2 {
		f.Scope = "bilateral"
	}
	page, err := s.Agreements(ctx, f, "")
	if err != nil {
		return nil, err
	}
	slices.Sort(codes)
	var found []Entry
	for _, e := range page.Items {
		parties := slices.Sorted(slices.Values(e.Parties))
		if !slices.Equal(parties, codes) {
			continue
		}
		sameDay := signed.Known() && e.DatedEarliest == signed.Earliest
		if sameDay || slices.ContainsFunc(draft.Titles, func(t TitleDraft) bool { return nearlySame(t.Text, e.Title) }) {
			found = append(found, e)
		}
		if len(found) == 10 {
			break
		}
	}
	return found, nil
}

// nearlySame compares titles by their words: four in five are shared.
func nearlySame(a, b string) bool {
	words := func(s string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.Fields(Fold(s)) {
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
	return all > 0 && shared*5 >= all*4
}

// AllAgreements streams every agreement of a filter, newest first, page by page.
func (s *Store) AllAgreements(ctx context.Context, f Filter, lang string) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		f.Limit, f.uncounted = MaxPageSize, true
		for {
			page, err := s.Agreements(ctx, f, lang)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Items {
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			if f.After = page.Next; f.After == "" {
				return
			}
		}
	}
}

// States reads the status of an agreement on a day, of the whole and for each party, and notes on each participation
// the first and last day of its being in force.
func (s *Store) States(ctx context.Context, a *Agreement, on Day) (whole State, byParty map[string]State, err error) {
	var rows []spanRow
	if err = s.read.WithContext(ctx).Where("agreement_id = ?", a.ID).Order("from_day").Find(&rows).Error; err != nil {
		return whole, nil, fmt.Errorf("reading the status of agreement %d: %w", a.ID, err)
	}
	whole = State{Status: Proposed}
	byParty = make(map[string]State, len(a.Participations))
	place := make(map[string]*Participation, len(a.Participations))
	for i := range a.Participations {
		p := &a.Participations[i]
		byParty[p.Party], place[p.Party] = whole, p
	}
	for _, r := range rows {
		state := stateOf(r.State)
		if p := place[r.Party]; p != nil && state.Status == InForce {
			if p.InForceFrom == "" {
				p.InForceFrom = r.FromDay
			}
			if p.InForceUntil = r.UntilDay; r.UntilDay == LastDay {
				p.InForceUntil = ""
			}
		}
		switch {
		case on < r.FromDay || r.UntilDay < on:
		case r.Party == "":
			whole = state
		default:
			byParty[r.Party] = state
		}
	}
	return whole, byParty, nil
}

package models

import (
	"context"
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
		var count struct{ Total, Highest int64 }
		err = tx.Raw("SELECT count(*) AS total, (SELECT coalesce(max(id), 0) FROM agreements) AS highest FROM agreements a WHERE "+where.String(), where.args...).Scan(&count).Error
		if err != nil {
			return page, fmt.Errorf("counting agreements: %w", err)
		}
		// Walking all agreements by date meets one in highest/total, gathering takes at least total: the shorter way.
		page.Total = count.Total
		sel.frequent = len(sel.sides) > 0 && count.Total*count.Total > int64(f.Limit)*count.Highest
	}
	if sel.frequent {
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

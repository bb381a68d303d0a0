package models

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Filter says which agreements, or which of their events, are meant. It is read from the query of an address in
// one place and prints back to it, so that a list, its counts, its CSV and its timeline can never disagree.
type Filter struct {
	Pair         [2]string // codes in alphabetical order, or empty
	Party        string
	Predecessors bool // take in the predecessors of the parties
	On           Day  // the day as at which statuses are read
	Statuses     []Status
	Kinds        []string
	Levels       []string
	Scope        string // bilateral, multilateral, or empty for both
	From, Until  string // EDTF: the span within which the agreement, or the event, is dated
	Text         string // within a title
	Agreement    int64
	Meeting      int64
	Events       []string
	After        string // cursor of the last row of the page before
	Limit        int

	uncounted bool // leave the total out: a stream of all pages needs none
}

// PageSize is the length of a list's page, MaxPageSize the most that can be asked for.
const (
	PageSize    = 50
	MaxPageSize = 1000
)

// Scopes of an agreement.
var Scopes = []string{"bilateral", "multilateral"}

// partyCode is the form of a party's code.
var partyCode = regexp.MustCompile(`^[A-Z0-9]{2,24}$`)

// filterParameters are the names a filter's query may use.
var filterParameters = []string{"pair", "party", "predecessors", "on", "status", "kind", "level", "scope", "from", "until",
	"text", "agreement", "meeting", "event", "after", "limit"}

// ParseFilter reads a filter from a query; today is the day that applies when none is named. Parameters in also are
// left to the caller; any other unknown name is a problem, as is any bad value: the error is Invalid, by parameter.
func ParseFilter(q url.Values, today Day, also ...string) (Filter, error) {
	f := Filter{On: today, Limit: PageSize}
	problems := Invalid{}
	for name := range q {
		if !slices.Contains(filterParameters, name) && !slices.Contains(also, name) {
			problems.add(name, "unknown_parameter", "value", name)
		}
	}
	if pair := q.Get("pair"); pair != "" {
		a, b, ok := strings.Cut(strings.ToUpper(pair), "-")
		if !ok || !partyCode.MatchString(a) || !partyCode.MatchString(b) || a == b {
			problems.add("pair", "pair", "value", pair)
		}
		f.Pair = PairOf(a, b)
	}
	f.Party = strings.ToUpper(q.Get("party"))
	f.Predecessors = q.Get("predecessors") == "1"
	if on := q.Get("on"); on != "" {
		day, err := ParseDay(on)
		if err != nil {
			problems.add("on", "full_day", "value", on)
		} else {
			f.On = day
		}
	}
	for _, name := range values(q, "status") {
		s, ok := ParseStatus(name)
		if !ok {
			problems.add("status", "choice", "value", name, "choices", strings.Join(statusNames[1:], ", "))
			continue
		}
		f.Statuses = append(f.Statuses, s)
	}
	f.Kinds = choices(q, "kind", Kinds, problems)
	f.Levels = choices(q, "level", Levels, problems)
	f.Events = choices(q, "event", EventTypes, problems)
	if scopes := choices(q, "scope", Scopes, problems); len(scopes) == 1 {
		f.Scope = scopes[0]
	}
	f.From, f.Until = strings.TrimSpace(q.Get("from")), strings.TrimSpace(q.Get("until"))
	readDate(f.From, "from", false, problems)
	readDate(f.Until, "until", false, problems)
	f.Text = strings.TrimSpace(q.Get("text"))
	f.Agreement = positive(q, "agreement", problems)
	f.Meeting = positive(q, "meeting", problems)
	if f.After = q.Get("after"); f.After != "" {
		if _, err := parseCursor(f.After); err != nil {
			problems.add("after", "cursor", "value", f.After)
		}
	}
	if limit := positive(q, "limit", problems); limit > 0 {
		f.Limit = int(min(limit, MaxPageSize))
	}
	return f, problems.orNil()
}

// values reads a parameter given several times or once with commas.
func values(q url.Values, name string) (list []string) {
	for _, v := range q[name] {
		for _, item := range strings.Split(v, ",") {
			if item = strings.TrimSpace(item); item != "" && !slices.Contains(list, item) {
				list = append(list, item)
			}
		}
	}
	return list
}

func choices(q url.Values, name string, allowed []string, problems Invalid) (list []string) {
	for _, v := range values(q, name) {
		if oneOf(v, allowed, name, problems); slices.Contains(allowed, v) {
			list = append(list, v)
		}
	}
	return list
}

func positive(q url.Values, name string, problems Invalid) int64 {
	text := q.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		problems.add(name, "number", "value", text)
		return 0
	}
	return n
}

// Query prints the filter as the query it is read from. The day is left out when it is today.
func (f Filter) Query(today Day) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Pair[0] != "" {
		q.Set("pair", f.Pair[0]+"-"+f.Pair[1])
	}
	set("party", f.Party)
	if f.Predecessors {
		q.Set("predecessors", "1")
	}
	if f.On != today {
		set("on", string(f.On))
	}
	for _, s := range f.Statuses {
		q.Add("status", s.String())
	}
	for name, list := range map[string][]string{"kind": f.Kinds, "level": f.Levels, "event": f.Events} {
		for _, v := range list {
			q.Add(name, v)
		}
	}
	set("scope", f.Scope)
	set("from", f.From)
	set("until", f.Until)
	set("text", f.Text)
	if f.Agreement > 0 {
		q.Set("agreement", fmt.Sprint(f.Agreement))
	}
	if f.Meeting > 0 {
		q.Set("meeting", fmt.Sprint(f.Meeting))
	}
	set("after", f.After)
	if f.Limit != PageSize && f.Limit != 0 {
		q.Set("limit", fmt.Sprint(f.Limit))
	}
	return q
}

// span is the days the filter's From and Until mean: the whole of both.
func (f Filter) span() (from, until Day) {
	if d, err := ParsePoint(f.From); err == nil {
		from = d.Earliest
	}
	if d, err := ParsePoint(f.Until); err == nil {
		until = d.Latest
	}
	return from, until
}

// A cursor is the place of a row in a list ordered by date and number.
type cursor struct {
	Earliest, Latest Day
	Agreement, ID    int64
}

func (c cursor) String() string {
	text := fmt.Sprintf("%s %s %d %d", c.Earliest, c.Latest, c.Agreement, c.ID)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

func parseCursor(s string) (c cursor, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, err
	}
	_, err = fmt.Sscanf(string(text), "%s %s %d %d", &c.Earliest, &c.Latest, &c.Agreement, &c.ID)
	return c, err
}

// A condition is SQL with placeholders and what goes into them; no value is ever part of the SQL.
type condition struct {
	sql  []string
	args []any
}

func (c *condition) and(sql string, args ...any) {
	c.sql = append(c.sql, sql)
	c.args = append(c.args, args...)
}

func (c *condition) String() string {
	if len(c.sql) == 0 {
		return "TRUE"
	}
	return strings.Join(c.sql, " AND ")
}

// A selection is a filter with its parties made out: each side lists the codes that count as it.
type selection struct {
	Filter
	sides    [][]string
	frequent bool // many agreements are meant: walk them by date and look at each, instead of gathering and sorting all
}

const taking = "role IN ('party', 'signatory', 'guarantor')" // PartRoles

// agreements are the conditions on agreements a, statuses left aside.
func (s selection) agreements() *condition {
	c := &condition{}
	c.and("a.withdrawn_at IS NULL")
	s.takePart(c)
	if len(s.Kinds) > 0 {
		c.and("a.kind IN ?", s.Kinds)
	}
	if len(s.Levels) > 0 {
		c.and("a.level IN ?", s.Levels)
	}
	if s.Scope != "" {
		c.and("a.bilateral = ?", s.Scope == "bilateral")
	}
	from, until := s.span()
	if from != "" {
		c.and("a.dated_latest >= ?", string(from))
	}
	if until != "" {
		c.and("a.dated_earliest <= ?", string(until))
	}
	if folded := Fold(s.Text); folded != "" {
		c.and(`a.search_title LIKE ? ESCAPE '\'`, likeWithin(folded))
	}
	if s.Agreement > 0 {
		c.and("a.id = ?", s.Agreement)
	}
	if s.Meeting > 0 {
		c.and("a.id IN (SELECT agreement_id FROM agreement_meetings WHERE meeting_id = ?)", s.Meeting)
	}
	return c
}

// takePart asks that the parties of every side take part.
func (s selection) takePart(c *condition) {
	if s.frequent {
		for _, side := range s.sides {
			c.and("EXISTS (SELECT 1 FROM participations p WHERE p.agreement_id = a.id AND p.party IN ? AND p."+taking+")", side)
		}
		return
	}
	switch len(s.sides) {
	case 1:
		c.and("a.id IN (SELECT agreement_id FROM participations WHERE party IN ? AND "+taking+")", s.sides[0])
	case 2:
		c.and(`a.id IN (SELECT p.agreement_id FROM participations p WHERE p.party IN ? AND p.`+taking+`
			AND EXISTS (SELECT 1 FROM participations q WHERE q.agreement_id = p.agreement_id AND q.party IN ? AND q.`+taking+`))`,
			s.sides[0], s.sides[1])
	}
}

// states are the SQL of the status codes of agreement a on the filter's day: of the whole, or of each side, where a
// former state beside its successor counts by the better.
func (s selection) states() (sql []string, args []any) {
	side := fmt.Sprintf(`coalesce((SELECT min(s.state) FROM spans s WHERE s.agreement_id = a.id AND s.party IN ? AND s.from_day <= ? AND s.until_day >= ?), %d)`,
		State{Status: Proposed}.code())
	sides := s.sides
	if len(sides) == 0 {
		sides = [][]string{{""}}
	}
	for _, codes := range sides {
		sql = append(sql, side)
		args = append(args, codes, string(s.On), string(s.On))
	}
	return sql, args
}

// state is the SQL of the one status code that counts, of two sides the worse.
func (s selection) state() (sql string, args []any) {
	states, args := s.states()
	if len(states) == 1 {
		return states[0], args
	}
	a, b := states[0], states[1]
	return "CASE WHEN " + a + " >= " + b + " THEN " + a + " ELSE " + b + " END", slices.Concat(args, args)
}

// inStatus adds the filter's statuses to the conditions.
func (s selection) inStatus(c *condition) {
	if len(s.Statuses) == 0 {
		return
	}
	var codes []int
	for _, st := range s.Statuses {
		codes = append(codes, State{st, false}.code(), State{st, true}.code())
	}
	sql, args := s.state()
	c.and("("+sql+") IN ?", append(args, codes)...)
}

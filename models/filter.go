package models

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A Filter says which agreements, or which of their events, are meant. It is read
// from the query of an address in one place and prints back to it, so that a list,
// its counts, its CSV and its pictures can never disagree.
type Filter struct {
	Pair         [2]string // codes in alphabetical order, or empty
	Parties      []string  // codes; each of them takes part
	Predecessors bool      // take in the predecessors of the parties
	Roles        []string  // the role of the parties asked for, or of any
	On           edtf.Day  // the day as at which statuses are read
	Recorded     time.Time // read what the register said at that moment; the zero time is now
	Statuses     []status.Status
	Kinds        []string
	Levels       []string
	Scope        string   // bilateral, multilateral, or empty for both
	From, Until  string   // EDTF: the span within which the agreement, or the event, is dated
	Ending       int      // in force, and ceasing to be within so many months; 0 for any
	Query        string   // words to search for, as typed
	Text         string   // within a title
	Subjects     []string // exact texts, any of them; so for the next four
	Places       []string
	Series       []string // of meetings
	Languages    []string // of titles, BCP 47
	People       []int64  // who signed
	Sourced      string   // yes, no, or empty for both
	Precisions   []string // how exactly the date is known
	Works        []string // what a curator would mend in them, any of it
	Agreement    int64
	Meeting      int64
	Events       []string
	Newest       bool   // of events: the newest first
	After        string // cursor of the last row of the page before
	Limit        int
}

// PageSize is the length of a list's page, MaxPageSize the most that can be asked
// for.
const (
	PageSize    = 50
	MaxPageSize = 1000
)

// Scopes of an agreement.
var Scopes = scopes[:]

// AllScopes says in an address that both are meant, where one is shown otherwise.
const AllScopes = "all"

var scopes = [...]string{"bilateral", "multilateral"}

// Precisions say how exactly the date of an agreement is known: to the day, month
// or year; in another way; or, where it was not stated, by the first of its other
// dates.
var Precisions = precisions[:]

var precisions = [...]string{"day", "month", "year", "other", "derived"}

// YesNo answers whether a source is recorded.
var YesNo = yesNo[:]

var yesNo = [...]string{"yes", "no"}

// partyCode is the form of a party's code.
var partyCode = regexp.MustCompile(`^[A-Z0-9]{2,24}$`)

// filterParameters are the names a filter's query may use.
var filterParameters = []string{"pair", "party", "predecessors", "role", "on", "recorded", "status", "kind", "level",
	"scope", "from",
	"until", "ending", "q", "text", "subject", "place", "series", "language", "person", "sourced", "precision",
	"agreement", "meeting",
	"event", "after", "limit"}

// maxQuery is the longest search, in bytes; maxValues the most values that one
// parameter takes.
const (
	maxQuery  = 400
	maxValues = 50
)

// ParseFilter reads a filter from a query; today is the day that applies when none
// is named. Parameters in also are left to the caller; any other unknown name is a
// problem, as is any bad value: the error is Invalid, by parameter.
func ParseFilter(q url.Values, today edtf.Day, also ...string) (Filter, error) {
	f := Filter{On: today, Limit: PageSize}
	problems := Invalid{}
	for name, given := range q {
		if !slices.Contains(filterParameters, name) && !slices.Contains(also, name) {
			problems.add(name, "unknown_parameter", "value", name)
		}
		if len(given) > maxValues {
			problems.add(name, "too_many", "limit", fmt.Sprint(maxValues))
		}
	}
	f.readParties(q, problems)
	f.Predecessors = q.Get("predecessors") == "1"
	f.Roles = choices(q, "role", Roles, problems)
	f.readMoment(q, problems)
	for _, name := range values(q, "status") {
		s, ok := status.ParseStatus(name)
		if !ok {
			problems.add("status", "choice", "value", name, "choices", strings.Join(status.StatusNames[1:], ", "))
			continue
		}
		f.Statuses = append(f.Statuses, s)
	}
	f.Kinds = choices(q, "kind", Kinds, problems)
	f.Levels = choices(q, "level", Levels, problems)
	f.Events = choices(q, "event", EventTypes, problems)
	f.Precisions = choices(q, "precision", Precisions, problems)
	f.Works = choices(q, "work", Works, problems)
	if q.Get("scope") != AllScopes {
		if given := choices(q, "scope", Scopes, problems); len(given) == 1 {
			f.Scope = given[0]
		}
	}
	if sourced := choices(q, "sourced", YesNo, problems); len(sourced) == 1 {
		f.Sourced = sourced[0]
	}
	f.From, f.Until = writtenDate(q, "from", problems), writtenDate(q, "until", problems)
	if f.Ending = int(positive(q, "ending", problems)); f.Ending > 1200 {
		problems.add("ending", "months", "value", q.Get("ending"))
	}
	f.Text = strings.TrimSpace(q.Get("text"))
	if f.Query = strings.TrimSpace(q.Get("q")); len(f.Query) > maxQuery {
		problems.add("q", "too_long", "limit", fmt.Sprint(maxQuery))
	}
	f.Subjects, f.Places, f.Series = exact(q, "subject"), exact(q, "place"), exact(q, "series")
	f.Languages = values(q, "language")
	f.readPlace(q, problems)
	return f, problems.orNil()
}

// readParties reads the pair, or the parties, that are asked for.
func (f *Filter) readParties(q url.Values, problems Invalid) {
	if pair := q.Get("pair"); pair != "" {
		a, b, ok := strings.Cut(strings.ToUpper(pair), "-")
		if !ok || !partyCode.MatchString(a) || !partyCode.MatchString(b) || a == b {
			problems.add("pair", "pair", "value", pair)
		}
		f.Pair = PairOf(a, b)
	}
	for _, code := range values(q, "party") {
		if code = strings.ToUpper(code); !slices.Contains(f.Parties, code) {
			f.Parties = append(f.Parties, code)
		}
	}
}

// readMoment reads the day and the moment as at which the register is read.
func (f *Filter) readMoment(q url.Values, problems Invalid) {
	if on := q.Get("on"); on != "" {
		read, err := edtf.Read(on)
		switch {
		case err != nil || !read.Date.Exact():
			problems.add("on", "full_day", "value", on)
		case read.Ambiguous():
			readDate(on, "on", false, problems)
		default:
			f.On = read.Date.Earliest
		}
	}
	if recorded := q.Get("recorded"); recorded != "" {
		moment, err := ParseMoment(recorded)
		if err != nil {
			problems.add("recorded", "moment", "value", recorded)
		}
		f.Recorded = moment
	}
}

// writtenDate reads a date as people write it into EDTF; what it cannot read stays.
func writtenDate(q url.Values, name string, problems Invalid) string {
	text := strings.TrimSpace(q.Get(name))
	if d, ok := readDate(text, name, false, problems); ok {
		return d.Written
	}
	return text
}

// readPlace reads the single things asked for, and which page of them.
func (f *Filter) readPlace(q url.Values, problems Invalid) {
	for _, text := range values(q, "person") {
		if id, err := strconv.ParseInt(text, 10, 64); err != nil || id < 1 {
			problems.add("person", "number", "value", text)
		} else {
			f.People = append(f.People, id)
		}
	}
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
}

// momentForms are the ways in which a moment can be written; without a zone it is
// in UTC, without a time the day begins.
var momentForms = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
	time.DateOnly}

// ParseMoment reads a moment of recording, such as 2026-03-01T00:00Z.
func ParseMoment(s string) (time.Time, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "+") // a plus sign that an address was typed with
	for _, form := range momentForms {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a moment: write it as 2026-03-01T00:00Z", s)
}

// exact reads a parameter whose values may hold commas: each is given on its own.
func exact(q url.Values, name string) (list []string) {
	for _, v := range q[name] {
		if v = oneLine(v); v != "" && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
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

// choices are a parameter's values out of a closed list, each once.
func choices(q url.Values, name string, allowed []string, problems Invalid) (list []string) {
	for _, v := range values(q, name) {
		if oneOf(v, allowed, name, problems); slices.Contains(allowed, v) {
			list = append(list, v)
		}
	}
	return list
}

// positive reads a number above 0; 0 where there is none.
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

// Values prints the filter as the query it is read from. The day is left out when
// it is today.
func (f Filter) Values(today edtf.Day) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	number := func(name string, n int64) {
		if n > 0 {
			q.Set(name, fmt.Sprint(n))
		}
	}
	if f.Pair[0] != "" {
		q.Set("pair", f.Pair[0]+"-"+f.Pair[1])
	}
	if f.Predecessors {
		q.Set("predecessors", "1")
	}
	if f.On != today {
		set("on", string(f.On))
	}
	if !f.Recorded.IsZero() {
		set("recorded", f.Recorded.Format(time.RFC3339))
	}
	for _, s := range f.Statuses {
		q.Add("status", s.String())
	}
	for name, list := range map[string][]string{"party": f.Parties, "role": f.Roles, "kind": f.Kinds, "level": f.Levels,
		"event":   f.Events,
		"subject": f.Subjects, "place": f.Places, "series": f.Series, "language": f.Languages, "precision": f.Precisions, "work": f.Works} {
		for _, v := range list {
			q.Add(name, v)
		}
	}
	for _, id := range f.People {
		q.Add("person", fmt.Sprint(id))
	}
	set("scope", f.Scope)
	set("sourced", f.Sourced)
	set("from", f.From)
	set("until", f.Until)
	number("ending", int64(f.Ending))
	set("q", f.Query)
	set("text", f.Text)
	number("agreement", f.Agreement)
	number("meeting", f.Meeting)
	set("after", f.After)
	if f.Limit != PageSize {
		number("limit", int64(f.Limit))
	}
	return q
}

// span is the days the filter's From and Until mean: the whole of both.
func (f Filter) span() (from, until edtf.Day) {
	if d, err := edtf.ParsePoint(f.From); err == nil {
		from = d.Earliest
	}
	if d, err := edtf.ParsePoint(f.Until); err == nil {
		until = d.Latest
	}
	return from, until
}

// A cursor is the place of a row in a list ordered by date and number.
type cursor struct {
	Earliest, Latest edtf.Day
	Agreement, ID    int64
}

func (c cursor) String() string {
	text := fmt.Sprintf("%s %s %d %d", c.Earliest, c.Latest, c.Agreement, c.ID)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// parseCursor reads what String writes; what is none is an error, so that no page
// begins at a wrong place.
func parseCursor(s string) (c cursor, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, err
	}
	_, err = fmt.Sscanf(string(text), "%s %s %d %d", &c.Earliest, &c.Latest, &c.Agreement, &c.ID)
	return c, err
}

// A condition is SQL with placeholders and what goes into them; no value is ever
// part of the SQL.
type condition struct {
	sql  []string
	args []any
}

// and adds a condition that must hold as well.
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

// PairOf puts two codes into the order of a pair.
func PairOf(a, b string) [2]string {
	if b < a {
		a, b = b, a
	}
	return [2]string{a, b}
}

// FilterParameters are the names that a filter's query may use.
func FilterParameters() []string { return slices.Clone(filterParameters) }

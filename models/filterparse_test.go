package models_test

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"chancery/models"
	"chancery/models/status"
)

// A bad parameter is named with what is wrong with it; nothing of it is left out in
// silence.
func TestABadFilterIsNamedByItsParameter(t *testing.T) {
	long := strings.Repeat("x", 401)
	for query, want := range map[string]string{
		"foo=1":                          "foo: unknown_parameter",
		"pair=BY":                        "pair: pair",
		"pair=BY-BY":                     "pair: pair",
		"pair=by-r!":                     "pair: pair",
		"on=2026-02-30":                  "on: full_day",
		"on=2026":                        "on: full_day",
		"recorded=yesterday":             "recorded: moment",
		"status=nonsense":                "status: choice",
		"kind=song":                      "kind: choice",
		"level=high":                     "level: choice",
		"role=dancer":                    "role: choice",
		"event=party":                    "event: choice",
		"precision=second":               "precision: choice",
		"scope=trilateral":               "scope: choice",
		"sourced=perhaps":                "sourced: choice",
		"from=soon":                      "from: date_form",
		"until=2025-13":                  "until: date_month",
		"ending=1201":                    "ending: months",
		"ending=-1":                      "ending: number",
		"ending=x":                       "ending: number",
		"person=x":                       "person: number",
		"person=0":                       "person: number",
		"agreement=abc":                  "agreement: number",
		"meeting=-3":                     "meeting: number",
		"after=!!!":                      "after: cursor",
		"limit=0x10":                     "limit: number",
		"q=" + long:                      "q: too_long",
		strings.Repeat("kind=plan&", 51): "kind: too_many",
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = models.ParseFilter(q, today)
		var invalid models.Invalid
		field, code, _ := strings.Cut(want, ": ")
		if !errors.As(err, &invalid) || invalid[field].Code != code {
			t.Errorf("%.40s: %v, want %s", query, err, want)
		}
	}
}

func TestAFilterIsReadFromItsQuery(t *testing.T) {
	base := func(change func(f *models.Filter)) models.Filter {
		f := models.Filter{On: today, Limit: models.PageSize}
		change(&f)
		return f
	}
	for query, want := range map[string]models.Filter{
		"":                           base(func(*models.Filter) {}),
		"pair=ru-BY":                 base(func(f *models.Filter) { f.Pair = [2]string{"BY", "RU"} }),
		"party=by&party=RU&party=BY": base(func(f *models.Filter) { f.Parties = []string{"BY", "RU"} }),
		"predecessors=1":             base(func(f *models.Filter) { f.Predecessors = true }),
		"predecessors=yes":           base(func(*models.Filter) {}),
		"on=2001-02-03":              base(func(f *models.Filter) { f.On = "2001-02-03" }),
		"status=in-force,expired": base(func(f *models.Filter) {
			f.Statuses = []status.Status{status.InForce, status.Expired}
		}),
		"kind=plan&kind=treaty":   base(func(f *models.Filter) { f.Kinds = []string{"plan", "treaty"} }),
		"scope=bilateral":         base(func(f *models.Filter) { f.Scope = "bilateral" }),
		"sourced=no":              base(func(f *models.Filter) { f.Sourced = "no" }),
		"from=1990&until=2000-05": base(func(f *models.Filter) { f.From, f.Until = "1990", "2000-05" }),
		"ending=12":               base(func(f *models.Filter) { f.Ending = 12 }),
		"q=+fish+":                base(func(f *models.Filter) { f.Query = "fish" }),
		"text=+treaty":            base(func(f *models.Filter) { f.Text = "treaty" }),
		"subject=a%2Cb":           base(func(f *models.Filter) { f.Subjects = []string{"a,b"} }),
		"person=3&person=4":       base(func(f *models.Filter) { f.People = []int64{3, 4} }),
		"agreement=7&meeting=8":   base(func(f *models.Filter) { f.Agreement, f.Meeting = 7, 8 }),
		"limit=10":                base(func(f *models.Filter) { f.Limit = 10 }),
		"limit=100000":            base(func(f *models.Filter) { f.Limit = models.MaxPageSize }),
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := models.ParseFilter(q, today); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v (%v)\nwant %+v", query, got, err, want)
		}
	}
}

func TestOtherParametersAreLeftToTheCaller(t *testing.T) {
	q := url.Values{"lang": {"de"}, "table": {"records"}}
	if _, err := models.ParseFilter(q, today, "lang", "table"); err != nil {
		t.Error(err)
	}
	if _, err := models.ParseFilter(q, today, "lang"); err == nil {
		t.Error("table is left aside in silence")
	}
}

func TestAPairHasOneOrder(t *testing.T) {
	if models.PairOf("RU", "BY") != models.PairOf("BY", "RU") {
		t.Error("a pair has two orders")
	}
}

package components

import (
	"net/url"
	"testing"
	"time"

	"chancery/models"

	"pgregory.net/rapid"
)

func viewAt(path, query string) *View {
	q, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return &View{Path: path, Query: q, Today: "2026-11-23", On: "2026-11-23",
		Names: map[string]string{"BY": "Belarus", "RU": "Russia"}}
}

// An address keeps what was asked for but what it changes; a list begins anew when
// what it lists changes.
func TestAddressesOfAPage(t *testing.T) {
	list := viewAt("/agreements", "kind=plan,treaty&q=fish&after=c1&on=2020-01-01&party=BY&party=RU")
	plain := viewAt("/pairs/BY-RU", "")
	for name, test := range map[string][2]string{
		"as of now":                {list.AsOfNow(), "/agreements?kind=plan%2Ctreaty&party=BY&party=RU&q=fish"},
		"as of now already":        {plain.AsOfNow(), "/pairs/BY-RU"},
		"in German":                {plain.In("de"), "/pairs/BY-RU?lang=de"},
		"in German, with a filter": {viewAt("/agreements", "q=a+b").In("de"), "/agreements?lang=de&q=a+b"},
		"as CSV":                   {plain.As("csv"), "/pairs/BY-RU.csv"},
		"as CSV, with a filter":    {viewAt("/agreements", "q=a b").As("csv"), "/agreements.csv?q=a+b"},
		"the first page":           {viewAt("/", "").As("json"), "/"},
		"a table": {viewAt("/agreements", "q=x&table=acts").AsTable("periods"),
			"/agreements.csv?q=x&table=periods"},
		"one set": {list.With("q", "grain"),
			"/agreements?kind=plan%2Ctreaty&on=2020-01-01&party=BY&party=RU&q=grain"},
		"one taken out":         {list.With("q", ""), "/agreements?kind=plan%2Ctreaty&on=2020-01-01&party=BY&party=RU"},
		"two":                   {plain.WithAll("from", "2020", "until", "2021"), "/pairs/BY-RU?from=2020&until=2021"},
		"one without its value": {plain.WithAll("from", "2020", "until"), "/pairs/BY-RU?from=2020"},
		"another page":          {list.To("/agreements/7"), "/agreements/7?on=2020-01-01"},
		"another with a query":  {list.To("/agreements?party=BY"), "/agreements?party=BY&on=2020-01-01"},
		"another, as of now":    {plain.To("/agreements/7"), "/agreements/7"},
		"without a value": {list.Without("kind", "plan"),
			"/agreements?kind=treaty&on=2020-01-01&party=BY&party=RU&q=fish"},
		"without one of two": {list.Without("party", "BY"),
			"/agreements?kind=plan%2Ctreaty&on=2020-01-01&party=RU&q=fish"},
		"without the last": {list.Without("q", "fish"),
			"/agreements?kind=plan%2Ctreaty&on=2020-01-01&party=BY&party=RU"},
		"without what is not there": {list.Without("q", "grain"),
			"/agreements?kind=plan%2Ctreaty&on=2020-01-01&party=BY&party=RU&q=fish"},
	} {
		if test[0] != test[1] {
			t.Errorf("%s: %s, want %s", name, test[0], test[1])
		}
	}
	if list.Query.Get("after") != "c1" || len(list.Query["party"]) != 2 {
		t.Errorf("making addresses changed the page's own: %v", list.Query)
	}
}

// Taking out what was set gives the address before.
func TestWhatIsSetIsTakenOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 8, 20)
		v := &View{Path: "/agreements", Query: url.Values{"a": {text.Draw(t, "a")}}}
		before := v.With("none", "")
		set, err := url.Parse(v.With("b", text.Draw(t, "b")))
		if err != nil {
			t.Fatal(err)
		}
		after := &View{Path: set.Path, Query: set.Query()}
		if got := after.With("b", ""); got != before {
			t.Fatalf("%s became %s", before, got)
		}
	})
}

func TestAPageTellsHowItIsRead(t *testing.T) {
	for name, test := range map[string]struct {
		change    func(v *View)
		elsewhere bool
		bad       bool
	}{
		"today":               {func(*View) {}, false, false},
		"another day":         {func(v *View) { v.On = "2020-01-01" }, true, false},
		"as recorded":         {func(v *View) { v.Recorded = time.Unix(0, 0) }, true, false},
		"a day that is no":    {func(v *View) { v.Problems = models.Invalid{"on": {Code: "date_form"}} }, false, true},
		"a moment that is no": {func(v *View) { v.Problems = models.Invalid{"recorded": {Code: "moment"}} }, false, true},
		"another problem":     {func(v *View) { v.Problems = models.Invalid{"kind": {Code: "choice"}} }, false, false},
	} {
		v := viewAt("/", "")
		test.change(v)
		if v.Elsewhere() != test.elsewhere || v.BadReading() != test.bad {
			t.Errorf("%s: elsewhere %v, bad %v", name, v.Elsewhere(), v.BadReading())
		}
	}
}

func TestPartiesAreNamedOnAPage(t *testing.T) {
	v := viewAt("/", "")
	for _, test := range [][2]string{
		{v.Name("BY"), "Belarus"}, {v.Name("XX"), "XX"}, {v.PairName("BY", "RU"), "Belarus – Russia"},
		{v.NamesOf([]string{"RU", "XX", "BY"}), "Russia, XX, Belarus"}, {v.NamesOf(nil), ""},
	} {
		if test[0] != test[1] {
			t.Errorf("named %q, want %q", test[0], test[1])
		}
	}
	for code, flag := range map[string]bool{"BY": true, "SUHH": false, "ASEAN": false, "": false, "UN": true} {
		if HasFlag(code) != flag {
			t.Errorf("%q has a flag: %v", code, !flag)
		}
	}
	for name, id := range map[string]string{"titles[0].text": "titles-0-text", "signed": "signed",
		"participations[12].signatories[3].person": "participations-12-signatories-3-person", "subjects[0]": "subjects-0"} {
		if got := ID(name); got != id {
			t.Errorf("the id of %s is %s, want %s", name, got, id)
		}
	}
}

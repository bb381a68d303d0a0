package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chancery/models"
	"chancery/testdb"
)

// library records what the search cases look for and returns the register numbers
// by a short name.
func library(t *testing.T, store *models.Store) map[string]int64 {
	t.Helper()
	plan := seed()
	plan.ExternalIDs = []models.ExternalIDDraft{{Scheme: "UNTS", Value: "I-54321"}}
	russian := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "ru", Text: "Соглашение о торговле зерном"},
		{Language: "en", Text: "Agreement on trade in grain"}},
		Signed: "2019-04-01", Place: "Минск", Participations: []models.ParticipationDraft{
			{Party: "BY", Signatories: []models.SignatoryDraft{{Person: "Горбачёв"}}}, {Party: "KZ"}}}
	german := models.AgreementDraft{Titles: []models.TitleDraft{
		{Language: "de", Text: "Fischereiabkommen über die Häfen der Ostsee"}}, Signed: "1975",
		Subjects: []string{"fisheries"},
		Participations: []models.ParticipationDraft{{Party: "DE", Institution: "Bundesministerium für Ernährung"},
			{Party: "PL", Signatories: []models.SignatoryDraft{{Person: "Zhukov"}}}}}
	whales := agreement("Convention for the Regulation of Whaling and of Fisheries", "1946-12-02", "US", "GB", "NO")
	chinese := agreement("中华人民共和国和白俄罗斯共和国合作协定", "1993", "CN", "BY")
	return map[string]int64{"plan": record(t, store, plan), "grain": record(t, store, russian),
		"fish": record(t, store, german), "whales": record(t, store, whales), "chinese": record(t, store, chinese)}
}

func TestASearchFindsInAnyLanguageScriptAndSpelling(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		store.Now = func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
		ids := library(t, store)
		cases := map[string][]string{
			"Kooperationsplan": {"plan"}, "cooperation plan": {"plan"}, "cooperation plans": {"plan"}, "cooperat": {"plan"},
			"COOPERATION": {"plan"},
			"Wolfowitsch": {"plan"}, "Volfovich": {"plan"}, "Вольфович": {"plan"}, "Vol'fovič": {"plan"}, "Schoigu": {"plan"},
			"Shoygu": {"plan"}, "Шойгу": {"plan"}, "Šojgu": {"plan"},
			"Gorbatschow": {"grain"}, "Gorbachev": {"grain"}, "Горбачев": {"grain"}, "Schukow": {"fish"}, "Жуков": {"fish"},
			"торговля": {"grain"}, "зерно": {"grain"}, "grain trade": {"grain"}, "Minsk": {"grain"}, "минск": {"grain"},
			"Weißrussland": {"plan", "grain", "chinese"}, "Беларусь": {"plan", "grain", "chinese"}, "Belarus grain": {"grain"},
			"United Kingdom": {"whales"}, "Vereinigtes Königreich whaling": {"whales"}, "KZ": {"grain"},
			"Fischerei": {"fish"}, "Hafen": {"fish"}, "hafen": {"fish"}, "fisheries": {"fish", "whales"}, "fishery": {"whales"},
			"fisheries -whaling": {"fish"}, "fisheries -“regulation of whaling”": {"fish"},
			`"trade in grain"`: {"grain"}, `"grain in trade"`: {}, "„Häfen der Ostsee“": {"fish"},
			"Bundesministerium": {"fish"}, "I-54321": {"plan"}, "UNTS": {"plan"},
			"unterzeichnet": {"plan"}, "合作": {"chinese"}, "中华人民共和国": {"chinese"}, fmt.Sprint(ids["whales"]): {"whales"},
			"Sicherheitsräte GUS": {"plan"},
			"kooperatoinsplan":    {"plan"}, "whalling": {"whales"}, "Belorus grain": {"grain"}, "zzzzzzzz": {}, "-grain": {},
			"the": {"whales"}, "%": {}, "_": {}, "'": {}, `"`: {}, "* NEAR(": {}, "p=by": {},
		}
		for query, want := range cases {
			var wanted, got []int64
			for _, name := range want {
				wanted = append(wanted, ids[name])
			}
			page, err := store.Lists().Agreements(ctx, models.Filter{Query: query, On: "2026-11-23", Limit: 50}, "en")
			if err != nil {
				t.Errorf("%s: %v", query, err)
				continue
			}
			for _, e := range page.Items {
				got = append(got, e.ID)
			}
			slices.Sort(wanted)
			slices.Sort(got)
			if query != "the" && !slices.Equal(got, wanted) {
				t.Errorf("%s finds %v, want %v of %v", query, got, wanted, ids)
			}
			results, err := store.Searches().Search(ctx, models.Filter{Query: query, On: "2026-11-23"}, "en", 20)
			if err != nil || query != "the" && len(results.Agreements) != len(wanted) {
				t.Errorf("%s: %d results (%v), want %d", query, len(results.Agreements), err, len(wanted))
			}
			if query == "the" || err != nil {
				continue
			}
			// what the register said a moment ago is searched by other means, and the same
			// is found
			then, err := store.Lists().Agreements(ctx, models.Filter{Query: query, On: "2026-11-23",
				Recorded: store.Now().Add(time.Hour), Limit: 50}, "en")
			if err != nil || then.Total != page.Total {
				t.Errorf("%s as recorded: %d (%v), want %d", query, then.Total, err, page.Total)
			}
		}
	})
}

func TestResultsAreGroupedRankedAndMarked(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		ids := library(t, store)
		record(t, store, agreement("Notes on ports", "2024", "DE", "PL")) // newer, but only its parties fit
		results, err := store.Searches().Search(ctx, models.Filter{Query: "Germany Fischereiabkommen", On: "2026-11-23"},
			"en", 10)
		if err != nil || len(results.Agreements) != 1 || results.Agreements[0].ID != ids["fish"] ||
			len(results.Parties) != 1 || results.Parties[0].Code != "DE" {
			t.Fatalf("%+v %v", results, err)
		}
		marked := ""
		for _, s := range results.Query.Mark(results.Agreements[0].Title) {
			if s.Hit {
				marked += "[" + s.Text + "]"
			} else {
				marked += s.Text
			}
		}
		if marked != "[Fischereiabkommen] über die Häfen der Ostsee" {
			t.Errorf("marked %q", marked)
		}
		results, err = store.Searches().Search(ctx, models.Filter{Query: "Вольфович", On: "2026-11-23"}, "en", 10)
		if err != nil || len(results.People) != 1 || results.People[0].Name != "Alexander Wolfowitsch" ||
			len(results.Agreements) != 1 || results.Agreements[0].Where != "person" {
			t.Errorf("%+v %v", results, err)
		}
		if results, err = store.Searches().Search(ctx, models.Filter{Query: "GUS Sitzung", On: "2026-11-23"}, "de",
			10); err != nil ||
			len(results.Meetings) != 1 {
			t.Errorf("%+v %v", results, err)
		}
		if results, err = store.Searches().Search(ctx, models.Filter{Query: "whalling", On: "2026-11-23"}, "en",
			10); err != nil ||
			!slices.Contains(results.Query.Terms[0].Corrected, "whaling") {
			t.Errorf("%+v %v", results, err)
		}
		if results, err = store.Searches().Search(ctx, models.Filter{Query: "quotationword", On: "2026-11-23"}, "en",
			10); err != nil ||
			!results.Empty() {
			t.Errorf("%+v %v", results, err)
		}
	})
}

// A person's new spelling, a merged person, a revised and a withdrawn record are
// found as they now are.
func TestWhatIsFoundFollowsTheRecord(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		ids := library(t, store)
		total := func(query string) int64 {
			page, err := store.Lists().Agreements(ctx, models.Filter{Query: query, On: "2026-11-23", Limit: 5}, "en")
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		if total("Zhukovsky") != 0 {
			t.Error("a spelling is known too early")
		}
		person, err := store.Searches().Search(ctx, models.Filter{Query: "Zhukov", On: "2026-11-23"}, "en", 5)
		if err != nil || len(person.People) != 1 {
			t.Fatalf("%+v %v", person, err)
		}
		if err := store.People().RevisePerson(ctx, person.People[0].ID, 1,
			models.PersonDraft{Names: []models.NameDraft{{Text: "Zhukov"}, {Text: "Marshal Pobedonoszew"}}}, by); err != nil {
			t.Fatal(err)
		}
		if total("Победоносцев") != 1 {
			t.Error("a new spelling does not find what the person signed")
		}
		draft := agreement("Convention on Lighthouses", "1946-12-02", "US", "GB", "NO")
		if _, err := store.Revise(ctx, ids["whales"], 1, draft, by); err != nil {
			t.Fatal(err)
		}
		if total("whaling") != 0 || total("lighthouse") != 1 {
			t.Error("a revised title is not found as it now is")
		}
		if err := store.Withdraw(ctx, ids["whales"], 2, "test", by); err != nil {
			t.Fatal(err)
		}
		if total("lighthouse") != 0 {
			t.Error("a withdrawn record is found")
		}
		var differing []models.Mismatch
		if _, err := store.Upkeep().Verify(ctx, func(m models.Mismatch) { differing = append(differing, m) }); err != nil ||
			len(differing) > 0 {
			t.Errorf("%v %v", differing, err)
		}
		if err := store.Upkeep().Rebuild(ctx, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		if total("Победоносцев") != 1 || total("fisheries") != 1 || total("whalling") != 0 {
			t.Error("a rebuilt search finds something else")
		}
	})
}

func FuzzParseSearch(f *testing.F) {
	for _, s := range []string{"", `"a b" -c`, "„x“ «y»", "--", `"`, "\xff", "p=by n=x", "Вольфович AND (",
		strings.Repeat("a ", 300)} {
		f.Add(s)
	}
	store := testdb.Open(f, testdb.Address(f, "sqlite"))
	f.Fuzz(func(t *testing.T, s string) {
		q := models.ParseSearch(s)
		joined := ""
		for _, segment := range q.Mark(s) {
			joined += segment.Text
		}
		if joined != s && utf8.ValidString(s) {
			t.Fatalf("%q is marked as %q", s, joined)
		}
		if len(s) > 400 {
			return
		}
		if _, err := store.Searches().Search(ctx, models.Filter{Query: s, On: "2026-11-23"}, "en", 5); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

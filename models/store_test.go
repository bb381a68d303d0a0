package models_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var ctx = context.Background()

// seed is the case that everything is judged by: the cooperation plan of two
// security councils.
func seed() models.AgreementDraft {
	return models.AgreementDraft{
		Titles: []models.TitleDraft{
			{Language: "de",
				Text: "Kooperationsplan zwischen dem Staatssekretariat des Sicherheitsrates von Belarus und dem Sicherheitsrat " +
					"Russlands für die Jahre 2026–2027", Authentic: false},
			{Language: "en",
				Text: "Cooperation plan between the State Secretariat of the Security Council of Belarus and the Security " +
					"Council of the Russian Federation for 2026–2027"},
		},
		Kind: "plan", Level: "interagency", Signed: "2025-11-05", Place: "Moskau",
		Participations: []models.ParticipationDraft{
			{Party: "Weißrussland", Institution: "Staatssekretariat des Sicherheitsrates",
				Signatories: []models.SignatoryDraft{{Person: "Alexander Wolfowitsch", Office: "Staatssekretär"}}},
			{Party: "RUS", Institution: "Sicherheitsrat", Signatories: []models.SignatoryDraft{
				{Person: "Sergej Schoigu", Office: "Sekretär"}}},
		},
		ValidityPeriods: []models.PeriodDraft{{ValidFrom: "2026/2027"}},
		Meetings: []models.MeetingLinkDraft{{Title: "Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten",
			Held: "2025-11-05", Place: "Moskau", Relation: "in-the-margins-of", Participants: "BY\nRU\nAlexander Wolfowitsch"}},
		Subjects: []string{"security, defence"},
		Sources: []models.SourceDraft{{URL: "https://deu.belta.by/politics/view/1", Publisher: "BelTA",
			Language: "de", Published: "2025-11-05",
			Quotation: "Der Kooperationsplan … wurde am 5. November in Moskau … unterzeichnet.",
			Supports:  models.FactList{"signed", "place"}}},
	}
}

var by = models.Change{Actor: "Tester", Comment: "first"}

func record(t *testing.T, store *models.Store, draft models.AgreementDraft) int64 {
	t.Helper()
	id, err := store.Record(ctx, draft, by)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheSeedIsRecordedAndRead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		store.Now = func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
		id := record(t, store, seed())
		a, err := store.Agreement(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if a.Parties != "BY;RU" || !a.Bilateral || a.Participations[0].Signatories[0].Person != "Alexander Wolfowitsch" {
			t.Errorf("read %+v", a)
		}
		if p := a.ValidityPeriods[0]; p.FromDay != "2026-01-01" || p.UntilDay != "2027-12-31" {
			t.Errorf("valid %s to %s", p.FromDay, p.UntilDay)
		}
		if _, err := store.Outcome(ctx, a, "2026-11-23"); err != nil {
			t.Fatal(err)
		}
		if p := a.Participations[1]; p.InForceFrom != "2026-01-01" || p.InForceUntil != "2027-12-31" {
			t.Errorf("in force for %s from %s until %s", p.Party, p.InForceFrom, p.InForceUntil)
		}
		for day, want := range map[edtf.Day]status.Status{"2025-11-04": status.Proposed, "2025-11-05": status.Signed,
			"2026-01-01": status.InForce, "2027-12-31": status.InForce, "2028-01-01": status.Expired} {
			page, err := store.Lists().Agreements(ctx, models.Filter{Pair: models.PairOf("RU", "BY"), On: day, Limit: 50,
				Statuses: status.Statuses}, "en")
			if err != nil || page.Total != 1 || len(page.Items) != 1 || page.Items[0].Status != want ||
				page.Items[0].TitleLanguage != "en" {
				t.Errorf("on %s: %+v, %v", day, page, err)
			}
		}
		var events []string
		for e, err := range store.Timelines().Timeline(ctx, models.Filter{Pair: models.PairOf("BY", "RU"),
			On: "2026-11-23"}) {
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, e.Date+" "+e.Event+" "+e.Party+" "+e.Person)
		}
		want := []string{"2025-11-05 signature BY Alexander Wolfowitsch", "2025-11-05 signature RU Sergej Schoigu",
			"2025-11-05 meeting  ",
			"2026 validity-begins  ", "2027 validity-ends  "}
		if got, _ := json.Marshal(events); string(got) != mustJSON(want) {
			t.Errorf("timeline %s", got)
		}
		if _, err := store.Agreement(ctx, id+1); err == nil {
			t.Error("an agreement that is not there was read")
		}
	})
}

func mustJSON(v any) string {
	var b bytes.Buffer
	json.NewEncoder(&b).Encode(v)
	return string(bytes.TrimSpace(b.Bytes()))
}

// When it becomes known from when until when a party existed, and who continues it,
// what holds for it follows.
func TestWhatHoldsFollowsTheLifeOfAParty(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		old := models.PartyDraft{Code: "OLDLAND", Kind: "former-state", Names: []models.NameDraft{{Language: "en", Text: "Oldland"}}}
		if err := store.Parties().RecordParty(ctx, 0, old, by); err != nil {
			t.Fatal(err)
		}
		d := agreement("With Oldland", "1970-01-01", "OLDLAND", "FI")
		d.TakesEffect = "signature"
		id := record(t, store, d)
		listed := func(f models.Filter) string {
			f.On, f.Limit, f.Agreement = "2000-01-01", 5, id
			page, err := store.Lists().Agreements(ctx, f, "en")
			if err != nil || len(page.Items) != 1 {
				t.Fatalf("%+v %v", page, err)
			}
			return page.Items[0].Status.String()
		}
		pair := models.Filter{Pair: models.PairOf("FI", "OLDLAND")}
		if got := listed(pair); got != "in-force" {
			t.Errorf("at first %s", got)
		}
		old.ExistedUntil = "1990"
		if err := store.Parties().RecordParty(ctx, 1, old, by); err != nil {
			t.Fatal(err)
		}
		if got := listed(pair); got != "terminated" {
			t.Errorf("after its end %s", got)
		}
		if got := listed(models.Filter{}); got != "terminated" {
			t.Errorf("the whole is %s", got)
		}
		land := models.PartyDraft{Code: "NEWLAND", Kind: "state", Names: []models.NameDraft{{Language: "en", Text: "Newland"}},
			Predecessors: "OLDLAND=continues=1991-01-01"}
		if err := store.Parties().RecordParty(ctx, 0, land, by); err != nil {
			t.Fatal(err)
		}
		if got := listed(models.Filter{}); got != "in-force" {
			t.Errorf("with somebody who continues it the whole is %s", got)
		}
		if got := listed(models.Filter{Pair: models.PairOf("FI", "NEWLAND"), Predecessors: true}); got != "in-force" {
			t.Errorf("for who continues it %s", got)
		}
		ties, err := store.Parties().Ties(ctx, "NEWLAND")
		if err != nil || len(ties.Successions) != 1 || ties.Successions[0].Kind != "continues" {
			t.Errorf("%+v %v", ties, err)
		}
	})
}

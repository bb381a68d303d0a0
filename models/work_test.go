package models_test

import (
	"testing"

	"chancery/models"
	"chancery/models/status"
	"chancery/testdb"
)

// Each thing that a curator would mend is listed under its name, and the record
// that is in order under none.
func TestWhatACuratorWouldMendIsListed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		sound := func(title string) models.AgreementDraft {
			d := agreement(title, "2001-02-03", "BY", "RU")
			d.TakesEffect = "signature"
			d.Sources = []models.SourceDraft{{Publisher: "Gazette"}}
			return d
		}
		whole := record(t, store, sound("In order"))
		wants := map[string]int64{}
		add := func(work string, change func(d *models.AgreementDraft)) {
			d := sound("Wants " + work)
			change(&d)
			wants[work] = record(t, store, d)
		}
		add("parties", func(d *models.AgreementDraft) { d.Participations = d.Participations[:1] })
		add("date", func(d *models.AgreementDraft) { d.Signed = "" })
		add("unread", func(d *models.AgreementDraft) {
			d.Unread = models.UnreadList{{Field: "validity_periods[0].valid_until", Value: "1976-06-31"}}
		})
		add("entry", func(d *models.AgreementDraft) { d.TakesEffect = "" })
		add("source", func(d *models.AgreementDraft) { d.Sources = nil })
		add("dates", func(d *models.AgreementDraft) {
			d.Acts = []models.ActDraft{{Type: "entry-into-force", Date: "1901-02-03"}}
		})
		add("existence", func(d *models.AgreementDraft) { d.Participations[0].Party, d.Signed = "SK", "1975-01-15" })
		add("doubt", func(d *models.AgreementDraft) {
			d.Unread = models.UnreadList{{Field: models.ImportDoubt, Value: "1901"}}
		})
		for _, work := range models.Works {
			f := models.Filter{On: "2026-11-30", Limit: 20, Works: []string{work}}
			page, err := store.Lists().Agreements(ctx, f, "en")
			if err != nil {
				t.Fatal(err)
			}
			there := false
			for _, e := range page.Items {
				there = there || e.ID == wants[work]
				if e.ID == whole {
					t.Errorf("what is in order is listed as wanting %s", work)
				}
			}
			if !there {
				t.Errorf("what wants %s is not listed: %+v", work, page.Items)
			}
			if counts, err := store.Statistics().Counts(ctx, f); err != nil || counts.Total != int(page.Total) {
				t.Errorf("%s: %d counted, %d listed (%v)", work, counts.Total, page.Total, err)
			}
		}
		a, err := store.Agreement(ctx, wants["existence"])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Outcome(ctx, a, "2026-11-30"); err != nil || len(a.Warnings) != 1 ||
			a.Warnings[0] != (models.Warning{Code: "before-existence", Party: "SK"}) {
			t.Errorf("warned of %+v (%v)", a.Warnings, err)
		}
	})
}

// An act of every type is taken without a date, and with one of which only one bound
// is known.
func TestActsAreTakenAsFarAsTheyAreDated(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		for _, date := range []string{"", "..1981-10", "1981-09.."} {
			d := agreement("Acts "+date, "1980-01-01", "BY", "RU", "FR")
			for _, kind := range status.ActTypes {
				d.Acts = append(d.Acts, models.ActDraft{Type: kind, Party: "BY", Date: date})
			}
			a, err := store.Agreement(ctx, record(t, store, d))
			if err != nil || len(a.Acts) != len(status.ActTypes) {
				t.Fatalf("%q: %v", date, err)
			}
			if _, err := store.Timelines().TimelinePage(ctx, models.Filter{On: "2026-11-30", Agreement: a.ID, Limit: 50}); err != nil {
				t.Errorf("%q: %v", date, err)
			}
		}
	})
}

// An agreement signed in several places is found under each.
func TestEachOfSeveralPlacesIsCounted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		d := agreement("Notes", "1986-01-10/1986-02-22", "FR", "DE")
		d.Place = "Paris; Bonn"
		record(t, store, d)
		for _, place := range []string{"Paris", "Bonn"} {
			page, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-30", Limit: 5, Places: []string{place}}, "en")
			if err != nil || page.Total != 1 || page.Items[0].Place != "Paris; Bonn" {
				t.Errorf("in %s: %+v %v", place, page, err)
			}
		}
	})
}

package models_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/testdb"
)

// The traps of the domain that are not tested elsewhere, by their numbers there.
// Traps 2 and 13 are in status_test.go, 3, 4 and 6 in exchange/ggo_test.go.

func agreement(title, signed string, parties ...string) models.AgreementDraft {
	d := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: title}}, Signed: signed}
	for _, p := range parties {
		d.Participations = append(d.Participations, models.ParticipationDraft{Party: p})
	}
	return d
}

func TestTrap1TwoAgreementsMayHaveAllInCommon(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		notes := agreement("Exchange of notes", "1986-01-10", "FR", "DE")
		first, second := record(t, store, notes), record(t, store, notes)
		if first == second {
			t.Error("two agreements were made one")
		}
		found, err := store.Bulk().Duplicates(ctx, notes)
		if err != nil || len(found) != 2 {
			t.Errorf("duplicates offered: %v, %v", found, err)
		}
		near := agreement("Exchange of Notes!", "1990", "DE", "FR")
		if found, _ := store.Bulk().Duplicates(ctx, near); len(found) != 2 {
			t.Errorf("near titles offered: %v", found)
		}
		if found, _ := store.Bulk().Duplicates(ctx, agreement("Another matter", "1991", "DE", "FR")); len(found) != 0 {
			t.Errorf("unlike ones offered: %v", found)
		}
	})
}

func TestTrap5And7NamesMeanWhoBoreThemThen(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		tests := []struct{ typed, signed, want string }{
			{"Germany", "1960", "DE"}, {"West Germany", "1960", "DE"}, {"DDR", "1960", "DDDE"},
			{"German Democratic Republic", "1960", "DDDE"},
			{"England", "1656-07-17", "ENGLAND"}, {"England", "1950", "GB"}, {"UK", "1950", "GB"},
			{"Great Britain", "1950", "GB"},
			{"Vereinigtes Königreich", "2001", "GB"}, {"Великобритания", "2001", "GB"}, {"Zaire", "1980", "CD"},
			{"Burma", "1950", "MM"}, {"USSR", "1954", "SUHH"},
			{"Belarus (BY)", "2025", "BY"}, {"weissrussland", "2025", "BY"}, {"BLR", "2025", "BY"},
		}
		for _, test := range tests {
			id := record(t, store, agreement(test.typed+test.signed, test.signed, test.typed, "JP"))
			a, err := store.Agreement(ctx, id)
			if err != nil || a.Participations[0].Party != test.want {
				t.Errorf("%s in %s: %s, want %s (%v)", test.typed, test.signed, a.Participations[0].Party, test.want, err)
			}
		}
		var invalid models.Invalid
		if _, err := store.Record(ctx, agreement("x", "2001", "Atlantis", "JP"), by); !errors.As(err, &invalid) ||
			invalid["participations[0].party"].Code != "unknown_party" {
			t.Errorf("Atlantis: %v", err)
		}
	})
}

func TestTrap8OnePersonHasSeveralNames(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		german, english := agreement("A", "2001", "BY", "RU"), agreement("B", "2002", "BY", "RU")
		german.Participations[0].Signatories = []models.SignatoryDraft{{Person: "Alexander Wolfowitsch"}}
		english.Participations[0].Signatories = []models.SignatoryDraft{{Person: "Alexander Volfovich"}}
		first := record(t, store, german)
		record(t, store, english)
		a, _ := store.Agreement(ctx, first)
		person := a.Participations[0].Signatories[0].PersonID
		err := store.People().RevisePerson(ctx, person, 1, models.PersonDraft{
			Names: []models.NameDraft{{Language: "de", Text: "Alexander Wolfowitsch"},
				{Language: "en", Text: "Alexander Volfovich"}, {Language: "ru", Text: "Александр Вольфович"}}}, by)
		if err != nil {
			t.Fatal(err)
		}
		for _, spelling := range []string{"wolfo", "volfo", "вольф"} {
			list, total, err := store.People().List(ctx, spelling, "", 10)
			if err != nil || total != 1 || len(list) != 1 || list[0].Agreements != 2 {
				t.Errorf("%s: %v %d %v", spelling, list, total, err)
			}
		}
		signings, err := store.People().Signings(ctx, person)
		if err != nil || len(signings) != 2 || signings[0].Person != "Alexander Volfovich" {
			t.Errorf("each record keeps its own spelling: %v, %v", signings, err)
		}
	})
}

func TestTrap9And10DatesOfThreeKinds(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		d := agreement("Signed, in force, valid", "2024-12-06", "BY", "RU")
		d.ValidityPeriods = []models.PeriodDraft{{ValidFrom: "2025-03-13", ValidUntil: "2027", Basis: "entry-into-force"}}
		id := record(t, store, d)
		for on, want := range map[edtf.Day]status.Status{"2024-12-05": status.Proposed, "2025-01-01": status.Signed,
			"2025-03-13": status.InForce, "2027-12-31": status.InForce, "2028-01-01": status.Expired} {
			a, _ := store.Agreement(ctx, id)
			if o, err := store.Outcome(ctx, a, on); err != nil || status.At(o.Whole, on).Status != want {
				t.Errorf("on %s: %+v, want %v (%v)", on, o, want, err)
			}
		}
	})
}

func TestTrap11LongAndOddTitlesStayAsTyped(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		for i, title := range []string{strings.Repeat("Ünïcode ", 112) + "end", "with \"quotes\", commas\nand a line break",
			"\u202Eعنوان\u202C 条約"} {
			id := record(t, store, agreement(title, fmt.Sprint(1990+i), "FR", "DE"))
			if a, err := store.Agreement(ctx, id); err != nil || a.Title != title {
				t.Errorf("%q came back as %q (%v)", title, a.Title, err)
			}
		}
		var invalid models.Invalid
		if _, err := store.Record(ctx, agreement(strings.Repeat("x", 5000), "2001", "FR", "DE"), by); !errors.As(err,
			&invalid) || invalid["titles[0].text"].Code != "too_long" {
			t.Errorf("a title of 5,000 characters: %v", err)
		}
	})
}

func TestTrap12AnExchangeOfNotesSpansItsSignatures(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		d := agreement("Exchange of notes", "", "FR", "DE")
		d.Participations[0].Signatories = []models.SignatoryDraft{{Person: "A", Signed: "1986-01-10"}}
		d.Participations[1].Signatories = []models.SignatoryDraft{{Person: "B", Signed: "1986-02-22"}}
		a, err := store.Agreement(ctx, record(t, store, d))
		if err != nil || a.Signed != "1986-01-10/1986-02-22" {
			t.Fatalf("signed %q, %v", a.Signed, err)
		}
		for on, want := range map[edtf.Day]status.Status{"1986-01-10": status.Proposed, "1986-02-21": status.Proposed,
			"1986-02-22": status.Unknown} {
			if o, err := store.Outcome(ctx, a, on); err != nil || status.At(o.Whole, on).State != (status.State{Status: want}) {
				t.Errorf("on %s: %+v, want %v (%v)", on, o, want, err)
			}
		}
		written := agreement("The same, as written", "1986-01-10/1986-02-22", "FR", "DE")
		if a, err := store.Agreement(ctx, record(t, store, written)); err != nil || a.SignedLatest != "1986-02-22" {
			t.Errorf("%+v %v", a, err)
		}
	})
}

func TestTrap14WhatVanishedKeepsItsReason(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		id := record(t, store, agreement("Gone", "2001", "FR", "DE"))
		if err := store.Withdraw(ctx, id, 1, "never signed", by); err != nil {
			t.Fatal(err)
		}
		var withdrawn *models.Withdrawn
		if _, err := store.Agreement(ctx, id); !errors.As(err, &withdrawn) || withdrawn.Reason != "never signed" {
			t.Errorf("%v", err)
		}
		revisions, err := store.History().Revisions(ctx, "agreement", fmt.Sprint(id))
		if err != nil || len(revisions) != 2 || revisions[0].Comment != "never signed" {
			t.Errorf("%v %v", revisions, err)
		}
		if next := record(t, store, agreement("Next", "2002", "FR", "DE")); next == id {
			t.Error("the number was used again")
		}
	})
}

func TestTrap15AHundredAndNinetyParties(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		d := agreement("For all", "1992-06-13")
		list, err := store.Parties().List(ctx, "en", "state", "")
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range list[:190] {
			d.Participations = append(d.Participations, models.ParticipationDraft{Party: p.Code})
			d.Acts = append(d.Acts, models.ActDraft{Type: "ratification", Party: p.Code, Date: fmt.Sprint(1993 + i%30)},
				models.ActDraft{Type: "entry-into-force", Party: p.Code, Date: fmt.Sprintf("%d-06-01", 1994+i%30)})
		}
		start := time.Now()
		id := record(t, store, d)
		a, err := store.Agreement(ctx, id)
		if err != nil || len(a.Participations) != 190 || len(a.Acts) != 380 || a.Bilateral {
			t.Fatalf("%d parties, %d acts, %v", len(a.Participations), len(a.Acts), err)
		}
		n := 0
		for _, err := range store.Timelines().Timeline(ctx, models.Filter{Agreement: id, On: "2026-11-23"}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 381 {
			t.Errorf("%d events", n)
		}
		t.Logf("recorded and read in %s", time.Since(start))
	})
}

func TestAReplacedAgreementFollowsItsReplacement(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		old := agreement("Old", "1997-04-02", "BY", "RU")
		old.ValidityPeriods = []models.PeriodDraft{{ValidFrom: "1997-06-11"}}
		first := record(t, store, old)
		update := agreement("New", "1999-12-08", "BY", "RU")
		update.ValidityPeriods = []models.PeriodDraft{{ValidFrom: "2000-01-26"}}
		update.Relations = []models.RelationDraft{{Type: "replaces", Target: models.Number(fmt.Sprint(first))}}
		second := record(t, store, update)
		st := func(on edtf.Day) status.Status {
			a, err := store.Agreement(ctx, first)
			if err != nil {
				t.Fatal(err)
			}
			o, err := store.Outcome(ctx, a, on)
			if err != nil {
				t.Fatal(err)
			}
			return status.At(o.Whole, on).Status
		}
		if st("2000-01-25") != status.InForce || st("2000-01-26") != status.Replaced {
			t.Errorf("%v, then %v", st("2000-01-25"), st("2000-01-26"))
		}
		update.ValidityPeriods[0].ValidFrom = "2001"
		if _, err := store.Revise(ctx, second, 1, update, by); err != nil {
			t.Fatal(err)
		}
		if st("2000-06-01") != status.InForce || st("2001-01-01") != status.Replaced {
			t.Error("the old one did not follow the new one's revision")
		}
		if err := store.Withdraw(ctx, second, 2, "mistake", by); err != nil {
			t.Fatal(err)
		}
		if st("2010-01-01") != status.InForce {
			t.Error("the old one did not follow the new one's withdrawal")
		}
		related, err := store.Relations(ctx, first)
		if err != nil || len(related) != 0 {
			t.Errorf("%v %v", related, err)
		}
	})
}

// Of many who save over the same version one wins each round, and the others are
// told (R6).
func TestNoUpdateIsLost(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		id := record(t, store, agreement("Contested", "2001", "FR", "DE"))
		rounds, editors := 20, 50
		for version := 1; version <= rounds; version++ {
			var wait sync.WaitGroup
			results := make([]error, editors)
			for i := range editors {
				wait.Add(1)
				go func() {
					defer wait.Done()
					d := agreement("Contested", "2001", "FR", "DE")
					d.Place = fmt.Sprint(version, "-", i)
					_, results[i] = store.Revise(ctx, id, version, d, by)
				}()
			}
			wait.Wait()
			won := 0
			for _, err := range results {
				var conflict *models.Conflict
				if err == nil {
					won++
				} else if !errors.As(err, &conflict) {
					t.Fatal(err)
				}
			}
			if won != 1 {
				t.Fatalf("version %d: %d saved", version, won)
			}
		}
		if revisions, err := store.History().Revisions(ctx, "agreement", fmt.Sprint(id)); err != nil ||
			len(revisions) != rounds+1 {
			t.Errorf("%d revisions, %v", len(revisions), err)
		}
	})
}

// The gazetteer holds what it promises.
func TestTheGazetteerIsWhole(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	withMembers := 0
	for kind, least := range map[string]int{"state": 195, "former-state": 30, "organisation": 40, "territory": 40} {
		list, err := store.Parties().List(ctx, "ru", kind, "")
		if err != nil || len(list) < least {
			t.Errorf("%d of kind %s, %v", len(list), kind, err)
		}
		for _, p := range list {
			if p.Name == "" || p.Name == p.Code && p.Code != "BRICS" {
				t.Errorf("%s has no Russian name", p.Code)
			}
			if kind != "organisation" {
				continue
			}
			ties, err := store.Parties().Ties(ctx, p.Code)
			if err != nil {
				t.Fatal(err)
			}
			if len(ties.Members) > 1 {
				withMembers++
			}
		}
	}
	if withMembers < 40 {
		t.Errorf("only %d organisations have members", withMembers)
	}
}

// Official names, those of lists and those of former times mean the party that bore
// them on the day of the agreement.
func TestNamesMeanWhoBoreThem(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		for _, test := range []struct{ name, signed, want string }{
			{"French Republic", "2001", "FR"}, {"Republic of India", "2001", "IN"}, {"Kingdom of the Netherlands", "2001", "NL"},
			{"The Netherlands", "2001", "NL"}, {"Bolivia (Plurinational State of)", "2001", "BO"},
			{"Byelorussian Soviet Socialist Republic", "1950", "BY"}, {"Congo, Democratic Republic of the", "2001", "CD"},
			{"Korea, Republic of", "2001", "KR"}, {"Iran (Islamic Republic of)", "2001", "IR"},
			{"Democratic Kampuchea", "1976", "KH"}, {"Zaire", "1980", "CD"}, {"Sikkim", "1950", "SIKKIM"},
			{"Manchukuo", "1940", "MANCHUKUO"}, {"Belgian Congo", "1950", "BELGIANCONGO"}, {"Transnistria", "2001", "TRANSNISTRIA"},
			{"Abkhazia", "2010", "ABKHAZIA"}, {"Saar", "1950", "SAAR"}, {"Bundesrepublik Deutschland", "1980", "DE"},
			{"Французская Республика", "2001", "FR"}, {"Republik Österreich", "2001", "AT"}, {"République française", "2001", "FR"},
			{"Russian Federation", "1977", "SUHH"}, {"RUS", "1985", "SUHH"}, {"RUS", "2005", "RU"}, {"RU", "1985", "RU"},
			{"Korea", "2001", ""}, {"Congo", "2001", ""},
		} {
			d := agreement("Named "+test.name, test.signed, test.name, "FI")
			id, err := store.Record(ctx, d, by)
			var invalid models.Invalid
			if test.want == "" {
				if !errors.As(err, &invalid) || invalid["participations[0].party"].Code != "ambiguous_party" {
					t.Errorf("%s in %s: %v, want to be asked", test.name, test.signed, err)
				}
				continue
			}
			a, err2 := store.Agreement(ctx, id)
			if test.name == "Russian Federation" && err2 == nil && (len(a.Unread) != 1 || a.Unread[0].Value != test.name) {
				t.Errorf("%s in %s: no mark %+v", test.name, test.signed, a.Unread)
			}
			if err != nil || err2 != nil || a.Participations[0].Party != test.want {
				t.Errorf("%s in %s: %v %v", test.name, test.signed, err, a)
			}
		}
	})
}

// Plans that succeed each other stand in one line, whichever is asked about.
func TestALineOfPlansIsToldFromAnyOfThem(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		var ids []int64
		for year := 2022; year <= 2026; year += 2 {
			d := agreement(fmt.Sprintf("Plan for %d–%d", year, year+1), fmt.Sprintf("%d-11-05", year-1), "BY", "RU")
			d.ValidityPeriods = []models.PeriodDraft{{ValidFrom: fmt.Sprint(year), ValidUntil: fmt.Sprint(year + 1)}}
			if len(ids) > 0 {
				d.Relations = []models.RelationDraft{{Type: "succeeds", Target: models.Number(fmt.Sprint(ids[len(ids)-1]))}}
			}
			ids = append(ids, record(t, store, d))
		}
		alone := record(t, store, agreement("Alone", "2001", "BY", "RU"))
		for _, id := range ids {
			line, err := store.Lineage(ctx, id, "2024-06-01")
			if err != nil || len(line) != 3 {
				t.Fatalf("of %d: %+v %v", id, line, err)
			}
			for i, f := range line {
				want := []status.Status{status.Expired, status.InForce, status.Proposed}[i] // the last signed in 2025
				if f.ID != ids[i] || f.Status != want || len(f.InForce) != 1 || len(f.Relations) != min(i, 1) {
					t.Errorf("of %d, the %dth: %+v", id, i, f)
				}
			}
		}
		if line, err := store.Lineage(ctx, alone, "2024-06-01"); err != nil || len(line) != 0 {
			t.Errorf("alone: %+v %v", line, err)
		}
	})
}

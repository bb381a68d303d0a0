package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// What a contributor submits waits; an editor sees what it would change, returns it
// with a note, corrects or accepts it; the contributor is told on every page.
func TestAContributorsChangeWaitsForAnEditor(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.account("Root", "administrator")
		boris, anna := s.signedIn(s.account("Boris", "contributor")), s.signedIn(s.account("Anna", "editor"))
		other := s.signedIn(s.account("Oleg", "contributor"))
		form := seedForm()
		form.Set("actor", "Somebody else")
		to := boris.post("/agreements/new", form).want(t, 303).Header.Get("Location")
		if to != "/proposals/1" {
			t.Fatalf("leads to %s", to)
		}
		if again := boris.post("/agreements/new", form).want(t, 303).Header.Get("Location"); again != to {
			t.Errorf("the same submission again leads to %s", again)
		}
		s.get("/agreements/1").want(t, 404)
		if total := s.get("/meetings.json").body; !strings.Contains(total, `"total":0`) {
			t.Errorf("a rehearsal left a meeting behind: %s", total)
		}
		other.get("/proposals/1").want(t, 404)
		other.get("/proposals").want(t, 200, "No proposal here")
		boris.post("/proposals/1/accept", url.Values{"proposal": {"1"}}).want(t, 403)
		anna.get("/").want(t, 200, `class="badge">1<`)
		anna.get("/proposals").want(t, 200, "New agreement", "Boris")
		anna.get("/proposals/1").want(t, 200, "Kooperationsplan", "Alexander Wolfowitsch", "Return")
		anna.post("/proposals/1/return", url.Values{"proposal": {"1"}, "note": {""}}).want(t, 422, "Enter ")
		anna.post("/proposals/1/return", url.Values{"proposal": {"1"}, "note": {"Which <b>place</b>?"}}).want(t, 303)
		boris.get("/").want(t, 200, `class="badge">1<`)
		boris.get("/proposals/1").want(t, 200, "Which &lt;b&gt;place")
		if body := boris.get("/").body; strings.Contains(body, `class="badge"`) {
			t.Error("a decision that was seen is told again")
		}
		edit := boris.get("/proposals/1/edit").want(t, 200, "Kooperationsplan", `action="/proposals/1/edit"`)
		if strings.Contains(edit.body, `name="actor"`) {
			t.Error("who has signed in is asked for a name")
		}
		form.Set("place", "Minsk")
		boris.post("/proposals/1/edit", form).want(t, 303)
		form.Set("place", "Moscow")
		anna.post("/proposals/1/edit", form).want(t, 303)
		s.get("/agreements/1").want(t, 200, "Moscow", "Kooperationsplan")
		s.get("/agreements/1/history.json").want(t, 200, `"actor":"Boris"`, "(Anna)")
		anna.post("/proposals/1/accept", url.Values{"proposal": {"4"}}).want(t, 409)

		// a change is compared with the record as it stands, also when that has moved on
		form.Del("key")
		form.Set("version", "1")
		form.Set("place", "Brest")
		to = boris.post("/agreements/1/edit", form).want(t, 303).Header.Get("Location")
		form.Set("place", "Grodno")
		anna.post("/agreements/1/edit", form).want(t, 303)
		page := anna.get(to).want(t, 200, "Grodno", "Brest", "version 2")
		if strings.Contains(page.body, "Schoigu") {
			t.Error("what does not change is shown")
		}
		anna.post(to+"/accept", url.Values{"proposal": {"1"}, "version": {"1"}}).want(t, 409)
		anna.post(to+"/accept", url.Values{"proposal": {"1"}, "version": {"2"}}).want(t, 303)
		s.get("/agreements/1").want(t, 200, "Brest")

		// a token of scope draft proposes even where its account may publish
		a, err := s.store.Accounts().AccountNamed(t.Context(), "Anna")
		if err != nil {
			t.Fatal(err)
		}
		body := `{"titles":[{"text":"By program","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}`
		made := s.json("POST", "/agreements", body, "Authorization", "Bearer "+s.token(a, "draft"), "Idempotency-Key",
			"k").want(t, 202, `"state":"waiting"`)
		if made.Header.Get("Location") != "/proposals/3" {
			t.Errorf("the proposal is at %s", made.Header.Get("Location"))
		}
		s.json("POST", "/agreements", strings.Replace(body, "2001", "soon", 1), "Authorization",
			"Bearer "+s.token(a, "draft")).want(t, 422, "signed")
		boris.post("/meetings/new", url.Values{"title": {"Summit"}, "kind": {"summit"}, "held": {"2026"},
			"participants": {"BY"}}).want(t, 303)
		boris.post("/parties/new", url.Values{"code": {"OURS"}, "kind": {"organisation"},
			"names[0].text": {"Our organisation"}, "names[0].language": {"en"}}).want(t, 303)
		s.get("/parties/OURS").want(t, 404)
		for _, id := range []int{4, 5} {
			anna.post(fmt.Sprintf("/proposals/%d/accept", id), url.Values{"proposal": {"1"}, "version": {"0"}}).want(t, 303)
		}
		s.get("/parties/OURS").want(t, 200, "Our organisation")
		s.get("/meetings").want(t, 200, "Summit")
		s.send("POST", "/proposals/3/return", url.Values{"proposal": {"1"}, "note": {"Not this way"}}.Encode(),
			"Sec-Fetch-Site", "", "Authorization", "Bearer "+s.token(a, "publish")).want(t, 303)
		boris.post("/proposals/3/withdraw", nil).want(t, 404)
		anna.post("/proposals/3/withdraw", nil).want(t, 303)
		if broken, _, err := s.store.Upkeep().VerifyChain(t.Context(), nil); err != nil || broken != nil {
			t.Errorf("the chain: %v (%v)", broken, err)
		}
	})
}

// Proposals about meetings, parties and people are gone on with by their authors
// and corrected by editors as well.
func TestEveryKindOfProposalIsCorrected(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.account("Root", "administrator")
		boris, anna := s.signedIn(s.account("Boris", "contributor")), s.signedIn(s.account("Anna", "editor"))
		propose := func(path string, form url.Values) string {
			return boris.post(path, form).want(t, 303).Header.Get("Location")
		}
		meeting := url.Values{"title": {"Sumit"}, "kind": {"summit"}, "held": {"2026"}, "participants": {"BY"}}
		at := propose("/meetings/new", meeting)
		boris.get(at+"/edit").want(t, 200, "Sumit", `action="`+at+`/edit"`)
		meeting.Set("held", "someday")
		boris.post(at+"/edit", meeting).want(t, 422, "someday")
		meeting.Set("held", "2026-10")
		boris.post(at+"/edit", meeting).want(t, 303)
		meeting.Set("title", "Summit")
		anna.get(at+"/edit").want(t, 200, "2026-10")
		anna.post(at+"/edit", meeting).want(t, 303)
		s.get("/meetings").want(t, 200, "Summit", "October 2026")
		boris.get(at+"/edit").want(t, 404) // it is decided

		party := url.Values{"code": {"OURS"}, "kind": {"organisation"}, "names[0].text": {"Our Orgnisation"},
			"names[0].language": {"en"}}
		at = propose("/parties/new", party)
		party.Set("names[0].text", "Our Organisation")
		party.Set("do", "add names")
		anna.post(at+"/edit", party).want(t, 200, "names[1].text")
		party.Del("do")
		anna.post(at+"/edit", party).want(t, 303)
		s.get("/parties/OURS").want(t, 200, "Our Organisation")

		person := url.Values{"version": {"1"}, "names[0].text": {"Alexander Wolfowitsch"}, "names[0].language": {"de"},
			"names[1].text": {"Alexandre Volfovitch"}, "names[1].language": {"en"}}
		at = propose("/people/1/edit", person)
		anna.get(at).want(t, 200, "Alexandre")
		anna.get(at+"/edit").want(t, 200, "Alexandre Volfovitch")
		person.Set("names[1].text", "Alexander Volfovich")
		anna.post(at+"/edit", person).want(t, 303)
		s.get("/people/1").want(t, 200, "Alexander Volfovich")
		s.get("/people/1").want(t, 200, "Alexander Wolfowitsch")
		if broken, _, err := s.store.Upkeep().VerifyChain(t.Context(), nil); err != nil || broken != nil {
			t.Errorf("the chain: %v (%v)", broken, err)
		}
	})
}

// Where the register asks for the second pair of eyes, an editor's own change waits
// for another editor.
func TestTheSecondPairOfEyes(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		root := s.signedIn(s.account("Root", "administrator"))
		anna, vera := s.signedIn(s.account("Anna", "editor")), s.signedIn(s.account("Vera", "editor"))
		anna.post("/agreements/new", seedForm()).want(t, 303)
		root.post("/admin/settings", url.Values{"public": {"true"}, "reviews": {"withdraw", "revise"}}).want(t, 303)
		to := anna.post("/agreements/1/withdraw", url.Values{"version": {"1"}, "reason": {"recorded twice"}}).want(t,
			303).Header.Get("Location")
		s.get("/agreements/1").want(t, 200)
		anna.post(to+"/accept", url.Values{"proposal": {"1"}, "version": {"1"}}).want(t, 403)
		vera.get(to).want(t, 200, "recorded twice")
		vera.post(to+"/accept", url.Values{"proposal": {"1"}, "version": {"1"}}).want(t, 303)
		s.get("/agreements/1").want(t, 410, "recorded twice")
		form := seedForm()
		form.Set("key", "another")
		form.Set("titles[0].text", "Something else entirely")
		form.Set("signed", "1999-01-01")
		for name := range form {
			if strings.HasPrefix(name, "meetings") {
				form.Del(name)
			}
		}
		if to := anna.post("/agreements/new", form).want(t, 303).Header.Get("Location"); to != "/agreements/2#recorded-now" {
			t.Errorf("a kind that need not wait leads to %s", to)
		}
		root.post("/admin/settings", url.Values{"reviews": {"everything"}}).want(t, 422)
		set, err := s.store.Accounts().Settings(t.Context())
		if err != nil || !set.Public || len(set.Reviews) != 2 {
			t.Errorf("settings: %+v (%v)", set, err)
		}
	})
}

package handlers

import (
	"strings"
	"testing"

	"chancery/models"
)

// A restricted record is there for those who sign in, and for nobody else: not in
// any list, count, search, picture, feed, export, history, person or relation,
// under any address and in any representation.
func TestARestrictedRecordIsForThoseWhoSignIn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		before := map[string]string{}
		paths := func() (list []string) {
			for _, path := range s.paths() {
				for _, query := range []string{"", "?q=canary", "?pair=BY-RU", "?party=BY&months=600", "?text=canary",
					"?from=1900", "?recorded=2026-12-31", "?agreement=2", "?on=2030-01-01", "?q=Wolfowitsch", "?party_a=x"} {
					for _, ending := range []string{"", ".json", ".csv", ".svg", ".ics", ".atom"} {
						if path != "/" || ending == "" {
							list = append(list, path+ending+query)
						}
					}
				}
			}
			return append(list, "/agreements/2", "/agreements/2.json", "/agreements/2/history.json",
				"/agreements/2/revisions/1", "/agreements/2.csv", "/people/3", "/people/3.json", "/agreements/suggest?q=canary",
				"/people/suggest?q=canary", "/search/suggest?q=canary", "/agreements/2?recorded=2026-12-31",
				"/pairs.csv?from=2024&until=2026", "/parties.csv?from=2024&until=2026")
		}
		for _, path := range []string{"/agreements.json?counts=1", "/pairs/BY-RU.json?counts=1", "/years.json",
			"/pairs/matrix.json?group=active", "/timeline.json", "/.json", "/parties.json", "/people.json"} {
			before[path] = s.get(path, "Via", "1.1 elsewhere").body
		}
		form := seedForm()
		for name, value := range map[string]string{"titles[0].text": "canary title", "signed": "2025-11-06",
			"place": "canary place", "participations[0].signatories[0].person": "Canary Person",
			"participations[0].institution": "canary institution", "sources[0].quotation": "canary quotation",
			"subjects": "canary subject", "comment": "canary comment", "key": "2", "do": "record",
			"restricted": "true", "external_ids[0].scheme": "canary", "external_ids[0].value": "canary 1",
			"relations[0].type": "supplements", "relations[0].target": "1"} {
			form.Set(name, value)
		}
		for name := range form {
			if strings.HasPrefix(name, "meetings") {
				form.Del(name)
			}
		}
		s.post("/agreements/new", form).want(t, 303)
		s.get("/agreements/2").want(t, 200, "canary title", "only for those") // at this machine, without an administrator
		s.account("Root", "administrator")
		reader := s.signedIn(s.account("Reader", "reader"))
		for _, path := range paths() {
			a := s.get(path)
			if low := strings.ToLower(a.body); a.StatusCode == 200 &&
				strings.Contains(strings.NewReplacer("?q=canary", "", "q=canary", "", "text=canary", "", "value=\"canary\"", "",
					"“canary”", "").Replace(low), "canary") && !strings.Contains(path, "canary") ||
				strings.Contains(low, "canary title") || strings.Contains(low, "canary person") ||
				strings.Contains(low, "canary pl") || strings.Contains(low, "canary quo") ||
				strings.Contains(low, "canary inst") || strings.Contains(low, "canary sub") || strings.Contains(low, "canary com") {
				at := strings.Index(low, "canary")
				t.Errorf("%s shows it: …%s", path, low[max(0, at-80):min(len(low), at+80)])
			}
		}
		s.get("/agreements/2").want(t, 404)
		s.get("/people/3").want(t, 404)
		for path, was := range before {
			if now := s.get(path).body; now != was {
				t.Errorf("%s counts it:\n%.600s\nbefore\n%.600s", path, now, was)
			}
		}
		for path, text := range map[string]string{"/agreements": "canary title", "/agreements/2": "canary quotation",
			"/search?q=canary": "/agreements/2", "/people": "Canary Person", "/timeline?pair=BY-RU": "Canary Person",
			"/feed.atom": "canary", "/pairs/BY-RU": "canary title", "/agreements/1": "canary title"} {
			if a := reader.get(path); a.StatusCode != 200 || !strings.Contains(a.body, text) {
				t.Errorf("who has signed in misses %q at %s: %d", text, path, a.StatusCode)
			}
		}
		a, err := s.store.Accounts().AccountNamed(t.Context(), "Reader")
		if err != nil {
			t.Fatal(err)
		}
		s.get("/agreements/2.json", "Authorization", "Bearer "+s.token(a, "read")).want(t, 200, "canary title")
		if checked, err := s.store.Upkeep().Verify(t.Context(), func(m models.Mismatch) {
			t.Errorf("%+v", m)
		}); err != nil || checked != 2 {
			t.Errorf("%d checked (%v)", checked, err)
		}
	})
}

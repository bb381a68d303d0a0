package handlers

import (
	"testing"
)

// One reader understands dates in every box: the form, the day of reading, filters
// and /dates; what can be two days is asked by two buttons.
func TestDatesAreReadInEveryBox(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("/dates?signed=5+November+2025").want(t, 200, "5 November 2025")
		s.get("/dates?signed=5/11/2025").want(t, 200, "Which day?", `value="date signed 2025-11-05"`, `value="date signed 2025-05-11"`,
			"11 May 2025")
		s.get("/dates?signed=soon").want(t, 200, "Could not read “soon” as a date", "5 November 2025")
		s.send("GET", "/dates?date=5/11/2025", "", "Accept", "application/json").want(t, 200,
			`{"edtf":"2025-11-05","earliest":"2025-11-05","latest":"2025-11-05","other":{"edtf":"2025-05-11"`)
		s.send("GET", "/dates?date=before+1950", "", "Accept", "application/json").want(t, 200, `{"edtf":"..1949","latest":"1949-12-31"}`)
		s.send("GET", "/dates?date=soon", "", "Accept", "application/json").want(t, 400, "date_form")

		form := seedForm()
		form.Set("signed", "5. November 2025")
		form.Set("validity_periods[0].valid_from", "2026/27")
		form.Set("validity_periods[0].valid_until", "")
		s.record(form)
		s.get("/agreements/1.json").want(t, 200, `"signed":"2025-11-05"`, `"valid_from":"2026"`, `"valid_until":"2027"`)

		s.json("POST", "/agreements", `{"titles":[{"text":"X","language":"en"}],"signed":"5 Nov 2025","participations":[{"party":"FR"},{"party":"DE"}]}`).
			want(t, 201, `"signed":"2025-11-05"`)
		s.json("POST", "/agreements", `{"titles":[{"text":"X","language":"en"}],"signed":"5/11/2025","participations":[{"party":"FR"},{"party":"DE"}]}`).
			want(t, 422, "date_ambiguous")

		form = seedForm()
		form.Set("titles[0].text", "Another")
		form.Set("key", "another")
		form.Set("signed", "5/11/2025")
		form.Set("do", "save")
		s.post("/agreements/new", form).want(t, 422, "Signed on:", "Which day?", `value="5/11/2025"`, `value="date signed 2025-05-11"`)
		form.Set("do", "date signed 2025-05-11")
		s.post("/agreements/new", form).want(t, 200, `value="2025-05-11"`)
		form.Del("actor")
		form.Set("do", "save")
		s.post("/agreements/new", form).want(t, 422, "Enter your name.", "Which day?")

		for query, status := range map[string]int{"on=1+January+2026": 200, "on=01.01.2026": 200, "from=Nov+2025&until=2026": 200,
			"on=5/11/2025": 400, "from=5/11/2025": 400, "on=2026": 400, "from=soon": 400} {
			s.get("/pairs/BY-RU?"+query).want(t, status)
		}
		s.get("/pairs/BY-RU?on=soon").want(t, 400, "Could not read “soon” as a day")
		s.get("/pairs/BY-RU?from=5/11/2025").want(t, 400, "can be 5 November 2025 or 11 May 2025")
		s.send("GET", "/agreements?from=November+2025&until=ноябрь+2025+г.", "", "Accept", "application/json").want(t, 200, `"total":2`)
	})
}

// The timeline and the calendar take parties by their names.
func TestPartiesAreNamedInFilters(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		for _, path := range []string{"/timeline", "/calendar?months=60"} {
			with := func(query string) string {
				if path == "/timeline" {
					return path + "?" + query
				}
				return path + "&" + query
			}
			for _, query := range []string{"party=Weißrussland", "pair=Belarus,+Russia", "pair=Беларусь+–+Россия", "pair=BY-RU", "party=BY"} {
				s.get(with(query)).want(t, 200, "/agreements/1")
			}
			s.get(with("party=Japan")).want(t, 200)
			s.send("GET", with("party=Atlantis"), "", "Accept", "application/json").want(t, 400, "/party")
		}
	})
}

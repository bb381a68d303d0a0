package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// What is asked for by Accept follows RFC 9110, 12.5.1: weights, refusals, the
// order of what is wanted equally.
func TestNegotiation(t *testing.T) {
	for accept, want := range map[string]string{
		"": "html", "*/*": "html", "nonsense": "html", "image/webp": "html",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "html",
		"application/json": "json", "application/problem+json": "json", "Application/JSON": "json",
		"text/csv, application/json": "csv", "application/json, text/csv": "json",
		"text/csv;q=0.2, application/json;q=0.9": "json", "application/json;q=0.9, text/csv;q=0.2": "json",
		"application/json;q=0, text/csv":        "csv",
		"text/html;q=0, application/json;q=0.1": "json", "text/*;q=0.5, text/csv": "csv", "application/ld+json": "jsonld",
		"text/turtle":          "ttl",
		"application/x-bibtex": "bib", "text/calendar": "ics", "application/atom+xml": "atom", "image/svg+xml": "svg",
	} {
		if got := negotiate(accept); got != want {
			t.Errorf("%q is answered as %s, not %s", accept, got, want)
		}
	}
}

func TestLongTextsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		long := strings.Repeat("a", 60_000)
		for _, path := range []string{"/parties/suggest?q=", "/people/suggest?q=", "/meetings/suggest?q=",
			"/agreements/suggest?q=", "/search/suggest?q=",
			"/parties?text=", "/people?text=", "/meetings?text=", "/agreements?text=", "/agreements?subject="} {
			s.get(path+long, "Accept", "application/json").want(t, http.StatusBadRequest, "too_long")
			s.get(path+long).want(t, http.StatusBadRequest)
		}
		letters := strings.Repeat("Schtsch", 900_000/7)
		s.json("POST", "/agreements",
			`{"titles":[{"text":"Plan"}],"signed":"2025","participations":[{"party":"BY"},{"party":"RU","signatories":[{"person":"`+letters+`"}]}]}`).
			want(t, http.StatusUnprocessableEntity, "/participations/1/signatories/0/person", "too_long")
		s.json("POST", "/agreements",
			`{"titles":[{"text":"Plan"}],"signed":"2025","participations":[{"party":"BY"},{"party":"RU"}],"meetings":[{"title":"Talks","place":"`+letters+`"}]}`).
			want(t, http.StatusUnprocessableEntity, "/meetings/0/place", "too_long")
	})
}

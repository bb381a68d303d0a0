package handlers

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is compared to the byte: every format, and five pages as they are rendered.
// Whoever changes one on purpose writes them anew and reads the difference:
//
//	go test ./handlers -run TestGolden -update
var golden = map[string]string{
	"agreement.json":      "/agreements/1.json",
	"agreement.csv":       "/agreements/1.csv",
	"agreement.svg":       "/agreements/1.svg",
	"agreement.jsonl":     "/agreements/1.jsonl",
	"agreement.jsonld":    "/agreements/1.jsonld",
	"agreement.ttl":       "/agreements/1.ttl",
	"agreement.bib":       "/agreements/1.bib",
	"agreement.ris":       "/agreements/1.ris",
	"agreement.csl.json":  "/agreements/1.csl",
	"agreements.json":     "/agreements.json?counts=1",
	"agreements.csv":      "/agreements.csv",
	"records.csv":         "/agreements.csv?table=records",
	"participations.csv":  "/agreements.csv?table=participations",
	"signatories.csv":     "/agreements.csv?table=signatories",
	"acts.csv":            "/agreements.csv?table=acts",
	"periods.csv":         "/agreements.csv?table=periods",
	"sources.csv":         "/agreements.csv?table=sources",
	"dyads.csv":           "/agreements.csv?table=dyads",
	"timeline.csv":        "/timeline.csv",
	"timeline.csvw.json":  "/timeline.csv-metadata.json",
	"timeline.json":       "/timeline.json?pair=BY-RU",
	"pairs.csv":           "/pairs.csv?from=2024&until=2026",
	"parties.csv":         "/parties.csv?from=2025&until=2026",
	"years.csv":           "/years.csv?from=2024",
	"years.svg":           "/years.svg?from=2020",
	"matrix.csv":          "/pairs/matrix.csv?codes=BY,RU,KZ",
	"network.graphml":     "/network.graphml?codes=BY,RU,KZ",
	"network.svg":         "/network.svg?codes=BY,RU,KZ",
	"calendar.ics":        "/calendar.ics?months=36",
	"calendar.csv":        "/calendar.csv?months=36",
	"feed.atom":           "/feed.atom",
	"opensearch.xml":      "/opensearch.xml",
	"problem.json":        "/agreements.json?status=nonsense&foo=1",
	"page-agreement.html": "/agreements/1",
	"page-pair.html":      "/pairs/BY-RU",
	"page-list.html":      "/agreements?kind=plan",
	"page-timeline.html":  "/timeline",
	"page-form.html":      "/agreements/1/edit",
}

var (
	assetHash = regexp.MustCompile(`\?v=[0-9a-f]+`)
	formKey   = regexp.MustCompile(`name="key" value="[A-Z0-9]*"`)
)

func TestGolden(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	s.recordTreaty()
	for name, address := range golden {
		t.Run(name, func(t *testing.T) {
			accept := "*/*"
			if strings.HasSuffix(name, ".html") {
				accept = "text/html"
			}
			a := s.get(address, "Accept", accept, "Accept-Language", "en")
			if want := name == "problem.json"; (a.StatusCode == http.StatusBadRequest) != want || !want && a.StatusCode != 200 {
				t.Fatalf("%s: %d: %.300s", address, a.StatusCode, a.body)
			}
			got := []byte(strings.ReplaceAll(a.body, s.URL, "https://treaties.example"))
			got = bytes.ReplaceAll(got, []byte(strings.TrimPrefix(s.URL, "http://")), []byte("treaties.example"))
			got = formKey.ReplaceAll(assetHash.ReplaceAll(got, nil), []byte(`name="key" value=""`))
			path := filepath.Join("testdata", "golden", name)
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not %s: %s", address, path, firstDifference(got, want))
			}
		})
	}
}

// firstDifference shows what stands around the first byte that differs.
func firstDifference(got, want []byte) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	around := func(text []byte) string { return string(text[max(0, at-60):min(len(text), at+120)]) }
	return "…" + around(got) + "…\nwant …" + around(want) + "…"
}

// Each golden file is one that is compared.
func TestGoldenFilesAreAllCompared(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*")
	if err != nil || len(files) != len(golden) {
		t.Errorf("%d golden files, %d compared (%v)", len(files), len(golden), err)
	}
	for _, file := range files {
		if golden[filepath.Base(file)] == "" {
			t.Errorf("%s is compared with nothing", file)
		}
	}
}

package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"

	"github.com/xuri/excelize/v2"
)

// Every form in which records are given out says what is recorded, under the
// address of an agreement, a list, a pair and a party alike.
func TestRecordsAreGivenOutInEveryForm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		s.record(seedForm())
		s.upload("Wortlaut.pdf", minimalPDF("Wortlaut")).want(t, 303)
		for _, path := range []string{"/agreements/1", "/agreements", "/pairs/BY-RU", "/parties/BY",
			"/agreements/1?recorded=2026-12-31"} {
			at := func(ending string) answer {
				address, query, _ := strings.Cut(path, "?")
				if strings.Contains(ending, "?") && query != "" {
					query = "&" + query
				} else if query != "" {
					query = "?" + query
				}
				return s.get(address+ending+query, "Accept", "*/*").want(t, 200)
			}
			page := s.URL + "/agreements/1"
			at(".jsonl").want(t, 200, `"address":"`+page+`"`, `"person":"Alexander Wolfowitsch"`)
			var linked struct {
				Graph []map[string]any `json:"@graph"`
			}
			if err := json.Unmarshal([]byte(at(".jsonld").body), &linked); err != nil || len(linked.Graph) != 1 ||
				linked.Graph[0]["@id"] != page || linked.Graph[0]["legislationDate"] != "2025-11-05" {
				t.Errorf("%s.jsonld: %v, %v", path, linked, err)
			}
			at(".ttl").want(t, 200, "<"+page+"> a schema:Legislation ;", `schema:legislationDate "2025-11-05"^^xsd:date`)
			at(".bib").want(t, 200, "@misc{chancery-1,", "year = {2025}")
			at(".ris").want(t, 200, "TY  - LEGAL\r\n", "ER  - \r\n")
			var cited []map[string]any
			if err := json.Unmarshal([]byte(at(".csl").body), &cited); err != nil || len(cited) != 1 ||
				cited[0]["type"] != "treaty" {
				t.Errorf("%s.csl: %v, %v", path, cited, err)
			}
			book, err := excelize.OpenReader(strings.NewReader(at(".xlsx").body))
			if err != nil {
				t.Fatal(err)
			}
			if signed, err := book.GetCellValue("records", "G2"); err != nil || signed != "2025-11-05" {
				t.Errorf("%s.xlsx: signed %q, %v", path, signed, err)
			}
			if kind, err := book.GetCellType("records", "G2"); err != nil || kind == excelize.CellTypeInlineString ||
				kind == excelize.CellTypeSharedString {
				t.Errorf("%s.xlsx: a day is %v, %v", path, kind, err)
			}
			for _, table := range exchange.RecordTables {
				rows, err := csv.NewReader(strings.NewReader(at(".csv?table=" + table.Name).body)).ReadAll()
				if err != nil || strings.Join(rows[0], ",") != strings.Join(table.Header(), ",") {
					t.Fatalf("%s: %v, %v", table.Name, rows, err)
				}
				if len(rows) > 1 && rows[1][len(rows[1])-1] != page {
					t.Errorf("%s: the page is at %s", table.Name, rows[1][len(rows[1])-1])
				}
				if n, err := book.GetRows(table.Name); err != nil || len(n) != len(rows) {
					t.Errorf("the sheet %s has %d rows, the CSV %d: %v", table.Name, len(n), len(rows), err)
				}
			}
			archive, err := zip.NewReader(strings.NewReader(at(".zip").body), int64(len(at(".zip").body)))
			if err != nil {
				t.Fatal(err)
			}
			names := ""
			for _, f := range archive.File {
				names += f.Name + " "
			}
			if names != "documents/1/1-Wortlaut.pdf agreements.jsonl documents.json " {
				t.Errorf("%s.zip has %s", path, names)
			}
		}
		s.get("/agreements.csv?table=dyads").want(t, 200, "1,BY,RU,")
		s.get("/agreements.csv?table=nothing", "Accept", "application/json").want(t, 400, "choice")
		s.get("/agreements.csv-metadata.json?table=acts").want(t, 200, `"act_type"`)
		var graph struct {
			Edges []struct {
				Source string `xml:"source,attr"`
			} `xml:"graph>edge"`
		}
		if err := xml.Unmarshal([]byte(s.get("/network.graphml?codes=BY,RU&measure=signed").want(t, 200).body),
			&graph); err != nil || len(graph.Edges) != 1 {
			t.Errorf("%+v, %v", graph, err)
		}
	})
}

// The whole register comes as a database that opens in Chancery itself.
func TestTheRegisterComesAsADatabase(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.get("/register").want(t, 200, "register.sqlite")
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := os.WriteFile(path, []byte(s.get("/register.sqlite").want(t, 200).body), 0o600); err != nil {
			t.Fatal(err)
		}
		store := testdb.Open(t, path)
		a, err := store.Agreement(t.Context(), 1)
		if err != nil || a.Participations[0].Signatories[0].Person != "Alexander Wolfowitsch" {
			t.Errorf("%+v, %v", a, err)
		}
		if broken, _, err := store.Upkeep().VerifyChain(models.WithRestricted(t.Context()), nil); err != nil ||
			broken != nil {
			t.Errorf("the chain: %v, %v", broken, err)
		}
	})
}

// Linked data and citations escape what is written in them.
func TestWordsStayWordsInEveryForm(t *testing.T) {
	s := open(t, "sqlite")
	form := seedForm()
	hostile := "A \"quoted\" {brace} \\ 100 % <b>&\n=1+1 \u202e"
	form.Set("titles[0].text", hostile)
	form.Set("place", "=cmd|' /C calc'!A0")
	s.record(form)
	for _, ending := range []string{".jsonl", ".jsonld", ".csl"} {
		decoder := json.NewDecoder(strings.NewReader(s.get("/agreements/1"+ending).want(t, 200).body))
		var any any
		if err := decoder.Decode(&any); err != nil {
			t.Errorf("%s: %v", ending, err)
		}
	}
	s.get("/agreements/1.ttl").want(t, 200, `"A \"quoted\" {brace} \\ 100 % <b>&\n=1+1`)
	s.get("/agreements/1.bib").want(t, 200, `A "quoted" \{brace\} \textbackslash{} 100 \% <b>\& =1+1`)
	if body := s.get("/agreements/1.ris").body; strings.Count(body, "\r\nTI  - ") != 1 ||
		strings.Contains(body, "\n=1+1") {
		t.Errorf("RIS: %q", body)
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(s.get("/agreements.xlsx").want(t, 200).body)))
	if err != nil {
		t.Fatal(err)
	}
	if formula, err := book.GetCellFormula("records", "J2"); err != nil || formula != "" {
		t.Errorf("the place is a formula: %q, %v", formula, err)
	}
	rows, err := csv.NewReader(strings.NewReader(s.get("/agreements.csv?table=records").body)).ReadAll()
	if err != nil || rows[1][9] != "'=cmd|' /C calc'!A0" {
		t.Errorf("%v, %v", rows, err)
	}
}

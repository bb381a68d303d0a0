package exchange_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/models/status"
)

// related is a record that stands in every relation, with words that mean something
// to a format.
func related() exchange.Linked {
	l := hostile("2025-11-05")
	l.Titles = []models.Title{{Language: "en", Text: "On \"grain\"\\ and\nfish\t<b> & 'x'"},
		{Language: "ru", Text: "О зерне"}}
	l.ExternalIDs = []models.ExternalID{{Scheme: "UNTS", Value: "I-7\""}}
	l.Sources = []models.Source{{URL: "https://example.org/a b<c>\"d\"", Title: "Gazette", Published: "2025-11"},
		{Title: "A paper"}}
	l.ValidityPeriods = []models.ValidityPeriod{{ValidFrom: "2026-01-01", ValidUntil: "2026-12-31"},
		{ValidFrom: "2027", ValidUntil: "2027-12-31"}}
	for i, relation := range models.RelationTypes {
		l.Relations = append(l.Relations, models.Relation{Type: relation, TargetID: int64(100 + i)})
	}
	l.Participations = []models.Participation{{Party: "BY", Institution: "Security Council",
		Signatories: []models.Signatory{{Person: "A. Person", Office: "Secretary"}}}}
	l.Meetings = []models.AgreementMeeting{{Meeting: &models.Meeting{Title: "Session", Held: "2025-11-05", Place: "Moscow"}}}
	l.Level = "interagency"
	l.AsAt = "2028-06-01"
	l.Outcome = (status.Facts{Signed: status.On("2025-11-05"), Parties: []status.Party{{Code: "BY"}, {Code: "RU"}},
		Periods: []status.Period{{From: status.On("2026-01-01"), Until: status.On("2027-12-31")}}}).Outcome()
	return l
}

func TestJSONLDSaysWhatTheRecordSays(t *testing.T) {
	text := written(t, exchange.WriteJSONLD, related(), hostile("2025"))
	var document struct {
		Context []any            `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil || len(document.Graph) != 2 {
		t.Fatal(len(document.Graph), err)
	}
	m := document.Graph[0]
	for name, want := range map[string]string{
		"@id":                           "https://example.org/agreements/7",
		"@type":                         "Legislation",
		"legislationDate":               "2025-11-05",
		"legislationType":               "agreement",
		"legislationLegalForce":         "https://schema.org/NotInForce",
		"eli:first_date_entry_in_force": "2026-01-01",
		"eli:date_no_longer_in_force":   "2027-12-31",
		"legislationChanges":            "[map[@id:https://example.org/agreements/101]]",
		"about":                         "[duties]",
		"temporalCoverage":              "[2026-01-01/2027-12-31]",
		"genre":                         "interagency",
		"recordedAt":                    "[map[@type:Event location:Moscow name:Session startDate:2025-11-05]]",
		"identifier":                    "[map[@type:PropertyValue propertyID:UNTS value:I-7\"]]",
		"name": "[map[@language:en @value:On \"grain\"\\ and\nfish\t<b> & 'x'] map[@language:ru " +
			"@value:О зерне]]",
		"legislationJurisdiction": "[map[@type:AdministrativeArea identifier:BY name:Belarus] " +
			"map[@type:AdministrativeArea identifier:RU name:RU]]",
		"citation": "[map[@type:CreativeWork datePublished:map[@type:xsd:gYearMonth @value:2025-11] name:Gazette url:https://example.org/a b<c>\"d\"] " +
			"map[@type:CreativeWork name:A paper]]",
	} {
		if got := fmt.Sprint(m[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	addresses := 0
	for _, value := range m {
		addresses += strings.Count(fmt.Sprint(value), "agreements/10")
	}
	if addresses != len(models.RelationTypes) {
		t.Errorf("%d relations are told of %d", addresses, len(models.RelationTypes))
	}
	if year := fmt.Sprint(document.Graph[1]["legislationDate"]); year != "map[@type:xsd:gYear @value:2025]" {
		t.Errorf("a year is told as %v", year)
	}
}

// Turtle, by its grammar (RDF 1.1 Turtle, section 6.5), as far as we write it.
var (
	turtleLiteral = `"(?:[^"\\\n\r]|\\[tbnrf"'\\])*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^xsd:\w+)?`
	turtleIRI     = "<[^\\x00-\\x20<>\"{}|^`\\\\]*>"
	turtleValue   = `(?:` + turtleLiteral + `|` + turtleIRI + `)`
	turtleInner   = `(?:` + turtleValue + `|\[ a schema:\w+(?: ; schema:\w+ ` + turtleValue + `)+ \])`
	turtleObject  = `(?:` + turtleValue + `|\[ a schema:\w+(?: ; schema:\w+ ` + turtleInner + `)+ \])`
	turtleLine    = regexp.MustCompile(`^(?:@prefix \w+: ` + turtleIRI + ` \.|` + turtleIRI +
		` a schema:Legislation ;|\t(?:schema|eli):\w+ ` +
		turtleObject + ` [;.]|)$`)
)

func TestTurtleKeepsToItsGrammar(t *testing.T) {
	text := written(t, exchange.WriteTurtle, related(), hostile("2025"))
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if !turtleLine.MatchString(line) {
			t.Errorf("no Turtle: %q", line)
		}
	}
	for _, want := range []string{
		`schema:name "On \"grain\"\\ and\nfish\t<b> & 'x'"@en ;`, `schema:name "О зерне"@ru ;`,
		`schema:legislationDate "2025-11-05"^^xsd:date ;`, "schema:citation [ a schema:CreativeWork ; schema:url <https://example.org/a%20b%3Cc%3E%22d%22> ; schema:name \"Gazette\" ; schema:datePublished \"2025-11\"^^xsd:gYearMonth ] ;",
		"schema:legislationChanges <https://example.org/agreements/101> ;",
		"eli:completes <https://example.org/agreements/102> ;",
	} {
		if !strings.Contains(text, "\t"+want+"\n") {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if strings.Count(text, " .\n") != 3+2 {
		t.Errorf("%d sentences end", strings.Count(text, " .\n"))
	}
}

// Both say of a record the same: what is in the one is in the other.
func TestTurtleAndJSONLDHaveTheSameTerms(t *testing.T) {
	var document struct {
		Graph []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(written(t, exchange.WriteJSONLD, related())), &document); err != nil {
		t.Fatal(err)
	}
	var terms []string
	for name := range document.Graph[0] {
		if !strings.HasPrefix(name, "@") {
			terms = append(terms, strings.TrimPrefix(name, "schema:"))
		}
	}
	slices.Sort(terms)
	var said []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) `).FindAllStringSubmatch(
		written(t, exchange.WriteTurtle, related()), -1) {
		said = append(said, strings.TrimPrefix(m[1], "schema:"))
	}
	slices.Sort(said)
	if said = slices.Compact(said); !slices.Equal(terms, said) {
		t.Errorf("JSON-LD has\n%v, Turtle\n%v", terms, said)
	}
}

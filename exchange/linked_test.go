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
		"identifier":                    "[map[@type:PropertyValue propertyID:UNTS value:I-7\"]]",
		"name": "[map[@language:en @value:On \"grain\"\\ and\nfish\t<b> & 'x'] map[@language:ru " +
			"@value:О зерне]]",
		"legislationJurisdiction": "[map[@type:AdministrativeArea identifier:BY name:Belarus] " +
			"map[@type:AdministrativeArea identifier:RU name:RU]]",
		"citation": "[map[@type:CreativeWork name:Gazette url:https://example.org/a b<c>\"d\"] " +
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
	if _, told := document.Graph[1]["legislationDate"]; told || document.Graph[1]["temporalCoverage"] != "2025" {
		t.Errorf("a year is told as %v, %v", document.Graph[1]["legislationDate"], document.Graph[1]["temporalCoverage"])
	}
}

// Turtle, by its grammar (RDF 1.1 Turtle, section 6.5), as far as we write it.
var (
	turtleLiteral = `"(?:[^"\\\n\r]|\\[tbnrf"'\\])*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^xsd:date)?`
	turtleIRI     = "<[^\\x00-\\x20<>\"{}|^`\\\\]*>"
	turtleObject  = `(?:` + turtleLiteral + `|` + turtleIRI + `|schema:\w+|\[ a schema:\w+ (?:; schema:\w+ ` +
		turtleLiteral + ` )+\])`
	turtleLine = regexp.MustCompile(`^(?:@prefix \w+: ` + turtleIRI + ` \.|` + turtleIRI +
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
		`schema:legislationDate "2025-11-05"^^xsd:date ;`, "schema:citation <https://example.org/a%20b%3Cc%3E%22d%22> ;",
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
		if !strings.HasPrefix(name, "@") && name != "url" && name != "abstract" && name != "eli:date_document" {
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

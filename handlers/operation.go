package handlers

import (
	"fmt"
	"slices"
	"strings"

	"chancery/exchange"
	"chancery/models"
)

// An operation is what the description of the API says of a route beyond its row:
// nothing of what only people use.
type operation struct {
	summary string
	query   []string // the parameters of its address, each a name of parameters, or a name, its type and what it means
	body    any      // the value that is sent as JSON
	form    []string // the fields of a form; none for those of a record. A type follows where it is not text
	answer  any      // the value that JSON answers hold, nil where there is none
	media   []string // further media types of an answer; nil for a page alone
	codes   []int    // answers beyond those of every route of its method, by status
	program bool     // whether there is no page of it
}

// mediaTypes are those of representations, by their ending.
var mediaTypes = func() map[string]string {
	types := map[string]string{}
	for _, f := range exchange.Formats {
		types[f.Name] = f.MediaType
	}
	return types
}()

// A parameter of an address, by its name.
type parameter struct {
	means  string
	number bool
}

// parameters are those that several addresses take: a filter's, and what lists and
// exports take beside.
var parameters = map[string]parameter{
	"pair":         {means: "two codes: BY-RU"},
	"party":        {means: "code; may be repeated: each takes part"},
	"predecessors": {means: "1 takes in predecessors"},
	"role":         {means: "role of the parties asked for; may be repeated"},
	"on":           {means: "the day as at which statuses are read"},
	"recorded":     {means: "read what the register said at that moment: 2026-03-01T00:00Z"},
	"status":       {means: "in-force, signed, …; may be repeated"},
	"kind":         {means: "may be repeated"},
	"level":        {means: "may be repeated"},
	"scope":        {means: "bilateral or multilateral"},
	"from":         {means: "EDTF"},
	"until":        {means: "EDTF"},
	"ending":       {means: "in force, and ceasing to be within so many months", number: true},
	"q":            {means: `words, "phrases", -exclusions`},
	"text":         {means: "words in the title"},
	"subject":      {means: "exact; may be repeated"},
	"place":        {means: "exact; may be repeated"},
	"series":       {means: "of meetings, exact; may be repeated"},
	"language":     {means: "of a title, BCP 47; may be repeated"},
	"person":       {means: "number of who signed; may be repeated"},
	"sourced":      {means: "yes or no"},
	"precision":    {means: "day, month, year, other, derived; may be repeated"},
	"work":         {means: "what a curator would mend: parties, date, unread, entry, source, dates, existence, doubt; may be repeated"},
	"agreement":    {means: "register number", number: true},
	"meeting":      {means: "number of a meeting", number: true},
	"event":        {means: "kind of event; may be repeated"},
	"order":        {means: "newest or oldest first; of a program's timeline oldest unless asked"},
	"after":        {means: "cursor"},
	"limit":        {means: fmt.Sprintf("at most %d", models.MaxPageSize), number: true},
	"counts":       {means: "1 adds the numbers beside the list, by facet"},
	"table":        {means: "with .csv: one of the tidy tables " + strings.Join(exchange.RecordTableNames(), ", ")},
}

// filterBut are the parameters of a filter, but those that an address does not
// take.
func filterBut(names ...string) []string {
	return slices.DeleteFunc(models.FilterParameters(), func(name string) bool { return slices.Contains(names, name) })
}

// recordFormats are media types with those of whole records.
func recordFormats(names ...string) []string { return append(names, exchange.RecordFormats()...) }

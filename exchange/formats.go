package exchange

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"chancery/models"
)

// A Format is a form in which something is given out: the ending of an address, and
// a media type.
type Format struct {
	Name       string // the ending, without its dot
	MediaType  string
	Also       []string // media types that ask for it as well
	UTF8       bool     // the media type is given with its charset
	Negotiated bool     // it can be asked for in Accept
	Inline     bool     // a browser shows it
	Records    bool     // whole records are given out in it
	write      func(w io.Writer, r Records) error
}

// ContentType is the media type, with its charset where it has one.
func (f Format) ContentType() string {
	if f.UTF8 {
		return f.MediaType + "; charset=utf-8"
	}
	return f.MediaType
}

// Formats are all of them. Of those that a client wants equally, the first is
// given; menus have those of whole records in this order.
var Formats = []Format{
	{Name: "html", MediaType: "text/html", Also: []string{"application/xhtml+xml"}, UTF8: true, Negotiated: true,
		Inline: true},
	{Name: "json", MediaType: "application/json", Also: []string{"application/problem+json"}, UTF8: true,
		Negotiated: true, Inline: true},
	{Name: "csv", MediaType: "text/csv", UTF8: true, Negotiated: true},
	{Name: "svg", MediaType: "image/svg+xml", UTF8: true, Negotiated: true},
	{Name: "png", MediaType: "image/png"},
	{Name: "atom", MediaType: "application/atom+xml", UTF8: true, Negotiated: true},
	{Name: "ics", MediaType: "text/calendar", UTF8: true, Negotiated: true},
	{Name: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Records: true,
		write: func(w io.Writer, r Records) error { return WriteWorkbook(w, r) }},
	{Name: "jsonl", MediaType: "application/jsonl", UTF8: true, Inline: true, Records: true,
		write: func(w io.Writer, r Records) error { return WriteJSONLines(w, r.All, r.Site) }},
	{Name: "jsonld", MediaType: "application/ld+json", Negotiated: true, Inline: true, Records: true,
		write: func(w io.Writer, r Records) error { return WriteJSONLD(w, r.linked) }},
	{Name: "ttl", MediaType: "text/turtle", UTF8: true, Negotiated: true, Inline: true, Records: true,
		write: func(w io.Writer, r Records) error { return WriteTurtle(w, r.linked) }},
	{Name: "bib", MediaType: "application/x-bibtex", UTF8: true, Negotiated: true, Records: true,
		write: func(w io.Writer, r Records) error { return WriteBibTeX(w, r.linked) }},
	{Name: "ris", MediaType: "application/x-research-info-systems", UTF8: true, Records: true,
		write: func(w io.Writer, r Records) error { return WriteRIS(w, r.linked) }},
	{Name: "csl", MediaType: "application/vnd.citationstyles.csl+json", Records: true,
		write: func(w io.Writer, r Records) error { return WriteCSL(w, r.linked) }},
	{Name: "zip", MediaType: "application/zip", Records: true}, // with documents, which handlers add
	{Name: "graphml", MediaType: "application/graphml+xml"},
	{Name: "sqlite", MediaType: "application/vnd.sqlite3"},
}

// FormatNamed is the format of an ending; not ok when there is none.
func FormatNamed(name string) (f Format, ok bool) {
	if i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name }); i >= 0 {
		return Formats[i], true
	}
	return Format{}, false
}

// RecordFormats are the endings of the formats in which whole records are given
// out, beside tables as CSV.
func RecordFormats() (names []string) {
	for _, f := range Formats {
		if f.Records {
			names = append(names, f.Name)
		}
	}
	return names
}

// Records are those that are given out.
type Records struct {
	All   iter.Seq2[*models.Agreement, error]
	Names map[string]string // of parties, by code
	Site  string            // where their pages are
	Pair  [2]string         // of whom alone tables of pairs have rows; empty for all
}

// linked are the records with what linked data and citations add.
func (r Records) linked(yield func(Linked, error) bool) {
	for a, err := range r.All {
		l := Linked{Agreement: a, Names: r.Names}
		if a != nil {
			l.Address = Address(r.Site, a.ID)
		}
		if !yield(l, err) {
			return
		}
	}
}

// WriteRecords streams records in a format of whole records.
func WriteRecords(w io.Writer, format string, r Records) error {
	f, _ := FormatNamed(format)
	if f.write == nil {
		return fmt.Errorf("%q is no form in which records are given out", format)
	}
	return f.write(w, r)
}

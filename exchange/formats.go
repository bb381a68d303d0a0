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
	write      func(w io.Writer, r records) error
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
		write: func(w io.Writer, r records) error { return WriteWorkbook(w, r.all, r.site) }},
	{Name: "jsonl", MediaType: "application/jsonl", UTF8: true, Inline: true, Records: true,
		write: func(w io.Writer, r records) error { return WriteJSONLines(w, r.all, r.site) }},
	{Name: "jsonld", MediaType: "application/ld+json", Negotiated: true, Inline: true, Records: true,
		write: func(w io.Writer, r records) error { return WriteJSONLD(w, r.linked) }},
	{Name: "ttl", MediaType: "text/turtle", UTF8: true, Negotiated: true, Inline: true, Records: true,
		write: func(w io.Writer, r records) error { return WriteTurtle(w, r.linked) }},
	{Name: "bib", MediaType: "application/x-bibtex", UTF8: true, Negotiated: true, Records: true,
		write: func(w io.Writer, r records) error { return WriteBibTeX(w, r.linked) }},
	{Name: "ris", MediaType: "application/x-research-info-systems", UTF8: true, Records: true,
		write: func(w io.Writer, r records) error { return WriteRIS(w, r.linked) }},
	{Name: "csl", MediaType: "application/vnd.citationstyles.csl+json", Records: true,
		write: func(w io.Writer, r records) error { return WriteCSL(w, r.linked) }},
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

// records are those that are given out: their pages are at the site, names are
// those of parties, by code.
type records struct {
	all   iter.Seq2[*models.Agreement, error]
	names map[string]string
	site  string
}

// linked are the records with what linked data and citations add.
func (r records) linked(yield func(Linked, error) bool) {
	for a, err := range r.all {
		l := Linked{Agreement: a, Names: r.names}
		if a != nil {
			l.Address = Address(r.site, a.ID)
		}
		if !yield(l, err) {
			return
		}
	}
}

// WriteRecords streams records in a format of whole records. names are those of
// parties, by code; the records' pages are at the site.
func WriteRecords(w io.Writer, format string, all iter.Seq2[*models.Agreement, error], names map[string]string,
	site string) error {
	f, _ := FormatNamed(format)
	if f.write == nil {
		return fmt.Errorf("%q is no form in which records are given out", format)
	}
	return f.write(w, records{all, names, site})
}

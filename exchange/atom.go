package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// A Feed is an Atom feed (RFC 4287), paged by RFC 5005.
type Feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []FeedLink  `xml:"link"`
	Entries []FeedEntry `xml:"entry"`
}

// A FeedLink leads from a feed or an entry to another address.
type FeedLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

// A FeedEntry is one piece of news. Its ID never changes.
type FeedEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []FeedLink `xml:"link"`
	Summary string     `xml:"summary"`
}

// Moment writes a time as feeds do (RFC 3339).
func Moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// WriteFeed writes a feed as XML.
func WriteFeed(w io.Writer, f Feed) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(f); err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	return nil
}

// WriteOpenSearch writes the description by which browsers take a search box in
// (OpenSearch 1.1).
func WriteOpenSearch(w io.Writer, name, description, site string) error {
	type address struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	document := struct {
		XMLName     xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName   string    `xml:"ShortName"`
		Description string    `xml:"Description"`
		Encoding    string    `xml:"InputEncoding"`
		Addresses   []address `xml:"Url"`
	}{ShortName: name, Description: description, Encoding: "UTF-8", Addresses: []address{
		{"text/html", site + "/search?q={searchTerms}"}, {"application/json", site + "/search.json?q={searchTerms}"}}}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the search description: %w", err)
	}
	if err := xml.NewEncoder(w).Encode(document); err != nil {
		return fmt.Errorf("writing the search description: %w", err)
	}
	return nil
}

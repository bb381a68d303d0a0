package exchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

// A Linked record is an agreement with what its outcome says of a day, as linked
// data and citations have it.
type Linked struct {
	*models.Agreement
	Names   map[string]string // of its parties, by code
	Address string
}

// Names of the vocabularies.
const (
	schemaOrg = "https://schema.org/"
	eli       = "http://data.europa.eu/eli/ontology#"
	xsd       = "http://www.w3.org/2001/XMLSchema#"
)

// dateOf is a date as XML Schema can say it, a day, a month or a year; nil for
// others.
func dateOf(written string) any {
	d, err := edtf.ParseDate(written)
	if err != nil || strings.ContainsAny(written, "?~%X/.") {
		return nil
	}
	switch len(d.Written) {
	case len("2006-01-02"):
		return typed{d.Written, "date"}
	case len("2006-01"):
		return typed{d.Written, "gYearMonth"}
	case len("2006"):
		return typed{d.Written, "gYear"}
	}
	return nil
}

// node is an agreement in schema.org's terms (Legislation), with those of ELI for
// what schema.org lacks.
func (l Linked) node() *node {
	n := &node{kind: "Legislation"}
	n.say("url", address(l.Address))
	n.say("legislationIdentifier", strconv.FormatInt(l.ID, 10))
	var names, about, parties, identifiers []any
	for _, t := range l.Titles {
		names = append(names, tagged{t.Text, t.Language})
	}
	for _, s := range l.Subjects {
		about = append(about, s.Text)
	}
	for _, code := range l.PartyCodes() {
		parties = append(parties, l.party(code))
	}
	for _, e := range l.ExternalIDs {
		id := &node{kind: "PropertyValue"}
		id.say("propertyID", e.Scheme)
		id.say("value", e.Value)
		identifiers = append(identifiers, id)
	}
	n.sayAll("name", names)
	n.say("legislationType", l.Kind)
	if l.Level != "unknown" {
		n.say("genre", l.Level)
	}
	n.sayAll("legislationJurisdiction", parties)
	n.sayAll("legislationPassedBy", l.institutions())
	n.sayAll("contributor", l.signatories())
	n.say("legislationDate", dateOf(l.Signed))
	n.say("eli:date_document", dateOf(l.Signed))
	n.say("locationCreated", l.Place)
	n.sayAll("recordedAt", l.meetings())
	n.say("abstract", l.Summary)
	n.sayAll("about", about)
	n.sayAll("identifier", identifiers)
	l.validity(n)
	n.sayAll("citation", l.citations())
	for _, relation := range models.RelationTypes {
		n.sayAll(relationTerms[relation], l.targets(relation))
	}
	return n
}

// party is a party as linked data names it.
func (l Linked) party(code string) *node {
	n := &node{kind: "AdministrativeArea"}
	n.say("identifier", code)
	n.say("name", l.name(code))
	return n
}

// institutions are the bodies that act for the parties.
func (l Linked) institutions() (list []any) {
	for _, p := range l.Participations {
		if p.Institution != "" {
			n := &node{kind: "GovernmentOrganization"}
			n.say("name", p.Institution)
			n.say("areaServed", l.party(p.Party))
			list = append(list, n)
		}
	}
	return list
}

// signatories are the people who signed, each in the office held then.
func (l Linked) signatories() (list []any) {
	for _, p := range l.Participations {
		for _, s := range p.Signatories {
			person := &node{kind: "Person"}
			person.say("name", s.Person)
			n := &node{kind: "Role"}
			n.say("roleName", s.Office)
			n.say("startDate", dateOf(s.Signed))
			n.say("contributor", person)
			list = append(list, n)
		}
	}
	return list
}

// meetings are the occasions.
func (l Linked) meetings() (list []any) {
	for _, m := range l.Meetings {
		if m.Meeting != nil {
			n := &node{kind: "Event"}
			n.say("name", m.Meeting.Title)
			n.say("startDate", dateOf(m.Meeting.Held))
			n.say("location", m.Meeting.Place)
			if to := m.Meeting.RelatedTo; to != nil { // in the margins of it, or a session of it
				super := &node{kind: "Event"}
				super.say("name", to.Title)
				super.say("startDate", dateOf(to.Held))
				super.say("location", to.Place)
				n.say("superEvent", super)
			} else if m.Meeting.Series != "" {
				series := &node{kind: "EventSeries"}
				series.say("name", m.Meeting.Series)
				n.say("superEvent", series)
			}
			list = append(list, n)
		}
	}
	return list
}

// citations are an agreement's sources, with what is quoted of them.
func (l Linked) citations() (sources []any) {
	for _, s := range l.Sources {
		n := &node{kind: "CreativeWork"}
		if s.URL != "" {
			n.say("url", address(s.URL))
		}
		n.say("name", s.Title)
		n.say("publisher", s.Publisher)
		n.say("inLanguage", s.Language)
		published := dateOf(s.Published)
		if d, ok := published.(typed); ok && d.kind == "date" && s.Time != "" {
			published = typed{d.text + "T" + s.Time + ":00", "dateTime"}
		}
		n.say("datePublished", published)
		n.say("text", s.Quotation)
		sources = append(sources, n)
	}
	return sources
}

// validity says what is recorded of the periods, and from the spells when the
// agreement was in force: the first day, and once it is so no longer the last.
func (l Linked) validity(n *node) {
	if len(l.ValidityPeriods) > 0 {
		n.say("legislationDateOfApplicability", dateOf(l.ValidityPeriods[0].ValidFrom))
		n.say("expires", dateOf(l.ValidityPeriods[len(l.ValidityPeriods)-1].ValidUntil))
	}
	var held []status.Stretch
	if l.Outcome != nil {
		held = status.StretchesInForce(l.Outcome.Whole)
	}
	var coverage []any
	for _, s := range held {
		until := string(s.Until)
		if s.Until == edtf.LastDay {
			until = ".."
		}
		coverage = append(coverage, string(s.From)+"/"+until)
	}
	n.sayAll("temporalCoverage", coverage)
	force := "NotInForce"
	if len(held) > 0 {
		n.say("eli:first_date_entry_in_force", dateOf(string(held[0].From)))
		last := held[len(held)-1]
		if status.At(l.Outcome.Whole, l.AsAt).Status == status.InForce {
			force = "InForce"
		} else if last.Until < l.AsAt {
			n.say("eli:date_no_longer_in_force", dateOf(string(last.Until)))
		}
	}
	n.say("legislationLegalForce", address(schemaOrg+force))
}

// targets are the addresses of those that an agreement stands in a relation to.
func (l Linked) targets(relation string) (targets []any) {
	folder := strings.TrimSuffix(l.Address, strconv.FormatInt(l.ID, 10))
	for _, r := range l.Relations {
		if r.Type == relation {
			targets = append(targets, address(folder+strconv.FormatInt(r.TargetID, 10)))
		}
	}
	return targets
}

// relationTerms are the terms for relations.
var relationTerms = map[string]string{"amends": "legislationChanges", "supplements": "eli:completes",
	"implements": "legislationApplies", "replaces": "legislationRepeals", "terminates": "eli:repeals",
	"succeeds": "eli:based_on", "extends": "legislationAmends", "coterminous": "eli:related_to"}

func (l Linked) name(code string) string {
	if name := l.Names[code]; name != "" {
		return name
	}
	return code
}

// fullDay is a date that is one whole day, which other vocabularies can say; empty
// for others.
func fullDay(written string) string {
	if d, err := edtf.ParseDate(written); err == nil && d.Exact() && written == string(d.Earliest) {
		return written
	}
	return ""
}

// jsonLD is an agreement as JSON-LD.
func (l Linked) jsonLD() map[string]any {
	m := l.node().jsonLD()
	m["@id"] = l.Address
	return m
}

// WriteJSONLD streams records as one JSON-LD document.
func WriteJSONLD(w io.Writer, records iter.Seq2[Linked, error]) error {
	begin := fmt.Sprintf(`{"@context":[%q,{"eli":%q,"xsd":%q}],"@graph":[`, schemaOrg, eli, xsd)
	return writeJSON(w, begin, "]}\n", "JSON-LD", records, Linked.jsonLD)
}

// writeJSON streams records as the items of one JSON list, between what begins and
// ends the document; format names it in an error.
func writeJSON(w io.Writer, begin, end, format string, records iter.Seq2[Linked, error],
	item func(Linked) map[string]any) error {
	out := bufio.NewWriter(w)
	out.WriteString(begin)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	first := true
	for l, err := range records {
		if err != nil {
			return err
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		if err := encoder.Encode(item(l)); err != nil {
			return fmt.Errorf("writing %s: %w", format, err)
		}
	}
	out.WriteString(end)
	return out.Flush()
}

// WriteTurtle streams records as RDF 1.1 Turtle, in the same terms as JSON-LD.
func WriteTurtle(w io.Writer, records iter.Seq2[Linked, error]) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "@prefix schema: <%s> .\n@prefix eli: <%s> .\n@prefix xsd: <%s> .\n", schemaOrg, eli, xsd)
	for l, err := range records {
		if err != nil {
			return err
		}
		n := l.node()
		fmt.Fprintf(out, "\n%s a schema:%s", iri(l.Address), n.kind)
		n.turtle(out, " ;\n\t")
		out.WriteString(" .\n")
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing Turtle: %w", err)
	}
	return nil
}

func citations(w io.Writer, records iter.Seq2[Linked, error], write func(out *bufio.Writer, l Linked)) error {
	out := bufio.NewWriter(w)
	for l, err := range records {
		if err != nil {
			return err
		}
		write(out, l)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing citations: %w", err)
	}
	return nil
}

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
)

// A Linked record is an agreement with its state on a day, as linked data and
// citations have it.
type Linked struct {
	*models.Agreement
	InForce bool
	Names   map[string]string // of its parties, by code
	Address string
}

// Names of the vocabularies.
const (
	schemaOrg = "https://schema.org/"
	eli       = "http://data.europa.eu/eli/ontology#"
)

// jsonLD is an agreement in schema.org's terms (Legislation), with those of ELI for
// what schema.org lacks.
func (l Linked) jsonLD() map[string]any {
	force := "NotInForce"
	if l.InForce {
		force = "InForce"
	}
	var names, about, parties, identifiers []any
	for _, t := range l.Titles {
		names = append(names, map[string]string{"@value": t.Text, "@language": t.Language})
	}
	for _, s := range l.Subjects {
		about = append(about, s.Text)
	}
	for _, code := range l.PartyCodes() {
		parties = append(parties, map[string]any{"@type": "AdministrativeArea", "identifier": code, "name": l.name(code)})
	}
	for _, e := range l.ExternalIDs {
		identifiers = append(identifiers, map[string]any{"@type": "PropertyValue", "propertyID": e.Scheme, "value": e.Value})
	}
	m := map[string]any{"@type": "Legislation", "@id": l.Address, "url": l.Address,
		"legislationIdentifier": strconv.FormatInt(l.ID, 10), "name": names, "legislationType": l.Kind,
		"legislationLegalForce": schemaOrg + force, "legislationJurisdiction": parties, "temporalCoverage": l.Signed}
	for name, list := range map[string][]any{"about": about, "identifier": identifiers, "citation": l.citations()} {
		if len(list) > 0 {
			m[name] = list
		}
	}
	for name, value := range map[string]string{"legislationDate": fullDay(l.Signed),
		"eli:date_document": fullDay(l.Signed),
		"locationCreated":   l.Place, "abstract": l.Summary} {
		if value != "" {
			m[name] = value
		}
	}
	l.validity(m)
	for relation, term := range relationTerms {
		if targets := l.targets(relation); targets != nil {
			m[term] = targets
		}
	}
	return m
}

// citations are an agreement's sources.
func (l Linked) citations() (sources []any) {
	for _, s := range l.Sources {
		source := map[string]any{"@type": "CreativeWork"}
		for name, value := range map[string]string{"url": s.URL, "name": s.Title, "publisher": s.Publisher,
			"inLanguage": s.Language, "datePublished": fullDay(s.Published)} {
			if value != "" {
				source[name] = value
			}
		}
		sources = append(sources, source)
	}
	return sources
}

// validity adds the first day of the first period and the last day of the last, in
// ELI's terms.
func (l Linked) validity(m map[string]any) {
	if len(l.ValidityPeriods) == 0 {
		return
	}
	if day := fullDay(l.ValidityPeriods[0].ValidFrom); day != "" {
		m["eli:first_date_entry_in_force"] = day
	}
	if day := fullDay(l.ValidityPeriods[len(l.ValidityPeriods)-1].ValidUntil); day != "" {
		m["eli:date_no_longer_in_force"] = day
	}
}

// targets are the addresses of those that an agreement stands in a relation to.
func (l Linked) targets(relation string) (targets []any) {
	folder := strings.TrimSuffix(l.Address, strconv.FormatInt(l.ID, 10))
	for _, r := range l.Relations {
		if r.Type == relation {
			targets = append(targets, map[string]string{"@id": folder + strconv.FormatInt(r.TargetID, 10)})
		}
	}
	return targets
}

// relationTerms are the terms for relations.
var relationTerms = map[string]string{"amends": "legislationChanges", "supplements": "eli:completes",
	"implements": "legislationApplies", "replaces": "legislationRepeals", "terminates": "eli:repeals",
	"succeeds": "eli:based_on"}

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

// WriteJSONLD streams records as one JSON-LD document.
func WriteJSONLD(w io.Writer, records iter.Seq2[Linked, error]) error {
	begin := fmt.Sprintf(`{"@context":[%q,{"eli":%q}],"@graph":[`, schemaOrg, eli)
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
	t := &turtle{out: bufio.NewWriter(w)}
	fmt.Fprintf(t.out,
		"@prefix schema: <%s> .\n@prefix eli: <%s> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n", schemaOrg, eli)
	for l, err := range records {
		if err != nil {
			return err
		}
		t.record(l)
	}
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("writing Turtle: %w", err)
	}
	return nil
}

type turtle struct{ out *bufio.Writer }

func (t *turtle) record(l Linked) {
	fmt.Fprintf(t.out, "\n%s a schema:Legislation ;\n", iri(l.Address))
	say := func(term, object string) { fmt.Fprintf(t.out, "\t%s %s ;\n", term, object) }
	for _, title := range l.Titles {
		say("schema:name", literal(title.Text)+"@"+title.Language)
	}
	say("schema:legislationIdentifier", literal(strconv.FormatInt(l.ID, 10)))
	say("schema:legislationType", literal(l.Kind))
	day := func(term, written string) {
		if d := fullDay(written); d != "" {
			say(term, literal(d)+"^^xsd:date")
		}
	}
	day("schema:legislationDate", l.Signed)
	if l.Signed != "" {
		say("schema:temporalCoverage", literal(l.Signed))
	}
	if l.Place != "" {
		say("schema:locationCreated", literal(l.Place))
	}
	if len(l.ValidityPeriods) > 0 {
		day("eli:first_date_entry_in_force", l.ValidityPeriods[0].ValidFrom)
		day("eli:date_no_longer_in_force", l.ValidityPeriods[len(l.ValidityPeriods)-1].ValidUntil)
	}
	for _, s := range l.Subjects {
		say("schema:about", literal(s.Text))
	}
	for _, code := range l.PartyCodes() {
		say("schema:legislationJurisdiction",
			fmt.Sprintf("[ a schema:AdministrativeArea ; schema:identifier %s ; schema:name %s ]", literal(code),
				literal(l.name(code))))
	}
	for _, e := range l.ExternalIDs {
		say("schema:identifier", fmt.Sprintf("[ a schema:PropertyValue ; schema:propertyID %s ; schema:value %s ]",
			literal(e.Scheme), literal(e.Value)))
	}
	for _, s := range l.Sources {
		if s.URL != "" {
			say("schema:citation", iri(s.URL))
		}
	}
	for _, r := range l.Relations {
		term := relationTerms[r.Type]
		if !strings.Contains(term, ":") {
			term = "schema:" + term
		}
		say(term, iri(strings.TrimSuffix(l.Address, strconv.FormatInt(l.ID, 10))+strconv.FormatInt(r.TargetID, 10)))
	}
	force := "schema:NotInForce"
	if l.InForce {
		force = "schema:InForce"
	}
	fmt.Fprintf(t.out, "\tschema:legislationLegalForce %s .\n", force)
}

var literals = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// literal quotes a text.
func literal(text string) string { return `"` + literals.Replace(text) + `"` }

// iri writes an address; what may not stand in one is escaped.
func iri(address string) string {
	var b strings.Builder
	for _, r := range address {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			fmt.Fprintf(&b, "%%%02X", r)
		} else {
			b.WriteRune(r)
		}
	}
	return "<" + b.String() + ">"
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

package exchange

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
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
	for name, value := range map[string]string{"legislationDate": fullDay(l.Signed), "eli:date_document": fullDay(l.Signed),
		"locationCreated": l.Place, "abstract": l.Summary} {
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
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `{"@context":[%q,{"eli":%q}],"@graph":[`, schemaOrg, eli)
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
		if err := encoder.Encode(l.jsonLD()); err != nil {
			return fmt.Errorf("writing JSON-LD: %w", err)
		}
	}
	out.WriteString("]}\n")
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

// WriteBibTeX streams records for BibTeX.
func WriteBibTeX(w io.Writer, records iter.Seq2[Linked, error]) error {
	return citations(w, records, func(out *bufio.Writer, l Linked) {
		fmt.Fprintf(out, "@misc{chancery-%d,\n  title = {{%s}},\n", l.ID, bib(l.Title))
		if y := year(l); y != "" {
			fmt.Fprintf(out, "  year = {%s},\n", y)
		}
		if day := fullDay(l.Signed); day != "" {
			fmt.Fprintf(out, "  date = {%s},\n", day)
		}
		if l.Place != "" {
			fmt.Fprintf(out, "  address = {%s},\n", bib(l.Place))
		}
		fmt.Fprintf(out, "  type = {%s},\n  note = {%s},\n  url = {%s},\n  langid = {%s}\n}\n\n", bib(l.Kind),
			bib(l.partiesText()), bib(l.Address), bib(l.TitleLanguage))
	})
}

func (l Linked) partiesText() string {
	var names []string
	for i, code := range l.PartyCodes() {
		if i == 10 {
			names = append(names, "…")
			break
		}
		names = append(names, l.name(code))
	}
	return strings.Join(names, "; ")
}

func year(l Linked) string {
	if d, err := edtf.ParseDate(l.Signed); err == nil && d.Earliest != "" {
		return string(d.Earliest[:4])
	}
	return ""
}

var bibEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`,
	"#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "\n", " ", "\r", " ")

func bib(text string) string { return bibEscapes.Replace(text) }

// WriteRIS streams records as RIS, lines ended as its definition wants.
func WriteRIS(w io.Writer, records iter.Seq2[Linked, error]) error {
	return citations(w, records, func(out *bufio.Writer, l Linked) {
		line := func(tag, value string) {
			if value = oneLine(value); value != "" {
				fmt.Fprintf(out, "%s  - %s\r\n", tag, value)
			}
		}
		line("TY", "LEGAL")
		line("ID", "chancery-"+strconv.FormatInt(l.ID, 10))
		line("TI", l.Title)
		for _, code := range l.PartyCodes() {
			line("A2", l.name(code))
		}
		line("PY", year(l))
		if day := fullDay(l.Signed); day != "" {
			line("DA", strings.ReplaceAll(day, "-", "/"))
		}
		line("CY", l.Place)
		for _, s := range l.Subjects {
			line("KW", s.Text)
		}
		line("LA", l.TitleLanguage)
		line("AB", l.Summary)
		line("UR", l.Address)
		fmt.Fprint(out, "ER  - \r\n\r\n")
	})
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

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

// WriteCSL streams records as CSL-JSON, of the type treaty.
func WriteCSL(w io.Writer, records iter.Seq2[Linked, error]) error {
	out := bufio.NewWriter(w)
	out.WriteByte('[')
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
		m := map[string]any{"id": "chancery-" + strconv.FormatInt(l.ID, 10), "type": "treaty", "title": l.Title,
			"genre": l.Kind, "URL": l.Address, "language": l.TitleLanguage}
		if d, err := edtf.ParseDate(l.Signed); err == nil && d.Earliest != "" {
			parts := []int{}
			for i, p := range strings.Split(string(d.Earliest), "-") {
				n, _ := strconv.Atoi(p)
				if i == 0 || fullDay(l.Signed) != "" {
					parts = append(parts, n)
				}
			}
			m["issued"] = map[string]any{"date-parts": [][]int{parts}}
		}
		if l.Place != "" {
			m["event-place"] = l.Place
		}
		if text := l.partiesText(); text != "" {
			m["note"] = text
		}
		if err := encoder.Encode(m); err != nil {
			return fmt.Errorf("writing CSL-JSON: %w", err)
		}
	}
	out.WriteString("]\n")
	return out.Flush()
}

type graphML struct {
	XMLName xml.Name     `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
	Keys    []graphKey   `xml:"key"`
	Graph   graphContent `xml:"graph"`
}
type graphKey struct {
	ID   string `xml:"id,attr"`
	For  string `xml:"for,attr"`
	Name string `xml:"attr.name,attr"`
	Type string `xml:"attr.type,attr"`
}
type graphContent struct {
	ID    string      `xml:"id,attr"`
	Kind  string      `xml:"edgedefault,attr"`
	Nodes []graphNode `xml:"node"`
	Edges []graphEdge `xml:"edge"`
}
type graphNode struct {
	ID   string      `xml:"id,attr"`
	Data []graphData `xml:"data"`
}
type graphEdge struct {
	Source string      `xml:"source,attr"`
	Target string      `xml:"target,attr"`
	Data   []graphData `xml:"data"`
}
type graphData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

// WriteGraphML writes a matrix as a graph: parties as nodes, an edge between two
// that have agreements, with their number.
func WriteGraphML(w io.Writer, m *models.Matrix, names map[string]string) error {
	g := graphML{Keys: []graphKey{{"name", "node", "name", "string"}, {"agreements", "edge", "agreements", "int"}},
		Graph: graphContent{ID: "agreements", Kind: "undirected"}}
	for _, code := range m.Codes {
		g.Graph.Nodes = append(g.Graph.Nodes, graphNode{code, []graphData{{"name", names[code]}}})
	}
	for i, a := range m.Codes {
		for j, b := range m.Codes {
			if n := m.Cells[i][j]; a < b && n > 0 {
				g.Graph.Edges = append(g.Graph.Edges, graphEdge{a, b, []graphData{{"agreements", strconv.Itoa(n)}}})
			}
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", " ")
	if err := encoder.Encode(g); err != nil {
		return fmt.Errorf("writing GraphML: %w", err)
	}
	return nil
}

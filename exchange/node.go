package exchange

import (
	"bufio"
	"fmt"
	"strings"
)

// A node is a thing of linked data: what JSON-LD and Turtle write alike. Terms
// without a prefix are schema.org's.
type node struct {
	kind string
	of   []property
}

// A property is a term with its values: texts, those of a language, those of a
// type, addresses and nodes.
type property struct {
	term   string
	list   bool // JSON-LD writes a list, whatever their number
	values []any
}

type (
	tagged  struct{ text, language string }
	typed   struct{ text, kind string } // kind is an XML Schema type
	address string
)

// say adds a property, unless nothing is said.
func (n *node) say(term string, values ...any) {
	for _, v := range values {
		if v == "" || v == nil {
			return
		}
	}
	if len(values) > 0 {
		n.of = append(n.of, property{term, false, values})
	}
}

// sayAll adds a property of which there can be several.
func (n *node) sayAll(term string, values []any) {
	if len(values) > 0 {
		n.of = append(n.of, property{term, true, values})
	}
}

// linkTerms are those whose values JSON-LD's context takes for addresses, so that a
// text will do.
var linkTerms = map[string]bool{"url": true, "legislationLegalForce": true}

func (n *node) jsonLD() map[string]any {
	m := map[string]any{"@type": n.kind}
	for _, p := range n.of {
		var values []any
		for _, v := range p.values {
			switch v := v.(type) {
			case tagged:
				values = append(values, map[string]string{"@value": v.text, "@language": v.language})
			case typed:
				if v.kind == "date" || v.kind == "dateTime" { // the context says so
					values = append(values, v.text)
				} else {
					values = append(values, map[string]string{"@value": v.text, "@type": "xsd:" + v.kind})
				}
			case address:
				if linkTerms[p.term] {
					values = append(values, string(v))
				} else {
					values = append(values, map[string]string{"@id": string(v)})
				}
			case *node:
				values = append(values, v.jsonLD())
			default:
				values = append(values, v)
			}
		}
		if p.list {
			m[p.term] = values
		} else {
			m[p.term] = values[0]
		}
	}
	return m
}

// turtle writes what is said of a thing, each after a separator.
func (n *node) turtle(out *bufio.Writer, separator string) {
	for _, p := range n.of {
		term := p.term
		if !strings.Contains(term, ":") {
			term = "schema:" + term
		}
		for _, v := range p.values {
			out.WriteString(separator + term + " ")
			switch v := v.(type) {
			case tagged:
				out.WriteString(literal(v.text) + "@" + v.language)
			case typed:
				out.WriteString(literal(v.text) + "^^xsd:" + v.kind)
			case address:
				out.WriteString(iri(string(v)))
			case *node:
				out.WriteString("[ a schema:" + v.kind)
				v.turtle(out, " ; ")
				out.WriteString(" ]")
			case string:
				out.WriteString(literal(v))
			}
		}
	}
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

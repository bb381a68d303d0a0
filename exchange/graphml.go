package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"chancery/models"
)

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

package exchange_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"testing"

	"chancery/exchange"
	"chancery/models"
)

// A network's file has every party, and an edge for each pair that has an
// agreement, once.
func TestAGraphHasEachPairOnce(t *testing.T) {
	var text bytes.Buffer
	matrix := &models.Matrix{Codes: []string{"KZ", "BY", "RU"}, Cells: [][]int{{0, 2, 0}, {2, 0, 7}, {0, 7, 0}}}
	if err := exchange.WriteGraphML(&text, matrix, map[string]string{"BY": "Belarus <\"&\">",
		"RU": "Russia"}); err != nil {
		t.Fatal(err)
	}
	var g struct {
		Nodes []struct {
			ID   string   `xml:"id,attr"`
			Data []string `xml:"data"`
		} `xml:"graph>node"`
		Edges []struct {
			Source string `xml:"source,attr"`
			Target string `xml:"target,attr"`
			Data   int    `xml:"data"`
		} `xml:"graph>edge"`
	}
	if err := xml.Unmarshal(text.Bytes(), &g); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(g.Nodes); got != `[{KZ []} {BY [Belarus <"&">]} {RU [Russia]}]` &&
		got != `[{KZ [ ]} {BY [Belarus <"&">]} {RU [Russia]}]` {
		t.Errorf("the nodes are %s", got)
	}
	if got := fmt.Sprint(g.Edges); got != "[{BY KZ 2} {BY RU 7}]" {
		t.Errorf("the edges are %s", got)
	}
}

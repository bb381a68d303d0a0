// Package atlas holds the shapes of states and territories, projected once (make
// atlas).
package atlas

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
)

//go:embed world.json
var embedded []byte

// An Atlas is a map of the world without any numbers on it. Whose borders it draws
// is a choice: its source and date are printed, and an operator can put another in
// its place or leave it out.
type Atlas struct {
	Source     string  `json:"source"`
	Date       string  `json:"date"`
	Projection string  `json:"projection"`
	Width      float64 `json:"width"`
	Height     float64 `json:"height"`
	Shapes     []Shape `json:"shapes"`
}

// A Shape is one state or territory: its outline as an SVG path of M, L and Z
// (empty for one too small), its middle and its area, all in the units of the
// picture.
type Shape struct {
	Code string  `json:"code"` // ISO 3166-1 alpha-2; empty where no code is assigned
	Name string  `json:"name"`
	D    string  `json:"d"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Area float64 `json:"area"`
}

// World is the atlas that comes with the program.
func World() *Atlas {
	world, err := read(embedded)
	if err != nil {
		panic(err) // a file of ours is broken
	}
	return world
}

// Open reads an atlas of the operator's own, in the form of world.json.
func Open(path string) (*Atlas, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the map: %w", err)
	}
	return read(content)
}

func read(content []byte) (*Atlas, error) {
	a := &Atlas{}
	if err := json.Unmarshal(content, a); err != nil {
		return nil, fmt.Errorf("reading the map: %w", err)
	}
	if len(a.Shapes) == 0 || a.Width <= 0 || a.Height <= 0 {
		return nil, fmt.Errorf("reading the map: it has no shapes or no size")
	}
	return a, nil
}

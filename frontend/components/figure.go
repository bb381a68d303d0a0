package components

import (
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// A Figure is a picture as a list of marks, the same for every way in which it is
// shown: within a page, as an SVG file, as a PNG. Its table says the same to those
// who cannot see it.
type Figure struct {
	Name          string // of its files, and of its parts' ids
	Title         string
	Description   string // the same in words, short
	Width, Height float64
	Fills         bool // it takes all the width there is; another keeps its size. Where there is less, it is scrolled
	Marks         []Mark
	Legend        []Key
	Note          string // printed below: a source, what is left out
	Table         Table
}

// A Mark is one part of a figure, in its units.
type Mark struct {
	Shape  string // rect, line, circle, path, text
	Class  string // what it is, for its look: bar, axis, s3 …
	X, Y   float64
	W, H   float64 // of a rect; of a line the way to its end; of a circle W is the radius
	D      string  // of a path
	Text   string
	Anchor string // of a text: start (also when empty), middle, end
	Turn   bool   // a text that reads upwards
	Href   string
	Tip    string // said when pointed at
}

// A Key explains one look of a figure.
type Key struct{ Class, Text string }

// A Table is what a figure shows, in rows.
type Table struct {
	Head []string
	Rows [][]Cell
	More string // what is not in the rows
}

// A Cell is one value of a table; the first of a row names it.
type Cell struct {
	Text string
	Href string
}

// text and number make cells.
func text(s string) Cell { return Cell{Text: s} }
func number(n int) Cell  { return Cell{Text: fmt.Sprint(n)} }
func (c Cell) num() bool { return c.Text != "" && strings.Trim(c.Text, "0123456789") == "" }

// A look is how a class of marks is drawn in a file; within a page the style sheet
// decides.
type look struct {
	fill, stroke, dash string
	width              float64 // of its stroke, when not that of all
}

// looks are the colours of the light scheme. Every one is told from its neighbours
// by its lightness as well.
var looks = map[string]look{
	"bar": {fill: "#1f4e79"}, "bar in-force": {fill: "#1a6345"}, "bar ended": {fill: "#8b8f97"},
	"bar entered": {fill: "#5b8f3a"}, "bar pending": {fill: "#b98a2c"},
	"axis": {fill: "#565f6d"}, "label": {fill: "#1d2430"}, "inside": {fill: "#ffffff"}, "grid": {stroke: "#dcd8cf"},
	"today": {stroke: "#a3221a", dash: "3 3"},
	"line":  {stroke: "#1a6345"}, "tie t1": {stroke: "#d4d1ca", width: .8}, "tie t2": {stroke: "#bfbdb8", width: 1.2},
	"tie t3": {stroke: "#a3a4a5", width: 1.8}, "tie t4": {stroke: "#7f848c", width: 2.6},
	"tie t5": {stroke: "#4d5a6c", width: 3.6}, "signature": {fill: "#1f4e79"}, "act": {fill: "#1f4e79"},
	"validity":    {fill: "#1a6345"},
	"unknown":     {fill: "#8b8f97"},
	"provisional": {fill: "#b98a2c"}, "suspended": {fill: "#c9a98a"}, "meeting": {fill: "#7d5200"},
	"deadline": {fill: "#a3221a"}, "node": {fill: "#1f4e79"},
	"land": {fill: "#ece8df", stroke: "#ffffff"}, "here": {fill: "#a3221a", stroke: "#ffffff"}, "cell": {fill: "#f6f3ec"},
	"self": {fill: "#dcd8cf"},
	"s1":   {fill: "#d3e0d2", stroke: "#ffffff"}, "s2": {fill: "#a5c6ad", stroke: "#ffffff"},
	"s3": {fill: "#6ea384", stroke: "#ffffff"},
	"s4": {fill: "#3b7c5e", stroke: "#ffffff"}, "s5": {fill: "#114a33", stroke: "#ffffff"},
}

// shades is how many classes s1 … s5 a number can fall into.
const shades = 5

// classes parts numbers into at most five classes that hold about as many of them
// each, at round bounds: the first number of each class. What is 0 has none.
func classes(numbers []int) []int {
	numbers = slices.DeleteFunc(slices.Clone(numbers), func(n int) bool { return n <= 0 })
	slices.Sort(numbers)
	if len(numbers) == 0 {
		return nil
	}
	bounds := []int{1}
	for i := 1; i < shades; i++ {
		if b := rounded(numbers[i*len(numbers)/shades]); b > bounds[len(bounds)-1] {
			bounds = append(bounds, b)
		}
	}
	return bounds
}

// rounded is the nearest number of two figures at most, the second of them 0 or 5.
func rounded(n int) int {
	scale := 1
	for n/scale >= 100 {
		scale *= 10
	}
	if n/scale >= 20 {
		return (n/scale + 2) / 5 * 5 * scale
	}
	return n / scale * scale
}

// shade is the class of a number, "" for none.
func shade(n int, bounds []int) string {
	class := ""
	for i, b := range bounds {
		if n >= b {
			class = fmt.Sprintf("s%d", i+1)
		}
	}
	return class
}

// shadeKeys explain the classes.
func shadeKeys(bounds []int, most int) (keys []Key) {
	for i, b := range bounds {
		last := most
		if i+1 < len(bounds) {
			last = bounds[i+1] - 1
		}
		words := fmt.Sprintf("%d–%d", b, last)
		if b == last {
			words = fmt.Sprint(b)
		}
		keys = append(keys, Key{fmt.Sprintf("s%d", i+1), words})
	}
	return keys
}

// Framed is the figure as a file: with its title above, its legend and its note
// below.
func (f Figure) Framed() Figure {
	const head, line = 30.0, 20.0
	framed := f
	framed.Width = max(f.Width, 320)
	framed.Marks = []Mark{{Shape: "text", Class: "label title", X: 8, Y: 20, Text: f.Title}}
	for _, m := range f.Marks {
		m.Y += head
		framed.Marks = append(framed.Marks, m)
	}
	y := head + f.Height + line
	x := 8.0
	for _, k := range f.Legend {
		width := 24 + 6.6*float64(len([]rune(k.Text)))
		if x > 8 && x+width > f.Width {
			x, y = 8, y+line
		}
		framed.Marks = append(framed.Marks, keyMark(k, x, y), Mark{Shape: "text", Class: "axis", X: x + 18, Y: y,
			Text: k.Text})
		x += width + 12
	}
	if len(f.Legend) > 0 {
		y += line
	}
	if f.Note != "" {
		for _, words := range wrap(f.Note, int(f.Width/6.2)) {
			framed.Marks = append(framed.Marks, Mark{Shape: "text", Class: "axis", X: 8, Y: y, Text: words})
			y += line * .8
		}
	}
	framed.Height = y
	return framed
}

func keyMark(k Key, x, y float64) Mark {
	if k.Class == "unknown" {
		return hatched(x, y-10, 14, 12, "")
	}
	if l := looks[k.Class]; l.fill == "" && l.stroke != "" {
		return Mark{Shape: "line", Class: k.Class, X: x, Y: y - 4, W: 14}
	}
	return Mark{Shape: "rect", Class: k.Class, X: x, Y: y - 10, W: 14, H: 12}
}

// hatched is a box of slanted strokes, for days of which nothing is known.
func hatched(x, y, w, h float64, tip string) Mark {
	const slant, thick, step = 5.0, 2.0, 7.0
	m := Mark{Shape: "path", Class: "unknown", Tip: tip}
	for at := x; at+slant+thick <= x+max(w, slant+thick); at += step {
		m.D += "M" + coordinate(at) + "," + coordinate(y+h) + "L" + coordinate(at+slant) + "," + coordinate(y) +
			"L" + coordinate(at+slant+thick) + "," + coordinate(y) + "L" + coordinate(at+thick) + "," + coordinate(y+h) + "Z"
	}
	return m
}

// wrap breaks a text into lines of so many characters.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// short cuts a text to so many characters.
func short(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	return string(runes[:max(1, width-1)]) + "…"
}

// coordinate writes a number of the view box with one decimal.
func coordinate(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// base is the class by which a mark's look is found: its first word, or two where
// those have one.
func base(class string) string {
	if _, ok := looks[class]; ok {
		return class
	}
	first, _, _ := strings.Cut(class, " ")
	return first
}

// paint are the attributes by which a file shows a look; a page has its style
// sheet.
func paint(l look, file bool) templ.Attributes {
	if !file {
		return nil
	}
	a := templ.Attributes{}
	if l.fill != "" {
		a["fill"] = l.fill
	} else {
		a["fill"] = "none"
	}
	if l.stroke != "" {
		a["stroke"] = l.stroke
	}
	if l.dash != "" {
		a["stroke-dasharray"] = l.dash
	}
	if l.width > 0 {
		a["stroke-width"] = coordinate(l.width)
	}
	return a
}

// withEnding puts a file's ending before an address's query.
func withEnding(address, ending string) string {
	path, query, ok := strings.Cut(address, "?")
	if ok {
		return path + "." + ending + "?" + query
	}
	return path + "." + ending
}

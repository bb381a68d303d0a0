package components

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"chancery/frontend/atlas"
	"chancery/frontend/locales"
)

// smallest is the area below which a state is drawn as a dot.
const smallest = 7

// MapFigure shades states by a number of agreements. center, when given, is the
// party whose partners they are.
func MapFigure(s *locales.Localizer, v *View, world *atlas.Atlas, counts map[string]int, center, title string,
	link func(code string) string) Figure {
	f := Figure{Name: "map", Title: title, Width: world.Width, Height: world.Height, Fills: true}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	bounds := classes(slices.Collect(maps.Values(counts)))
	drawn := f.drawShapes(s, v, world, counts, bounds, center, link)
	f.Legend = shadeKeys(bounds, most)
	if center != "" && drawn[center] {
		f.Legend = append(f.Legend, Key{"here", v.Name(center)})
	}
	codes := make([]string, 0, len(counts))
	for code, n := range counts {
		if n > 0 {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	var shapeless []string
	f.Table.Head = []string{s.T("col.party"), s.T("years.inforce")}
	for _, code := range codes {
		f.Table.Rows = append(f.Table.Rows, []Cell{{v.Name(code), link(code)}, number(counts[code])})
		if !drawn[code] {
			shapeless = append(shapeless, v.Name(code)+" ("+s.Number(int64(counts[code]))+")")
		}
	}
	f.Note = s.T("map.source", "Source", world.Source, "Date", world.Date, "Projection", world.Projection)
	if len(shapeless) > 0 {
		f.Note = s.T("map.shapeless", "Names", strings.Join(shapeless, ", ")) + " " + f.Note
	}
	f.Description = s.T("map.desc", "Count", len(codes), "Most", most)
	return f
}

// drawShapes draws states, small ones as dots above the others, and tells which
// have a shape.
func (f *Figure) drawShapes(s *locales.Localizer, v *View, world *atlas.Atlas, counts map[string]int, bounds []int,
	center string, link func(code string) string) (drawn map[string]bool) {
	drawn = map[string]bool{}
	var dots []Mark
	for _, shape := range world.Shapes {
		n := counts[shape.Code]
		class, tip, href := shade(n, bounds), "", ""
		if class == "" || shape.Code == "" {
			class = "land"
		}
		if shape.Code != "" && n > 0 {
			tip, href = v.Name(shape.Code)+": "+s.Number(int64(n)), link(shape.Code)
			if drawn[shape.Code] { // a second shape of the same party: the first is the one to go to with the keyboard
				href = ""
			}
		}
		if shape.Code != "" && shape.Code == center {
			class, tip, href = "here", v.Name(center), ""
		}
		small := shape.Area < smallest && class != "land"
		if small {
			dots = append(dots, Mark{Shape: "circle", Class: class, X: shape.X, Y: shape.Y, W: 3.6, Tip: tip, Href: href})
			href = ""
		}
		if shape.D != "" {
			f.Marks = append(f.Marks, Mark{Shape: "path", Class: class, D: shape.D, Tip: tip, Href: href})
		}
		drawn[shape.Code] = drawn[shape.Code] || shape.Code != ""
	}
	f.Marks = append(f.Marks, dots...)
	return drawn
}

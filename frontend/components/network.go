package components

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"chancery/frontend/locales"
	"chancery/models"
)

// What a network draws at the most: of each party its strongest ties, so that labels
// and lines can be told apart; the table has them all.
const (
	tiesOfOne = 4
	mostTies  = 60
)

// A tie is between two parties of a matrix, by their places, and has so many
// agreements.
type tie struct{ i, j, n int }

// strongest marks the ties that are drawn, of ties in the order of their strength, and
// counts them.
func strongest(ties []tie) (strong []bool, n int) {
	strong = make([]bool, len(ties))
	drawn := map[int]int{} // ties of each party that are drawn
	for at := len(ties) - 1; at >= 0 && n < mostTies; at-- {
		if t := ties[at]; drawn[t.i] < tiesOfOne || drawn[t.j] < tiesOfOne {
			strong[at] = true
			drawn[t.i], drawn[t.j], n = drawn[t.i]+1, drawn[t.j]+1, n+1
		}
	}
	return strong, n
}

// NetworkFigure draws parties as nodes on a circle, in the order of the matrix, and
// agreements in force as ties between them: the more there are, the thicker. The
// same numbers give the same picture.
func NetworkFigure(s *locales.Localizer, v *View, m *models.Matrix) Figure {
	f := Figure{Name: "network", Title: s.T("network.title"), Width: 860, Height: 700}
	degree := make([]int, len(m.Codes))
	var ties []tie
	for i, row := range m.Cells {
		for j, n := range row {
			degree[i] += n
			if n > 0 && i < j {
				ties = append(ties, tie{i, j, n})
			}
		}
	}
	var round []int
	var alone []string
	for _, i := range seriate(m) {
		if degree[i] > 0 {
			round = append(round, i)
		} else {
			alone = append(alone, v.Name(m.Codes[i]))
		}
	}
	f.Description = s.T("network.desc", "Parties", len(m.Codes), "Ties", len(ties))
	if len(alone) > 0 {
		f.Note = s.T("network.alone", "Names", strings.Join(alone, ", "))
	}
	f.Table.Head = []string{s.T("pairs.pair"), s.T("years.inforce")}
	if len(ties) == 0 {
		return f
	}
	const middleX, middleY, radius = 430.0, 350.0, 270.0
	x, y := make([]float64, len(m.Codes)), make([]float64, len(m.Codes))
	angle := make([]float64, len(m.Codes))
	for place, i := range round {
		angle[i] = 2*math.Pi*float64(place)/float64(len(round)) - math.Pi/2
		x[i], y[i] = middleX+radius*math.Cos(angle[i]), middleY+radius*math.Sin(angle[i])
	}
	slices.SortStableFunc(ties, func(a, b tie) int { return a.n - b.n })
	numbers := make([]int, len(ties))
	for at, t := range ties {
		numbers[at] = t.n
	}
	bounds := classes(numbers)
	most := numbers[len(numbers)-1]
	strong, n := strongest(ties)
	if n < len(ties) {
		f.Note = strings.TrimSpace(f.Note + " " + s.T("network.strongest", "Drawn", n, "Ties", len(ties)))
	}
	for at, t := range ties {
		class := "tie t" + strings.TrimPrefix(shade(t.n, bounds), "s")
		pair := models.PairOf(m.Codes[t.i], m.Codes[t.j])
		name := v.PairName(pair[0], pair[1])
		if strong[at] {
			f.Marks = append(f.Marks, Mark{Shape: "line", Class: class, X: x[t.i], Y: y[t.i], W: x[t.j] - x[t.i],
				H: y[t.j] - y[t.i], Tip: name + ": " + s.Number(int64(t.n))})
		}
		link := v.listOf("/pairs/"+pair[0]+"-"+pair[1], "group", "", "party", "", "codes", "", "status", "in-force")
		f.Table.Rows = append(f.Table.Rows, []Cell{{name, link}, number(t.n)})
	}
	slices.Reverse(f.Table.Rows)
	biggest := slices.Max(degree)
	for _, i := range round {
		code := m.Codes[i]
		r := 4 + 8*math.Sqrt(float64(degree[i])/float64(biggest))
		f.Marks = append(f.Marks, Mark{Shape: "circle", Class: "node", X: x[i], Y: y[i], W: r,
			Href: v.To("/parties/" + code), Tip: v.Name(code) + ": " + s.Number(int64(degree[i]))})
		label := Mark{Shape: "text", Class: "label", X: middleX + (radius+16)*math.Cos(angle[i]),
			Y: middleY + (radius+16)*math.Sin(angle[i]) + 4, Text: short(v.Name(code), 22), Anchor: anchorAt(angle[i])}
		f.Marks = append(f.Marks, label)
	}
	for i, key := range shadeKeys(bounds, most) {
		f.Legend = append(f.Legend, Key{fmt.Sprintf("tie t%d", i+1), key.Text})
	}
	return f
}

// anchorAt is where a text is held that stands outside of a circle at an angle.
func anchorAt(angle float64) string {
	switch cos := math.Cos(angle); {
	case cos < -.1:
		return "end"
	case cos < .1:
		return "middle"
	}
	return ""
}

// MatrixOrders are the orders of the parties of a matrix: those with most agreements
// first, or by their names.
var MatrixOrders = []string{"count", "name"}

// matrixOrder are the places of the parties of a matrix in one of the orders.
func matrixOrder(v *View, m *models.Matrix, by string) []int {
	order, sums := make([]int, len(m.Codes)), make([]int, len(m.Codes))
	for i, row := range m.Cells {
		order[i] = i
		for _, count := range row {
			sums[i] += count
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if by == "count" && sums[a] != sums[b] {
			return sums[b] - sums[a]
		}
		return strings.Compare(v.Name(m.Codes[a]), v.Name(m.Codes[b]))
	})
	return order
}

// MatrixFigure draws how many agreements every two of some parties have, in one of
// MatrixOrders.
func MatrixFigure(s *locales.Localizer, v *View, m *models.Matrix, measure, by string) Figure {
	f := Figure{Name: "matrix", Title: s.T("matrix.title." + measure)}
	n := len(m.Codes)
	if n == 0 {
		return f
	}
	const size, head, side = 22.0, 46.0, 150.0
	f.Width, f.Height = side+size*float64(n)+30, head+size*float64(n)+4
	bounds := classes(slices.Concat(m.Cells...))
	order := matrixOrder(v, m, by)
	f.Table.Head = []string{s.T("col.party")}
	for col, j := range order {
		code := m.Codes[j]
		f.Table.Head = append(f.Table.Head, code)
		f.Marks = append(f.Marks, Mark{Shape: "text", Class: "axis", X: side + size*float64(col) + size/2, Y: head - 6,
			Turn: true, Text: code})
	}
	pairs := 0
	for line, i := range order {
		y := head + size*float64(line)
		name := v.Name(m.Codes[i])
		f.Marks = append(f.Marks, Mark{Shape: "text", Class: "label", X: side - 6, Y: y + 15, Anchor: "end",
			Text: short(name, 22), Href: v.To("/parties/" + m.Codes[i]), Tip: name})
		row := []Cell{{name, v.To("/parties/" + m.Codes[i])}}
		for col, j := range order {
			x := side + size*float64(col)
			count := m.Cells[i][j]
			mark := Mark{Shape: "rect", Class: "cell", X: x, Y: y, W: size - 1, H: size - 1}
			if i == j {
				mark.Class = "self"
				f.Marks = append(f.Marks, mark)
				row = append(row, text("–"))
				continue
			}
			link := v.pairIn(m.Codes[i], m.Codes[j], measure)
			row = append(row, Cell{fmt.Sprint(count), link})
			if count == 0 {
				f.Marks = append(f.Marks, mark)
				continue
			}
			if i < j {
				pairs++
			}
			mark.Class = shade(count, bounds)
			mark.Tip = name + " – " + v.Name(m.Codes[j]) + ": " + s.Number(int64(count))
			mark.Href = link
			f.Marks = append(f.Marks, mark)
			if count < 1000 {
				class := "label tiny"
				if mark.Class == "s4" || mark.Class == "s5" {
					class = "inside tiny"
				}
				f.Marks = append(f.Marks, Mark{Shape: "text", Class: class, X: x + (size-1)/2, Y: y + 14.5, Anchor: "middle",
					Text: fmt.Sprint(count)})
			}
		}
		f.Table.Rows = append(f.Table.Rows, row)
	}
	f.Legend = shadeKeys(bounds, m.Most)
	f.Description = s.T("matrix.desc", "Parties", n, "Pairs", pairs, "Most", m.Most)
	return f
}

// pairIn leads to the agreements of a pair that a matrix counts.
func (v *View) pairIn(a, b, measure string) string {
	pair := models.PairOf(a, b)
	set := []string{"group", "", "party", "", "codes", "", "order", ""}
	if measure == "in-force" {
		set = append(set, "status", "in-force")
	}
	return v.listOf("/pairs/"+pair[0]+"-"+pair[1], set...)
}

// mostRanked is how many pairs the ranked list beside a matrix has.
const mostRanked = 50

// RankedPairs are the pairs of a matrix with most agreements, for screens too narrow
// for the matrix, each with where it leads to.
func RankedPairs(v *View, m *models.Matrix, measure string) (list []RankedPair) {
	for i, row := range m.Cells {
		for j := range i {
			if row[j] > 0 {
				list = append(list, RankedPair{v.PairName(m.Codes[j], m.Codes[i]), v.pairIn(m.Codes[i], m.Codes[j], measure), row[j]})
			}
		}
	}
	slices.SortFunc(list, func(a, b RankedPair) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name)) })
	return list[:min(len(list), mostRanked)]
}

// A RankedPair is a pair of parties with how many agreements it has.
type RankedPair struct {
	Name, Href string
	Count      int
}

// seriate orders the parties of a matrix by the Fiedler vector of its graph, so
// that those with many agreements among each other stand side by side and blocks
// show; parties without any come last. The same numbers give the same order.
func seriate(m *models.Matrix) []int {
	var tied, alone []int
	for i, row := range m.Cells {
		if slices.Max(append(slices.Clone(row), 0)) > 0 {
			tied = append(tied, i)
		} else {
			alone = append(alone, i)
		}
	}
	n := len(tied)
	if n < 3 {
		return append(tied, alone...)
	}
	laplace := make([][]float64, n)
	for a := range laplace {
		laplace[a] = make([]float64, n)
		for b := range laplace {
			if a == b {
				continue
			}
			weight := math.Sqrt(float64(m.Cells[tied[a]][tied[b]])) + .001 // a little of everything holds parts together
			laplace[a][a] += weight
			laplace[a][b] = -weight
		}
	}
	at := make(map[int]float64, n)
	for a, along := range fiedler(laplace) {
		at[tied[a]] = math.Round(along*1e9) / 1e9
	}
	sign := 1.0
	if at[tied[0]] > 0 { // a vector and its opposite say the same: the first party stands in the first half
		sign = -1
	}
	slices.SortStableFunc(tied, func(a, b int) int { return cmp.Or(cmp.Compare(sign*at[a], sign*at[b]), a-b) })
	return append(tied, alone...)
}

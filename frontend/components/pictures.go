package components

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"

	"chancery/frontend/atlas"
	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"

	"gonum.org/v1/gonum/mat"
)

const pictureWidth = 860.0

// listOf is the address of the list that a part of a picture stands for: the page's
// own filter with some parameters set (name, value, name, value; an empty value
// takes one out).
func (v *View) listOf(path string, set ...string) string {
	q := url.Values{}
	for name, values := range v.Query {
		if !slices.Contains([]string{"after", "limit", "event", "measure", "group", "counts", "width"}, name) {
			q[name] = values
		}
	}
	for i := 0; i+1 < len(set); i += 2 {
		if set[i+1] == "" {
			q.Del(set[i])
		} else {
			q.Set(set[i], set[i+1])
		}
	}
	return Address(path, q)
}

// YearsFigure draws what was signed, came into force and ended by year, and what
// was in force over time.
func YearsFigure(s *locales.Speaker, v *View, years []models.YearCount, list string) Figure {
	f := Figure{Name: "years", Title: s.T("years.title"), Width: pictureWidth, Fills: true,
		Table: Table{Head: []string{s.T("chart.year"), s.T("years.signed"), s.T("years.entered"), s.T("years.ended"),
			s.T("years.inforce")}}}
	if len(years) == 0 {
		return f
	}
	first, last := years[0].Year, years[len(years)-1].Year
	step := (pictureWidth - 40) / float64(max(len(years), 12))
	rows := []struct {
		class, label string
		height       float64
		value        func(models.YearCount) int
	}{
		{"bar", "years.signed", 64, func(y models.YearCount) int { return y.Signed }},
		{"bar entered", "years.entered", 44, func(y models.YearCount) int { return y.Entered }},
		{"bar ended", "years.ended", 44, func(y models.YearCount) int { return y.Ended }},
		{"bar in-force", "years.inforce", 64, func(y models.YearCount) int { return y.InForce }},
	}
	top := 0.0
	for i, row := range rows {
		most := 0
		for _, y := range years {
			most = max(most, row.value(y))
		}
		f.Marks = append(f.Marks, Mark{Shape: "text", Class: "label", X: 0, Y: top + 12, Text: s.T(row.label)},
			Mark{Shape: "text", Class: "axis", X: pictureWidth, Y: top + 12, Anchor: "end",
				Text: s.T("years.most", "Count", s.Number(int64(most)))})
		floor := top + 18 + row.height
		f.Marks = append(f.Marks, Mark{Shape: "line", Class: "grid", X: 0, Y: floor, W: pictureWidth})
		for j, y := range years {
			n := row.value(y)
			if n == 0 || most == 0 {
				continue
			}
			height := max(1.5, row.height*float64(n)/float64(most))
			m := Mark{Shape: "rect", Class: row.class, X: step * float64(j), Y: floor - height, W: max(1, step*.84), H: height,
				Tip: fmt.Sprintf("%d: %s %s", y.Year, s.Number(int64(n)), s.T(row.label))}
			year := fmt.Sprintf("%04d", y.Year)
			if i == 0 {
				m.Href = v.listOf(list, "from", year, "until", year)
			} else if i == 3 {
				m.Href = v.listOf(list, "on", year+"-12-31", "status", "in-force", "from", "", "until", "")
				if last == y.Year {
					m.Href = v.listOf(list, "status", "in-force", "from", "", "until", "")
				}
			}
			f.Marks = append(f.Marks, m)
		}
		top = floor + 12
		f.Legend = append(f.Legend, Key{row.class, s.T(row.label)})
	}
	every := 1
	for _, every = range []int{1, 2, 5, 10, 20, 50, 100, 200} {
		if float64(every)*step >= 36 {
			break
		}
	}
	for j, y := range years {
		if y.Year%every == 0 || j == 0 && (every-y.Year%every) > every/2 {
			f.Marks = append(f.Marks, Mark{Shape: "text", Class: "axis", X: step * float64(j), Y: top + 2,
				Text: fmt.Sprint(y.Year)})
		}
	}
	f.Height = top + 8
	total := 0
	for i := len(years) - 1; i >= 0; i-- {
		y := years[i]
		total += y.Signed
		year := fmt.Sprintf("%04d", y.Year)
		f.Table.Rows = append(f.Table.Rows, []Cell{{fmt.Sprint(y.Year), v.listOf(list, "from", year, "until", year)},
			number(y.Signed), number(y.Entered), number(y.Ended), number(y.InForce)})
	}
	f.Description = s.T("years.desc", "From", first, "Until", last, "Total", s.Number(int64(total)), "InForce",
		s.Number(int64(years[len(years)-1].InForce)))
	return f
}

// timeGrid draws the beginnings of years, at most about ten, and the day that is
// read as at.
func timeGrid(f *Figure, first, last, on edtf.Day, left float64, at func(edtf.Day) float64) {
	years := last.Year() - first.Year()
	step := 1
	for _, step = range []int{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		if years/step <= 10 {
			break
		}
	}
	for y := first.Year(); y <= last.Year(); y++ {
		day := edtf.Day(fmt.Sprintf("%04d-01-01", y))
		if x := at(day); y%step == 0 && day >= first && x < f.Width-24 {
			f.Marks = append(f.Marks, Mark{Shape: "line", Class: "grid", X: x, Y: 0, H: f.Height - 18},
				Mark{Shape: "text", Class: "axis", X: x + 2, Y: f.Height - 4, Text: fmt.Sprint(y)})
		}
	}
	if on >= first && on <= last {
		f.Marks = append(f.Marks, Mark{Shape: "line", Class: "today", X: at(on), Y: 0, H: f.Height - 18})
	}
}

// PeriodsFigure draws agreements as bars over time, acts as marks; many are folded
// by kind.
func PeriodsFigure(s *locales.Speaker, v *View, p *models.Periods, on edtf.Day) Figure {
	const lane, left = 34.0, 0.0
	f := Figure{Name: "periods", Title: s.T("periods.title"), Width: pictureWidth, Fills: true,
		Description: s.T("periods.desc", "Count", s.N("count.agreements", int64(p.Total)))}
	if p.Total == 0 {
		return f
	}
	first, last := p.From, p.Until
	if last < first.Add(60) {
		last = first.Add(60)
	}
	span := float64(first.DaysUntil(last))
	at := func(d edtf.Day) float64 {
		d = max(min(d, last), first)
		return left + (pictureWidth-left)*float64(first.DaysUntil(d))/span
	}
	if len(p.Groups) > 0 {
		return groupsFigure(s, v, p, f, at, on)
	}
	f.Height = lane*float64(len(p.Rows)) + 24
	timeGrid(&f, first, last, on, left, at)
	f.Table.Head = []string{s.T("col.agreement"), s.T("field.signed"), s.T("filter.status"), s.T("agreement.validity")}
	for i, row := range p.Rows {
		y := lane * float64(i)
		title := fmt.Sprintf("%d · %s", row.ID, row.Title)
		x := at(max(first, row.DatedEarliest))
		anchor := ""
		if said := short(title, 84); x+5.6*float64(len([]rune(said))) > pictureWidth {
			x, anchor = pictureWidth-2, "end"
		}
		f.Marks = append(f.Marks, Mark{Shape: "text", Class: "label", X: x, Y: y + 13, Anchor: anchor,
			Text: short(title, 84), Href: v.To(AgreementAddress(row.ID)), Tip: title})
		var words []string
		for _, st := range row.Stretches {
			if st.Until < first || st.From > last {
				continue
			}
			class := "validity"
			switch st.Status {
			case status.Provisional:
				class = "provisional"
			case status.Suspended:
				class = "suspended"
			}
			said := s.T("status."+st.Status.String()) + ": " + stretchText(s, st)
			words = append(words, said)
			f.Marks = append(f.Marks, Mark{Shape: "rect", Class: class, X: at(st.From), Y: y + 18,
				W: max(2, at(st.Until)-at(st.From)), H: 8, Tip: said})
		}
		for _, act := range row.Acts {
			if act.Day >= first && act.Day <= last {
				class := "act"
				if act.Event == "signature" {
					class = "signature"
				}
				f.Marks = append(f.Marks, Mark{Shape: "circle", Class: class, X: at(act.Day), Y: y + 22, W: 3.4,
					Tip: s.T("event."+act.Event) + ", " + s.Written(act.Date)})
			}
		}
		f.Table.Rows = append(f.Table.Rows, []Cell{{title, v.To(AgreementAddress(row.ID))}, text(s.Date(row.Date())),
			text(s.T("status." + row.Status.String())), text(strings.Join(words, "; "))})
	}
	f.Legend = []Key{{"validity", s.T("status.in-force")}, {"provisional", s.T("status.provisional")},
		{"suspended", s.T("status.suspended")}, {"signature", s.T("periods.acts")}}
	return f
}

func stretchText(s *locales.Speaker, st models.Stretch) string {
	if st.Until == edtf.LastDay {
		return s.T("date.from", "From", s.Day(st.From))
	}
	return s.T("date.span", "From", s.Day(st.From), "Until", s.Day(st.Until))
}

// groupsFigure draws one lane a kind: how many were in force, year by year.
func groupsFigure(s *locales.Speaker, v *View, p *models.Periods, f Figure, at func(edtf.Day) float64,
	on edtf.Day) Figure {
	const lane = 46.0
	f.Height = lane*float64(len(p.Groups)) + 24
	timeGrid(&f, p.From, p.Until, on, 0, at)
	f.Table.Head = []string{s.T("field.kind"), s.T("col.count"), s.T("years.inforce")}
	for i, g := range p.Groups {
		y := lane * float64(i)
		most := 0
		for _, year := range g.Years {
			most = max(most, year.InForce)
		}
		name := s.T("kind." + g.Kind)
		link := v.listOf(v.Path, "kind", g.Kind)
		f.Marks = append(f.Marks, Mark{Shape: "text", Class: "label", X: 2, Y: y + 14,
			Text: name + " · " + s.N("count.agreements", int64(g.Total)) + " · " + s.T("periods.most", "Count", most),
			Href: link, Tip: name})
		now := 0
		for _, year := range g.Years {
			if year.InForce == 0 || most == 0 {
				continue
			}
			begin, end := edtf.Day(fmt.Sprintf("%04d-01-01", year.Year)), edtf.Day(fmt.Sprintf("%04d-12-31", year.Year))
			height := max(1.5, 22*float64(year.InForce)/float64(most))
			f.Marks = append(f.Marks, Mark{Shape: "rect", Class: "validity", X: at(begin), Y: y + 42 - height,
				W: max(1, at(end)-at(begin)), H: height, Tip: fmt.Sprintf("%d: %d", year.Year, year.InForce)})
			now = year.InForce
		}
		f.Marks = append(f.Marks, Mark{Shape: "line", Class: "grid", X: 0, Y: y + 42, W: pictureWidth})
		f.Table.Rows = append(f.Table.Rows, []Cell{{name, link}, number(g.Total), number(now)})
	}
	f.Legend = []Key{{"validity", s.T("years.inforce")}}
	f.Note = s.T("periods.folded", "Count", s.N("count.agreements", int64(p.Total)))
	return f
}

// MatrixFigure draws how many agreements every two of some parties have. Their
// order brings those together that have the same partners.
func MatrixFigure(s *locales.Speaker, v *View, m *models.Matrix, measure string) Figure {
	f := Figure{Name: "matrix", Title: s.T("matrix.title." + measure)}
	n := len(m.Codes)
	if n == 0 {
		return f
	}
	const size, head, side = 22.0, 46.0, 150.0
	f.Width, f.Height = side+size*float64(n)+30, head+size*float64(n)+4
	bounds := classes(slices.Concat(m.Cells...))
	order := seriate(m)
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
			pair := models.PairOf(m.Codes[i], m.Codes[j])
			link := v.listOf("/pairs/"+pair[0]+"-"+pair[1], "group", "", "party", "", "codes", "")
			if measure == "in-force" {
				link = v.listOf("/pairs/"+pair[0]+"-"+pair[1], "group", "", "party", "", "codes", "", "status", "in-force")
			}
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
				class := "label small"
				if mark.Class == "s4" || mark.Class == "s5" {
					class = "inside small"
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
	laplace := mat.NewSymDense(n, nil)
	for a, i := range tied {
		degree := 0.0
		for b, j := range tied {
			if a == b {
				continue
			}
			weight := math.Sqrt(float64(m.Cells[i][j])) + .001 // a little of everything holds parts together
			degree += weight
			laplace.SetSym(a, b, -weight)
		}
		laplace.SetSym(a, a, degree)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(laplace, true) {
		return append(tied, alone...)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	at := make(map[int]float64, n)
	for a, i := range tied {
		at[i] = math.Round(vectors.At(a, 1)*1e9) / 1e9
	}
	sign := 1.0
	if at[tied[0]] > 0 { // a vector and its opposite say the same: the first party stands in the first half
		sign = -1
	}
	slices.SortStableFunc(tied, func(a, b int) int { return cmp.Or(cmp.Compare(sign*at[a], sign*at[b]), a-b) })
	return append(tied, alone...)
}

// smallest is the area below which a state is drawn as a dot.
const smallest = 7

// MapFigure shades states by a number of agreements. center, when given, is the
// party whose partners they are.
func MapFigure(s *locales.Speaker, v *View, world *atlas.Atlas, counts map[string]int, center, title string,
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

// drawShapes draws states, small ones as dots above the others, and tells which have
// a shape.
func (f *Figure) drawShapes(s *locales.Speaker, v *View, world *atlas.Atlas, counts map[string]int, bounds []int,
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

// NetworkFigure draws parties as nodes on a circle, in the order of the matrix, and
// agreements in force as ties between them: the more there are, the thicker. The
// same numbers give the same picture.
func NetworkFigure(s *locales.Speaker, v *View, m *models.Matrix) Figure {
	f := Figure{Name: "network", Title: s.T("network.title"), Width: 860, Height: 700}
	degree := make([]int, len(m.Codes))
	type tie struct{ i, j, n int }
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
	for _, t := range ties {
		class := "tie t" + strings.TrimPrefix(shade(t.n, bounds), "s")
		pair := models.PairOf(m.Codes[t.i], m.Codes[t.j])
		name := v.PairName(pair[0], pair[1])
		f.Marks = append(f.Marks, Mark{Shape: "line", Class: class, X: x[t.i], Y: y[t.i], W: x[t.j] - x[t.i],
			H: y[t.j] - y[t.i], Tip: name + ": " + s.Number(int64(t.n))})
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
			Y: middleY + (radius+16)*math.Sin(angle[i]) + 4, Text: short(v.Name(code), 22)}
		switch cos := math.Cos(angle[i]); {
		case cos < -.1:
			label.Anchor = "end"
		case cos < .1:
			label.Anchor = "middle"
		}
		f.Marks = append(f.Marks, label)
	}
	for i, key := range shadeKeys(bounds, most) {
		f.Legend = append(f.Legend, Key{fmt.Sprintf("tie t%d", i+1), key.Text})
	}
	return f
}

// AgreementFigure draws the timeline of one agreement as read on a day.
func AgreementFigure(s *locales.Speaker, a *models.Agreement, on edtf.Day) Figure {
	const lane = 24.0
	f := Figure{Name: "timeline", Title: s.T("chart.timeline", "Number", a.ID), Width: 800, Fills: true}
	items := timelineItems(s, a, on)
	if len(items) == 0 {
		return f
	}
	first, last := items[0].from, items[0].until
	for _, it := range items {
		first, last = min(first, it.from), max(last, it.until)
	}
	days := max(first.DaysUntil(last), 60)
	first, last = first.Add(-days/16), last.Add(days/10)
	span := float64(first.DaysUntil(last))
	at := func(d edtf.Day) float64 { return f.Width * float64(first.DaysUntil(d)) / span }
	f.Height = lane*float64(len(items)) + 28
	timeGrid(&f, first, last, on, 0, at)
	var words []string
	for i, it := range items {
		x, y := at(it.from), 6+lane*float64(i)
		bar := Mark{Shape: "rect", Class: it.class, X: x, Y: y, W: max(6, at(it.until)-x), H: 14}
		label := Mark{Shape: "text", Class: "label", X: x + bar.W + 8, Y: y + 11, Text: it.text}
		if label.X > f.Width*.62 {
			label.X, label.Anchor = x-8, "end"
			if x < f.Width*.38 { // a bar over nearly all: the words stand on it
				label = Mark{Shape: "text", Class: "inside", X: x + 8, Y: y + 11, Text: it.text}
			}
		}
		f.Marks = append(f.Marks, bar, label)
		words = append(words, it.text)
	}
	f.Description = strings.Join(words, "; ")
	return f
}

// mostLanes is how many lines the timeline of one agreement has.
const mostLanes = 14

type item struct {
	class, text string
	from, until edtf.Day
}

func timelineItems(s *locales.Speaker, a *models.Agreement, on edtf.Day) (items []item) {
	add := func(class, text string, from, until edtf.Day) {
		if from != "" && until != "" && len(items) < mostLanes {
			items = append(items, item{class, text, from, until})
		}
	}
	if d := a.SignedDate(); d.Known() {
		add("signature", s.T("event.signature")+", "+s.Date(d), orDay(d.Earliest, d.Latest), orDay(d.Latest, d.Earliest))
	}
	for _, m := range a.Meetings {
		if m.Meeting != nil && m.Meeting.Held != "" {
			d := m.Meeting.HeldDate()
			add("meeting", short(m.Meeting.Title, 60), orDay(d.Earliest, d.Latest), orDay(d.Latest, d.Earliest))
		}
	}
	for _, p := range a.ValidityPeriods {
		from, until := orDay(p.FromDay, a.DatedEarliest), p.UntilDay
		if next := p.Period().NextEnd(on); next > until {
			until = next
		}
		if until == "" || until == edtf.LastDay {
			until = max(on, from).Add(366)
		}
		if from > until {
			from = until
		}
		add("validity", s.T("agreement.validity")+" "+s.Span(p.ValidFrom, p.ValidUntil), from, until)
		if notice := p.Period().NoticeBy(p.Period().NextEnd(on)); notice != "" {
			add("deadline", s.T("event.notice-deadline")+", "+s.ShortDay(notice), notice, notice)
		}
	}
	for _, g := range groupActs(a) {
		text := s.T("event." + string(g.kind))
		if g.count > 1 {
			text += " × " + s.Number(int64(g.count))
		} else {
			text += ", " + s.ShortDay(g.from)
		}
		add("act", text, g.from, g.until)
	}
	return items
}

type actGroup struct {
	kind        status.ActType
	count       int
	from, until edtf.Day
}

// groupActs gathers the acts of many parties by type, so that 190 ratifications
// make one line.
func groupActs(a *models.Agreement) (groups []actGroup) {
	for _, act := range a.Acts {
		if act.Type == status.SignatureAct && a.Signed != "" {
			continue
		}
		i := slices.IndexFunc(groups, func(g actGroup) bool { return g.kind == act.Type })
		if i < 0 {
			groups = append(groups, actGroup{act.Type, 1, act.DateEarliest, act.DateLatest})
			continue
		}
		g := &groups[i]
		g.count++
		g.from, g.until = min(g.from, act.DateEarliest), max(g.until, act.DateLatest)
	}
	return groups
}

func orDay(a, b edtf.Day) edtf.Day {
	if a != "" {
		return a
	}
	return b
}

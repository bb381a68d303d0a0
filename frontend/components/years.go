package components

import (
	"fmt"

	"chancery/frontend/locales"
	"chancery/models"
)

// YearsFigure draws what was signed, came into force and ended by year, and what
// was in force over time.
func YearsFigure(s *locales.Localizer, v *View, years []models.YearCount, list string) Figure {
	f := Figure{Name: "years", Title: s.T("years.title"), Width: pictureWidth, Fills: true,
		Table: Table{Head: []string{s.T("chart.year"), s.T("years.signed"), s.T("years.entered"), s.T("years.ended"),
			s.T("years.inforce")}}}
	if len(years) == 0 {
		return f
	}
	all := years
	if few, n := fewYears(years); n > 0 {
		f.Note = s.T("years.before", "Year", years[few].Year, "Count", s.Number(int64(n)))
		years = years[few:]
	}
	last := years[len(years)-1].Year
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
	for _, row := range rows {
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
			switch {
			case row.label == "years.signed":
				m.Href = v.listOf(list, "from", year, "until", year)
			case row.label == "years.inforce" && last == y.Year:
				m.Href = v.listOf(list, "status", "in-force", "from", "", "until", "")
			case row.label == "years.inforce":
				m.Href = v.listOf(list, "on", year+"-12-31", "status", "in-force", "from", "", "until", "")
			}
			f.Marks = append(f.Marks, m)
		}
		top = floor + 12
		f.Legend = append(f.Legend, Key{row.class, s.T(row.label)})
	}
	f.yearAxis(years, step, top)
	f.Height = top + 8
	total := 0
	for i := len(all) - 1; i >= 0; i-- {
		y := all[i]
		total += y.Signed
		year := fmt.Sprintf("%04d", y.Year)
		f.Table.Rows = append(f.Table.Rows, []Cell{{fmt.Sprint(y.Year), v.listOf(list, "from", year, "until", year)},
			number(y.Signed), number(y.Entered), number(y.Ended), number(y.InForce)})
	}
	f.Description = s.T("years.desc", "From", all[0].Year, "Until", last, "Total", s.Number(int64(total)), "InForce",
		s.Number(int64(years[len(years)-1].InForce)))
	return f
}

// fewYears is how many years at the beginning hold less than one in a hundred of what
// was signed, and how many agreements were signed in them.
func fewYears(years []models.YearCount) (few, signed int) {
	total := 0
	for _, y := range years {
		total += y.Signed
	}
	for few < len(years)-1 && (signed+years[few].Signed)*100 < total {
		signed += years[few].Signed
		few++
	}
	return few, signed
}

// yearAxis writes as many years under a picture as there is room for.
func (f *Figure) yearAxis(years []models.YearCount, step, top float64) {
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
}

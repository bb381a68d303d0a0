package components

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
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
func PeriodsFigure(s *locales.Localizer, v *View, p *models.Periods, on edtf.Day) Figure {
	const lane, left = 34.0, 0.0
	f := Figure{Name: "periods", Title: s.T("periods.title"), Width: pictureWidth, Fills: true,
		Description: s.T("periods.desc", "Count", s.N("count.agreements", int64(p.Total)))}
	if p.Total == 0 {
		return f
	}
	if p.Earlier > 0 {
		f.Description += " " + s.N("periods.earlier", int64(p.Earlier))
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
			case status.Unknown:
				st.Until = min(st.Until, max(on, st.From))
			case status.Provisional:
				class = "provisional"
			case status.Suspended:
				class = "suspended"
			}
			said := s.T("status."+st.Status.String()) + ": " + stretchText(s, st)
			words = append(words, said)
			if st.Status == status.Unknown {
				f.Marks = append(f.Marks, hatched(at(st.From), y+18, at(st.Until)-at(st.From), 8, said))
				continue
			}
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
		{"suspended", s.T("status.suspended")}, {"unknown", s.T("status.unknown")}, {"signature", s.T("periods.acts")}}
	return f
}

func groupText(s *locales.Localizer, name string, total, most int) string {
	said := name + " · " + s.N("count.agreements", int64(total))
	if most > 0 {
		said += " · " + s.T("periods.most", "Count", most)
	}
	return said
}

func stretchText(s *locales.Localizer, st models.Stretch) string {
	if st.Until == edtf.LastDay {
		return s.T("date.from", "From", s.Day(st.From))
	}
	return s.T("date.span", "From", s.Day(st.From), "Until", s.Day(st.Until))
}

// groupsFigure draws one lane a kind: how many were in force, year by year.
func groupsFigure(s *locales.Localizer, v *View, p *models.Periods, f Figure, at func(edtf.Day) float64,
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
			Text: groupText(s, name, g.Total, most),
			Href: link, Tip: name})
		now := 0
		for _, year := range g.Years {
			if year.Signed > 0 {
				f.Marks = append(f.Marks, Mark{Shape: "circle", Class: "signature", X: at(edtf.Day(fmt.Sprintf("%04d-07-01", year.Year))), Y: y + 44,
					W: min(4, 1.4+float64(year.Signed)/4), Tip: fmt.Sprintf("%d: %s %d", year.Year, s.T("years.signed"), year.Signed)})
			}
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
	f.Legend = []Key{{"validity", s.T("years.inforce")}, {"signature", s.T("years.signed")}}
	f.Note = s.T("periods.folded", "Count", s.N("count.agreements", int64(p.Total)))
	return f
}

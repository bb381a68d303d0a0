package components

import (
	"slices"
	"strings"

	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

// AgreementFigure draws the timeline of one agreement as read on a day.
func AgreementFigure(s *locales.Localizer, a *models.Agreement, on edtf.Day) Figure {
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
		if it.class == "unknown" { // words would not be read on it
			bar, label = hatched(x, y+9, bar.W, 8, it.text), Mark{Shape: "text", Class: "label", X: x, Y: y + 6, Text: it.text}
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

func timelineItems(s *locales.Localizer, a *models.Agreement, on edtf.Day) (items []item) {
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
	whole := a.Standing().Whole
	for _, held := range heldItems(s, whole, on) {
		add(held.class, held.text, held.from, held.until)
	}
	for _, p := range a.ValidityPeriods {
		end := p.Period().NextEnd(on)
		if notice := p.Period().NoticeBy(end); notice != "" && status.At(whole, notice).Status <= status.Suspended {
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

// heldItems are the stretches of an agreement in which it held, or may have.
func heldItems(s *locales.Localizer, whole []status.Spell, on edtf.Day) (items []item) {
	for _, spell := range whole {
		if spell.Status == status.Unknown && spell.From <= on {
			items = append(items, item{"unknown", s.T("status.unknown"), spell.From, min(spell.Until, on)})
		}
		if spell.Status > status.Suspended {
			continue
		}
		until := spell.Until
		text := s.T("status."+spell.Status.String()) + " " + s.ShortDay(spell.From) + " – " + s.ShortDay(until)
		if until == edtf.LastDay { // drawn a year past the day
			until = max(on, spell.From).Add(366)
			text = s.T("status."+spell.Status.String()) + " " + s.T("between.since", "From", s.ShortDay(spell.From))
		}
		if n := len(items); n > 0 && items[n-1].class == "validity" && items[n-1].text == text {
			continue
		}
		items = append(items, item{"validity", text, spell.From, until})
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

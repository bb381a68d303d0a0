package components

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"chancery/frontend/locales"
	"chancery/models"
)

// A Bar is one year of a chart of years; its geometry is in the units of the chart's view box.
type Bar struct {
	Year, Count int
	X, Y, W, H  float64
	Label       string
	LabelX      float64
	Anchor      string
}

// Chart of years measures.
const (
	yearsWidth  = 860.0
	yearsHeight = 72.0
)

// YearBars lays out agreements by year, years without any left empty.
func YearBars(byYear map[int]int) (bars []Bar, most int) {
	years := slices.Sorted(maps.Keys(byYear))
	if len(years) == 0 {
		return nil, 0
	}
	for _, n := range byYear {
		most = max(most, n)
	}
	first, last := years[0], years[len(years)-1]
	step := yearsWidth / float64(max(last-first+1, 12))
	labels := max(1, (last-first)/8)
	labelled := first - labels
	for _, y := range years {
		h := max(1.5, yearsHeight*float64(byYear[y])/float64(most))
		bar := Bar{Year: y, Count: byYear[y], X: step * float64(y-first), Y: yearsHeight - h, W: max(1, step*.82), H: h, Anchor: "start"}
		if y == first || y == last || y-labelled >= labels && last-y >= labels {
			bar.Label, labelled = fmt.Sprint(y), y
			bar.LabelX = bar.X
			if bar.X > yearsWidth-40 {
				bar.LabelX, bar.Anchor = yearsWidth, "end"
			}
		}
		bars = append(bars, bar)
	}
	return bars, most
}

// A Lane is one line of an agreement's picture: a bar over a stretch of time, or a mark at a date.
type Lane struct {
	Class   string // signature, validity, act, meeting, deadline
	Text    string
	X, W, Y float64
	TextX   float64
	Anchor  string
}

// A Grid line is a year of the picture's axis of time.
type Grid struct {
	X    float64
	Text string
}

// A Picture is an agreement's timeline laid out.
type Picture struct {
	Lanes       []Lane
	Grid        []Grid
	Today       float64 // where the day asked about stands, -1 when outside
	Height      float64
	Description string // the same in words
}

const (
	pictureWidth = 800.0
	laneHeight   = 24.0
	mostLanes    = 14
)

type item struct {
	class, text string
	from, until models.Day
}

// Timeline lays out the picture of an agreement as read on a day.
func Timeline(s *locales.Speaker, a *models.Agreement, on models.Day) Picture {
	items := timelineItems(s, a, on)
	if len(items) == 0 {
		return Picture{}
	}
	first, last := items[0].from, items[0].until
	for _, it := range items {
		first, last = min(first, it.from), max(last, it.until)
	}
	days := max(first.DaysUntil(last), 60)
	first, last = first.Add(-days/16), last.Add(days/10)
	span := float64(first.DaysUntil(last))
	at := func(d models.Day) float64 { return pictureWidth * float64(first.DaysUntil(d)) / span }
	p := Picture{Today: -1, Height: laneHeight*float64(len(items)) + 40}
	if on > first && on < last {
		p.Today = at(on)
	}
	var words []string
	for i, it := range items {
		lane := Lane{Class: it.class, Text: it.text, X: at(it.from), W: max(6, at(it.until)-at(it.from)), Y: 8 + laneHeight*float64(i), Anchor: "start"}
		lane.TextX = lane.X + lane.W + 8
		if lane.TextX > pictureWidth*.62 {
			lane.TextX, lane.Anchor = lane.X-8, "end"
			if lane.X < pictureWidth*.38 { // a bar over nearly all: the words stand on it
				lane.TextX, lane.Anchor, lane.Class = lane.X+8, "start", lane.Class+" inside"
			}
		}
		p.Lanes = append(p.Lanes, lane)
		words = append(words, it.text)
	}
	p.Grid = grid(s, first, last, at)
	p.Description = strings.Join(words, "; ")
	return p
}

func timelineItems(s *locales.Speaker, a *models.Agreement, on models.Day) (items []item) {
	add := func(class, text string, from, until models.Day) {
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
			add("meeting", short(m.Meeting.Title), orDay(d.Earliest, d.Latest), orDay(d.Latest, d.Earliest))
		}
	}
	for _, p := range a.ValidityPeriods {
		from, until := orDay(p.FromDay, a.DatedEarliest), p.UntilDay
		if next := p.Period().NextEnd(on); next > until {
			until = next
		}
		if until == "" || until == models.LastDay {
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
	kind        models.ActType
	count       int
	from, until models.Day
}

// groupActs gathers the acts of many parties by type, so that 190 ratifications make one line.
func groupActs(a *models.Agreement) (groups []actGroup) {
	for _, act := range a.Acts {
		if act.Type == models.SignatureAct && a.Signed != "" {
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

func orDay(a, b models.Day) models.Day {
	if a != "" {
		return a
	}
	return b
}

func short(text string) string {
	runes := []rune(text)
	if len(runes) <= 60 {
		return text
	}
	return string(runes[:58]) + "…"
}

// grid draws the beginnings of years, at most about eight.
func grid(s *locales.Speaker, first, last models.Day, at func(models.Day) float64) (lines []Grid) {
	years := last.Year() - first.Year()
	step := 1
	for _, candidate := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		if step = candidate; years/candidate <= 8 {
			break
		}
	}
	for y := first.Year() + 1; y <= last.Year(); y++ {
		if y%step != 0 {
			continue
		}
		day := models.Day(fmt.Sprintf("%04d-01-01", y))
		lines = append(lines, Grid{at(day), fmt.Sprint(y)})
	}
	return lines
}

// coordinate writes a number of the view box with one decimal.
func coordinate(f float64) string { return fmt.Sprintf("%.1f", f) }

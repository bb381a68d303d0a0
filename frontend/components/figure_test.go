package components

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"chancery/frontend/atlas"
	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

func TestClassesHaveRoundBoundsAndHoldAboutAsMany(t *testing.T) {
	for _, test := range []struct{ numbers, want []int }{
		{nil, nil},
		{[]int{0, 0}, nil},
		{[]int{1}, []int{1}},
		{[]int{1, 1, 1}, []int{1}},
		{[]int{1, 2, 3, 4, 5}, []int{1, 2, 3, 4, 5}},
		{[]int{10, 20, 30, 40, 50, 60, 70, 80, 90, 100}, []int{1, 30, 50, 70, 90}},
		{[]int{1, 1, 1, 1, 1000}, []int{1, 1000}},
	} {
		if got := classes(test.numbers); !slices.Equal(got, test.want) {
			t.Errorf("%v has the classes %v, want %v", test.numbers, got, test.want)
		}
	}
}

func TestNumbersFallIntoTheirClasses(t *testing.T) {
	bounds := []int{1, 5, 10}
	for n, want := range map[int]string{0: "", 1: "s1", 4: "s1", 5: "s2", 9: "s2", 10: "s3", 1000: "s3"} {
		if got := shade(n, bounds); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	var words []string
	for _, k := range shadeKeys(bounds, 40) {
		words = append(words, k.Class+" "+k.Text)
	}
	if got := strings.Join(words, ", "); got != "s1 1–4, s2 5–9, s3 10–40" {
		t.Errorf("the classes are explained as %s", got)
	}
	if got := shadeKeys([]int{1}, 1); got[0].Text != "1" {
		t.Errorf("one number is explained as %s", got[0].Text)
	}
}

func TestTextsAreWrappedAndCut(t *testing.T) {
	if got := strings.Join(wrap("one two three four", 9), "|"); got != "one two|three|four" {
		t.Error(got)
	}
	if got := strings.Join(wrap("averyveryverylongword and", 5), "|"); got != "averyveryverylongword|and" {
		t.Error(got)
	}
	if wrap("  ", 5) != nil {
		t.Error("nothing has lines")
	}
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{{"short", 10, "short"}, {"longer text", 6, "longe…"}, {"äöüß", 3, "äö…"}, {"ab", 1, "a…"}} {
		if got := short(test.text, test.width); got != test.want {
			t.Errorf("%q cut to %d is %q", test.text, test.width, got)
		}
	}
	for n, want := range map[float64]string{1: "1", 1.25: "1.2", 0: "0", -3.04: "-3", 10.96: "11"} {
		if got := coordinate(n); got != want {
			t.Errorf("%v is written %s", n, got)
		}
	}
}

// pictured are figures of the same small register.
func pictured(t *testing.T) map[string]Figure {
	t.Helper()
	ctx := locales.With(context.Background(), "en")
	s := locales.In(ctx)
	v := &View{Lang: "en", Today: "2026-11-23", On: "2026-11-23",
		Names: map[string]string{"BY": "Belarus", "RU": "Russia", "KZ": "Kazakhstan"}}
	years := []models.YearCount{{Year: 2024, Signed: 2}, {Year: 2025, Signed: 1, Entered: 2, InForce: 2},
		{Year: 2026, Ended: 1, InForce: 1}}
	matrix := &models.Matrix{Codes: []string{"BY", "KZ", "RU"}, Cells: [][]int{{0, 1, 5}, {1, 0, 0}, {5, 0, 0}}, Most: 5}
	counts := map[string]int{"BY": 6, "RU": 5, "KZ": 1, "XX": 2}
	a := &models.Agreement{ID: 1, Title: "Plan", Signed: "2025-11-05", SignedEarliest: "2025-11-05",
		SignedLatest:  "2025-11-05",
		DatedEarliest: "2025-11-05", DatedLatest: "2025-11-05",
		ValidityPeriods: []models.ValidityPeriod{{ValidFrom: "2026", FromDay: "2026-01-01", ValidUntil: "2027",
			UntilDay: "2027-12-31",
			Basis:    "term", Renewal: "none"}},
		Acts: []models.Act{{Type: status.Ratification, Date: "2025-12-01", DateEarliest: "2025-12-01",
			DateLatest: "2025-12-01"}}}
	link := func(code string) string { return "/parties/" + code }
	return map[string]Figure{
		"years":     YearsFigure(s, v, years, "/agreements"),
		"no years":  YearsFigure(s, v, nil, "/agreements"),
		"matrix":    MatrixFigure(s, v, matrix, "in-force", "count"),
		"network":   NetworkFigure(s, v, matrix),
		"no ties":   NetworkFigure(s, v, &models.Matrix{Codes: []string{"BY", "RU"}, Cells: [][]int{{0, 0}, {0, 0}}}),
		"map":       MapFigure(s, v, atlas.World(), counts, "BY", "Map", link),
		"agreement": AgreementFigure(s, a, "2026-11-23"),
	}
}

// A picture says the same in words and in a table; what it draws lies within it,
// and all its colours are known.
func TestPicturesSayTheSameInWords(t *testing.T) {
	for name, f := range pictured(t) {
		t.Run(name, func(t *testing.T) {
			if f.Title == "" || f.Name == "" || len(f.Table.Head) == 0 && name != "agreement" { // whose page lists its events
				t.Errorf("title %q, name %q, head %q", f.Title, f.Name, f.Table.Head)
			}
			for _, row := range f.Table.Rows {
				if len(row) != len(f.Table.Head) {
					t.Errorf("a row of %d cells under %d names", len(row), len(f.Table.Head))
				}
			}
			for _, m := range f.Marks {
				if m.X < -1 || m.X > f.Width+1 || m.Shape != "text" && (m.Y < -1 || m.Y > f.Height+1) {
					t.Errorf("%+v lies outside of %v × %v", m, f.Width, f.Height)
				}
				if _, known := looks[base(m.Class)]; !known && m.Shape != "text" {
					t.Errorf("nobody knows how %q looks", m.Class)
				}
			}
			for _, k := range f.Legend {
				if k.Text == "" {
					t.Errorf("the class %q is not explained", k.Class)
				}
			}
			if len(f.Marks) > 0 && f.Description == "" {
				t.Error("the picture is not described")
			}
		})
	}
}

// As a file a picture is well-formed SVG, and a PNG of its size.
func TestPicturesAreFiles(t *testing.T) {
	for name, f := range pictured(t) {
		if len(f.Marks) == 0 {
			continue
		}
		framed := f.Framed()
		if framed.Height <= f.Height || len(framed.Marks) <= len(f.Marks) {
			t.Errorf("%s: the frame of %v is %v high", name, f.Height, framed.Height)
		}
		var svg strings.Builder
		if err := SVG(f).Render(locales.With(context.Background(), "en"), &svg); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		decoder := xml.NewDecoder(strings.NewReader(svg.String()))
		shapes := 0
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, ok := token.(xml.StartElement); ok {
				shapes++
			}
		}
		if shapes < len(f.Marks) {
			t.Errorf("%s: %d elements for %d marks", name, shapes, len(f.Marks))
		}
	}
}

// The same numbers give the same picture.
func TestPicturesAreTheSameEachTime(t *testing.T) {
	first := pictured(t)
	for range 3 {
		for name, f := range pictured(t) {
			if one, other := fmt.Sprintf("%+v", f), fmt.Sprintf("%+v", first[name]); one != other {
				t.Errorf("%s differs", name)
			}
		}
	}
}

func TestATimelineDrawsWhatIsDated(t *testing.T) {
	f := pictured(t)["agreement"]
	var texts []string
	for _, m := range f.Marks {
		texts = append(texts, m.Class)
	}
	for _, class := range []string{"signature", "validity", "act", "today"} {
		if !slices.ContainsFunc(texts, func(c string) bool { return strings.HasPrefix(c, class) }) {
			t.Errorf("no %s is drawn: %q", class, texts)
		}
	}
}

// An agreement is drawn over the days on which it holds, an open end a year past the
// day; one of which the beginning is not known is not drawn as holding.
func TestAnAgreementIsDrawnWhileItHolds(t *testing.T) {
	for _, test := range []struct {
		p           models.ValidityPeriod
		from, until edtf.Day
	}{
		{models.ValidityPeriod{FromDay: "2020-01-01"}, "2020-01-01", "2027-11-24"},
		{models.ValidityPeriod{FromDay: "2020-01-01", UntilDay: "2025-12-31"}, "2020-01-01", "2025-12-31"},
		{models.ValidityPeriod{UntilDay: "2025-12-31"}, "", ""},
		{models.ValidityPeriod{FromDay: "2030-01-01"}, "2030-01-01", "2031-01-02"},
		{models.ValidityPeriod{FromDay: "2020-01-01", UntilDay: "2020-12-31", Renewal: "tacit", RenewalMonths: 12},
			"2020-01-01", "2027-11-24"},
	} {
		a := &models.Agreement{Signed: "2001-02-03", SignedEarliest: "2001-02-03", SignedLatest: "2001-02-03",
			Participations:  []models.Participation{{Party: "BY", Role: "party"}, {Party: "RU", Role: "party"}},
			ValidityPeriods: []models.ValidityPeriod{test.p}}
		var from, until edtf.Day
		for _, it := range timelineItems(locales.Of("en"), a, "2026-11-23") {
			if it.class == "validity" {
				from, until = it.from, it.until
			}
		}
		if from != test.from || until != test.until {
			t.Errorf("%+v is drawn from %s to %s, want %s to %s", test.p, from, until, test.from, test.until)
		}
	}
}

// A stretch of which nothing is known is hatched, within its box, in the PNG as well.
func TestTheUnknownIsHatched(t *testing.T) {
	m := hatched(10, 20, 50, 8, "not recorded")
	for _, ring := range outlineOf(m) {
		for _, p := range ring {
			if p.x < 10 || p.x > 60 || p.y < 20 || p.y > 28 {
				t.Errorf("a stroke leaves the box at %v", p)
			}
		}
	}
	if n := len(outlineOf(m)); n != 7 {
		t.Errorf("%d strokes", n)
	}
	if len(outlineOf(hatched(10, 20, 0.5, 8, ""))) == 0 {
		t.Error("a short stretch is not seen")
	}
}

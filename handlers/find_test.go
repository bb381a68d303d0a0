package handlers

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/models"
	"chancery/models/edtf"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/emersion/go-ical"
	"github.com/mmcdole/gofeed"
)

// coming records what a calendar has to show: a term with tacit renewal and notice,
// one that ends, a series of meetings.
func (s *site) coming() {
	s.t.Helper()
	s.record(seedForm())
	s.json("POST", "/agreements",
		`{"titles":[{"text":"Trade agreement; with commas, and ümläuts that make the line longer than seventy-five octets","language":"en"}],"signed":"2020-05-01","participations":[{"party":"BY"},{"party":"KZ"}],
		"validity_periods":[{"valid_from":"2020-06-01","valid_until":"2027-05-31","renewal":"tacit","renewal_months":12,"notice_months":6}]}`).want(s.t, 201)
	for _, held := range []string{"2023-11-08", "2024-11-06"} {
		s.post("/meetings/new", url.Values{"title": {"Yearly session " + held[:4]}, "series": {"Yearly sessions"},
			"held": {held}, "kind": {"session"}, "participants": {"BY\nRU"}, "actor": {"Anna"}}).want(s.t, 303)
	}
	s.post("/meetings/new", url.Values{"title": {"Summit"}, "held": {"2026-12"}, "kind": {"summit"},
		"participants": {"BY"}, "actor": {"Anna"}}).want(s.t, 303)
}

func TestTheCalendarSaysWhatIsToCome(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.coming()
		s.get("/calendar?months=24", "Accept-Language", "en").want(t, 200, "Last day for notice", "30 November 2026",
			"31 December 2027", "1 June 2027", "Summit")
		s.get("/calendar?on=2025-10-01&months=6", "Accept-Language", "en").want(t, 200,
			"Yearly sessions: due about November 2025")
		s.get("/calendar.csv?pair=BY-KZ&months=12").want(t, 200, "notice-deadline,2,", "renewal-due,2,")
		if a := s.get("/calendar.csv?pair=BY-RU&months=24").want(t, 200,
			"2027,2027-12-31,2027-12-31,validity-ends,1,"); strings.Contains(a.body, ",2,") {
			t.Errorf("another pair's events: %s", a.body)
		}
		s.get("/calendar?months=x").want(t, 400)
		a := s.get("/calendar.ics?months=24").want(t, 200)
		if ct := a.Header.Get("Content-Type"); ct != "text/calendar; charset=utf-8" {
			t.Error(ct)
		}
		for line := range strings.SplitSeq(a.body, "\r\n") {
			if len(line) > 75 {
				t.Errorf("a line of %d octets: %s", len(line), line)
			}
		}
		read := func(body string) map[string]*ical.Event {
			calendar, err := ical.NewDecoder(strings.NewReader(body)).Decode()
			if err != nil {
				t.Fatal(err)
			}
			events := map[string]*ical.Event{}
			for _, e := range calendar.Events() {
				uid, err := e.Props.Text(ical.PropUID)
				if err != nil || events[uid] != nil {
					t.Errorf("%q: %v", uid, err)
				}
				events[uid] = &e
			}
			return events
		}
		before := read(a.body)
		notice := before["notice-deadline-1-agreement-2@chancery.local"]
		if notice == nil {
			t.Fatalf("no notice among %v", before)
		}
		from, errFrom := notice.DateTimeStart(time.UTC)
		until, errUntil := notice.DateTimeEnd(time.UTC)
		summary, _ := notice.Props.Text(ical.PropSummary)
		if errFrom != nil || errUntil != nil || from.Format(time.DateOnly) != "2026-11-30" ||
			until.Format(time.DateOnly) != "2026-12-01" || !strings.Contains(summary,
			"Trade agreement; with commas, and ümläuts that make the line longer") || len(notice.Children) != 1 {
			t.Errorf("%v %v %q %v", from, until, summary, notice.Children)
		}
		if summit := before["meeting-4@chancery.local"]; summit == nil {
			t.Error("a meeting without agreements is not in the calendar")
		} else if until, _ := summit.DateTimeEnd(time.UTC); until.Format(time.DateOnly) != "2027-01-01" {
			t.Errorf("a meeting in December lasts until %v", until)
		}
		// a revised date moves its event: the same identity, a higher sequence
		form := seedForm()
		form.Set("version", "1")
		form.Set("validity_periods[0].valid_until", "2027-06-30")
		form.Set("meetings[0].meeting", "1")
		s.post("/agreements/1/edit", form).want(t, 303)
		after := read(s.get("/calendar.ics?months=24").body)
		const ends = "validity-ends-1-agreement-1@chancery.local"
		was, is := before[ends], after[ends]
		if was == nil || is == nil || was.Props.Get(ical.PropSequence).Value != "0" ||
			is.Props.Get(ical.PropSequence).Value != "1" || is.Props.Get(ical.PropDateTimeStart).Value != "20270630" {
			t.Errorf("before %v, after %v", was, is)
		}
	})
}

func TestTheFeedSaysWhatHappened(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.coming()
		form := seedForm()
		form.Set("version", "1")
		form.Set("place", "Minsk")
		form.Set("meetings[0].meeting", "1")
		s.post("/agreements/1/edit", form).want(t, 303)
		for path, want := range map[string]int{"/feed.atom": 5, "/feed.atom?pair=BY-KZ": 2, "/feed.atom?kind=treaty": 0} {
			a := s.get(path, "Accept-Language", "en").want(t, 200)
			feed, err := gofeed.NewParser().ParseString(a.body)
			if err != nil || feed.FeedType != "atom" || len(feed.Items) != want {
				t.Fatalf("%s: %+v %v", path, feed, err)
			}
			seen := map[string]bool{}
			for i, item := range feed.Items {
				if seen[item.GUID] || item.UpdatedParsed == nil || !strings.HasPrefix(item.GUID, "tag:") {
					t.Errorf("%s: %+v", path, item)
				}
				if seen[item.GUID] = true; i > 0 && item.UpdatedParsed.After(*feed.Items[i-1].UpdatedParsed) {
					t.Errorf("%s: not the latest first", path)
				}
			}
		}
		s.get("/feed.atom?pair=BY-RU", "Accept-Language", "en").want(t, 200, "Revised: Kooperationsplan",
			"In force: Kooperationsplan", "agreements/1/revised/2", "agreements/1/begun/2026-01-01")
		s.get("/feed.atom?before=nonsense").want(t, 400)
	})
}

// recordTreaty records a treaty of four that is in force for all.
func (s *site) recordTreaty() {
	s.t.Helper()
	s.json("POST", "/agreements",
		`{"titles":[{"text":"Treaty","language":"en"}],"kind":"treaty","signed":"1992-06-13","participations":[{"party":"FR"},{"party":"DE"},{"party":"BY"},{"party":"RU"}],"validity_periods":[{"valid_from":"1994-03-21"}]}`).want(s.t, 201)
}

// pictures are all addresses at which something is drawn.
var drawn = []string{"/years", "/years?pair=BY-RU", "/map", "/map?party=BY", "/network?group=CIS", "/pairs/matrix",
	"/pairs/matrix?group=CIS&measure=signed", "/pairs/matrix?group=europe", "/pairs/matrix?codes=BY,RU,FR",
	"/timeline?pair=BY-RU", "/timeline?party=FR", "/agreements/1"}

func TestEveryPictureIsASoundFileAndATable(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.recordMultilateral()
		// and some of nothing
		for _, path := range append(slices.Clone(drawn), "/years?kind=treaty", "/network?group=oceania",
			"/timeline?party=NR", "/pairs/matrix?group=oceania") {
			address, query, _ := strings.Cut(path, "?")
			page := s.get(path, "Accept-Language", "en").want(t, 200)
			svg := s.get(address+".svg?"+query).want(t, 200)
			decoder := xml.NewDecoder(strings.NewReader(svg.body))
			elements := map[string]int{}
			for {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s.svg: %v", path, err)
				}
				if start, ok := token.(xml.StartElement); ok {
					elements[start.Name.Local]++
					for _, a := range start.Attr {
						if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") {
							t.Errorf("%s.svg: %s=%q", path, a.Name.Local, a.Value)
						}
					}
				}
			}
			if elements["svg"] != 1 || elements["title"] == 0 || elements["desc"] != 1 || elements["script"] != 0 {
				t.Errorf("%s.svg: %v", path, elements)
			}
			image, err := png.Decode(strings.NewReader(s.get(address+".png?"+query).want(t, 200).body))
			if err != nil || image.Bounds().Empty() {
				t.Errorf("%s.png: %v", path, err)
			}
			if slices.Contains(drawn, path) && address != "/agreements/1" &&
				(!strings.Contains(page.body, "<details>") || strings.Count(page.body, "<th scope=\"row\">") == 0) {
				t.Errorf("%s has no table", path)
			}
		}
		s.get("/pairs/matrix?group=nonsense").want(t, 400, "nonsense")
		s.get("/pairs/matrix?measure=nonsense").want(t, 400)
		s.get("/pairs/matrix?order=nonsense").want(t, 400, "order", "count, name")
		s.get("/pairs/matrix?codes=BY,RU,FR&order=name&scope=all").want(t, 200, `<ol class="ranked"`, "Belarus – Russia</a>")
		s.get("/map", "Accept-Language", "en").want(t, 200, "Natural Earth")
		s.router.config.Map = nil
		s.get("/map", "Accept-Language", "en").want(t, 200, "shows no map")
		s.get("/").want(t, 200)
	})
}

// A timeline goes forth and back over the same events, page by page; the page of many
// begins with the newest, and says together what happened on one day.
func TestATimelineGoesForthAndBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.recordTreaty()
		walk := func(order string) (events []string) {
			for address := "/timeline.json?limit=2&order=" + order; ; {
				page := s.get(address).want(t, 200)
				var answer struct {
					Items []struct{ Date, Event, Party string }
					Next  string
				}
				if err := json.Unmarshal([]byte(page.body), &answer); err != nil {
					t.Fatal(err)
				}
				for _, e := range answer.Items {
					events = append(events, e.Date+" "+e.Event+" "+e.Party)
				}
				if address = answer.Next; address == "" {
					return events
				}
			}
		}
		forth, back := walk("oldest"), walk("newest")
		slices.Reverse(back)
		if len(forth) < 6 || !slices.Equal(forth, back) {
			t.Errorf("forth %q, back %q", forth, back)
		}
		s.get("/timeline.json?order=sideways").want(t, 400, "newest, oldest")
		_, page, _ := strings.Cut(s.get("/timeline", "Accept-Language", "en").want(t, 200, "<strong>Newest first</strong>").body, `class="events"`)
		if newest, oldest := strings.Index(page, "5 November 2025"), strings.Index(page, "13 June 1992"); newest < 0 || oldest < newest {
			t.Errorf("the newest stands at %d, the oldest at %d", newest, oldest)
		}
		if csv := s.get("/timeline.csv?order=newest").body; strings.Index(csv, "2027-") > strings.Index(csv, "1992-") {
			t.Error("the CSV is not in the order that was asked for")
		}
	})
}

// What a picture shows and what its JSON, its CSV and the list behind it say are
// one.
func TestAPictureAndItsNumbersAgree(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.recordTreaty()
		s.get("/pairs/matrix.csv?codes=BY,RU,FR").want(t, 200,
			"party_a,party_b,agreements\r\nBY,FR,1\r\nBY,RU,2\r\nFR,RU,1\r\n")
		s.get("/pairs/matrix.csv?codes=BY,RU,FR&on=2025-01-01").want(t, 200, "BY,RU,1\r\n")
		s.get("/pairs/BY-RU.json?status=in-force").want(t, 200, `"total":2`)
		s.get("/map.csv?party=BY").want(t, 200, "RU,Russia,2\r\n", "FR,France,1\r\n")
		s.get("/years.csv?pair=BY-RU").want(t, 200, "year,signed,entered,ended,in_force\r\n1992,1,0,0,0\r\n",
			"1994,0,1,0,1\r\n", "2026,0,1,0,2\r\n")
		s.get("/years.csv?pair=BY-RU&on=2030-06-01").want(t, 200, "2027,0,0,1,2\r\n2028,0,0,0,1\r\n")
	})
}

func TestPanelsCountPairsAndPartiesByYear(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.recordTreaty()
		a := s.get("/pairs.csv?from=2024&until=2028").want(t, 200)
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || !slices.Equal(rows[0], exchange.PairYearsTable.Header()) || len(rows) != 1+6*5 {
			t.Fatalf("%v, %d rows %v", err, len(rows), rows[0])
		}
		for _, row := range rows[1:] {
			if row[0] == "BY" && row[1] == "RU" && row[14] == "2026" {
				if strings.Join(slices.Concat(row[:8], row[14:22]), ",") != "BY,RU,BLR,RUS,370,365,370,365,2026,0,2,0,0,0,0,0" {
					t.Errorf("%v", row)
				}
			}
			if row[0] == "BY" && row[1] == "RU" && row[14] == "2027" && row[21] != "1" || row[0] >= row[1] {
				t.Errorf("%v", row)
			}
		}
		s.get("/parties.csv?from=2026&until=2026&party=BY").want(t, 200, "BY,BLR,370,370,state,1918-03-25,,2026,0,2,0,0,0,0,0")
		s.get("/pairs.csv?pair=BY-FR&from=1994&until=1994").want(t, 200, "BY,FR,BLR,FRA,370,220,370,220,state,state,1918-03-25,", ",1994,0,1,0,0,0,0,0")
		s.get("/parties.csv?system=cow&from=1990&until=1993&party=BY").want(t, 200, "BY,BLR,370,370,state,1918-03-25,,1991,")
		s.get("/parties.csv?system=moon").want(t, 400)
		s.get("/pairs.csv?nonsense=1").want(t, 400)
	})
}

// Every CSV has the columns that its description names, under the same address, and
// says where that is.
func TestEveryTableIsDescribed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.coming()
		for _, path := range []string{"/timeline", "/agreements", "/pairs/BY-RU", "/pairs", "/parties", "/calendar",
			"/years", "/pairs/matrix", "/map", "/agreements/1", "/parties/BY", "/search"} {
			a := s.get(path+".csv?q=&on=2026-11-01").want(t, 200)
			rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			link, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
			described := s.get(link).want(t, 200)
			if ct := described.Header.Get("Content-Type"); ct != "application/csvm+json" {
				t.Errorf("%s is described as %s", path, ct)
			}
			var metadata struct {
				Context     []any  `json:"@context"`
				URL         string `json:"url"`
				TableSchema struct {
					Columns []struct{ Name, Titles, Datatype string }
				} `json:"tableSchema"`
			}
			if err := json.Unmarshal([]byte(described.body), &metadata); err != nil ||
				metadata.Context[0] != "http://www.w3.org/ns/csvw" || !strings.HasSuffix(metadata.URL,
				path+".csv?on=2026-11-01&q=") {
				t.Fatalf("%s: %s %v", path, described.body, err)
			}
			for i, c := range metadata.TableSchema.Columns {
				if rows[0][i] != c.Titles {
					t.Errorf("%s: column %s is described as %s", path, rows[0][i], c.Titles)
				}
				for _, row := range rows[1:] {
					if !fits(row[i], c.Datatype) {
						t.Errorf("%s: %s is %q, which is no %s", path, c.Name, row[i], c.Datatype)
					}
				}
			}
			if len(rows[0]) != len(metadata.TableSchema.Columns) {
				t.Errorf("%s: %d columns, %d described", path, len(rows[0]), len(metadata.TableSchema.Columns))
			}
		}
	})
}

func fits(value, datatype string) bool {
	if value == "" {
		return true
	}
	switch datatype {
	case "integer":
		return strings.Trim(value, "0123456789") == ""
	case "date":
		_, err := edtf.ParseDay(value)
		return err == nil
	case "boolean":
		return value == "true" || value == "false"
	}
	return datatype == "string"
}

func TestAFilterReadsAsASentenceAndCanBeTakenApart(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.recordMultilateral()
		const path = "/pairs/BY-RU?kind=plan&status=in-force"
		s.get(path, "Accept-Language", "en").want(t, 200,
			"In-force cooperation plans between Belarus and Russia, as at 23 November 2026: 1", `href="/pairs/BY-RU?kind=plan"`,
			`href="/pairs/BY-RU?status=in-force"`)
		s.get(path, "Accept-Language", "de").want(t, 200,
			"Kooperationspläne Belarus – Russland, in Kraft, Stand 23. November 2026: 1")
		s.get(path, "Accept-Language", "ru").want(t, 200,
			"Планы сотрудничества Беларусь – Россия, действующие, по состоянию на 23 ноября 2026")
		s.get("/agreements.json?counts=1&kind=plan").want(t, 200, `{"value":"plan","count":1,"chosen":true}`,
			`{"value":"convention","count":1,"chosen":false}`)
		s.get("/agreements?subject=a&subject=b&person=1&sourced=yes&precision=day&ending=24&language=de&place=Moskau&role=party&party=BY&party=RU", "Accept-Language", "en").want(t, 200, "Agreements of Belarus and Russia, as Party, on a or b, signed at Moskau")
	})
}

// The register is read as at a day and as recorded at a moment on every page, and
// links keep both.
func TestThePastCanBeRead(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.store.Now = func() time.Time { return time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC) }
		s.record(seedForm())
		s.store.Now = func() time.Time { return time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC) }
		form := seedForm()
		form.Set("version", "1")
		form.Set("titles[0].text", "Berichtigter Plan")
		form.Set("validity_periods[0].valid_until", "2026-06-30")
		form.Set("meetings[0].meeting", "1")
		s.post("/agreements/1/edit", form).want(t, 303)
		s.store.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
		s.get("/pairs/BY-RU.json").want(t, 200, "Berichtigter Plan", `"expired"`)
		s.get("/pairs/BY-RU.json?recorded=2026-03-01T00:00Z").want(t, 200, "Kooperationsplan", `"in-force"`)
		s.get("/pairs/BY-RU.json?recorded=2026-01-01").want(t, 200, `"total":0`)
		s.get("/pairs/BY-RU.json?recorded=2026-03-01T00:00Z&on=2025-12-01").want(t, 200, `"signed"`)
		s.get("/agreements/1?recorded=2026-03-01", "Accept-Language", "en").want(t, 200, "Kooperationsplan",
			"as recorded at 1 March 2026, 00:00 UTC", `href="/pairs/BY-RU?recorded=2026-03-01"`)
		s.get("/agreements/1?recorded=2026-01-01").want(t, 404)
		s.get("/search.json?q=Berichtigter&recorded=2026-03-01").want(t, 200, `"count":0`)
		s.get("/search.json?q=Kooperationsplan&recorded=2026-03-01").want(t, 200, `"count":1`)
		s.get("/agreements.csv?recorded=2026-03-01").want(t, 200, "Kooperationsplan", ",in-force,")
		s.get("/parties/BY?on=2025-12-01", "Accept-Language", "en").want(t, 200, "As at 1 December 2025",
			`href="/agreements/1?on=2025-12-01"`)
		s.get("/?recorded=nonsense").want(t, 400)
		for _, path := range seen {
			if strings.Contains(path, "/new") || strings.Contains(path, "/edit") || strings.Contains(path, "Atlantis") ||
				strings.Contains(path, "nowhere") || strings.Contains(path, "foo") || strings.Contains(path, "/2") ||
				strings.Contains(path, "/withdraw") {
				continue
			}
			joint := "?"
			if strings.Contains(path, "?") {
				joint = "&"
			}
			s.get(path+joint+"on=2026-03-01&recorded=2026-03-01").want(t, 200)
		}
	})
}

func TestTheSearchBoxWorksByKeyboardAndWithoutScript(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	s.get("/search?q=Вольфович", "Accept-Language", "en").want(t, 200, "<mark>Wolfowitsch</mark>", "Signed by")
	s.get("/search?q=kooperatoinsplan", "Accept-Language", "en").want(t, 200, "kooperatoinsplan → kooperationsplan")
	s.get("/search").want(t, 200)
	s.get("/opensearch.xml").want(t, 200, "/search?q={searchTerms}")
	w := s.window(t)
	w.open("/pairs")
	w.do(fill("q", "Kooperationsp"), visible(`#search-list [role="option"]`),
		chromedp.SendKeys(chromedp.CSS("#search"), kb.ArrowDown), chromedp.SendKeys(chromedp.CSS("#search"), kb.Enter),
		visible(".facts"))
	if at := result(w, chromedp.Location()); !strings.HasSuffix(at, "/agreements/1") {
		t.Errorf("a chosen suggestion leads to %s", at)
	}
	w.open("/agreements")
	w.do(chromedp.Click(chromedp.CSS(`.facets input[name="kind"][value="plan"]`)), visible(".chips"))
	if at := result(w, chromedp.Location()); !strings.Contains(at, "kind=plan") {
		t.Errorf("a ticked filter leads to %s", at)
	}
}

// An export that breaks off is seen to be incomplete (R18).
func TestAnExportCutShortIsIncomplete(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for range 3 {
			s.json("POST", "/agreements", `{"titles":[{"text":"`+strings.Repeat("long ", 700)+
				`","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}`).want(t, 201)
		}
		response, err := http.Get(s.URL + "/timeline.csv")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.ContentLength >= 0 {
			t.Errorf("a stream says it is %d bytes long", response.ContentLength)
		}
		whole, err := io.ReadAll(response.Body)
		if err != nil || strings.Count(string(whole), "\r\n") != 4 {
			t.Errorf("%d bytes, %v", len(whole), err)
		}
	})
}

// cutting writes an answer through until so many bytes are out, then runs cut once.
type cutting struct {
	http.ResponseWriter
	left int
	cut  func()
}

func (w *cutting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *cutting) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left <= 0 && w.cut != nil {
		w.cut()
		w.cut = nil
	}
	return w.ResponseWriter.Write(p)
}

// An export that cannot go on is seen to be incomplete: the connection breaks
// before the end (R18).
func TestAnExportCutOffIsSeenToBeIncomplete(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		const more = models.MaxPageSize + 100 // an export reads page by page
		if err := exchange.Generate(t.Context(), s.store, more); err != nil {
			t.Fatal(err)
		}
		whole := s.get("/agreements.csv").want(t, 200)
		if lines := strings.Count(whole.body, "\r\n"); lines != more+1 || whole.ContentLength != -1 {
			t.Fatalf("%d lines, length %d", lines, whole.ContentLength)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.router.Handler().ServeHTTP(&cutting{w, 2000, func() { s.store.Close() }}, r)
		}))
		defer server.Close()
		request, err := http.NewRequest("GET", server.URL+"/agreements.csv", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Cookie", s.first)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		part, err := io.ReadAll(response.Body)
		if err == nil || len(part) >= len(whole.body) {
			t.Errorf("the database went away, and the reader got %d of %d bytes without an error", len(part), len(whole.body))
		}
	})
}

package handlers

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"chancery/frontend"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A hand uses a page as somebody does, by mouse and keyboard, and counts.
type hand struct {
	*window
	clicks, keys int
}

func (h *hand) click(selector string) {
	h.t.Helper()
	h.clicks++
	h.do(settled(), visible(selector), chromedp.Click(chromedp.CSS(selector)), settled())
}

// types goes on where the focus is: each text, and Tab between them.
func (h *hand) types(texts ...string) {
	h.t.Helper()
	for i, text := range texts {
		if i > 0 {
			h.press(kb.Tab)
		}
		h.keys += len([]rune(text))
		if text != "" {
			h.do(chromedp.KeyEvent(text))
		}
	}
}

func (h *hand) press(keys ...string) {
	h.t.Helper()
	for _, key := range keys {
		h.keys++
		h.do(chromedp.KeyEvent(key), settled())
	}
}

// paste puts a text in at once.
func (h *hand) paste(text string) {
	h.t.Helper()
	h.keys += 2
	h.do(command(input.InsertText, input.InsertTextParams{Text: text}))
}

// suggested types a name and takes what is suggested first.
func (h *hand) suggested(list, text string) {
	h.t.Helper()
	h.types(text)
	h.do(visible("#" + list + `-list [role="option"]`))
	h.press(kb.ArrowDown)
	h.keys++
	enter := input.DispatchKeyEventParams{Type: "rawKeyDown", Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
	h.do(command(input.DispatchKeyEvent, enter), settled()) // alone: the page keeps it from being typed
}

// done tells how much it took, and that it was not more than it may.
func (h *hand) done(what string, most int) {
	h.t.Helper()
	h.t.Logf("%s: %d clicks, %d keys", what, h.clicks, h.keys)
	if h.clicks > most {
		h.t.Errorf("%s took %d clicks, at most %d", what, h.clicks, most)
	}
}

const record = `.ends button[value="save"]`

// The seed is recorded by hand in at most twelve clicks, without a manual.
func TestTheSeedTakesFewClicks(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	h.click("#titles-0-text")
	h.types(seedTitle, "Ger", "Coop")
	h.click("#participations-0-party")
	h.suggested("participations-0-party", "Weißruss")
	h.press(kb.Tab)
	h.types("Staatssekretariat des Sicherheitsrates", "Alexander Wolfowitsch", "Staatssekretär")
	h.click("#participations-1-party")
	h.suggested("participations-1-party", "Russische Föd")
	h.press(kb.Tab)
	h.types("Sicherheitsrat", "Sergej Schoigu", "Sekretär")
	h.click("#signed")
	h.types("5. November 2025", "Moskau", "", "2026/27")
	h.click("#sources-0-url")
	h.types("https://deu.belta.by/", "BelTA", "5.11.2025")
	h.click("#rows-sources .rare > summary")
	h.press(kb.Tab)
	h.types("Der Kooperationsplan … wurde am 5. November in Moskau … unterzeichnet.")
	h.click("#fold-meetings > summary")
	h.press(kb.Tab, kb.Tab)
	h.types("in the m")
	h.click("#meetings-0-title")
	h.types("Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten", "", "", "5 Nov 2025", "Moskau")
	h.click("#fold-notes > summary")
	h.press(kb.Tab)
	h.types("Interag")
	h.click("#actor")
	h.types("Anna")
	h.click(record)
	h.do(visible("#recorded-now"))
	h.done("the seed", 12)
	if at := result(h.window, chromedp.Evaluate[string]("document.activeElement.id")); at != "recorded-now" {
		t.Errorf("after saving the focus is on %q", at)
	}
	h.checkSeed()
	s.get("/agreements/1.json").want(t, 200, `"signed":"2025-11-05"`, `"valid_from":"2026"`, `"valid_until":"2027"`, `"level":"interagency"`,
		`"in-the-margins-of"`, `"kind":"plan"`, `"language":"de"`)
	h.open("/agreements/new")
	if height := result(h.window, chromedp.Evaluate[int]("document.documentElement.scrollHeight")); height > 1500 {
		t.Errorf("a new form is %d px high", height)
	}
	if name := result(h.window, chromedp.Value(chromedp.CSS("#actor"))); name != "Anna" {
		t.Errorf("the name is not remembered: %q", name)
	}
}

const memberStates = `Austria, Belgien, Болгария, Croatia, Zypern, Tschechien, Denmark, Estonia, Finland, France, Deutschland, Greece, Hungary,
Ireland, Italy, Latvia, Lithuania, Luxembourg, Malta, Netherlands, Poland, Portugal, Romania, Slovakia, Slovenia, Spain and Sweden`

// Twenty-seven parties are pasted, and a later accession is added.
func TestManyPartiesTakeFewClicks(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	h.click("#titles-0-text")
	h.types("Treaty of many", "", "Tr")
	h.click(".many > summary")
	h.click("#many")
	h.paste(strings.Replace(memberStates, "Spain and Sweden", "Spain, and Sweden", 1))
	h.click(`button[value="many participations"]`)
	h.do(visible("#participations-26-party"))
	h.click("#signed")
	h.types("13 December 2007", "Lisbon")
	h.click("#actor")
	h.types("Anna")
	h.click(record)
	h.do(visible("#recorded-now"))
	h.done("twenty-seven parties", 8)
	if n := strings.Count(s.get("/agreements/1.json").body, `"role":"party"`); n != 27 {
		t.Errorf("%d parties are recorded", n)
	}

	h = &hand{window: h.window}
	h.click(`#recorded-now a[href$="#fold-acts"]`)
	h.click("#fold-acts > summary")
	h.click(`button[value="add acts"]`)
	h.suggested("acts-0-party", "Iceland")
	h.press(kb.Tab)
	h.types("Accession", "1 May 2010")
	h.click(record)
	h.do(visible(".agreement"))
	h.done("an accession", 6)
	s.get("/agreements/1.json").want(t, 200, `"type":"accession"`, `"2010-05-01"`)

	h.open("/agreements/new")
	h.click(".many > summary")
	h.do(chromedp.SetValue(chromedp.CSS("#group"), "EU"))
	h.click(`button[value="many participations"]`)
	h.do(visible("#participations-26-party"))
	if said := h.text("#form-said"); said != "27 parties added" {
		t.Errorf("what was added is said as %q", said)
	}
}

// What each party did is filled into a chart of the parties; what is in it stays there.
func TestTheChartOfThePartiesTakesFewClicks(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	h.click("#titles-0-text")
	h.types("Treaty of three", "", "Tr")
	h.click(".many > summary")
	h.click("#many")
	h.paste("Belarus, Russia, Kazakhstan")
	h.click(`button[value="many participations"]`)
	h.do(visible("#participations-2-party"))
	h.click("#signed")
	h.types("1 March 2001", "Minsk")
	h.click("#fold-acts > summary")
	h.do(visible(".chart #acts-0-date"))
	h.click("#acts-0-date") // Belarus
	h.types("", "Rat", "5 May 2001", "1 July 2001", "With", "3 April 2010", "1 May 2011")
	h.click("#acts-3-date") // Russia
	h.types("", "Acceptance", "6 May 2001")
	h.click("#acts-6-date") // Kazakhstan signed
	h.types("2 March 2001")
	h.click("#actor")
	h.types("Anna")
	h.click(record)
	h.do(visible("#recorded-now"))
	h.done("a chart of three parties", 12)
	for _, row := range []string{"2001-05-05,2001-05-05,2001-05-05,ratification,1", "2001-07-01", "2010-04-03,2010-04-03,2010-04-03,withdrawal,1", "2011-05-01",
		"2001-05-06,2001-05-06,2001-05-06,acceptance,1", "2001-03-02,2001-03-02,2001-03-02,signature,1"} {
		s.get("/timeline.csv?agreement=1").want(t, 200, row)
	}
	h.open("/agreements/1/edit")
	if label := h.text("label[for=chart]"); label != "You recorded consent for 2 of 3 parties. The other 1:" {
		t.Errorf("of the others it asks %q", label)
	}
	h.click(`button[value="add acts"]`)
	h.suggested("acts-4-party", "Belarus")
	h.press(kb.Tab)
	h.types("Acce", "7 May 2015")
	result(h.window, chromedp.Evaluate[bool](`for (const what of ['type', 'date', 'effective']) document.getElementById('acts-1-' + what).value = ''; true`)) // the withdrawal goes
	h.click(`button[value="add acts"]`)
	h.click(`button[value="remove acts 4"]`)
	h.click(record)
	h.do(visible(".agreement"))
	if body := s.get("/timeline.csv?agreement=1").body; strings.Contains(body, "withdrawal") || !strings.Contains(body, "2015-05-07") || !strings.Contains(body, "2001-05-05") {
		t.Errorf("after editing the chart there is %s", body)
	}
}

// An exchange of notes asks for each side's day and not for another; a term is typed
// as years.
func TestNotesAndTermsAreAskedAsTheyAre(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	h.click("#titles-0-text")
	h.types("Exchange of notes on fisheries", "", "Exch")
	h.do(gone("#signed"), visible("#participations-0-signatories-0-signed"))
	h.click("#participations-0-party")
	h.types("US")
	h.press(kb.Tab, kb.Tab, kb.Tab)
	h.types("1 March 1977")
	h.click("#participations-1-party")
	h.types("CA")
	h.press(kb.Tab, kb.Tab, kb.Tab)
	h.types("5/3/1977")
	h.click("#participations-0-institution") // the echo asks
	h.click(`button[value="date participations[1].signatories[0].signed 1977-03-05"]`)
	h.click("#validity_periods-0-valid_from")
	h.types("1 January 1978", "5 years", "Tac", "6 months")
	h.click("#rows-validity_periods .rare > summary")
	h.press(kb.Tab, kb.Tab)
	h.types("5 years")
	h.click("#actor")
	h.types("Anna")

	h.keys++
	h.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	h.do(visible("#recorded-now"))
	h.done("an exchange of notes", 12)
	s.get("/agreements/1.json").want(t, 200, `"date":"1977-03-01"`, `"date":"1977-03-05"`, `"valid_until":"1982-12-31"`, `"renewal_months":60`,
		`"notice_months":6`, `"renewal":"tacit"`)
}

// The form is filled in and recorded by the keyboard alone.
func TestTheFormIsFilledByKeyboardAlone(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	until := func(id string) {
		t.Helper()
		for range 80 {
			if result(h.window, chromedp.Evaluate[string]("document.activeElement.id")) == id {
				return
			}
			h.press(kb.Tab)
		}
		t.Fatalf("no way by the keyboard to %s", id)
	}
	for _, step := range [][2]string{{"titles-0-text", "By keyboard"}, {"participations-0-party", "France"}, {"participations-1-party", "Germany"},
		{"signed", "5 May 2001"}, {"actor", "Anna"}} {
		until(step[0])
		h.types(step[1])
		h.do(settled())
	}
	until("actor")
	h.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)), visible("#recorded-now"))
	h.done("by keyboard", 0)
}

// Two questions of an analyst are answered in at most three steps: pages loaded.
func TestQuestionsTakeFewSteps(t *testing.T) {
	s := open(t, "sqlite")
	for i, text := range []string{"Agreement on air services", "Agreement on the fisheries of the Rhine"} {
		s.json("POST", "/agreements", fmt.Sprintf(`{"titles":[{"text":%q,"language":"en"}],"kind":"agreement","signed":"198%d","participations":[{"party":"DE"},{"party":"FR"}],
			"validity_periods":[{"valid_from":"1990-01-01","valid_until":"%d"}]}`, text, i, 1992+i*10)).want(t, 201)
	}
	for i, year := range []string{"1965", "1974", "1977"} {
		s.json("POST", "/agreements", fmt.Sprintf(`{"titles":[{"text":"Fisheries agreement %d","language":"en"}],"kind":"agreement","signed":%q,
			"participations":[{"party":"US"},{"party":"CA"}]}`, i, year)).want(t, 201)
	}
	w := s.window(t, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	ask := func(a, b string) {
		w.open("/pairs")
		w.do(fill("a", a), fill("b", b), chromedp.Click(chromedp.CSS(".pairform button")), visible(".facets")) // one
	}
	ask("Germany", "France")
	w.do(chromedp.Click(chromedp.CSS(".reading > summary")), fill("on", "1 January 1995"),
		chromedp.Click(chromedp.CSS(".reading button")), visible(".reading.elsewhere"), // two
		chromedp.Click(chromedp.CSS(`.facets [name="status"][value="in-force"]`)),
		chromedp.Click(chromedp.CSS(".facets button")), visible(".chips")) // three
	if text := w.text(".entries"); !strings.Contains(text, "Rhine") || strings.Contains(text, "air services") {
		t.Errorf("in force between Germany and France on 1 January 1995: %s", text)
	}
	ask("United States", "Canada")
	w.do(fill("q", "fisheries"), fill("from", "1970s"), fill("until", "1970s"), chromedp.Click(chromedp.CSS(".facets button")),
		visible(".chips")) // two
	if text := w.text(".entries"); strings.Count(text, "Fisheries agreement") != 2 || strings.Contains(text, "agreement 0") {
		t.Errorf("fisheries, United States and Canada, the 1970s: %s", text)
	}
}

// What was typed survives a closed tab, and is gone once it is recorded.
func TestAnUnfinishedFormIsKept(t *testing.T) {
	s := open(t, "sqlite")
	h := &hand{window: s.window(t)}
	h.open("/agreements/new")
	h.click(`button[value="add participations"]`)
	h.do(visible("#participations-2-party"))
	if at := result(h.window, chromedp.Evaluate[string]("document.activeElement.id")); at != "participations-2-party" {
		t.Errorf("after adding a party the focus is on %q", at)
	}
	h.types("Japan")
	h.click("#titles-0-text")
	h.types("Unfinished")
	h.do(chromedp.Sleep(1200 * time.Millisecond))
	h.open("/agreements")
	h.open("/agreements/new")
	h.click(`[data-draft="restore"]`)
	h.do(visible("#participations-2-party"))
	if title, party := result(h.window, chromedp.Value(chromedp.CSS("#titles-0-text"))),
		result(h.window, chromedp.Value(chromedp.CSS("#participations-2-party"))); title != "Unfinished" || party != "Japan" {
		t.Errorf("taken up again: %q, %q", title, party)
	}
	h.do(fill("participations[0].party", "France"), fill("participations[1].party", "Germany"), fill("signed", "2001"), fill("actor", "Anna"))
	h.click(record)
	h.do(visible("#recorded-now"))
	h.open("/agreements/new")
	if hidden := result(h.window, chromedp.Evaluate[bool]("document.getElementById('unfinished').hidden")); !hidden {
		t.Error("a recorded form is offered as unfinished")
	}
}

// The style and the scripts of a page weigh at most 40 KB packed.
func TestPagesWeighLittle(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	asset := regexp.MustCompile(`/static/([^"?]+\.(?:css|js))`)
	for _, path := range []string{"/", "/agreements/new", "/agreements/1", "/pairs/BY-RU", "/timeline", "/account"} {
		total := 0
		for _, m := range asset.FindAllStringSubmatch(s.get(path).body, -1) {
			content, err := fs.ReadFile(frontend.Static(), m[1])
			if err != nil {
				t.Fatal(err)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write(content)
			z.Close()
			total += packed.Len()
		}
		if total == 0 || total > 40<<10 {
			t.Errorf("%s has %d bytes of style and scripts", path, total)
		}
	}
}

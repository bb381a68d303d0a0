package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	htmlpkg "html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/models"
	"chancery/press"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Two reports of one signing, in two languages, and one of several.
const (
	germanReport = "Sicherheitsräte Serbiens und Armeniens unterzeichnen Fahrplan\n\nBELGRAD, 17. März (Tanjug) – Der " +
		"Sekretär des Sicherheitsrates Armeniens, Armen Grigorjan, und der Sekretär des Nationalen Sicherheitsrates von Serbien, Milan Petrović, haben heute in Belgrad einen Fahrplan der Zusammenarbeit für die Jahre 2025–2026 unterzeichnet.\n"
	russianReport = "Совбезы Сербии и Армении подписали дорожную карту\n\nБЕЛГРАД, 18 марта. Секретарь Совета " +
		"безопасности Армении Армен Григорян и секретарь Совета безопасности Сербии Милан Петрович подписали вчера дорожную карту сотрудничества на 2025–2026 годы.\n"
	severalReport = "Talks in Dushanbe end with documents\n\nAfter the talks in Dushanbe on 22 August 2024 the " +
		"following documents were signed:\n\n- Treaty on Allied Cooperation between the Republic of Kazakhstan and the Republic of Tajikistan;\n- Agreement between the Government of the Republic of Kazakhstan and the Government of the Republic of Tajikistan on tourism.\n"
)

// ask sends a report by the form.
func (s *site) ask(fields map[string]string) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send("POST", "/agreements/new", body.String(), "Content-Type", form.FormDataContentType())
}

var (
	boxes    = regexp.MustCompile(`<input[^>]*type="checkbox"[^>]*>`)
	boxName  = regexp.MustCompile(` name="([^"]*)"`)
	boxValue = regexp.MustCompile(` value="([^"]*)"`)
)

var areas = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)

// fetcher fetches as serve does.
func fetcher(private bool) func(context.Context, string) (press.Page, error) {
	client := exchange.Outward(private, 5*time.Second)
	return func(ctx context.Context, address string) (press.Page, error) {
		return press.Fetch(ctx, client, address)
	}
}

func colours(scheme string) step {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// reported reads the form that came back filled from a report.
func reported(t *testing.T, page answer) url.Values {
	t.Helper()
	form := formOf(t, page.body)
	form.Set("actor", "Anna")
	for _, box := range boxes.FindAllString(page.body, -1) { // only those that are ticked are sent
		name := boxName.FindStringSubmatch(box)
		form.Del(htmlpkg.UnescapeString(name[1]))
	}
	for _, box := range boxes.FindAllString(page.body, -1) {
		if name := boxName.FindStringSubmatch(box); strings.Contains(box, " checked") {
			form.Add(htmlpkg.UnescapeString(name[1]), htmlpkg.UnescapeString(boxValue.FindStringSubmatch(box)[1]))
		}
	}
	for _, m := range areas.FindAllStringSubmatch(page.body, -1) {
		form.Set(htmlpkg.UnescapeString(m[1]), htmlpkg.UnescapeString(m[2]))
	}
	return form
}

// A report fills the form; recorded, it is the source of each fact; another of the
// same signing becomes a further source.
func TestAReportBecomesARecord(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.ask(map[string]string{"text": " "}).want(t, 422, "Enter ")
		s.ask(map[string]string{"text": "x", "report_published": "someday"}).want(t, 422, "as a date")
		s.ask(map[string]string{"report_url": "https://example.org/x"}).want(t, 422, "does not fetch pages")
		page := s.ask(map[string]string{"text": germanReport, "report_published": "2025-03-17"}).want(t, 200,
			"Armen Grigorjan", "read in the report", `class="found`)
		form := reported(t, page)
		for name, want := range map[string]string{"kind": "programme", "signed": "2025-03-17", "place": "Belgrad",
			"participations[0].party": "Armenia (AM)", "participations[1].party": "Serbia (RS)",
			"participations[1].signatories[0].person": "Milan Petrović", "validity_periods[0].valid_from": "2025",
			"validity_periods[0].valid_until": "2026", "sources[0].published": "2025-03-17", "sources[0].publisher": "Tanjug"} {
			if got := form.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		form.Set("do", "add sources")
		page = s.post("/agreements/new", form).want(t, 200, `class="found`, "sources[") // the report stays beside the form
		form = reported(t, page)
		form.Set("place", "Nowhere")
		form.Set("signed", "someday")
		form.Set("do", "save")
		s.post("/agreements/new", form).want(t, 422, "as a date", `class="found`, `value="Nowhere"`)
		form.Set("place", "Belgrad")
		form.Set("signed", "2025-03-17")
		if at := s.post("/agreements/new", form).want(t, 303).Header.Get("Location"); at != "/agreements/1#recorded-now" {
			t.Fatal(at)
		}
		s.get("/agreements/1").want(t, 200, "Milan Petrović", "Tanjug", "haben heute in Belgrad einen Fahrplan")
		a, err := s.store.Agreement(models.WithRestricted(t.Context()), 1)
		if err != nil || len(a.Sources) == 0 || !strings.Contains(a.Sources[0].Supports, "signatories") {
			t.Fatalf("%+v, %v", a.Sources, err)
		}

		page = s.ask(map[string]string{"text": russianReport, "report_published": "2025-03-18"}).want(t, 200,
			"The register may have this agreement already", "Милан Петрович", `class="verdict agrees"`)
		if strings.Contains(page.body, `class="verdict contradicts"`) {
			t.Error("the same signing in another language contradicts itself")
		}
		form = reported(t, page)
		form.Set("do", "source 1")
		s.post("/agreements/new", form).want(t, 303)
		s.get("/agreements/1").want(t, 200, "Секретарь Совета безопасности Армении")
		s.get("/agreements/2").want(t, 404)
		contrary := strings.ReplaceAll(russianReport, "2025–2026", "2027–2028")
		s.ask(map[string]string{"text": contrary, "report_published": "2025-03-18"}).want(t, 200,
			`class="verdict contradicts"`)
	})
}

// Of several instruments one after the other is recorded.
func TestAReportOfSeveralInstruments(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		page := s.ask(map[string]string{"text": severalReport, "report_published": "2024-08-23"}).want(t, 200,
			"Record, then go on to 2 of 2")
		form := reported(t, page)
		form.Set("do", "instrument 1")
		page = s.post("/agreements/new", form).want(t, 200)
		if got := reported(t, page).Get("kind"); got != "agreement" {
			t.Error(got)
		}
		form.Set("do", "next")
		page = s.post("/agreements/new", form).want(t, 200, "Recorded as agreement no. 1.")
		form = reported(t, page)
		if form.Get("kind") != "agreement" || form.Get("level") != "intergovernmental" || form.Get("signed") != "2024-08-22" {
			t.Errorf("%v", form)
		}
		form.Set("do", "record")
		s.post("/agreements/new", form).want(t, 303)
		s.get("/agreements/2").want(t, 200, "Intergovernmental")
		s.ask(map[string]string{"text": "The ministers of Chad and Togo discussed an agreement on trade in Lomé."}).want(t,
			200, "Nothing was signed")
	})
}

// A plan that succeeds one that the register has is related to it.
func TestAnEarlierInstrumentBecomesARelation(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		earlier := strings.NewReplacer("2025–2026", "2023–2024", "17. März", "17. Mai").Replace(germanReport)
		form := reported(t, s.ask(map[string]string{"text": earlier, "report_published": "2023-05-17"}))
		form.Set("do", "save")
		s.post("/agreements/new", form).want(t, 303)
		form = reported(t, s.ask(map[string]string{"text": germanReport +
			"\nDer vorherige Fahrplan für die Jahre 2023–2024 wurde erfüllt.\n", "report_published": "2025-03-17"}))
		if form.Get("relations[0].type") != "succeeds" || !strings.HasPrefix(form.Get("relations[0].target"), "1") {
			t.Errorf("%v", form)
		}
	})
}

// Over HTTP a report goes in and a draft comes out.
func TestDraftsOverHTTP(t *testing.T) {
	s := open(t, "sqlite")
	ask := func(text, published string) string {
		body, err := json.Marshal(map[string]string{"text": text, "published": published})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	got := s.send("POST", "/drafts", ask(germanReport, "2025-03-17"), "Content-Type", "application/json").want(t, 200).body
	var draft press.Draft
	if err := json.Unmarshal([]byte(got), &draft); err != nil || len(draft.Instruments) != 1 {
		t.Fatalf("%v: %s", err, got)
	}
	signed := draft.Instruments[0].Signed
	if germanReport[signed.Start:signed.End] != "heute" || signed.Value != "2025-03-17" ||
		!strings.Contains(germanReport[signed.Sentence.Start:signed.Sentence.End], "unterzeichnet") {
		t.Errorf("%+v", signed)
	}
	s.send("POST", "/drafts", germanReport, "Content-Type", "text/plain; charset=utf-8").want(t, 200, `"programme"`)
	s.send("POST", "/drafts", ask("", ""), "Content-Type", "application/json").want(t, 422, "text")
	s.send("POST", "/drafts", ask("x", "someday"), "Content-Type", "application/json").want(t, 422)
	s.send("POST", "/drafts", "{}", "Content-Type", "image/png").want(t, 415)
	s.send("POST", "/drafts", ask(strings.Repeat("x ", 1<<20), ""), "Content-Type", "application/json").want(t, 413)
	s.send("POST", "/drafts", ask(germanReport+strings.Repeat("Ein Satz. ", 20_000), "2025-03-17"), "Content-Type",
		"application/json").want(t, 200, `"truncated":true`)
}

// A second reader is shown where it differs; one that fails does not keep the form
// away.
func TestASecondReader(t *testing.T) {
	answer, status, asked := "", http.StatusOK, 0
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer k" {
			t.Errorf("%s %v", r.URL.Path, r.Header)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{
			map[string]any{"message": map[string]any{"role": "assistant", "content": answer}}}})
	}))
	defer model.Close()
	s := open(t, "sqlite")
	s.router.config.Reports.Endpoint = press.NewEndpoint(model.URL+"/v1", "m", "k")
	answer = `{"instruments":[{"kind":"plan","parties":["AM","RS"],"place":"Belgrad","signed":"2025-03-17"}]}`
	page := s.ask(map[string]string{"text": germanReport, "report_published": "2025-03-17"}).want(t, 200,
		"The second reader has: plan", `data-take="plan"`)
	if strings.Contains(page.body, "The second reader has: Belgrad") {
		t.Error("what both read is no difference")
	}
	form := reported(t, page)
	form.Set("do", "add titles")
	s.post("/agreements/new", form).want(t, 200)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	status = http.StatusInternalServerError
	s.ask(map[string]string{"text": russianReport, "report_published": "2025-03-18"}).want(t, 200,
		"The second reader could not read the report", "Милан Петрович")
	status, answer = http.StatusOK, "I am sorry"
	s.ask(map[string]string{"text": russianReport + "\n", "report_published": "2025-03-18"}).want(t, 200, "could not read")
}

// A page of the web is fetched where that is allowed, and never from private
// addresses.
func TestAReportIsFetched(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/report" {
			w.Header().Set("Content-Type", "image/png")
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		lines := strings.SplitN(germanReport, "\n\n", 2)
		w.Write([]byte(`<html lang="de"><head><title>` + lines[0] +
			`</title><meta property="article:published_time" content="2025-03-17T10:00:00Z"><meta property="og:site_name" content="Tanjug"></head><body><nav>Menü</nav><article><h1>` + lines[0] + `</h1><p>` + lines[1] + `</p><p>` + strings.Repeat("Ein weiterer Satz über die Lage in der Region. ", 12) + `</p></article></body></html>`))
	}))
	defer web.Close()
	s := open(t, "sqlite")
	s.router.config.Reports.Fetch = fetcher(true)
	page := s.ask(map[string]string{"report_url": web.URL + "/report"}).want(t, 200, "Armen Grigorjan")
	if form := reported(t, page); form.Get("signed") != "2025-03-17" || form.Get("sources[0].url") != web.URL+"/report" ||
		form.Get("sources[0].accessed") != "2026-11-23" || form.Get("sources[0].publisher") != "Tanjug" {
		t.Errorf("%v", form)
	}
	s.ask(map[string]string{"report_url": web.URL + "/picture"}).want(t, 422, "not text")
	s.ask(map[string]string{"report_url": "file:///etc/passwd"}).want(t, 422, "not an address of the web")
	s.router.config.Reports.Fetch = fetcher(false)
	s.ask(map[string]string{"report_url": web.URL + "/report"}).want(t, 422, "private")
}

// In the browser: text at the left, form at the right; a passage takes, rejects and
// leads to its field; words go into one.
func TestAReportIsReadInTheBrowser(t *testing.T) {
	s := open(t, "sqlite")
	w := s.window(t)
	w.read(germanReport, "2025-03-17")
	value := func(name string) string {
		return result(w, chromedp.Evaluate[string](`document.querySelector('[name="`+name+`"]').value`))
	}
	mark := func(field string) string { return `.found[data-fields~="` + field + `"]` }
	picture(t, w, "report")
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	w.accessibleHere(string(axe), "a report", "light")
	w.do(chromedp.Focus(chromedp.CSS(mark("place"))), visible(`.field.pointed [name="place"]`))
	w.do(chromedp.SendKeys(chromedp.CSS(mark("place")), "\x7f"), visible(mark("place")+".rejected"))
	if got := value("place"); got != "" {
		t.Errorf("rejected, the place is still %q", got)
	}
	w.do(chromedp.Focus(chromedp.CSS(mark("place"))), chromedp.SendKeys(chromedp.CSS(mark("place")), "\r"),
		gone(mark("place")+".rejected"))
	if got := value("place"); got != "Belgrad" {
		t.Errorf("taken again, the place is %q", got)
	}
	w.do(chromedp.Focus(chromedp.CSS(field("signed"))), visible(mark("signed")+".pointed"))
	w.do(chromedp.Evaluate[chromedp.Void](`{ const mark = document.querySelector('`+mark("participations-0-institution")+
		`, `+mark("titles-0-text")+
		`'); const range = document.createRange(); range.selectNodeContents(mark); getSelection().removeAllRanges(); getSelection().addRange(range) }; undefined`),
		visible(".chooser"), chromedp.SetValue(chromedp.CSS(".chooser"), "participations-0-institution"))
	if got := value("participations[0].institution"); got == "" {
		t.Error("selected words did not go into the field")
	}
	w.do(fill("actor", "Anna"), click("save"), visible(".facts"))
	if text := w.text("main"); !strings.Contains(text, "Belgrad") || !strings.Contains(text, "Milan Petrović") {
		t.Error(text)
	}
	w.read(russianReport, "2025-03-18")
	w.do(visible(".known"))
	picture(t, w, "known")
	w.accessibleHere(string(axe), "a known report", "light")
	w.do(chromedp.EmulateViewport(360, 740))
	w.fitsHere("a known report")
}

// read has a report read by the form.
func (w *window) read(report, published string) {
	w.t.Helper()
	text, err := json.Marshal(report)
	if err != nil {
		w.t.Fatal(err)
	}
	w.open("/agreements/new")
	w.do(chromedp.Click(chromedp.CSS(".askreport > summary")), visible(field("text")),
		chromedp.Evaluate[chromedp.Void](`document.querySelector('[name="text"]').value = `+string(text)+`; undefined`),
		fill("report_published", published), chromedp.Click(chromedp.CSS(`.askreport [type="submit"]`)),
		visible(".report .found"))
}

// picture saves how a page looks, wide and narrow, light and dark, where
// CHANCERY_PICTURES names a folder.
func picture(t *testing.T, w *window, name string) {
	t.Helper()
	folder := os.Getenv("CHANCERY_PICTURES")
	if folder == "" {
		return
	}
	for _, width := range []int64{1280, 360} {
		for _, scheme := range []string{"light", "dark"} {
			w.do(chromedp.EmulateViewport(width, 900), colours(scheme), chromedp.Sleep(time.Second)) // colours fade
			if err := os.WriteFile(filepath.Join(folder, name+"-"+map[int64]string{1280: "wide", 360: "narrow"}[width]+"-"+
				scheme+".png"), result(w, chromedp.CaptureScreenshot()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.do(chromedp.EmulateViewport(1280, 900), colours("light"), chromedp.Sleep(time.Second))
}

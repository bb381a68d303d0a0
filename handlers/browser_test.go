package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/frontend/components"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// endChromium ends the browser if it was started.
var endChromium = func() {}

// chromium is started once for all tests of the package; each gets a window of its
// own.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("Chromium is not installed: run make tools")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(time.Minute))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	browser, _ := chromedp.NewContext(allocator)
	endChromium = func() { chromedp.Cancel(browser) }
	return browser, chromedp.Do(browser)
})

// A window is a tab of the browser on a site.
type window struct {
	t   *testing.T
	ctx context.Context
	url string
}

func (s *site) window(t *testing.T, actions ...step) *window {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	tab, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(tab, 4*time.Minute)
	t.Cleanup(stop)
	w := &window{t, ctx, s.URL}
	first := chromedp.Navigate(s.URL + "/setup/" + setupSecret) // as whoever has just started it
	w.do(append([]step{chromedp.EmulateViewport(1280, 900), first}, actions...)...)
	return w
}

func (w *window) do(actions ...step) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		at, _ := chromedp.Run(w.ctx, chromedp.Location())
		text, _ := chromedp.Run(w.ctx, chromedp.Text(chromedp.CSS("body")))
		w.t.Fatalf("%v at %s: %s", err, at, text)
	}
}

func (w *window) open(path string) { w.t.Helper(); w.do(chromedp.Navigate(w.url + path)) }

func (w *window) text(selector string) string {
	w.t.Helper()
	return result(w, chromedp.Text(chromedp.CSS(selector)))
}

// result runs an action that gives a value.
func result[T any](w *window, action chromedp.Action[T]) T {
	w.t.Helper()
	value, err := chromedp.Run(w.ctx, action)
	if err != nil {
		w.t.Fatal(err)
	}
	return value
}

// A step is an action without a value.
type step = chromedp.Action[chromedp.Void]

// command sends one command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// visible waits for an element. A look that began before the page changed may never
// end, so that each is kept short.
func visible(selector string) step {
	return patiently(selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// gone waits until an element is no more.
func gone(selector string) step {
	return patiently(selector, chromedp.WaitNotPresent(chromedp.CSS(selector)))
}

func patiently(selector string, look step) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		var err error
		for range 20 {
			short, cancel := context.WithTimeout(ctx, time.Second)
			_, err = look(short, t)
			cancel()
			if err == nil || ctx.Err() != nil {
				return err
			}
		}
		return fmt.Errorf("waiting for %s: %w", selector, err)
	})
}

// field names an input by its name.
func field(name string) string { return fmt.Sprintf(`[name="%s"]`, name) }

func fill(name, value string) step {
	return chromedp.Steps(
		visible(field(name)),
		chromedp.SendKeys(chromedp.CSS(field(name)), value),
	)
}

// refill types over what a field holds.
func refill(name, value string) step {
	empty := fmt.Sprintf(`document.querySelector('%s').value = ''; undefined`, field(name))
	return chromedp.Steps(chromedp.Evaluate[chromedp.Void](empty), fill(name, value))
}

func choose(name, value string) step {
	return chromedp.SetValue(chromedp.CSS(field(name)), value)
}

// click presses a button of the form, once what was typed before has been answered:
// an echo that comes meanwhile moves the button away from under the pointer.
func click(do string) step {
	return chromedp.Steps(settled(),
		chromedp.Click(chromedp.CSS(fmt.Sprintf(`button[name="do"][value="%s"]:not(.visually-hidden)`, do))))
}

// settled waits until the page has no answer under way.
func settled() step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for range 200 {
			busy, err := chromedp.Evaluate[bool](`document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling') !== null`)(ctx, t)
			if err != nil || !busy {
				return err
			}
			time.Sleep(50 * time.Millisecond)
		}
		return nil
	})
}

const seedTitle = "Kooperationsplan zwischen dem Staatssekretariat des Sicherheitsrates von Belarus und dem " +
	"Sicherheitsrat Russlands für die Jahre 2026–2027"

// unfold opens what is folded, once what was typed before has been answered: an echo
// moves it.
func unfold(selector string) step {
	return chromedp.Steps(settled(), chromedp.Click(chromedp.CSS(selector+" > summary")))
}

// typeSeed fills in the form by hand, as the article reads.
func (w *window) typeSeed(party func(name, typed string) step) {
	w.t.Helper()
	w.do(
		fill("titles[0].text", seedTitle), choose("titles[0].language", "de"), choose("kind", "plan"),
		unfold("#fold-notes"), choose("level", "interagency"),
		party("participations[0].party", "Weißruss"), fill("participations[0].institution",
			"Staatssekretariat des Sicherheitsrates"),
		fill("participations[0].signatories[0].person", "Alexander Wolfowitsch"),
		fill("participations[0].signatories[0].office", "Staatssekretär"),
		party("participations[1].party", "Russische Föd"), fill("participations[1].institution", "Sicherheitsrat"),
		fill("participations[1].signatories[0].person", "Sergej Schoigu"),
		fill("participations[1].signatories[0].office", "Sekretär"),
		fill("signed", "2025-11-05"), fill("place", "Moskau"), fill("validity_periods[0].valid_from", "2026"),
		fill("validity_periods[0].valid_until", "2027"),
		unfold("#fold-meetings"),
		fill("meetings[0].title", "Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten"),
		fill("meetings[0].held", "2025-11-05"), fill("meetings[0].place", "Moskau"),
		choose("meetings[0].relation", "in-the-margins-of"),
		fill("sources[0].publisher", "BelTA"), fill("sources[0].published", "2025-11-05"),
		fill("sources[0].url", "https://deu.belta.by/"),
		unfold("#rows-sources details"), fill("sources[0].quotation",
			"Der Kooperationsplan … für die Jahre 2026-2027 wurde am 5. November in Moskau … unterzeichnet."),
		fill("actor", "Anna"),
		click("save"),
		visible(".facts"),
	)
}

// checkSeed finds what was recorded on every page that must have it.
func (w *window) checkSeed() {
	w.t.Helper()
	for path, want := range map[string]string{"/agreements/1": "Alexander Wolfowitsch",
		"/pairs/BY-RU": "Kooperationsplan zwischen", "/meetings/1": "Kooperationsplan zwischen",
		"/timeline?pair=BY-RU": "Sergej Schoigu", "/parties/BY": "Kooperationsplan zwischen", "/people": "Sergej Schoigu"} {
		w.open(path)
		if text := w.text("main"); !strings.Contains(text, want) {
			w.t.Errorf("%s lacks %q: %.500s", path, want, text)
		}
	}
}

func TestTheSeedIsRecordedByHandWithScript(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			s := open(t, engine)
			w := s.window(t)
			w.open("/agreements/new")
			w.typeSeed(func(name, typed string) step {
				return chromedp.Steps(
					fill(name, typed),
					visible("#"+components.ID(name)+`-list [role="option"]`),
					chromedp.Click(chromedp.CSS("#"+components.ID(name)+`-list [role="option"]`)),
				)
			})
			w.checkSeed()
			got := s.get("/timeline.csv?pair=BY-RU").body
			want := strings.NewReplacer("Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027",
				seedTitle, "https://deu.belta.by/politics/view/1", "https://deu.belta.by/").Replace(seedTimeline)
			if got != want {
				t.Errorf("CSV:\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestTheSeedIsRecordedByHandWithoutScript(t *testing.T) {
	s := open(t, "sqlite")
	w := s.window(t, command(emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}))
	w.open("/agreements/new")
	names := map[string]string{"Weißruss": "Weißrussland", "Russische Föd": "Russische Föderation"}
	w.typeSeed(func(name, typed string) step { return fill(name, names[typed]) })
	w.checkSeed()
}

func TestRowsComeAndGoWithoutLoadingThePage(t *testing.T) {
	s := open(t, "sqlite")
	w := s.window(t)
	w.open("/agreements/new")
	w.do(chromedp.Evaluate[chromedp.Void](`window.notReloaded = true`))
	w.do(fill("titles[0].text", "Kept"), click("add participations"), visible(field("participations[2].party")),
		fill("participations[2].party", "Japan"), unfold("#fold-titles"), click("add titles"), visible(field("titles[1].text")),
		click("remove participations 0"), gone(field("participations[2].party")))
	still := result(w, chromedp.Evaluate[bool](`window.notReloaded === true`))
	title := result(w, chromedp.Value(chromedp.CSS(field("titles[0].text"))))
	party := result(w, chromedp.Value(chromedp.CSS(field("participations[1].party"))))
	if !still || title != "Kept" || party != "Japan" {
		t.Errorf("reloaded %v, title %q, party %q", !still, title, party)
	}
	w.do(fill("signed", "2026"), chromedp.Focus(chromedp.CSS(field("place"))), visible("#signed-echo"),
		chromedp.Sleep(500*time.Millisecond))
	if echo := w.text("#signed-echo"); !strings.Contains(echo, "understood as 2026") {
		t.Errorf("the echo says %q", echo)
	}
	w.do(fill("validity_periods[0].valid_until", "2027"), chromedp.Focus(chromedp.CSS(field("place"))),
		chromedp.Sleep(500*time.Millisecond))
	if echo := w.text("#validity_periods-0-valid_until-echo"); !strings.Contains(echo, "31 December 2027") {
		t.Errorf("the end of validity is echoed as %q", echo)
	}
	w.do(click("save"), visible("#summary"), chromedp.Click(chromedp.CSS(`#summary a[href="#participations-1-party"]`)))
	focused := result(w, chromedp.Evaluate[string](`document.activeElement.id`))
	if focused != "participations-1-party" {
		t.Errorf("the summary leads to %q", focused)
	}
}

func TestTheConflictPageShowsBothVersions(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	first, second := s.window(t), s.window(t)
	first.open("/agreements/1/edit")
	second.open("/agreements/1/edit")
	first.do(refill("place", "Minsk"), fill("actor", "Boris"), click("save"), visible(".facts"))
	second.do(refill("place", "Brest"), fill("actor", "Anna"), click("save"), visible(".changes"))
	if text := second.text(".changes"); !strings.Contains(text, "Minsk") || !strings.Contains(text, "Brest") {
		t.Errorf("the conflict shows %q", text)
	}
	second.do(click("save"), visible(".facts"))
	if text := second.text(".facts"); !strings.Contains(text, "Brest") {
		t.Errorf("after saving again: %q", text)
	}
}

func TestTheLanguageSwitchStays(t *testing.T) {
	s := open(t, "sqlite")
	w := s.window(t)
	w.open("/pairs")
	w.do(unfold(".account"), chromedp.Click(chromedp.CSS(`.languages a[hreflang="ru"]`)), visible(`html[lang="ru"]`),
		unfold(".places .menu"), chromedp.Click(chromedp.CSS(`.places a[href="/meetings"]`)), visible(`html[lang="ru"] h1`))
	if text := w.text("h1"); text != "Встречи" {
		t.Errorf("heading %q", text)
	}
}

// pages that people see, filled by the seed.
var seen = []string{"/", "/agreements", "/agreements/1", "/agreements/2", "/agreements/new", "/agreements/1/edit",
	"/agreements/1/history?from=1&to=1", "/agreements/1/withdraw",
	"/pairs", "/pairs/BY-RU", "/pairs?a=Atlantis&b=BY", "/timeline", "/parties", "/parties/BY", "/parties/UN",
	"/parties/new", "/parties/BY/edit", "/meetings", "/meetings/1", "/meetings/new",
	"/meetings/1/edit", "/people", "/people/1", "/people/1/edit", "/api", "/search", "/search?q=plan+Wolfowitsch",
	"/search?q=zzzzz", "/calendar", "/calendar?months=60", "/years?pair=BY-RU", "/map?party=BY", "/network?group=CIS",
	"/pairs/matrix?group=CIS", "/agreements?kind=plan&on=2026-01-01&recorded=2027-01-01", "/timeline?pair=BY-RU",
	"/nowhere", "/agreements?foo=1"}

func (s *site) recordMultilateral() {
	s.t.Helper()
	s.json("POST", "/agreements",
		`{"titles":[{"text":"Convention","language":"en"}],"kind":"convention","signed":"1992-06-13","participations":[{"party":"FR"},{"party":"DE"},{"party":"BY"},{"party":"RU"}],
		"acts":[{"party":"FR","type":"ratification","date":"1993-05"},{"party":"DE","type":"accession","date":"2010","note":"x"},{"party":"FR","type":"reservation","date":"1993-05"}],"validity_periods":[{"valid_from":"1994-03-21"}]}`).want(s.t, 201)
}

// seenByUs are pages about accounts and proposals, seen by an administrator, and
// those of signing in.
var seenByUs = []string{"/account", "/admin/accounts", "/admin/accounts/2", "/admin/audit", "/admin/status",
	"/admin/settings", "/proposals", "/proposals?state=accepted", "/proposals/1", "/proposals/1/edit", "/agreements/1",
	"/"}

var seenSigningIn = []string{"/sign-in", "/sign-in/reset", "/agreements/1", "/links/none"}

// peopled makes accounts, a proposal and a document; Root administers.
func (s *site) peopled() {
	s.t.Helper()
	s.keeping(1 << 20)
	s.upload("Wortlaut.pdf", minimalPDF("Wortlaut")).want(s.t, 303)
	root := s.account("Root", "administrator")
	form := seedForm()
	form.Set("version", "2")
	form.Set("place", "Minsk")
	form.Del("key")
	s.signedIn(s.account("Boris", "contributor")).post("/agreements/1/edit", form).want(s.t, 303)
	s.token(root, "read")
}

// signIn signs Root in by the form.
func (w *window) signIn() {
	w.t.Helper()
	w.open("/sign-in")
	w.do(chromedp.SendKeys(chromedp.CSS(".narrow #name"), "Root"),
		chromedp.SendKeys(chromedp.CSS("#password"), goodPassword), chromedp.Click(chromedp.CSS(".narrow button")),
		visible(".who"))
}

// fits tells of a page that is wider than the screen of a phone.
func (w *window) fits(path string) {
	w.t.Helper()
	w.open(path)
	w.fitsHere(path)
}

func (w *window) fitsHere(path string) {
	w.t.Helper()
	if width := result(w, chromedp.Evaluate[int](`document.documentElement.scrollWidth`)); width > 360 {
		culprit := result(w,
			chromedp.Evaluate[string](`[...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right > 361 && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 120)).slice(0, 3).join(' | ')`))
		w.t.Errorf("%s is %d px wide on a screen of 360: %s", path, width, culprit)
	}
}

func TestNoPageIsWiderThanAPhone(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	s.recordMultilateral()
	w := s.window(t, chromedp.EmulateViewport(320, 740))
	for _, path := range seen {
		w.fits(path)
	}
	s.peopled()
	for _, path := range seenSigningIn {
		w.fits(path)
	}
	w.signIn()
	for _, path := range seenByUs {
		w.fits(path)
	}
	empty := open(t, "sqlite").window(t, chromedp.EmulateViewport(320, 740))
	empty.open("/agreements/new")
	empty.typeSeed(func(name, typed string) step {
		return fill(name, map[string]string{"Weißruss": "BY", "Russische Föd": "RU"}[typed])
	})
}

// accessible has axe-core look at a page.
func (w *window) accessible(axe, path, scheme string) {
	w.t.Helper()
	w.open(path)
	w.accessibleHere(axe, path, scheme)
}

func (w *window) accessibleHere(axe, path, scheme string) {
	w.t.Helper()
	var violations []struct {
		ID    string `json:"id"`
		Help  string `json:"help"`
		Nodes []struct {
			HTML string `json:"html"`
		} `json:"nodes"`
	}
	w.do(chromedp.Evaluate[chromedp.Void](axe + `;undefined`))
	found := result(w,
		chromedp.Evaluate[string](`axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		w.t.Fatal(err)
	}
	for _, v := range violations {
		w.t.Errorf("%s in %s: %s (%s): %.300s", path, scheme, v.ID, v.Help, v.Nodes[0].HTML)
	}
}

// axe-core finds nothing on any page, in light and in dark.
func TestEveryPageIsAccessible(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, "sqlite")
	s.record(seedForm())
	s.recordMultilateral()
	windows := map[string]*window{}
	for scheme, languages := range map[string][]string{"light": {"en", "de"}, "dark": {"ru", "en"}} {
		windows[scheme] = s.window(t, colours(scheme))
		for i, path := range seen {
			windows[scheme].open("/api?lang=" + languages[i%2]) // the choice stays
			windows[scheme].accessible(string(axe), path, scheme)
		}
	}
	s.peopled()
	for scheme, w := range windows {
		for _, path := range seenSigningIn {
			w.accessible(string(axe), path, scheme)
		}
		w.signIn()
		for _, path := range seenByUs {
			w.accessible(string(axe), path, scheme)
		}
	}
}

// Hostile texts run nothing in a real browser, on any page that shows them (S2).
func TestHostileTextsRunNothing(t *testing.T) {
	s := open(t, "sqlite")
	var made []string
	for _, text := range hostile {
		at := s.json("POST", "/agreements", hostileAgreement(len(made), text)).want(t, 201).Header.Get("Location")
		made = append(made, at)
		s.post("/meetings/new", url.Values{"title": {text}, "kind": {"summit"}, "series": {text}, "held": {"2001"},
			"place": {text}, "agenda": {text}, "participants": {"FR; " + text + "; " + text}, "actor": {text},
			"comment": {text}})
		s.post("/parties/new", url.Values{"code": {fmt.Sprintf("X%d", len(made))}, "kind": {"organisation"},
			"names[0].text": {text}, "names[0].language": {"en"}, "note": {text}, "actor": {text}, "comment": {text}})
	}
	watch := `window.ran = 0; window.alert = () => ran++; window.violations = []; document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))`
	w := s.window(t, command(page.AddScriptToEvaluateOnNewDocument,
		page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}))
	paths := []string{"/", "/agreements?limit=100", "/pairs/DE-FR?limit=100", "/timeline?limit=200", "/meetings",
		"/people", "/parties?kind=organisation", "/agreements/suggest?q=a", "/parties/suggest?q=s", "/calendar?months=600",
		"/search?q=alert", "/search/suggest?q=alert", "/network", "/pairs/matrix"}
	for i, at := range made {
		paths = append(paths, at, at+"/edit", at+"/history?from=1&to=1", fmt.Sprintf("/meetings/%d", 2*i+1),
			fmt.Sprintf("/parties/X%d", i+1))
	}
	for _, i := range []int{1, 2, 3} {
		paths = append(paths, fmt.Sprintf("/people/%d/edit", i), fmt.Sprintf("/meetings/%d/edit", i),
			fmt.Sprintf("/parties/X%d/edit", i))
	}
	for _, path := range append(paths, "/agreements/1/history", "/meetings/1", "/people/1") {
		w.open(path)
		if ran := result(w, chromedp.Evaluate[int](`ran`)); ran > 0 {
			t.Errorf("%s ran a text as script", path)
		}
		if violations := result(w, chromedp.Evaluate[[]string](`violations`)); len(violations) > 0 {
			t.Errorf("%s breaks the policy: %v", path, violations)
		}
	}
}

// The policy is kept by our own pages: the browser reports no violation, no error
// and loads nothing from elsewhere.
func TestThePagesKeepTheirOwnPolicy(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	w := s.window(t)
	for _, path := range seen {
		w.open(path)
		foreign := result(w,
			chromedp.Evaluate[[]string](`performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:'))`))
		if len(foreign) > 0 {
			t.Errorf("%s loads %v", path, foreign)
		}
		fonts := result(w, chromedp.Evaluate[bool](`document.fonts.ready.then(f => [...f].some(x => x.status === 'loaded'))`,
			chromedp.EvalAwaitPromise))
		if !fonts {
			t.Errorf("%s has not got its fonts", path)
		}
	}
}

package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
)

// An address with more than anybody wants is refused in a short page: it repeats
// nothing of what was asked, however often and in whatever form.
func TestMuchIsRefusedInFewWords(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		stranger := s.visitor()
		commas := make([]string, 1500)
		for i := range commas {
			commas[i] = fmt.Sprint("s", i)
		}
		for _, query := range []string{strings.Repeat("subject=s&", 5000), "subject=" + strings.Join(commas[:1500], ","),
			"codes=" + strings.Join(commas[:500], ","), url.Values{"kind": commas[:60]}.Encode(),
			"person=" + strings.Join(commas[:390], ",")} {
			for _, path := range []string{"/agreements", "/pairs/BY-RU", "/timeline", "/network", "/pairs/matrix", "/map"} {
				begun := time.Now()
				a := stranger.get(path+"?"+query).want(t, 400)
				if len(a.body) > 250_000 {
					t.Errorf("%s?%s…: %d bytes of refusal", path, query[:20], len(a.body))
				}
				if took := time.Since(begun); took > 2*time.Second {
					t.Errorf("%s?%s…: refused after %s", path, query[:20], took)
				}
			}
		}
		if a := stranger.get("/agreements?kind=nonsense&subject="+strings.Repeat("x", 300)).want(t, 400); strings.Contains(a.body,
			"class=\"chips\"") {
			t.Error("a page of problems has conditions to take out")
		}
		s.get("/agreements?"+strings.Repeat("a", maxQuery+1), "Accept", "application/json").want(t, 400, "/query", "too_long")
	})
}

// What is dear and the same for everybody is made once a change and sent as a file;
// what is dear and nobody else's is refused to strangers with the way to it. Who
// has signed in gets both as ever.
func TestDearExportsAreMadeOnceOrRefused(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.router.prepared.most = time.Nanosecond
		whole := []string{"/agreements.jsonl", "/agreements.ttl", "/agreements.zip", "/agreements.xlsx", "/agreements.csv?table=dyads",
			"/pairs.csv", "/parties.csv", "/timeline.csv", "/register.sqlite", "/agreements.csv?bom=1"}
		for _, address := range whole {
			first := s.visitor().get(address).want(t, 200)
			made := len(s.router.prepared.files)
			again := s.visitor().get(address).want(t, 200)
			if first.body != again.body || len(s.router.prepared.files) != made || first.Header.Get("ETag") == "" ||
				first.Header.Get("Content-Type") != again.Header.Get("Content-Type") {
				t.Errorf("%s was made twice", address)
			}
			if s.send("GET", address, "", "If-None-Match", first.Header.Get("ETag"), "Cookie", "").StatusCode != 304 {
				t.Errorf("%s has no validator that holds", address)
			}
			if own := s.get(address).want(t, 200); !strings.Contains(address, "sqlite") && !strings.Contains(address, "zip") &&
				!strings.Contains(address, "xlsx") && own.body != first.body {
				t.Errorf("%s is another for who writes", address)
			}
			part := s.send("GET", address, "", "Range", "bytes=0-9", "Accept-Encoding", "identity", "Cookie", "").want(t, 206)
			if part.body != first.body[:10] {
				t.Errorf("%s: the first bytes are %q", address, part.body)
			}
		}
		if n := len(s.router.prepared.files); n != len(whole) {
			t.Errorf("%d files are kept", n)
		}
		before := s.visitor().get("/agreements.jsonl").body
		s.json("POST", "/agreements", `{"titles":[{"text":"Other","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}`).
			want(t, 201)
		if after := s.visitor().get("/agreements.jsonl").want(t, 200); strings.Count(after.body, "\n") != strings.Count(before, "\n")+1 {
			t.Error("the file is as it was before a change")
		}
		for _, address := range []string{"/agreements.jsonl?kind=plan", "/agreements.csv?table=dyads&party=BY", "/pairs/BY-RU.xlsx",
			"/pairs.csv?kind=plan", "/parties.csv?kind=plan", "/timeline.csv?kind=plan", "/agreements.jsonl?exact=2"} {
			if a := s.visitor().get(address); a.StatusCode != 400 {
				t.Errorf("%s: %s", address, a.Status)
			}
			if strings.Contains(address, "exact") {
				continue
			}
			s.send("GET", address, "", "Accept", "application/json", "Cookie", "").want(t, 400, "too_much", "the same address without a filter")
			s.get(address).want(t, 200)
		}
	})
}

// The time of processors that one network may have is told, and who has had it
// waits; others do not.
func TestProcessorTimeIsSharedOut(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	s.router.router.SetTrustedProxies([]string{"127.0.0.1"})
	s.router.config.Work = time.Second
	now := s.store.Now()
	s.store.Now = func() time.Time { return now }
	from := func(address string) answer {
		return s.visitor().send("GET", "/network.png", nil, "X-Forwarded-For", address)
	}
	first := from("192.0.2.1").want(t, 200)
	if policy, left := first.Header.Get("RateLimit-Policy"), first.Header.Get("RateLimit"); policy != `"work";q=1000;w=60;qu="ms"` ||
		left != `"work";r=1000;t=0` {
		t.Errorf("told %s, %s", policy, left)
	}
	for range 200 {
		if a := from("192.0.2.1"); a.StatusCode == http.StatusTooManyRequests {
			if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 60 {
				t.Errorf("waits %s", a.Header.Get("Retry-After"))
			}
			from("192.0.2.2").want(t, 200)
			now = now.Add(time.Minute)
			from("192.0.2.1").want(t, 200)
			return
		}
	}
	t.Error("200 pictures in no time are answered")
}

// Who reads an export slowly keeps nobody waiting.
func TestOneReaderShutsNobodyOut(t *testing.T) {
	s := open(t, "sqlite")
	if err := exchange.Generate(t.Context(), s.store, 3000); err != nil {
		t.Fatal(err)
	}
	var slow []io.Closer
	for range 12 { // none reads more than the header
		response, err := http.Get(s.URL + "/agreements.csv?kind=treaty,agreement,protocol,plan,memorandum,convention")
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%v %v", response, err)
		}
		slow = append(slow, response.Body)
	}
	begun := time.Now()
	s.visitor().get("/agreements.csv?kind=plan").want(t, 200)
	if took := time.Since(begun); took > waitForTurn {
		t.Errorf("an export beside twelve slow readers took %s", took)
	}
	for _, body := range slow {
		body.Close()
	}
}

// A network has one thing made at a time, and waits for no other network.
func TestTurnsAreByNetwork(t *testing.T) {
	turns := newTurns(open(t, "sqlite").router)
	turns.makers = make(slots, 2)
	end := turns.acquire(t.Context(), "a")
	got := make(chan bool)
	go func() {
		second := turns.acquire(t.Context(), "a")
		got <- true
		second()
	}()
	other := turns.acquire(t.Context(), "b")
	if end == nil || other == nil {
		t.Fatal("no turn")
	}
	other()
	select {
	case <-got:
		t.Error("a network has two at a time")
	case <-time.After(20 * time.Millisecond):
	}
	end()
	<-got
	lines := func() int {
		turns.mu.Lock()
		defer turns.mu.Unlock()
		return len(turns.networks)
	}
	for deadline := time.Now().Add(5 * time.Second); lines() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines are left", lines())
		}
	}
}

// The work clock gives each its share of the processors.
func TestWorkIsShared(t *testing.T) {
	var clock workClock
	now := time.Now()
	clock.step(1, now)
	for range 999 {
		clock.step(1, now)
	}
	all := clock.step(0, now.Add(time.Second))
	if all < time.Millisecond/2 || all > time.Second/2 {
		t.Errorf("one of a thousand got %s of a second", all)
	}
	for range 999 {
		clock.step(-1, now.Add(time.Second))
	}
	if alone := clock.step(0, now.Add(2*time.Second)); alone != all+time.Second {
		t.Errorf("one alone got %s of a second", alone-all)
	}
}

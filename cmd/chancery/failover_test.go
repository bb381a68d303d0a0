package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chancery/testdb"
)

// A balancer sends each request to one of several instances in turn, as a proxy in
// front of them would: to those that are ready, and elsewhere when one is not
// there.
type balancer struct {
	*httptest.Server
	ready []atomic.Bool
	turn  atomic.Uint64
}

func balance(t *testing.T, instances []*running) *balancer {
	b := &balancer{ready: make([]atomic.Bool, len(instances))}
	proxies := make([]*httputil.ReverseProxy, len(instances))
	ctx, end := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	for i, instance := range instances {
		at, err := url.Parse(instance.url)
		if err != nil {
			t.Fatal(err)
		}
		b.ready[i].Store(true)
		proxies[i] = &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(at)
				r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			},
			ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
				b.ready[i].Store(false)
				w.WriteHeader(http.StatusBadGateway)
			},
		}
		watching.Go(func() {
			for ctx.Err() == nil {
				client := http.Client{Timeout: time.Second}
				response, err := client.Get(instance.url + "/readyz")
				if err == nil {
					response.Body.Close()
				}
				b.ready[i].Store(err == nil && response.StatusCode == http.StatusOK)
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn := int(b.turn.Add(1))
		for i := range proxies {
			if at := (turn + i) % len(proxies); b.ready[at].Load() {
				proxies[at].ServeHTTP(w, r)
				return
			}
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(func() { b.Close(); end(); watching.Wait() })
	return b
}

// A pulse notes when something succeeds, and for how long it did not.
type pulse struct {
	mu      sync.Mutex
	last    time.Time
	longest time.Duration
	n, bad  int
}

func (p *pulse) beat(ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !ok {
		p.bad++
		return
	}
	now := time.Now()
	if !p.last.IsZero() {
		p.longest = max(p.longest, now.Sub(p.last))
	}
	p.last = now
	p.n++
}

// pause gives the longest time without success since it was asked before.
func (p *pulse) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	longest := max(p.longest, time.Since(p.last))
	p.longest, p.last = 0, time.Now()
	return longest
}

// A primary is killed while three instances write and read, a replica takes its
// place, an instance is killed: nothing acknowledged is lost or there twice,
// reading goes on, and writing comes back without a restart.
func TestARegisterSurvivesItsPrimary(t *testing.T) {
	primary := testdb.NewNode(t)
	primary.Start(t, "wal_level=replica", "max_wal_senders=8", "synchronous_commit=on", "wal_keep_size=256MB",
		"max_connections=200")
	primary.Query(t, "postgres", "CREATE DATABASE register")
	if out, err := program(t, "--database", primary.Address("register"), "migrate").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first, second := primary.Copy(t, "one"), primary.Copy(t, "two")
	first.Start(t)
	second.Start(t)
	primary.Query(t, "postgres", "ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (one, two)'")
	primary.Query(t, "postgres", "SELECT pg_reload_conf()")

	hosts := fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d", primary.Port, first.Port, second.Port)
	database := "postgres://chancery@" + hosts + "/register?sslmode=disable&target_session_attrs=read-write"
	var instances []*running
	for range 3 {
		instances = append(instances, serve(t, database, "--replicas",
			first.Address("register")+","+second.Address("register"), "--rate", "100000"))
	}
	front := balance(t, instances)

	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	var next atomic.Int64
	var reading, writing pulse
	var mu sync.Mutex
	acknowledged := map[int64]int{}
	for range 4 {
		busy.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1))
				for ctx.Err() == nil { // the same submission, until it is acknowledged
					id, err := submit(front.URL, i)
					writing.beat(err == nil)
					if err == nil {
						mu.Lock()
						acknowledged[id] = i
						mu.Unlock()
						break
					}
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
		busy.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				path := []string{"/agreements", "/pairs/DE-FR", "/agreements/1", "/search?q=Agreement"}[i%4]
				reading.beat(ask(front.URL+path).status == http.StatusOK)
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	time.Sleep(4 * time.Second)
	if pause := writing.pause(); pause > 2*time.Second {
		t.Errorf("writing paused for %s with all servers there", pause)
	}
	reading.pause()

	primary.Kill()
	time.Sleep(3 * time.Second) // nobody is primary: pages are read, and say so; forms are kept
	page := ask(front.URL + "/agreements/1")
	if !strings.Contains(page.text, "nothing can be recorded just now") {
		t.Error("the page does not say that it can only be read")
	}
	typed := form("kept-key-kept-key")
	response, kept := postForm(t, front.URL+"/agreements/new", typed)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" ||
		!strings.Contains(kept, ">A title that took long to type</textarea>") || !strings.Contains(kept, `id="form"`) {
		t.Errorf("a form while there is no primary: %s, typed kept: %t", response.Status,
			strings.Contains(kept, "A title that took long to type"))
	}

	first.Promote(t)
	promoted := time.Now()
	done := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged)
	}
	for before := done(); done() == before; {
		if time.Since(promoted) > time.Minute {
			t.Fatal("writing did not come back")
		}
		time.Sleep(20 * time.Millisecond)
	}
	back := time.Since(promoted)
	second.Follow(t, first, "two")
	if pause := reading.pause(); pause > 2*time.Second {
		t.Errorf("reading stopped for %s", pause)
	} else {
		t.Logf("reading stopped for %s at the most; writing was back %s after the promotion", pause.Round(time.Millisecond),
			back.Round(time.Millisecond))
	}
	if back > 15*time.Second {
		t.Errorf("writing came back %s after the promotion", back)
	}
	if response, _ := postForm(t, front.URL+"/agreements/new", typed); response.StatusCode != http.StatusSeeOther &&
		response.StatusCode != http.StatusOK {
		t.Errorf("the form that was kept, sent again: %s", response.Status)
	}

	time.Sleep(2 * time.Second)
	reading.pause()
	instances[0].Process.Kill()
	instances[0].Wait()
	time.Sleep(3 * time.Second)
	if pause := reading.pause(); pause > 2*time.Second {
		t.Errorf("reading stopped for %s when an instance was killed", pause)
	}
	stop()
	busy.Wait()
	t.Logf("%d written, %d tries refused; %d read, %d refused", writing.n, writing.bad, reading.n, reading.bad)
	if len(acknowledged) < 50 {
		t.Errorf("only %d were written", len(acknowledged))
	}
	checkWhole(t, first.Address("register"), acknowledged)
	if out, err := program(t, "--database", first.Address("register"), "verify").CombinedOutput(); err != nil {
		t.Errorf("the history is not whole: %v\n%s", err, out)
	}
}

// submit records agreement i with a key of its own, so that it may be sent again.
func submit(at string, i int) (id int64, err error) {
	request, err := http.NewRequest("POST", at+"/agreements", strings.NewReader(body(i)))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", fmt.Sprintf("submission-%06d", i))
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	var a struct{ ID int64 }
	if response.StatusCode != http.StatusCreated && response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(text))
	}
	return a.ID, json.Unmarshal(text, &a)
}

func postForm(t *testing.T, address string, form url.Values) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest("POST", address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

package handlers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Of more requests at once than have turns, those that would wait long are sent
// away with the time to come again; who reads slowly, or sends slowly, takes no
// turn from others; files and health are answered all the while.
func TestWhoWouldWaitLongIsSentAway(t *testing.T) {
	s := open(t, "sqlite").router
	pages := s.negotiate(s.withSession(s.router))
	s.config.AtOnce, s.config.Deadline = 1, time.Second
	begun, goOn := make(chan bool), make(chan bool)
	server := httptest.NewServer(s.limitConcurrency(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- true
			<-goOn
			return
		}
		pages.ServeHTTP(w, r)
	})))
	defer server.Close()
	said := ""
	read := func(response *http.Response, err error) *http.Response {
		if err != nil {
			t.Error(err)
			return &http.Response{}
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Error(err)
		}
		said = string(text)
		return response
	}
	get := func(path string) *http.Response { return read(http.Get(server.URL + path)) }
	// A body that does not come holds no turn.
	body, writer := io.Pipe()
	var wait sync.WaitGroup
	wait.Go(func() {
		response, err := http.Post(server.URL+"/drafts", "text/plain", body)
		if err != nil {
			t.Error(err)
			return
		}
		response.Body.Close()
	})
	if response := get("/"); response.StatusCode != http.StatusOK {
		t.Errorf("beside a slow sender: %s", response.Status)
	}
	wait.Go(func() {
		if response, err := http.Get(server.URL + "/slow"); err == nil {
			response.Body.Close()
		}
	})
	<-begun
	at := time.Now()
	response := get("/")
	if took := time.Since(at); response.StatusCode != http.StatusServiceUnavailable ||
		response.Header.Get("Retry-After") == "" || took < waitForTurn || took > waitForTurn+2*time.Second {
		t.Errorf("without a turn: %s after %s", response.Status, took)
	}
	if !strings.Contains(said, "The register is busy") || !strings.Contains(said, "theme.css") {
		t.Errorf("who is sent away reads %s", said)
	}
	response = read(http.PostForm(server.URL+"/agreements/new", url.Values{"titles[0].text": {"Long to type"}}))
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(said, "Long to type") {
		t.Errorf("a form without a turn: %s, %s", response.Status, said)
	}
	if response := get("/healthz"); response.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %s", response.Status)
	}
	goOn <- true
	writer.Close()
	wait.Wait()
	if response := get("/"); response.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %s", response.Status)
	}
}

// A turn is waited for a while, and not longer than who asks is there.
func TestATurnIsWaitedForAWhile(t *testing.T) {
	turns := make(slots, 1)
	if !turns.acquire(t.Context(), 0) {
		t.Fatal("a free place is not given")
	}
	if turns.acquire(t.Context(), time.Millisecond) {
		t.Error("a place is given twice")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if turns.acquire(gone, time.Hour) {
		t.Error("a place is given to who has gone")
	}
	given := make(chan bool)
	go func() { given <- turns.acquire(t.Context(), time.Minute) }()
	turns.end()
	if !<-given {
		t.Error("a place that was given back is not given on")
	}
}

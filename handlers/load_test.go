package handlers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Of more requests at once than have turns, those that would wait long are sent away with the time to come again; who reads
// slowly, or sends slowly, takes no turn from others; files and health are answered all the while.
func TestWhoWouldWaitLongIsSentAway(t *testing.T) {
	s := open(t, "sqlite").router
	s.config.AtOnce = 1
	begun, goOn := make(chan bool), make(chan bool)
	server := httptest.NewServer(s.shed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- true
			<-goOn
		}
		io.WriteString(w, strings.Repeat("x", 1000))
	})))
	defer server.Close()
	get := func(path string) *http.Response {
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Error(err)
			return &http.Response{}
		}
		response.Body.Close()
		return response
	}
	// A body that does not come holds no turn.
	body, writer := io.Pipe()
	var wait sync.WaitGroup
	wait.Go(func() {
		response, err := http.Post(server.URL+"/", "text/plain", body)
		if err != nil {
			t.Error(err)
			return
		}
		response.Body.Close()
	})
	if response := get("/"); response.StatusCode != http.StatusOK {
		t.Errorf("beside a slow sender: %s", response.Status)
	}
	wait.Go(func() { get("/slow") })
	<-begun
	at := time.Now()
	response := get("/")
	if took := time.Since(at); response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || took < waitForTurn || took > waitForTurn+2*time.Second {
		t.Errorf("without a turn: %s after %s", response.Status, took)
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

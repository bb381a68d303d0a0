package handlers

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	v1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// A collector takes what is told to it.
type testCollector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*v1.Span
}

func collectTraces(t *testing.T) *testCollector {
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "X-Tenant=a%20b, X-Other=1")
	c := &testCollector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var told v1.TracesData
		if err := protojson.Unmarshal(body, &told); err != nil || r.URL.Path != "/v1/traces" ||
			r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Tenant") != "a b" {
			t.Errorf("%s: %v, %v", r.URL.Path, err, r.Header)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, resource := range told.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// hexID is an id of OTLP's JSON, which is hex: protobuf's own JSON takes it for base64.
func hexID(id []byte) string { return base64.StdEncoding.EncodeToString(id) }

// A collector learns of requests by route and of their statements, of nobody's name
// and no secret; a proxy's traces go on, a stranger's do not.
func TestTracesTellWhatRequestsDid(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		to := collectTraces(t)
		s.router.config.Proxies = []string{"192.0.2.1"}
		if err := s.router.router.SetTrustedProxies(s.router.config.Proxies); err != nil {
			t.Fatal(err)
		}
		s.record(seedForm())
		traces, err := NewTraces(s.store, to.URL, 0, "v1", slog.Default())
		if err != nil {
			t.Fatal(err)
		}
		s.router.config.Traces = traces
		ask := func(path, from, forwarded, id string) {
			request := httptest.NewRequest("GET", "http://localhost"+path, nil)
			request.RemoteAddr = from + ":4711"
			if forwarded != "" {
				request.Header.Set("X-Forwarded-For", forwarded)
			}
			request.Header.Set("traceparent", "00-"+strings.Repeat(id, 16)+"-00f067aa0ba902b7-01")
			s.Config.Handler.ServeHTTP(httptest.NewRecorder(), request)
		}
		ask("/agreements/1", "192.0.2.1", "203.0.113.9", "a1")
		ask("/search?q=Wolfowitsch", "192.0.2.1", "203.0.113.9", "a1")
		ask("/setup/very-secret", "192.0.2.1", "203.0.113.9", "a1")
		ask("/agreements/1", "198.51.100.7", "", "b1")
		if err := traces.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		requests, statements := map[string]string{}, map[string]int{}
		for _, span := range to.spans {
			trace := hexID(span.TraceId)[:2]
			if span.Kind == v1.Span_SPAN_KIND_SERVER {
				requests[hexID(span.TraceId)[:2]] += span.Name
			} else {
				statements[trace]++
			}
			if text := span.String(); strings.Contains(text, "Wolfowitsch") || strings.Contains(text, "wolfowitsch") ||
				strings.Contains(text, "very-secret") || strings.Contains(text, "203.0.113.9") {
				t.Errorf("a trace tells too much: %s", text)
			}
			if len(hexID(span.TraceId)) != 32 || len(hexID(span.SpanId)) != 16 {
				t.Errorf("%s has ids %x and %x", span.Name, span.TraceId, span.SpanId)
			}
			if span.EndTimeUnixNano < span.StartTimeUnixNano {
				t.Errorf("%s ends before it begins", span.Name)
			}
		}
		if !strings.Contains(requests["a1"], "GET /agreements/:id") || !strings.Contains(requests["a1"], "GET /search") ||
			!strings.Contains(requests["a1"], "GET /setup/:secret") {
			t.Errorf("requests traced: %v", requests)
		}
		if statements["a1"] == 0 {
			t.Error("no statement was traced")
		}
		if requests["b1"] != "" {
			t.Error("a stranger has requests traced")
		}
	})
}

// Every request is traced when all are wanted; what cannot be is said.
func TestTracesAreOfAShare(t *testing.T) {
	s := open(t, "sqlite")
	to := collectTraces(t)
	for _, wrong := range []struct {
		address string
		share   float64
	}{{"localhost:4318", 1}, {to.URL, 1.5}, {to.URL, -1}} {
		if _, err := NewTraces(s.store, wrong.address, wrong.share, "v1", slog.Default()); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	traces, err := NewTraces(s.store, to.URL, 1, "v1", slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	s.router.config.Traces = traces
	for range 5 {
		s.get("/agreements").want(t, 200)
	}
	if err := traces.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, span := range to.spans {
		if span.Name == "GET /agreements" {
			n++
		}
	}
	if n != 5 {
		t.Errorf("%d of 5 requests were traced", n)
	}
}

// A collector that is away, or refuses, or is slow holds nobody up.
func TestACollectorHoldsNobodyUp(t *testing.T) {
	s := open(t, "sqlite")
	hang := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer slow.Close()
	defer close(hang)
	traces, err := NewTraces(s.store, slow.URL, 1, "v1", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 * spansWaiting {
		traces.end(span{name: "x"})
	}
	over, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if err := traces.Close(over); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestTraceparent(t *testing.T) {
	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for header, want := range map[string]bool{
		"00-" + trace + "-" + parent + "-01":                       true,
		"00-" + trace + "-" + parent + "-00":                       false,
		"cc-" + trace + "-" + parent + "-03-what-a-later-one-adds": true,
	} {
		if by, wanted := readTraceparent(header); by != (traced{trace, parent}) || wanted != want {
			t.Errorf("%s: %v, %v", header, by, wanted)
		}
	}
	for _, header := range []string{"", "00", "00-" + trace + "-" + parent, "00-" + trace + "-" + parent + "-01-x",
		"ff-" + trace + "-" + parent + "-01", "00-" + strings.ToUpper(trace) + "-" + parent + "-01",
		"00-" + strings.Repeat("0", 32) + "-" + parent + "-01", "00-" + trace + "-" + strings.Repeat("0", 16) + "-01",
		"00-" + trace[1:] + "g-" + parent + "-01", strings.Repeat("-", 100_000)} {
		if by, wanted := readTraceparent(header); by != (traced{}) || wanted {
			t.Errorf("%.80s is taken: %v", header, by)
		}
	}
}

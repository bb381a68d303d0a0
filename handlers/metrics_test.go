package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A Prometheus server learns of requests by route, of statements, of what there is
// and what waits, and of no name.
func TestMetricsTellWhatHappens(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		metrics, err := NewMetrics(s.store, "v1")
		if err != nil {
			t.Fatal(err)
		}
		s.router.config.Metrics = metrics
		s.record(seedForm())
		s.get("/agreements/1").want(t, 200)
		s.get("/agreements/2").want(t, 404)
		s.get("/nowhere/at/all").want(t, 404)
		scrape := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(scrape, httptest.NewRequest("GET", "/metrics", nil))
		text := scrape.Body.String()
		for _, want := range []string{`chancery_requests_total{method="GET",route="/agreements/:id",status="200"} 1`,
			`chancery_requests_total{method="GET",route="/agreements/:id",status="404"} 1`,
			`chancery_requests_total{method="GET",route="none",status="404"} 1`,
			`chancery_request_seconds_count{route="/agreements/:id"} 2`, `chancery_records{kind="agreements"} 1`,
			`chancery_waiting{kind="imports"} 0`, "chancery_database_up 1", `chancery_build_info{version="v1"} 1`,
			"go_goroutines", `go_sql_open_connections{db_name="`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is missing", want)
			}
		}
		if !regexp.MustCompile(`chancery_statements_total\{failed="false",pool="write"\} [1-9]`).MatchString(text) {
			t.Error("no statement was counted")
		}
		if strings.Contains(text, "Wolfowitsch") || strings.Contains(text, "nowhere") {
			t.Error("metrics tell names or addresses")
		}
		s.store.Close()
		scrape = httptest.NewRecorder()
		metrics.Handler().ServeHTTP(scrape, httptest.NewRequest("GET", "/metrics", nil))
		if !strings.Contains(scrape.Body.String(), "chancery_database_up 0") {
			t.Error("the database is said to be up")
		}
	})
}

// A request has a number: in its answer, in the log, and on the page of an error.
func TestARequestHasANumber(t *testing.T) {
	s := open(t, "sqlite")
	var log bytes.Buffer
	s.router.config.Log, s.router.config.LogRequests = slog.New(slog.NewJSONHandler(&log, nil)), true
	id := s.get("/agreements").want(t, 200).Header.Get("X-Request-Id")
	if len(id) < 20 || !strings.Contains(log.String(), id) {
		t.Errorf("%q is not in the log: %s", id, log.String())
	}
	var line struct {
		Route  string
		Status int
		MS     float64
	}
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Route != "/agreements" || line.Status != 200 ||
		line.MS <= 0 {
		t.Errorf("%+v, %v", line, err)
	}
	if got := s.get("/agreements", "X-Request-Id", "from-the-proxy-1").Header.Get(
		"X-Request-Id"); got != "from-the-proxy-1" {
		t.Errorf("a proxy's number became %q", got)
	}
	if got := s.get("/agreements", "X-Request-Id", "a b<script>").Header.Get("X-Request-Id"); strings.Contains(got,
		"script") {
		t.Errorf("%q was taken", got)
	}
	log.Reset()
	s.get("/links/secret-of-a-link").want(t, 404)
	if strings.Contains(log.String(), "secret-of-a-link") {
		t.Error("the log has a secret")
	}
	s.store.Close()
	broken := s.get("/agreements")
	if broken.StatusCode < 500 || !strings.Contains(broken.body, broken.Header.Get("X-Request-Id")) ||
		!strings.Contains(log.String(), broken.Header.Get("X-Request-Id")) {
		t.Errorf("%d %s", broken.StatusCode, log.String())
	}
}

// The dashboard and the rules ask only for metrics that there are.
func TestRulesAndDashboardAskForWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		metrics, err := NewMetrics(s.store, "v1")
		if err != nil {
			t.Fatal(err)
		}
		s.router.config.Metrics = metrics
		s.record(seedForm())
		chore := func(context.Context) error { return nil }
		if _, err := s.store.Upkeep().DoChore(t.Context(), "sweep", time.Hour, chore); err != nil {
			t.Fatal(err)
		}
		scrape := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(scrape, httptest.NewRequest("GET", "/metrics", nil))
		known := map[string]bool{"chancery_replica_lag_seconds": true, "chancery_server_away": true} // of several servers
		for _, name := range regexp.MustCompile(`(?m)^[a-z_]+`).FindAllString(scrape.Body.String(), -1) {
			known[name] = true
		}
		for _, file := range []string{"../docs/alerts.yml", "../docs/dashboard.json"} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			names := regexp.MustCompile(`\b(chancery|go_sql|process)_[a-z_]+`).FindAllString(string(text), -1)
			if len(names) < 5 {
				t.Errorf("%s asks for %v", file, names)
			}
			for _, name := range names {
				if !known[name] {
					t.Errorf("%s asks for %s", file, name)
				}
			}
		}
	})
}

package handlers

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"chancery/models"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics are what a Prometheus server reads of a running register: requests,
// statements, connections, what waits, how much there is. No name, address or word
// of a record is among them.
type Metrics struct {
	set     *metrics.Set
	running *metrics.Counter // requests being answered
	shed    *metrics.Counter // requests sent away because too many were being answered
}

// The bounds of the times that are counted, in seconds.
var (
	requestBounds   = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}
	statementBounds = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 30}
)

// NewMetrics watches a store from now on. It is to be called before the store is
// used.
func NewMetrics(store *models.Store, version string) (*Metrics, error) {
	set := metrics.NewSet()
	m := &Metrics{set: set, shed: set.NewCounter("chancery_requests_shed_total"), running: &metrics.Counter{}}
	set.NewGauge("chancery_requests_running", func() float64 { return float64(int64(m.running.Get())) })
	set.NewGauge(fmt.Sprintf("chancery_build_info{version=%q}", version), func() float64 { return 1 })
	set.RegisterMetricsWriter(func(w io.Writer) { writeRegister(w, store) })
	set.RegisterMetricsWriter(func(w io.Writer) { writePools(w, store.Upkeep().Pools()) })
	return m, store.Upkeep().Observe(func(_ context.Context, statement models.SentStatement) {
		set.GetOrCreateCounter(fmt.Sprintf("chancery_statements_total{failed=%q,pool=%q}",
			strconv.FormatBool(statement.Err != nil), statement.Pool)).Inc()
		set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("chancery_statement_seconds{pool=%q}", statement.Pool),
			statementBounds).Update(statement.Took.Seconds())
	})
}

// methods are those that are counted by name: others are whatever a stranger sends.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions}

// answered counts a request, by method, route and status, and how long it took.
func (m *Metrics) answered(method, route string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf("chancery_requests_total{method=%q,route=%q,status=\"%d\"}", method, route,
		status)).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("chancery_request_seconds{route=%q}", route),
		requestBounds).Update(took.Seconds())
}

// Handler serves the metrics, as Prometheus' text of version 0.0.4.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
}

// writePools tells of connections to the database, under the names that
// Prometheus' own client gives them.
func writePools(w io.Writer, pools map[string]*sql.DB) {
	for _, name := range slices.Sorted(maps.Keys(pools)) {
		s, of := pools[name].Stats(), fmt.Sprintf("{db_name=%q}", name)
		for _, gauge := range []struct {
			name string
			n    int
		}{{"max_open", s.MaxOpenConnections}, {"open", s.OpenConnections}, {"in_use", s.InUse}, {"idle", s.Idle}} {
			metrics.WriteGaugeUint64(w, "go_sql_"+gauge.name+"_connections"+of, uint64(gauge.n)) // #nosec G115 -- how many there are
		}
		metrics.WriteCounterUint64(w, "go_sql_wait_count_total"+of, uint64(s.WaitCount)) // #nosec G115 -- the same
		metrics.WriteCounterFloat64(w, "go_sql_wait_duration_seconds_total"+of, s.WaitDuration.Seconds())
	}
}

// writeRegister asks the register when it is scraped; without the database it tells
// only that it is not there.
func writeRegister(w io.Writer, store *models.Store) {
	ctx, cancel := context.WithTimeout(models.WithRestricted(context.Background()), 5*time.Second)
	defer cancel()
	gauge := func(value float64, name, label, of string) {
		if label != "" {
			name += fmt.Sprintf("{%s=%q}", label, of)
		}
		metrics.WriteGaugeFloat64(w, name, value)
	}
	is := map[bool]float64{true: 1}
	for _, server := range store.Upkeep().Servers() {
		if !server.Primary { // how far a replica is behind the primary
			gauge(server.Lag.Seconds(), "chancery_replica_lag_seconds", "server", server.Part)
		}
		gauge(is[server.Away], "chancery_server_away", "server", server.Part)
	}
	size, err := store.Lists().Totals(ctx)
	gauge(is[err == nil], "chancery_database_up", "", "")
	if err != nil {
		return
	}
	for kind, n := range map[string]int64{"agreements": size.Agreements, "parties": size.Parties,
		"meetings": size.Meetings, "people": size.People} {
		gauge(float64(n), "chancery_records", "kind", kind)
	}
	if waiting, err := store.Upkeep().Backlog(ctx); err == nil {
		for kind, n := range waiting {
			gauge(float64(n), "chancery_waiting", "kind", kind)
		}
	}
	if chores, err := store.Upkeep().Chores(ctx); err == nil {
		for _, c := range chores {
			if c.DoneAt != nil { // in seconds since 1970
				gauge(float64(c.DoneAt.Unix()), "chancery_chore_done_seconds", "chore", c.Name)
			}
			gauge(is[c.Problem != ""], "chancery_chore_failing", "chore", c.Name) // its last try
		}
	}
}

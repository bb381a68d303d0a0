package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"chancery/models"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are what a Prometheus server reads of a running register: requests,
// statements, connections, what waits, how much there is. No name, address or word
// of a record is among them.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	running  prometheus.Gauge
	shed     prometheus.Counter
}

// NewMetrics watches a store from now on. It is to be called before the store is
// used.
func NewMetrics(store *models.Store, version string) (*Metrics, error) {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "chancery_requests_total",
			Help: "Requests answered, by method, route and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "chancery_request_seconds",
			Help:    "How long answers took, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}}, []string{"route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "chancery_requests_running",
			Help: "Requests being answered."}),
		shed: prometheus.NewCounter(prometheus.CounterOpts{Name: "chancery_requests_shed_total",
			Help: "Requests sent away because too many were being answered."}),
	}
	statements := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "chancery_statements_total",
		Help: "Statements sent to the database, by pool and whether they failed."}, []string{"pool", "failed"})
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "chancery_statement_seconds",
		Help:    "How long statements took, by pool.",
		Buckets: []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 30}}, []string{"pool"})
	built := prometheus.NewGauge(prometheus.GaugeOpts{Name: "chancery_build_info", Help: "The version that runs.",
		ConstLabels: prometheus.Labels{"version": version}})
	built.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.running, m.shed, statements, took, built, &registerCollector{store},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, pool := range store.Upkeep().Pools() {
		m.registry.MustRegister(collectors.NewDBStatsCollector(pool, name))
	}
	err := store.Upkeep().Observe(func(_ context.Context, statement models.SentStatement) {
		statements.WithLabelValues(statement.Pool, strconv.FormatBool(statement.Err != nil)).Inc()
		took.WithLabelValues(statement.Pool).Observe(statement.Took.Seconds())
	})
	return m, err
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second,
		ErrorHandling: promhttp.ContinueOnError})
}

// A registerCollector asks the register when it is scraped.
type registerCollector struct{ store *models.Store }

var (
	sizeMetric    = prometheus.NewDesc("chancery_records", "What the register holds, by kind.", []string{"kind"}, nil)
	waitingMetric = prometheus.NewDesc("chancery_waiting", "What waits to be done, by kind.", []string{"kind"}, nil)
	choreMetric   = prometheus.NewDesc("chancery_chore_done_seconds",
		"When a chore last succeeded, in seconds since 1970.", []string{"chore"}, nil)
	awayMetric = prometheus.NewDesc("chancery_server_away", "1 while a database server does not answer.",
		[]string{"server"}, nil)
	lagMetric = prometheus.NewDesc("chancery_replica_lag_seconds", "How far a replica is behind the primary.",
		[]string{"server"}, nil)
	failedMetric = prometheus.NewDesc("chancery_chore_failing", "1 while a chore's last try failed.", []string{"chore"},
		nil)
	upMetric = prometheus.NewDesc("chancery_database_up", "1 while the database answers.", nil, nil)
)

// Describe names the metrics.
func (r *registerCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{sizeMetric, waitingMetric, choreMetric, failedMetric, upMetric, awayMetric,
		lagMetric} {
		to <- d
	}
}

// Collect reads them; without the database only that it is not there.
func (r *registerCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(models.WithRestricted(context.Background()), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, server := range r.store.Upkeep().Servers() {
		if !server.Primary {
			gauge(lagMetric, server.Lag.Seconds(), server.Part)
		}
		away := 0.0
		if server.Away {
			away = 1
		}
		gauge(awayMetric, away, server.Part)
	}
	size, err := r.store.Lists().Totals(ctx)
	if err != nil {
		gauge(upMetric, 0)
		return
	}
	gauge(upMetric, 1)
	for kind, n := range map[string]int64{"agreements": size.Agreements, "parties": size.Parties,
		"meetings": size.Meetings, "people": size.People} {
		gauge(sizeMetric, float64(n), kind)
	}
	if waiting, err := r.store.Upkeep().Backlog(ctx); err == nil {
		for kind, n := range waiting {
			gauge(waitingMetric, float64(n), kind)
		}
	}
	if chores, err := r.store.Upkeep().Chores(ctx); err == nil {
		for _, c := range chores {
			if c.DoneAt != nil {
				gauge(choreMetric, float64(c.DoneAt.Unix()), c.Name)
			}
			failing := 0.0
			if c.Problem != "" {
				failing = 1
			}
			gauge(failedMetric, failing, c.Name)
		}
	}
}

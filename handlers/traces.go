package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"chancery/models"

	"github.com/gin-gonic/gin"
)

// Traces tell a collector what requests did and how long each statement of theirs
// took, by OpenTelemetry's protocol. Of a request they have what the log has of it,
// of a statement its text without values: no name, address or word of a record.
type Traces struct {
	share     float64
	collector *traceCollector
	queue     chan span
	stop      chan struct{} // closed when nothing more is to come
	sent      chan struct{} // closed when all is sent
	log       *slog.Logger
}

// A span is what a request or a statement did, and when.
type span struct {
	trace, id, parent string // in hex; no parent: ""
	name              string
	kind              int // as the protocol numbers them
	begun, ended      time.Time
	attributes        []attribute
	failed            bool
}

// Kinds of span: what was asked of the register, and what it asked.
const (
	kindServer = 2
	kindClient = 3
)

type attribute struct{ key, value string }

// What waits to be sent, how much of it goes at once, and how long it may wait.
const (
	spansWaiting = 2048
	spansAtOnce  = 512
	spansWait    = 5 * time.Second
)

// NewTraces sends traces to an address such as http://127.0.0.1:4318: of a share of
// all requests, and of every one that a trusted proxy traces. It is to be called
// before the store is used. Headers that the collector asks for are set by the
// protocol's own variable, OTEL_EXPORTER_OTLP_HEADERS.
func NewTraces(store *models.Store, address string, share float64, version string, log *slog.Logger) (*Traces, error) {
	if share < 0 || share > 1 {
		return nil, fmt.Errorf("the share of traces is %g: it is from 0 to 1", share)
	}
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return nil, fmt.Errorf("traces cannot be sent to %q: write it as http://127.0.0.1:4318", address)
	}
	to, err := newTraceCollector(strings.TrimRight(address, "/")+"/v1/traces", version)
	if err != nil {
		return nil, fmt.Errorf("traces cannot be sent: %w", err)
	}
	t := &Traces{share: share, collector: to, queue: make(chan span, spansWaiting),
		stop: make(chan struct{}), sent: make(chan struct{}), log: log}
	go t.send()
	return t, store.Upkeep().Observe(t.statement)
}

// Close delivers what was not yet.
func (t *Traces) Close(ctx context.Context) error {
	close(t.stop)
	select {
	case <-t.sent:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send sends what waits, until it is to stop and nothing waits.
func (t *Traces) send() {
	defer close(t.sent)
	tick := time.NewTicker(spansWait)
	defer tick.Stop()
	var batch []span
	deliver := func() {
		if len(batch) == 0 {
			return
		}
		if err := t.collector.deliver(batch); err != nil {
			t.log.Warn("traces were not delivered", "error", err, "spans", len(batch))
		}
		batch = nil
	}
	for {
		select {
		case next := <-t.queue:
			if batch = append(batch, next); len(batch) == spansAtOnce {
				deliver()
			}
			continue
		case <-tick.C:
			deliver()
			continue
		case <-t.stop:
		}
		for len(t.queue) > 0 {
			batch = append(batch, <-t.queue)
		}
		deliver()
		return
	}
}

// end hands a span over; when too many wait, it is let go of: tracing never holds
// anybody up.
func (t *Traces) end(s span) {
	select {
	case t.queue <- s:
	default:
	}
}

// A traced request is in the context of what it does.
type tracedKey struct{}
type traced struct{ trace, span string }

// begin begins the trace of a request, and gives what ends it.
func (t *Traces) begin(c *gin.Context, id string) (end func()) {
	if t == nil {
		return func() {}
	}
	var by traced
	wanted := false
	if c.ClientIP() != c.RemoteIP() { // by a trusted proxy
		by, wanted = readTraceparent(c.Request.Header.Get("traceparent"))
	}
	if by.trace == "" {
		by.trace, wanted = randomHex(16), sampled(t.share)
	}
	if !wanted {
		return func() {}
	}
	s := span{trace: by.trace, id: randomHex(8), parent: by.span, name: c.Request.Method, kind: kindServer, begun: time.Now()}
	if route := c.FullPath(); route != "" {
		s.name += " " + route
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), tracedKey{}, traced{s.trace, s.id}))
	return func() {
		s.ended, s.failed = time.Now(), c.Writer.Status() >= 500
		s.attributes = []attribute{{"http.request.method", c.Request.Method}, {"http.route", c.FullPath()},
			{"url.path", withoutSecret(c.Request.URL.Path)}, {"chancery.request", id},
			{"http.response.status_code", fmt.Sprint(c.Writer.Status())}}
		t.end(s)
	}
}

// statement adds a statement to the trace of what sent it.
func (t *Traces) statement(ctx context.Context, s models.SentStatement) {
	by, ok := ctx.Value(tracedKey{}).(traced)
	if !ok { // not by a request, or not one of the share
		return
	}
	verb, _, _ := strings.Cut(strings.TrimSpace(s.SQL), " ")
	t.end(span{trace: by.trace, id: randomHex(8), parent: by.span, name: verb, kind: kindClient,
		begun: s.Begun, ended: s.Begun.Add(s.Took), failed: s.Err != nil,
		attributes: []attribute{{"db.query.text", s.SQL}, {"chancery.pool", s.Pool}}})
}

// readTraceparent reads the header of W3C's Trace Context: of which trace a request
// is part, and whether that is traced. https://www.w3.org/TR/trace-context/
func readTraceparent(header string) (by traced, wanted bool) {
	parts := strings.Split(header, "-")
	if len(parts) < 4 || len(parts[0]) != 2 || len(parts[1]) != 32 || len(parts[2]) != 16 || len(parts[3]) != 2 ||
		parts[0] == "ff" || parts[0] == "00" && len(parts) != 4 || header != strings.ToLower(header) ||
		strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return traced{}, false
	}
	whole, err := hex.DecodeString(strings.Join(parts[:4], ""))
	if err != nil {
		return traced{}, false
	}
	return traced{parts[1], parts[2]}, whole[len(whole)-1]&1 == 1
}

func randomHex(bytes int) string {
	id := make([]byte, bytes)
	rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

// sampled is true for a share of all calls.
func sampled(share float64) bool {
	const of = 1 << 30
	n, err := rand.Int(rand.Reader, big.NewInt(of))
	return err == nil && float64(n.Int64()) < share*of
}

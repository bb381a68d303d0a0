package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"chancery/models"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traces tell a collector what requests did and how long each statement of theirs
// took, by OpenTelemetry's protocol. Of a request they have what the log has of it,
// of a statement its text without values: no name, address or word of a record.
type Traces struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// NewTraces sends traces to an address such as http://127.0.0.1:4318: of a share of
// all requests, and of every one that a trusted proxy traces. It is to be called
// before the store is used. Headers that the collector asks for are set by the
// protocol's own variable, OTEL_EXPORTER_OTLP_HEADERS.
func NewTraces(store *models.Store, address string, share float64, version string,
	log *slog.Logger) (*Traces, error) {
	if share < 0 || share > 1 {
		return nil, fmt.Errorf("the share of traces is %g: it is from 0 to 1", share)
	}
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return nil, fmt.Errorf("traces cannot be sent to %q: write it as http://127.0.0.1:4318", address)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces were not delivered", "error", err) }))
	to, err := newSpanExporter(strings.TrimRight(address, "/") + "/v1/traces")
	if err != nil {
		return nil, fmt.Errorf("traces cannot be sent: %w", err)
	}
	t := &Traces{provider: sdktrace.NewTracerProvider(sdktrace.WithBatcher(to),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(share))),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "chancery"),
			attribute.String("service.version", version))))}
	t.tracer = t.provider.Tracer("chancery")
	return t, store.Upkeep().Observe(t.statement)
}

// Close delivers what was not yet.
func (t *Traces) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// begin begins the trace of a request, and gives what ends it.
func (t *Traces) begin(c *gin.Context, id string) (end func()) {
	if t == nil {
		return func() {}
	}
	ctx := c.Request.Context()
	if c.ClientIP() != c.RemoteIP() { // by a trusted proxy
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(c.Request.Header))
	}
	name := c.Request.Method
	if route := c.FullPath(); route != "" {
		name += " " + route
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", c.Request.Method),
			attribute.String("http.route", c.FullPath()), attribute.String("url.path", withoutSecret(c.Request.URL.Path)),
			attribute.String("chancery.request", id)))
	c.Request = c.Request.WithContext(ctx)
	return func() {
		span.SetAttributes(attribute.Int("http.response.status_code", c.Writer.Status()))
		if c.Writer.Status() >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// statement adds a statement to the trace of what sent it.
func (t *Traces) statement(ctx context.Context, s models.SentStatement) {
	if !trace.SpanFromContext(ctx).IsRecording() { // not by a request, or not one of the share
		return
	}
	verb, _, _ := strings.Cut(strings.TrimSpace(s.SQL), " ")
	_, span := t.tracer.Start(ctx, verb, trace.WithTimestamp(s.Begun), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.query.text", s.SQL), attribute.String("chancery.pool", s.Pool)))
	if s.Err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(s.Begun.Add(s.Took)))
}

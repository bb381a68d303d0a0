package handlers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// spanExporter sends spans to a collector as OTLP/HTTP's JSON: the shape of its
// protobuf messages, with ids in hex and 64-bit numbers as text.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
type spanExporter struct {
	address string
	headers map[string]string
	client  *http.Client
}

// newSpanExporter sends to an address such as http://127.0.0.1:4318/v1/traces, with the headers
// that OTEL_EXPORTER_OTLP_TRACES_HEADERS or OTEL_EXPORTER_OTLP_HEADERS says.
func newSpanExporter(address string) (*spanExporter, error) {
	e := &spanExporter{address: address, headers: map[string]string{}, client: &http.Client{Timeout: 10 * time.Second}}
	const general, own = "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
	for pair := range strings.SplitSeq(cmp.Or(os.Getenv(own), os.Getenv(general)), ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, is := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !is || err != nil {
			return nil, fmt.Errorf("%s is to be written as name=value,name=value", general)
		}
		e.headers[strings.TrimSpace(name)] = value
	}
	return e, nil
}

type (
	otlpTraces struct {
		ResourceSpans []otlpResourceSpans `json:"resourceSpans"`
	}
	otlpResourceSpans struct {
		Resource struct {
			Attributes []otlpAttribute `json:"attributes"`
		} `json:"resource"`
		ScopeSpans []otlpScopeSpans `json:"scopeSpans"`
	}
	otlpScopeSpans struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpSpan struct {
		TraceID    string          `json:"traceId"`
		SpanID     string          `json:"spanId"`
		ParentID   string          `json:"parentSpanId,omitempty"`
		TraceState string          `json:"traceState,omitempty"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"` // as trace.SpanKind numbers them
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []otlpAttribute `json:"attributes,omitempty"`
		Status     otlpStatus      `json:"status"`
	}
	otlpStatus struct {
		Code    int    `json:"code"` // 0 not set, 1 fine, 2 an error
		Message string `json:"message,omitempty"`
	}
	otlpAttribute struct {
		Key   string            `json:"key"`
		Value map[string]string `json:"value"`
	}
)

// ExportSpans sends spans; what the collector refuses is an error.
func (e *spanExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	var all otlpResourceSpans
	all.Resource.Attributes = otlpAttributes(spans[0].Resource().Attributes()) // of one provider, they have one
	all.ScopeSpans = make([]otlpScopeSpans, 1)
	all.ScopeSpans[0].Scope.Name = spans[0].InstrumentationScope().Name
	for _, span := range spans {
		all.ScopeSpans[0].Spans = append(all.ScopeSpans[0].Spans, otlpSpanOf(span))
	}
	body, err := json.Marshal(otlpTraces{[]otlpResourceSpans{all}})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range e.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := e.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)); err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %s", answer.Status)
	}
	return nil
}

// Shutdown has nothing left to do.
func (e *spanExporter) Shutdown(context.Context) error { return nil }

func otlpSpanOf(span sdktrace.ReadOnlySpan) otlpSpan {
	of := otlpSpan{TraceID: span.SpanContext().TraceID().String(), SpanID: span.SpanContext().SpanID().String(),
		TraceState: span.SpanContext().TraceState().String(), Name: span.Name(), Kind: int(span.SpanKind()),
		Start:      strconv.FormatInt(span.StartTime().UnixNano(), 10),
		End:        strconv.FormatInt(span.EndTime().UnixNano(), 10),
		Attributes: otlpAttributes(span.Attributes())}
	if span.Parent().SpanID().IsValid() {
		of.ParentID = span.Parent().SpanID().String()
	}
	if span.Status().Code == codes.Error {
		of.Status = otlpStatus{2, span.Status().Description}
	}
	return of
}

// otlpAttributes are attributes that are text or whole numbers: there are no others.
func otlpAttributes(attributes []attribute.KeyValue) (list []otlpAttribute) {
	for _, a := range attributes {
		kind := "stringValue"
		if a.Value.Type() == attribute.INT64 {
			kind = "intValue"
		}
		list = append(list, otlpAttribute{string(a.Key), map[string]string{kind: a.Value.String()}})
	}
	return list
}

package handlers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// traceCollector is who takes spans, as OTLP/HTTP's JSON: the shape of its protobuf
// messages, with ids in hex and 64-bit numbers as text.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
type traceCollector struct {
	address  string
	headers  map[string]string
	resource []otlpAttribute
	client   *http.Client
}

// newTraceCollector sends to an address such as http://127.0.0.1:4318/v1/traces,
// with the headers that OTEL_EXPORTER_OTLP_HEADERS says, or the one for traces alone.
func newTraceCollector(address, version string) (*traceCollector, error) {
	c := &traceCollector{address: address, headers: map[string]string{}, client: &http.Client{Timeout: 10 * time.Second},
		resource: otlpAttributes([]attribute{{"service.name", "chancery"}, {"service.version", version}})}
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
		c.headers[strings.TrimSpace(name)] = value
	}
	return c, nil
}

type (
	otlpTraces struct {
		ResourceSpans []otlpResourceSpans `json:"resourceSpans"`
	}
	otlpResourceSpans struct {
		Resource   otlpResource     `json:"resource"`
		ScopeSpans []otlpScopeSpans `json:"scopeSpans"`
	}
	otlpResource struct {
		Attributes []otlpAttribute `json:"attributes"`
	}
	otlpScopeSpans struct {
		Scope otlpScope  `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpScope struct {
		Name string `json:"name"`
	}
	otlpSpan struct {
		TraceID    string          `json:"traceId"`
		SpanID     string          `json:"spanId"`
		ParentID   string          `json:"parentSpanId,omitempty"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"`
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []otlpAttribute `json:"attributes,omitempty"`
		Status     otlpStatus      `json:"status"`
	}
	otlpStatus struct {
		Code int `json:"code,omitempty"` // 2: it failed
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpValue struct {
		Text string `json:"stringValue"`
	}
)

// deliver sends spans; what the collector refuses is an error.
func (c *traceCollector) deliver(spans []span) error {
	scope := otlpScopeSpans{Scope: otlpScope{"chancery"}}
	for _, s := range spans {
		scope.Spans = append(scope.Spans, otlpSpanOf(s))
	}
	body, err := json.Marshal(otlpTraces{[]otlpResourceSpans{{otlpResource{c.resource}, []otlpScopeSpans{scope}}}})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.client.Do(request)
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

func otlpSpanOf(s span) otlpSpan {
	of := otlpSpan{TraceID: s.trace, SpanID: s.id, ParentID: s.parent, Name: s.name, Kind: s.kind,
		Start: strconv.FormatInt(s.begun.UnixNano(), 10), End: strconv.FormatInt(s.ended.UnixNano(), 10),
		Attributes: otlpAttributes(s.attributes)}
	if s.failed {
		of.Status.Code = 2
	}
	return of
}

func otlpAttributes(attributes []attribute) (list []otlpAttribute) {
	for _, a := range attributes {
		list = append(list, otlpAttribute{a.key, otlpValue{a.value}})
	}
	return list
}

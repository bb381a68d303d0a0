package handlers

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// askPacked sends a request through pack, and gives the answer with its content
// unpacked.
func askPacked(t interface{ Fatal(...any) }, accepted string, answer http.HandlerFunc) (*http.Response, string) {
	server := httptest.NewServer(pack(answer))
	defer server.Close()
	request, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", accepted)
	server.Client().Transport.(*http.Transport).DisableCompression = true
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var content io.Reader = response.Body
	if response.Header.Get("Content-Encoding") == "gzip" {
		if content, err = gzip.NewReader(response.Body); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestWhoTakesItGetsItPacked(t *testing.T) {
	long := strings.Repeat("a treaty ", 500)
	for _, c := range []struct {
		accepted, mediaType, content string
		status                       int
		packed                       bool
	}{
		{"gzip", "text/html; charset=utf-8", long, 200, true},
		{"br;q=1, GZIP;q=0.2", "application/ld+json", long, 200, true},
		{"*", "text/csv", long, 422, true},
		{"deflate, x-gzip", "image/svg+xml", long, 200, true},
		{"gzip;q=0", "text/html", long, 200, false},
		{"gzip; q=0.0, *", "text/html", long, 200, false},
		{"*;q=0", "text/html", long, 200, false},
		{"gzip;q=x", "text/html", long, 200, false},
		{"identity", "text/html", long, 200, false},
		{"", "text/html", long, 200, false},
		{"gzip", "text/html", "short", 200, false},
		{"gzip", "image/png", long, 200, false},
		{"gzip", "application/zip", long, 200, false},
		{"gzip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", long, 200, false},
		{"gzip", "", long, 200, true}, // the type is told from the content
		{"gzip", "text/html", "", 304, false},
		{"gzip", "text/html", "", 204, false},
	} {
		response, text := askPacked(t, c.accepted, func(w http.ResponseWriter, _ *http.Request) {
			if c.mediaType != "" {
				w.Header().Set("Content-Type", c.mediaType)
			}
			w.Header().Set("ETag", `"v3.abc"`)
			w.Header().Set("Content-Length", fmt.Sprint(len(c.content)))
			w.WriteHeader(c.status)
			io.WriteString(w, c.content)
		})
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != c.packed || text != c.content ||
			response.StatusCode != c.status {
			t.Errorf("%+.80v: packed %t, %d, %d bytes", c, got, response.StatusCode, len(text))
		}
		if tag := map[bool]string{true: `"v3.abc-gz"`, false: `"v3.abc"`}[c.packed]; response.Header.Get("ETag") != tag {
			t.Errorf("%+.80v: its tag is %s", c, response.Header.Get("ETag"))
		}
		if response.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%+.80v: it varies by %q", c, response.Header.Get("Vary"))
		}
	}
}

// However it is written, the same arrives.
func TestPackingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 3000), 0, 6).Draw(t, "parts")
		flush := rapid.Uint8().Draw(t, "flushes")
		_, text := askPacked(t, rapid.SampledFrom([]string{"gzip", ""}).Draw(t, "accepted"),
			func(w http.ResponseWriter, _ *http.Request) {
				for n, part := range parts {
					w.Write(part)
					if flush>>n&1 == 1 {
						http.NewResponseController(w).Flush()
					}
				}
			})
		if text != string(bytes.Join(parts, nil)) {
			t.Fatalf("%d bytes of %d", len(text), len(bytes.Join(parts, nil)))
		}
	})
}

// An answer that is broken off does not end as a whole one.
func TestWhatIsBrokenOffDoesNotEndWell(t *testing.T) {
	server := httptest.NewServer(pack(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("x", 100_000))
		panic(http.ErrAbortHandler)
	})))
	defer server.Close()
	response, err := server.Client().Get(server.URL)
	if err == nil {
		_, err = io.ReadAll(response.Body)
		response.Body.Close()
	}
	if err == nil {
		t.Error("the half was taken for the whole")
	}
}

package handlers

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// What is shorter is sent as it is: packing it would save no packet.
const packFrom = 1024

// packers are used again: each holds some hundred KB. The fastest level makes a page
// six times smaller in a fifth of a millisecond; higher ones cost more time than a
// reader gains.
var packers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // there is no such level
	}
	return w
}}

// pack sends text packed by gzip to who takes it so (RFC 9110, section 12.5.3). The
// packed one is another representation and has a tag of its own (section 8.8.3.3).
func pack(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if r.Method == http.MethodHead || !takesGzip(r.Header.Values("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		p := &packed{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(p, r)
		p.close() // not after a panic: what is broken off must not end well
	})
}

// takesGzip tells whether a client accepts gzip: by its name, or by *, with a weight
// above zero.
func takesGzip(accepted []string) bool {
	weight := map[string]float64{}
	for coding := range strings.SplitSeq(strings.Join(accepted, ","), ",") {
		name, parameters, _ := strings.Cut(coding, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		weight[name] = 1
		if q, is := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), "q="); is {
			n, err := strconv.ParseFloat(q, 64)
			if err != nil {
				n = 0
			}
			weight[name] = n
		}
	}
	for _, name := range []string{"gzip", "x-gzip", "*"} {
		if q, named := weight[name]; named {
			return q > 0
		}
	}
	return false
}

// packed holds the beginning of an answer back until it is known to be long enough.
type packed struct {
	http.ResponseWriter
	status int
	held   []byte
	begun  bool         // the header is out
	to     *gzip.Writer // if it goes out packed
}

// Unwrap is for http.ResponseController.
func (p *packed) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *packed) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	if !p.begun {
		p.status = status
		if status == http.StatusNoContent || status == http.StatusNotModified {
			p.begin(false)
		}
	}
}

func (p *packed) Write(content []byte) (int, error) {
	if p.begun {
		return p.pass(content)
	}
	p.held = append(p.held, content...)
	if len(p.held) < packFrom {
		return len(content), nil
	}
	return len(content), p.release(true)
}

// Flush sends what there is: more of it is to come, however little this is.
func (p *packed) Flush() {
	if !p.begun {
		_ = p.release(true) // the next Write says what is wrong
	}
	if p.to != nil {
		_ = p.to.Flush()
	}
	_ = http.NewResponseController(p.ResponseWriter).Flush()
}

// release begins the answer with what was held back.
func (p *packed) release(long bool) error {
	p.begin(long)
	held := p.held
	p.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err := p.pass(held)
	return err
}

func (p *packed) pass(content []byte) (int, error) {
	if p.to != nil {
		return p.to.Write(content)
	}
	return p.ResponseWriter.Write(content)
}

// begin sends the header.
func (p *packed) begin(long bool) {
	p.begun = true
	h := p.Header()
	if h.Get("Content-Type") == "" && len(p.held) > 0 {
		h.Set("Content-Type", http.DetectContentType(p.held))
	}
	if long && h.Get("Content-Encoding") == "" && h.Get("Content-Range") == "" && !isPacked(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		if tag := h.Get("ETag"); strings.HasSuffix(tag, `"`) {
			h.Set("ETag", strings.TrimSuffix(tag, `"`)+`-gz"`)
		}
		p.to = packers.Get().(*gzip.Writer)
		p.to.Reset(p.ResponseWriter)
	}
	p.ResponseWriter.WriteHeader(p.status)
}

func (p *packed) close() {
	if !p.begun {
		_ = p.release(false) // the client is gone
	}
	if p.to != nil {
		_ = p.to.Close()
		packers.Put(p.to)
	}
}

// isPacked tells whether files of a media type are packed in themselves.
func isPacked(mediaType string) bool {
	kind, _, _ := strings.Cut(mediaType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	for _, part := range []string{"zip", "openxmlformats", "opendocument", "pdf", "octet-stream", "image/", "font/",
		"audio/", "video/"} {
		if strings.Contains(kind, part) {
			return kind != "image/svg+xml"
		}
	}
	return false
}

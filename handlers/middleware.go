package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"chancery/exchange"
	"chancery/frontend/locales"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// contentPolicy allows nothing but our own files: no inline script or style, no
// other host, no frame.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers of every answer, errors and files included.
func (s *Server) secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if r.TLS != nil || strings.HasPrefix(s.config.Site, "https://") {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// allowedHost refuses a request for a host that is not ours, so that no foreign
// name gets into what we print.
func (s *Server) allowedHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := strings.ToLower(strings.Trim(hostOf(r.Host), "[]"))
		if isLoopback(host) || slices.Contains(s.config.Hosts, host) {
			next.ServeHTTP(w, r)
			return
		}
		http.Error(w, fmt.Sprintf("This register is not served as %q. Its operator can add the name to CHANCERY_HOSTS.",
			host), http.StatusMisdirectedRequest)
	})
}

// sameOrigin refuses a change that a page of another site asks for: by
// Sec-Fetch-Site or Origin, and a form without either, since every browser sends
// one. A program that posts JSON, or shows a token, needs neither: another site's
// page can do neither without asking first.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	deny := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		speaker := locales.Of(language(r))
		http.Error(w, speaker.T("error.crossorigin")+". "+speaker.T("error.crossorigin.help"), http.StatusForbidden)
	})
	protection.SetDenyHandler(deny)
	protected := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		unsafe := r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
		bare := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
		if unsafe && bare && !isJSON(r) && r.Header.Get("Authorization") == "" {
			deny.ServeHTTP(w, r)
			return
		}
		protected.ServeHTTP(w, r)
	})
}

// limit bounds the time that a request may take to be read and answered, by what
// it asks for.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxBody)
		switch {
		case r.URL.Path == "/imports":
			most += mostImport
		case s.config.Files != nil && uploading(r):
			most += s.config.Files.Most
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if len(r.URL.RawQuery) > maxQuery {
			r.URL.RawQuery = ""
			ctx, cancel := context.WithCancelCause(r.Context())
			cancel(errLongQuery) // nothing is read for it; identify sends it away
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// negotiate takes the extension off an address and keeps it as the representation
// that is asked for, then the language: by address once (which is remembered), by
// cookie, by header.
func (s *Server) negotiate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") { // the ending is the file's
			ctx := context.WithValue(r.Context(), formatKey, "html")
			next.ServeHTTP(w, r.WithContext(locales.With(ctx, language(r))))
			return
		}
		// PostgreSQL has no text with a NUL in it: what comes with one is something else.
		r.URL.Path, r.URL.RawQuery = withoutNUL(r.URL.Path), strings.ReplaceAll(r.URL.RawQuery, "%00", "%EF%BF%BD")
		ctx := r.Context()
		format, asked := "", r.URL.Path
		if table, ok := strings.CutSuffix(r.URL.Path, describing); ok {
			format, r.URL.Path, r.URL.RawPath = "csvw", table, ""
		} else if ext := path.Ext(r.URL.Path); isFormat(ext) {
			format = ext[1:]
			r.URL.Path = strings.TrimSuffix(r.URL.Path, ext)
			r.URL.RawPath = ""
		} else {
			format = negotiate(r.Header.Get("Accept"))
		}
		ctx = context.WithValue(ctx, formatKey, format)
		ctx = context.WithValue(ctx, endingKey, r.URL.Path != asked)
		if lang := r.URL.Query().Get("lang"); slices.Contains(models.Languages, lang) {
			rememberLanguage(w, lang, r.TLS != nil)
		}
		w.Header().Set("Vary", "Accept, Accept-Language, Cookie")
		ctx = locales.With(ctx, language(r))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// readForm reads a form before any handler does, so that none meets a NUL.
func (s *Server) readForm(c *gin.Context) {
	if c.Request.Method != http.MethodPost || !strings.HasPrefix(c.GetHeader("Content-Type"),
		"application/x-www-form-urlencoded") {
		return
	}
	if err := c.Request.ParseForm(); err != nil {
		s.refuse(c, received(err))
		return
	}
	for _, values := range c.Request.PostForm {
		for i := range values {
			values[i] = withoutNUL(values[i])
		}
	}
}

// maxParameter is the longest value that a parameter of an address takes, in bytes;
// what it means is looked at by its reader.
const maxParameter = 4000

// maxValues is how many values an address has at the most, those that are joined
// with commas counted one by one; maxQuery is its longest query, in bytes.
const (
	maxValues = 400
	maxQuery  = 8 << 10
)

// limitParameters refuses an address with a value that no reader of it can want.
func (s *Server) limitParameters(c *gin.Context) {
	problems, count := models.Invalid{}, 0
	for name, values := range c.Request.URL.Query() {
		for _, value := range values {
			if count += 1 + strings.Count(value, ","); count > maxValues {
				problems[name] = models.Problem{Code: "too_many", Args: map[string]string{"limit": strconv.Itoa(maxValues)}}
			}
			if len(value) > maxParameter {
				problems[name] = models.Problem{Code: "too_long", Args: map[string]string{"limit": strconv.Itoa(maxParameter)}}
			}
		}
	}
	if len(problems) > 0 {
		s.refuse(c, problems)
	}
}

// recoverPanics turns a defect of ours into an error page; the log gets the stack.
func (s *Server) recoverPanics(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.refuse(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	c.Next()
}

// program tells this program from another version, whose pages may be others: it is
// the beginning of the SHA-256 of the executable; empty where that cannot be read.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil)[:4])
})

// cached answers 304 when nothing in the register, the day, the language or the program
// has changed since the reader's copy.
func (s *Server) cached(h func(*gin.Context) error) gin.HandlerFunc {
	return s.handle(func(c *gin.Context) error {
		state, err := s.store.State(c.Request.Context())
		if err != nil {
			return err
		}
		tag := fmt.Sprintf(`W/"%d-%s-%s-%s-%s%s"`, state.Seen, s.today(), locales.In(c.Request.Context()).Lang, format(c),
			program(), s.tagOf(c))
		c.Header("ETag", tag)
		s.shareable(c, state.OpenAt)
		if matchesTag(c.GetHeader("If-None-Match"), tag) {
			c.Status(http.StatusNotModified)
			return nil
		}
		c.Request = c.Request.WithContext(models.ReadAt(c.Request.Context(), state.Change))
		if made, ok := c.Value(preparationKey).(*preparation); ok {
			return s.prepared.serve(c, made, h)
		}
		return h(c)
	})
}

// shareable says who may keep a page: caches between, if it is everybody's, but
// nobody without asking again whether it holds. X-Accel-Expires, a moment long
// past, has nginx keep it under the same condition; other caches do not know it.
func (s *Server) shareable(c *gin.Context, at time.Time) {
	if p := principalOf(c); p.account != nil || p.first {
		c.Header("Cache-Control", "private, no-cache")
		c.Header("X-Accel-Expires", "0")
		return
	}
	c.Header("Cache-Control", "public, no-cache")
	c.Header("X-Accel-Expires", "@1")
	now := s.store.Now().In(s.config.Zone)
	if midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()); at.Before(midnight) {
		at = midnight // a status may be another on each day
	}
	c.Header("Last-Modified", at.UTC().Format(http.TimeFormat))
}

// answers lets a request through in a form that its route has; an ending that asks
// for another is told so.
func (r route) answers(c *gin.Context) error {
	ending, _ := c.Request.Context().Value(endingKey).(bool)
	f := format(c)
	if f == "csvw" {
		f = "csv"
	}
	media, _ := exchange.FormatNamed(f)
	if !ending || f == "html" || f == "json" && r.operation.answer != nil || slices.Contains(r.operation.media, f) ||
		slices.Contains(r.operation.media, media.MediaType) {
		return r.handler(c)
	}
	return errFormat
}

// tagOf tells apart what is shown under one address of one state of the register:
// to different people, and while it cannot be written.
func (s *Server) tagOf(c *gin.Context) string {
	if s.store.Upkeep().Away() {
		return principalOf(c).tag() + "-r"
	}
	return principalOf(c).tag()
}

// static serves our own files; an address that carries the file's hash never
// changes its content.
func (s *Server) static(files http.Handler) gin.HandlerFunc {
	files = http.StripPrefix("/static/", files)
	return func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=3600")
		if c.Query("v") != "" {
			c.Header("Cache-Control", "public, max-age=31536000, immutable")
		}
		if strings.HasSuffix(c.Request.URL.Path, "/") { // no listing of folders
			s.handle(s.notFound)(c)
			return
		}
		files.ServeHTTP(c.Writer, c.Request)
	}
}

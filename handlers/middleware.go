package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"path"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"

	"github.com/elnormous/contenttype"
	"github.com/gin-gonic/gin"
)

// contentPolicy allows nothing but our own files: no inline script or style, no other host, no frame.
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

// allowedHost refuses a request for a host that is not ours, so that no foreign name gets into what we print.
func (s *Server) allowedHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := strings.ToLower(strings.Trim(hostOf(r.Host), "[]"))
		if isLoopback(host) || slices.Contains(s.config.Hosts, host) {
			next.ServeHTTP(w, r)
			return
		}
		http.Error(w, fmt.Sprintf("This register is not served as %q. Its operator can add the name to CHANCERY_HOSTS.", host), http.StatusMisdirectedRequest)
	})
}

// hostOf is a host and port without the port.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// isLoopback tells whether a host is the machine itself.
func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sameOrigin refuses a change that a page of another site asks for: by Sec-Fetch-Site or Origin, and a form without
// either, since every browser sends one. A program that posts JSON, or shows a token, needs neither: another site's page
// can do neither without asking first.
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

func isJSON(r *http.Request) bool {
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	mediaType = strings.TrimSpace(strings.ToLower(mediaType))
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") || r.Method == http.MethodDelete
}

// maxBody is the most that one request can bring.
const maxBody = 1 << 20

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
		next.ServeHTTP(w, r)
	})
}

// streams tells that an answer may be as long as the register.
func streams(r *http.Request) bool {
	ending := strings.TrimPrefix(path.Ext(r.URL.Path), ".")
	return exports[ending] != "" || ending == "csv" || ending == "sqlite" || ending == "graphml" || slices.Contains([]string{"csv", "jsonld", "ttl", "bib"}, negotiate(r.Header.Get("Accept")))
}

type contextKey int

const formatKey contextKey = iota

var formats = map[string]string{".json": "json", ".csv": "csv", ".svg": "svg", ".png": "png", ".ics": "ics", ".atom": "atom", ".html": "html",
	".jsonl": "jsonl", ".jsonld": "jsonld", ".ttl": "ttl", ".bib": "bib", ".ris": "ris", ".csl": "csl", ".xlsx": "xlsx", ".zip": "zip", ".graphml": "graphml", ".sqlite": "sqlite"}

// describing is the ending of a table's description, CSV on the Web.
const describing = ".csv-metadata.json"

// represent takes the extension off an address and keeps it as the representation that is asked for, then the
// language: by address once (which is remembered), by cookie, by header.
func (s *Server) represent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		// PostgreSQL has no text with a NUL in it: what comes with one is something else.
		r.URL.Path, r.URL.RawQuery = withoutNUL(r.URL.Path), strings.ReplaceAll(r.URL.RawQuery, "%00", "%EF%BF%BD")
		ctx := r.Context()
		format := ""
		if table, ok := strings.CutSuffix(r.URL.Path, describing); ok {
			format, r.URL.Path, r.URL.RawPath = "csvw", table, ""
		} else if ext := path.Ext(r.URL.Path); formats[ext] != "" {
			format = formats[ext]
			r.URL.Path = strings.TrimSuffix(r.URL.Path, ext)
			r.URL.RawPath = ""
		} else {
			format = negotiate(r.Header.Get("Accept"))
		}
		ctx = context.WithValue(ctx, formatKey, format)
		if lang := r.URL.Query().Get("lang"); slices.Contains(models.Languages, lang) {
			rememberLanguage(w, lang, r.TLS != nil)
		}
		w.Header().Set("Vary", "Accept, Accept-Language, Cookie")
		ctx = locales.With(ctx, language(r))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// withoutNUL puts the mark of a character that cannot be in place of NULs.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }

// readForm reads a form before any handler does, so that none meets a NUL.
func (s *Server) readForm(c *gin.Context) {
	if c.Request.Method != http.MethodPost || !strings.HasPrefix(c.GetHeader("Content-Type"), "application/x-www-form-urlencoded") {
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

// maxParameter is the longest value that a parameter of an address takes, in bytes; what it means is looked at by its reader.
const maxParameter = 4000

// limitParameters refuses an address with a value that no reader of it can want.
func (s *Server) limitParameters(c *gin.Context) {
	problems := models.Invalid{}
	for name, values := range c.Request.URL.Query() {
		for _, value := range values {
			if len(value) > maxParameter {
				problems[name] = models.Problem{Code: "too_long", Args: map[string]string{"limit": strconv.Itoa(maxParameter)}}
			}
		}
	}
	if len(problems) > 0 {
		s.refuse(c, problems)
	}
}

// rememberLanguage keeps the language that was chosen, for a year.
func rememberLanguage(w http.ResponseWriter, lang string, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: 31536000, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: secure}) // #nosec G124 -- without TLS, as on a laptop, a Secure cookie would be lost
}

// negotiable are the media types that a representation can be asked for by, and its name. Of those that a client wants equally
// the first that its header names is given; what is wanted as anything, or is none of them, is a page.
var negotiable = []struct {
	mediaType contenttype.MediaType
	format    string
}{
	{contenttype.NewMediaType("text/html"), "html"},
	{contenttype.NewMediaType("application/xhtml+xml"), "html"},
	{contenttype.NewMediaType("application/json"), "json"},
	{contenttype.NewMediaType("application/problem+json"), "json"},
	{contenttype.NewMediaType("text/csv"), "csv"},
	{contenttype.NewMediaType("image/svg+xml"), "svg"},
	{contenttype.NewMediaType("application/atom+xml"), "atom"},
	{contenttype.NewMediaType("text/calendar"), "ics"},
	{contenttype.NewMediaType("application/ld+json"), "jsonld"},
	{contenttype.NewMediaType("text/turtle"), "ttl"},
	{contenttype.NewMediaType("application/x-bibtex"), "bib"},
}

var negotiableTypes = func() (list []contenttype.MediaType) {
	for _, n := range negotiable {
		list = append(list, n.mediaType)
	}
	return list
}()

// negotiate reads an Accept header by RFC 9110, 12.5.1: the representation with the highest weight, none with the weight 0.
func negotiate(accept string) string {
	wanted, _, err := contenttype.GetAcceptableMediaTypeFromHeader(accept, negotiableTypes)
	if err != nil { // none of ours, or not a header
		return "html"
	}
	for _, n := range negotiable {
		if n.mediaType.Equal(wanted) {
			return n.format
		}
	}
	return "html"
}

func language(r *http.Request) string {
	chosen := r.URL.Query().Get("lang")
	if !slices.Contains(models.Languages, chosen) {
		if cookie, err := r.Cookie("lang"); err == nil {
			chosen = cookie.Value
		}
	}
	return locales.Choose(chosen, r.Header.Get("Accept-Language"))
}

func format(c *gin.Context) string {
	f, _ := c.Request.Context().Value(formatKey).(string)
	return f
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

// cached answers 304 when nothing in the register, the day or the language has changed since the reader's copy.
func (s *Server) cached(h func(*gin.Context) error) gin.HandlerFunc {
	return s.handle(func(c *gin.Context) error {
		change, err := s.store.LastChange(c.Request.Context())
		if err != nil {
			return err
		}
		tag := fmt.Sprintf(`W/"%d-%s-%s-%s%s"`, change, s.today(), locales.In(c.Request.Context()).Lang, format(c), s.tagOf(c))
		c.Header("ETag", tag)
		if err := s.shareable(c, change); err != nil {
			return err
		}
		if matchesTag(c.GetHeader("If-None-Match"), tag) {
			c.Status(http.StatusNotModified)
			return nil
		}
		c.Request = c.Request.WithContext(models.ReadAt(c.Request.Context(), change))
		return h(c)
	})
}

// shareable says who may keep a page: caches between, if it is everybody's, but nobody without asking again whether it holds.
// X-Accel-Expires, a moment long past, has nginx keep it under the same condition; other caches do not know it.
func (s *Server) shareable(c *gin.Context, change int64) error {
	if p := who(c); p.account != nil || p.local {
		c.Header("Cache-Control", "private, no-cache")
		c.Header("X-Accel-Expires", "0")
		return nil
	}
	c.Header("Cache-Control", "public, no-cache")
	c.Header("X-Accel-Expires", "@1")
	changed := s.changed.Load()
	if changed == nil || changed.change != change {
		at, err := s.store.LastChangeAt(c.Request.Context())
		if err != nil {
			return err
		}
		changed = &changedAt{change, at}
		s.changed.Store(changed)
	}
	at := changed.at
	now := s.store.Now().In(s.config.Zone)
	if midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()); at.Before(midnight) {
		at = midnight // a status may be another on each day
	}
	c.Header("Last-Modified", at.UTC().Format(http.TimeFormat))
	return nil
}

// changedAt is when a change of the register was made.
type changedAt struct {
	change int64
	at     time.Time
}

// tagOf tells apart what is shown under one address of one state of the register: to different people, and while it cannot be
// written.
func (s *Server) tagOf(c *gin.Context) string {
	if s.store.Away() {
		return who(c).tag() + "-r"
	}
	return who(c).tag()
}

var (
	tagSuffix  = regexp.MustCompile(`-gz[-a-z]*"$`) // added by compression
	tagVersion = regexp.MustCompile(`^"v[0-9]+\.`)  // an agreement's own, before what all pages have
)

// matchesTag compares entity tags weakly.
func matchesTag(header, tag string) bool {
	bare := func(t string) string {
		t = tagSuffix.ReplaceAllString(strings.TrimPrefix(strings.TrimSpace(t), "W/"), `"`)
		return tagVersion.ReplaceAllString(t, `"`)
	}
	for _, t := range strings.Split(header, ",") {
		if t != "" && bare(t) == bare(tag) {
			return true
		}
	}
	return false
}

// static serves our own files; an address that carries the file's hash never changes its content.
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

func (s *Server) today() edtf.Day { return edtf.Today(s.store.Now().In(s.config.Zone)) }

// newKey makes a one-time key for a form, or a reference for an error.
func newKey() string { return rand.Text() }

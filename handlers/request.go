package handlers

import (
	"crypto/rand"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/elnormous/contenttype"
	"github.com/gin-gonic/gin"

	"chancery/exchange"
	"chancery/frontend/locales"
	"chancery/models"
)

// isReading tells whether a request changes nothing.
func isReading(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// ownMachine tells whether a request comes from the register's own machine, not
// through a proxy on it.
func ownMachine(r *http.Request) bool {
	for _, forwarded := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(forwarded) != "" {
			return false
		}
	}
	return isLoopback(hostOf(r.RemoteAddr)) && isLoopback(hostOf(r.Host))
}

// isLoopback tells whether a host is the machine itself.
func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hostOf is a host and port without the port.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// isJSON tells whether a body says that it is JSON, or a request has none.
func isJSON(r *http.Request) bool {
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	mediaType = strings.TrimSpace(strings.ToLower(mediaType))
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") || r.Method == http.MethodDelete
}

type contextKey int

const (
	formatKey contextKey = iota
	endingKey            // whether the address itself asks for the format
)

// format is the representation that was negotiated, by its ending.
func format(c *gin.Context) string {
	f, _ := c.Request.Context().Value(formatKey).(string)
	return f
}

// isFormat tells whether an ending of an address asks for a representation.
func isFormat(ending string) bool {
	_, ok := exchange.FormatNamed(strings.TrimPrefix(ending, "."))
	return ok
}

// describing is the ending of a table's description, CSV on the Web.
const describing = ".csv-metadata.json"

// A negotiable media type asks for a representation.
type negotiable struct {
	mediaType contenttype.MediaType
	format    string
}

// negotiables are those that a representation can be asked for by. What is wanted
// as anything, or is none of them, is a page.
var negotiables, negotiableTypes = func() (list []negotiable, types []contenttype.MediaType) {
	for _, f := range exchange.Formats {
		for _, name := range append([]string{f.MediaType}, f.Also...) {
			if f.Negotiated {
				list = append(list, negotiable{contenttype.NewMediaType(name), f.Name})
				types = append(types, list[len(list)-1].mediaType)
			}
		}
	}
	return list, types
}()

// negotiate reads an Accept header by RFC 9110, 12.5.1: the representation with the
// highest weight, none with the weight 0.
func negotiate(accept string) string {
	wanted, _, err := contenttype.GetAcceptableMediaTypeFromHeader(accept, negotiableTypes)
	if err != nil { // none of ours, or not a header
		return "html"
	}
	for _, n := range negotiables {
		if n.mediaType.Equal(wanted) {
			return n.format
		}
	}
	return "html"
}

// withoutNUL puts the mark of a character that cannot be in place of NULs.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }

// newKey makes a one-time key for a form, or a reference for an error.
func newKey() string { return rand.Text() }

// number reads a register number or the like from the path; what is none is not
// found.
func number(c *gin.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id < 1 {
		return 0, models.ErrNotFound
	}
	return id, nil
}

func lang(c *gin.Context) string { return locales.In(c.Request.Context()).Lang }

// tr speaks the reader's language.
func tr(c *gin.Context, id string, values ...any) string {
	return locales.T(c.Request.Context(), id, values...)
}

// query is the address's query without the fields of a form that were left empty.
func query(c *gin.Context) url.Values {
	q := url.Values{}
	for name, values := range c.Request.URL.Query() {
		if values = withoutEmpty(values); len(values) > 0 {
			q[name] = values
		}
	}
	return q
}

// withoutEmpty are the values that say something.
func withoutEmpty(values []string) (kept []string) {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// secretPath is where a one-time link has its secret, however many slashes there
// are.
var secretPath = regexp.MustCompile(`(?i)(/(?:links|setup)/+)[^/]+`)

// withoutSecret is a path as the log may have it: one-time links end in their
// secret.
func withoutSecret(path string) string { return secretPath.ReplaceAllString(path, "${1}…") }

// requestID names a request in its answer and in the log.
func requestID(c *gin.Context) string {
	if id := c.GetString(requestHeader); id != "" {
		return id
	}
	return newKey()
}

// requestHeader names a request in its answer, in the log and on the page of an
// error.
const requestHeader = "X-Request-Id"

// requestIDs are those that a proxy may give a request; others are replaced.
var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// network is what an address counts as: itself, or of IPv6 the /64 that one
// subscriber has.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is6() {
		prefix, err := ip.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}

// tabular tells that a table is asked for, or its description.
func tabular(c *gin.Context) bool { return format(c) == "csv" || format(c) == "csvw" }

// exporting tells that whole records are asked for: in a format of their own, or as
// one of their tables.
func exporting(c *gin.Context) bool {
	f, _ := exchange.FormatNamed(format(c))
	return f.Records || tabular(c) && c.Query("table") != ""
}

// maxBody is the most that one request can bring.
const maxBody = 1 << 20

// firstBytes cuts a text to so many bytes, at a whole character.
func firstBytes(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ToValidUTF8(text, "")
}

// local is a path of ours to lead to, or / for anything else.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.RequestURI()
}

// uploading tells that a request brings a file, which may be longer than others.
func uploading(r *http.Request) bool {
	return r.Method == http.MethodPost && (r.URL.Path == "/imports" || r.URL.Path == "/agreements/new" &&
		strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") ||
		strings.HasPrefix(r.URL.Path, "/agreements/") && strings.HasSuffix(r.URL.Path, "/documents"))
}

// dear tells that an answer may be as long as the register, or take long to make.
func dear(r *http.Request) bool {
	if !isReading(r) {
		return false
	}
	ending, ok := exchange.FormatNamed(strings.TrimPrefix(path.Ext(r.URL.Path), "."))
	if !ok {
		ending, _ = exchange.FormatNamed(negotiate(r.Header.Get("Accept")))
	}
	return ending.Records || slices.Contains([]string{"csv", "sqlite", "graphml", "png"}, ending.Name) ||
		r.URL.Query().Get("recorded") != ""
}

// longer tells that a request may concern many records at once.
func longer(path string) bool {
	for _, begin := range []string{"/agreements/bulk", "/duplicates", "/operations", "/imports"} {
		if strings.HasPrefix(path, begin) {
			return true
		}
	}
	return false
}

// redirect leads to a path of ours with the same representation and, where asked,
// the same query.
func redirect(c *gin.Context, status int, address string) {
	if f := format(c); f != "html" && !strings.Contains(address, "?") {
		address += "." + f
	}
	c.Writer.Header().Del("ETag")
	c.Redirect(status, address)
}

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

// rememberLanguage keeps the language that was chosen, for a year.
func rememberLanguage(w http.ResponseWriter, lang string, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: 31536000, SameSite: http.SameSiteLaxMode,
		HttpOnly: true, Secure: secure}) // #nosec G124 -- without TLS, as on a laptop, a Secure cookie would be lost
}

// language is the reader's: as the address says, as was chosen before, or as the
// browser asks.
func language(r *http.Request) string {
	chosen := r.URL.Query().Get("lang")
	if !slices.Contains(models.Languages, chosen) {
		if cookie, err := r.Cookie("lang"); err == nil {
			chosen = cookie.Value
		}
	}
	return locales.Choose(chosen, r.Header.Get("Accept-Language"))
}

var (
	tagSuffix  = regexp.MustCompile(`-gz[-a-z]*"$`) // added by compression
	tagVersion = regexp.MustCompile(`^"v[0-9]+\.`)  // an agreement's own, before what all pages have
)

// staticPath is the route of our own files.
const staticPath = "/static/*path"

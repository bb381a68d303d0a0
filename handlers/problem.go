package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
)

// handle turns a handler's error into a page or a problem document.
func (s *Server) handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if models.Unreachable(err) && isReading(c.Request) && !c.Writer.Written() && c.Request.Context().Err() == nil {
			err = h(c) // another server may answer
		}
		if err != nil {
			s.fail(c, err)
		}
	}
}

// A problem document, RFC 9457.
type problem struct {
	Type     string        `json:"type"`
	Title    string        `json:"title"`
	Status   int           `json:"status"`
	Detail   string        `json:"detail,omitempty"`
	Instance string        `json:"instance,omitempty"` // the reference under which the log has the cause
	Errors   []fieldDetail `json:"errors,omitempty"`
}

type fieldDetail struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// fail answers with what went wrong, in the reader's language; the log gets the
// cause of what is ours.
func (s *Server) fail(c *gin.Context, err error) {
	p, invalid := s.problemOf(c, err)
	if p.Status >= 500 && err != errBusy {
		p.Instance = requestID(c)
		s.config.Log.Error("request failed", "request", p.Instance, "method", c.Request.Method, "path",
			withoutSecret(c.Request.URL.Path), "error", err)
	}
	if c.Writer.Written() { // an export that broke off: close the connection so that the reader sees it is incomplete
		panic(http.ErrAbortHandler)
	}
	c.Header("Cache-Control", "no-store")
	c.Writer.Header().Del("ETag")
	var wait *tooMany
	switch {
	case p.Status == http.StatusServiceUnavailable, p.Status == http.StatusInsufficientStorage:
		c.Header("Retry-After", seconds(retryAfter))
	case p.Status == http.StatusUnauthorized:
		c.Header("WWW-Authenticate", `Bearer realm="Chancery"`)
	case errors.As(err, &wait):
		c.Header("Retry-After", seconds(wait.wait))
	}
	if slices.Contains([]string{"html", "svg", "png", "ics", "atom"}, format(c)) {
		v := s.bareView(c, p.Title)
		v.Path, v.Query = "/", nil
		v.Away = false // it is said in the page, or the register cannot be read either
		err = html(c, p.Status, pages.Error(v, pages.ErrorView{Title: p.Title, Help: p.Detail, Reference: p.Instance,
			Problems: invalid, Again: s.again(c, p.Status)}))
	} else {
		err = writeJSONAs(c, p.Status, "application/problem+json", p)
	}
	if err != nil {
		s.config.Log.Warn("an error page was not sent", "error", err)
	}
}

// refuse answers with what went wrong before a handler is reached; none is.
func (s *Server) refuse(c *gin.Context, err error) {
	s.fail(c, err)
	c.Abort()
}

// problemOf is the one mapping from errors to answers.
func (s *Server) problemOf(c *gin.Context, err error) (problem, models.Invalid) {
	var invalid models.Invalid
	var conflict *models.Conflict
	var withdrawn *models.Withdrawn
	var tooLarge *http.MaxBytesError
	var wait *tooMany
	as := func(status int, kind, title, detail string) (problem, models.Invalid) {
		return problem{Type: "/api#" + kind, Title: title, Status: status, Detail: detail}, nil
	}
	switch {
	case errors.As(err, &invalid):
		status := http.StatusUnprocessableEntity
		if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
			status = http.StatusBadRequest
		}
		p, _ := as(status, "invalid", say(c, "error.badrequest"), "")
		for _, field := range invalid.Fields() {
			p.Errors = append(p.Errors, fieldDetail{pointer(field), invalid[field].Code,
				locales.In(c.Request.Context()).Problem(invalid[field])})
		}
		return p, invalid
	case errors.As(err, &withdrawn):
		return as(http.StatusGone, "withdrawn", say(c, "action.withdrawn"), withdrawn.Reason)
	case errors.Is(err, models.ErrNotFound):
		return as(http.StatusNotFound, "not-found", say(c, "error.notfound"), say(c, "error.notfound.help"))
	case errors.As(err, &conflict):
		return as(http.StatusConflict, "conflict", say(c, "error.conflict"), say(c, "error.conflict.help"))
	case errors.Is(err, errStale):
		return as(http.StatusPreconditionFailed, "stale", say(c, "error.conflict"), say(c, "error.conflict.help"))
	case errors.Is(err, errPrecondition):
		return as(http.StatusPreconditionRequired, "precondition", say(c, "error.precondition"),
			say(c, "error.precondition.help"))
	case errors.Is(err, models.ErrKeyReused):
		return as(http.StatusUnprocessableEntity, "key-reused", say(c, "error.key"), say(c, "error.key.help"))
	case errors.As(err, &tooLarge):
		return as(http.StatusRequestEntityTooLarge, "too-large", say(c, "error.toolarge"), say(c, "error.toolarge.help"))
	case errors.Is(err, errSignInNeeded):
		return as(http.StatusUnauthorized, "sign-in", say(c, "error.signin"), say(c, "error.signin.help"))
	case errors.Is(err, errBadToken):
		return as(http.StatusUnauthorized, "token", say(c, "error.token"), say(c, "error.token.help"))
	case errors.Is(err, errPasskey):
		return as(http.StatusUnauthorized, "passkey", say(c, "error.passkey"), say(c, "error.passkey.help"))
	case errors.Is(err, errProvider):
		return as(http.StatusUnauthorized, "provider", say(c, "error.provider"), say(c, "error.provider.help"))
	case errors.Is(err, errForbidden):
		return as(http.StatusForbidden, "forbidden", say(c, "error.forbidden"), say(c, "error.forbidden.help"))
	case errors.As(err, &wait):
		return as(http.StatusTooManyRequests, "too-many", say(c, "error.toomany"), say(c, "error.toomany.help"))
	case errors.Is(err, models.ErrTaken), errors.Is(err, models.ErrUndone):
		return as(http.StatusConflict, "taken", say(c, "error.taken"), say(c, "error.taken.help"))
	case errors.Is(err, errMethod):
		return as(http.StatusMethodNotAllowed, "method", http.StatusText(http.StatusMethodNotAllowed), "")
	case errors.Is(err, errFormat):
		return as(http.StatusNotAcceptable, "format", http.StatusText(http.StatusNotAcceptable), "")
	case errors.Is(err, errMediaType):
		return as(http.StatusUnsupportedMediaType, "media-type", http.StatusText(http.StatusUnsupportedMediaType), "")
	case err == errBusy:
		return as(http.StatusServiceUnavailable, "busy", say(c, "error.busy"), say(c, "error.busy.help"))
	case models.Full(err):
		return as(http.StatusInsufficientStorage, "full", say(c, "error.full"), say(c, "error.full.help"))
	case unavailable(err):
		if s.store.ReadOnly() && !isReading(c.Request) {
			return as(http.StatusServiceUnavailable, "unavailable", say(c, "error.readonly"), say(c, "error.readonly.help"))
		}
		return as(http.StatusServiceUnavailable, "unavailable", say(c, "error.unavailable"), say(c, "error.internal.help"))
	}
	return as(http.StatusInternalServerError, "internal", say(c, "error.title"), say(c, "error.internal.help"))
}

// unavailable tells an error of the database's server, or of its taking too long,
// from a defect of ours.
func unavailable(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || models.Unreachable(err)
}

// again is a form that was sent in vain, to be sent once more with its key: nothing
// that was typed is lost. Forms with passwords are not given back.
func (s *Server) again(c *gin.Context, status int) *pages.Again {
	need := s.permission(http.MethodPost, c.FullPath())
	if c.Request.Method != http.MethodPost || status < 500 || need != draft && need != publish ||
		c.Request.ParseForm() != nil || len(c.Request.PostForm) == 0 {
		return nil
	}
	return &pages.Again{Action: c.Request.URL.RequestURI(), Values: c.Request.PostForm}
}

// pointer turns a field's path into a JSON pointer: titles[0].text is
// /titles/0/text.
func pointer(field string) string {
	return "/" + strings.NewReplacer("[", "/", "].", "/", "]", "", ".", "/").Replace(field)
}

func (s *Server) notFound(*gin.Context) error { return models.ErrNotFound }

func (s *Server) methodNotAllowed(*gin.Context) error { return errMethod }

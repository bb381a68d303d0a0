package handlers

import (
	"cmp"
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
	if p.Status >= 500 && err != errBusy && err != errMaking {
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

// An errorAnswer is how an error is answered: its kind names it in the problem's
// type, text is the key of its title; with .help, of what can be done, where help
// names no other.
type errorAnswer struct {
	status     int
	kind, text string
	help       string
}

// errorAnswers are those of errors that are values.
var errorAnswers = []struct {
	err error
	errorAnswer
}{
	{models.ErrNotFound, errorAnswer{status: http.StatusNotFound, kind: "not-found", text: "error.notfound"}},
	{errPrecondition, errorAnswer{status: http.StatusPreconditionRequired, kind: "precondition",
		text: "error.precondition"}},
	{models.ErrKeyReused, errorAnswer{status: http.StatusUnprocessableEntity, kind: "key-reused", text: "error.key"}},
	{errSignInNeeded, errorAnswer{status: http.StatusUnauthorized, kind: "sign-in", text: "error.signin"}},
	{errSetupNeeded, errorAnswer{status: http.StatusUnauthorized, kind: "setup", text: "error.setup"}},
	{errBadToken, errorAnswer{status: http.StatusUnauthorized, kind: "token", text: "error.token"}},
	{errPasskey, errorAnswer{status: http.StatusUnauthorized, kind: "passkey", text: "error.passkey"}},
	{errPasskeyHost, errorAnswer{status: http.StatusConflict, kind: "passkey-host", text: "error.passkeyhost"}},
	{errProvider, errorAnswer{status: http.StatusUnauthorized, kind: "provider", text: "error.provider"}},
	{errUnconfirmed, errorAnswer{status: http.StatusForbidden, kind: "confirm", text: "confirm.title", help: "confirm.lede"}},
	{errForbidden, errorAnswer{status: http.StatusForbidden, kind: "forbidden", text: "error.forbidden"}},
	{models.ErrTaken, errorAnswer{status: http.StatusConflict, kind: "taken", text: "error.taken"}},
	{models.ErrUndone, errorAnswer{status: http.StatusConflict, kind: "taken", text: "error.taken"}},
	{errStale, errorAnswer{status: http.StatusPreconditionFailed, kind: "stale", text: "error.conflict"}},
	{errBusy, errorAnswer{status: http.StatusServiceUnavailable, kind: "busy", text: "error.busy"}},
	{errMaking, errorAnswer{status: http.StatusServiceUnavailable, kind: "making", text: "error.making"}},
	{errMethod, errorAnswer{status: http.StatusMethodNotAllowed, kind: "method"}},
	{errFormat, errorAnswer{status: http.StatusNotAcceptable, kind: "format"}},
	{errMediaType, errorAnswer{status: http.StatusUnsupportedMediaType, kind: "media-type"}},
}

// problemOf is the one mapping from errors to answers.
func (s *Server) problemOf(c *gin.Context, err error) (problem, models.Invalid) {
	var invalid models.Invalid
	var withdrawn *models.Withdrawn
	switch {
	case errors.As(err, &invalid):
		return invalidProblem(c, invalid), invalid
	case errors.As(err, &withdrawn):
		return problem{Type: "/api#withdrawn", Title: tr(c, "action.withdrawn"), Status: http.StatusGone,
			Detail: withdrawn.Reason}, nil
	}
	answer := answerTo(err, s.store.ReadOnly() && !isReading(c.Request))
	p := problem{Type: "/api#" + answer.kind, Title: http.StatusText(answer.status), Status: answer.status}
	if answer.text != "" {
		p.Title, p.Detail = tr(c, answer.text), tr(c, cmp.Or(answer.help, answer.text+".help"))
	}
	return p, nil
}

// answerTo is how an error is answered that says nothing of fields; readOnly tells
// that something was to be written where nothing can be at the moment.
func answerTo(err error, readOnly bool) errorAnswer {
	for _, known := range errorAnswers {
		if errors.Is(err, known.err) {
			return known.errorAnswer
		}
	}
	var conflict *models.Conflict
	var tooLarge *http.MaxBytesError
	var wait *tooMany
	switch {
	case errors.As(err, &conflict):
		return errorAnswer{status: http.StatusConflict, kind: "conflict", text: "error.conflict"}
	case errors.As(err, &tooLarge):
		return errorAnswer{status: http.StatusRequestEntityTooLarge, kind: "too-large", text: "error.toolarge"}
	case errors.As(err, &wait):
		return errorAnswer{status: http.StatusTooManyRequests, kind: "too-many", text: "error.toomany"}
	case models.Full(err):
		return errorAnswer{status: http.StatusInsufficientStorage, kind: "full", text: "error.full"}
	case unavailable(err) && readOnly:
		return errorAnswer{status: http.StatusServiceUnavailable, kind: "unavailable", text: "error.readonly"}
	case unavailable(err):
		return errorAnswer{status: http.StatusServiceUnavailable, kind: "unavailable", text: "error.unavailable",
			help: "error.internal.help"}
	}
	return errorAnswer{status: http.StatusInternalServerError, kind: "internal", text: "error.title",
		help: "error.internal.help"}
}

// invalidProblem names every bad field; what was asked for in an address is a bad
// request.
func invalidProblem(c *gin.Context, invalid models.Invalid) problem {
	p := problem{Type: "/api#invalid", Title: tr(c, "error.badrequest"), Status: http.StatusUnprocessableEntity}
	if isReading(c.Request) {
		p.Status = http.StatusBadRequest
	}
	for _, field := range invalid.Fields() {
		p.Errors = append(p.Errors, fieldDetail{pointer(field), invalid[field].Code,
			locales.In(c.Request.Context()).Problem(invalid[field])})
	}
	return p
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

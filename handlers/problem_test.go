package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"chancery/frontend/locales"
	"chancery/models"
)

// Every error has its answer: a status, a kind, a title in the reader's language,
// and what can be done.
func TestErrorsAreAnswered(t *testing.T) {
	s := open(t, "sqlite")
	tests := map[string]struct {
		err    error
		status int
		kind   string
	}{
		"nothing there":        {models.ErrNotFound, 404, "not-found"},
		"wrapped":              {fmt.Errorf("reading: %w", models.ErrNotFound), 404, "not-found"},
		"withdrawn":            {&models.Withdrawn{Reason: "entered twice"}, 410, "withdrawn"},
		"changed meanwhile":    {&models.Conflict{Read: 1, Current: 2}, 409, "conflict"},
		"an old tag":           {errStale, 412, "stale"},
		"no tag":               {errPrecondition, 428, "precondition"},
		"a key used before":    {models.ErrKeyReused, 422, "key-reused"},
		"too long a body":      {&http.MaxBytesError{Limit: 10}, 413, "too-large"},
		"who is not signed in": {errSignInNeeded, 401, "sign-in"},
		"a token that is none": {errBadToken, 401, "token"},
		"a passkey":            {errPasskey, 401, "passkey"},
		"another provider":     {errProvider, 401, "provider"},
		"who may not":          {errForbidden, 403, "forbidden"},
		"too many requests":    {&tooMany{wait: time.Minute}, 429, "too-many"},
		"somebody was faster":  {models.ErrTaken, 409, "taken"},
		"undone already":       {models.ErrUndone, 409, "taken"},
		"a method":             {errMethod, 405, "method"},
		"a format":             {errFormat, 406, "format"},
		"a media type":         {errMediaType, 415, "media-type"},
		"busy":                 {errBusy, 503, "busy"},
		"out of time":          {context.DeadlineExceeded, 503, "unavailable"},
		"anything else":        {errors.New("a fault of ours"), 500, "internal"},
		"a bad field":          {models.Invalid{"signed": {Code: "required"}}, 422, "invalid"},
	}
	for name, test := range tests {
		titles := map[string]bool{}
		for _, lang := range models.Languages {
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			r := httptest.NewRequest(http.MethodPost, "/agreements", nil)
			c.Request = r.WithContext(locales.With(r.Context(), lang))
			p, _ := s.router.problemOf(c, test.err)
			if p.Status != test.status || p.Type != "/api#"+test.kind {
				t.Errorf("%s: %d %s, want %d %s", name, p.Status, p.Type, test.status, test.kind)
			}
			if p.Title == "" || p.Title[0] == 'e' && len(p.Title) > 6 && p.Title[:6] == "error." {
				t.Errorf("%s in %s: %q", name, lang, p.Title)
			}
			titles[p.Title] = true
			if _, err := json.Marshal(p); err != nil {
				t.Error(err)
			}
		}
		if text := http.StatusText(test.status); len(titles) < 2 && !titles[text] {
			t.Errorf("%s is answered in one language: %v", name, titles)
		}
	}
}

// What was asked for in an address is a bad request; what was sent is not taken.
func TestABadFieldIsNamed(t *testing.T) {
	s := open(t, "sqlite")
	for method, status := range map[string]int{http.MethodGet: 400, http.MethodHead: 400, http.MethodPost: 422,
		http.MethodPut: 422} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		r := httptest.NewRequest(method, "/agreements", nil)
		c.Request = r.WithContext(locales.With(r.Context(), "en"))
		invalid := models.Invalid{"titles[0].text": {Code: "required"},
			"signed": {Code: "date_form", Args: map[string]string{"value": "x"}}}
		p, fields := s.router.problemOf(c, invalid)
		if p.Status != status || len(fields) != 2 || len(p.Errors) != 2 {
			t.Errorf("%s: %+v", method, p)
			continue
		}
		if p.Errors[0].Pointer != "/signed" || p.Errors[1].Pointer != "/titles/0/text" ||
			p.Errors[1].Detail != "Enter a value." {
			t.Errorf("%s: %+v", method, p.Errors)
		}
	}
}

package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/alexedwards/scs/v2"

	"chancery/models"
)

// newSessions makes the keeper of sessions. Behind TLS the cookie is bound to the
// host and never sent without.
func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{s.store.Accounts().Sessions()}
	m.Lifetime = models.LongestSession
	m.HashTokenInStore = true
	m.Cookie.Name = "chancery"
	m.Cookie.SameSite = http.SameSiteLaxMode
	if strings.HasPrefix(s.config.Site, "https://") {
		m.Cookie.Name, m.Cookie.Secure = "__Host-chancery", true
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.config.Log.Error("a session was not kept", "path", withoutSecret(r.URL.Path), "error", err)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", "5")
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
	return m
}

// A sessionStore takes a session that cannot be read for none and leaves the cause
// with the request, which identify answers.
type sessionStore struct{ *models.Sessions }

type unreadKey struct{}

// unread is why the session of a request could not be read.
func unread(ctx context.Context) *error {
	cause, _ := ctx.Value(unreadKey{}).(*error)
	return cause
}

// FindCtx reads a session; another server is asked when one cannot be reached.
func (x sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := x.Sessions.FindCtx(ctx, token)
	if models.Unreachable(err) && ctx.Err() == nil {
		data, found, err = x.Sessions.FindCtx(ctx, token) // another server may answer
	}
	if cause := unread(ctx); cause != nil && err != nil {
		*cause = fmt.Errorf("reading a session: %w", err)
		return nil, false, nil
	}
	return data, found, err
}

// withSession reads the session of every request but those for files.
func (s *Server) withSession(next http.Handler) http.Handler {
	loaded := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") && isReading(r) {
			next.ServeHTTP(w, r)
			return
		}
		loaded.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), unreadKey{}, new(error))))
	})
}

// sessionToken is the present session's token as the register keeps it: hashed, as
// scs does.
func (s *Server) sessionToken(ctx context.Context) string {
	token := s.sessions.Token(ctx)
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

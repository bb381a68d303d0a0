package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"chancery/frontend/components"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// A permission is what a route asks of whoever calls it.
type permission int

const (
	never      permission = iota // what is not in the table
	always                       // of nobody anything
	read                         // reading the register: of anybody while it is public, else of those signed in
	draft                        // proposing a record or a change: of contributors
	publish                      // changing the register: of editors
	own                          // one's own account, in a browser: of those signed in
	administer                   // in a browser: of administrators
)

// permissions is the one table of who may do what: by role and token scope (principal.may) and by route. What is not in
// it is refused.
var permissions = map[string]permission{
	"GET /":                                           read,
	"GET /agreements":                                 read,
	"POST /agreements":                                draft,
	"GET /agreements/new":                             draft,
	"POST /agreements/new":                            draft,
	"POST /drafts":                                    draft,
	"GET /agreements/suggest":                         read,
	"GET /agreements/:id":                             read,
	"PUT /agreements/:id":                             draft,
	"DELETE /agreements/:id":                          publish,
	"GET /agreements/:id/edit":                        draft,
	"POST /agreements/:id/edit":                       draft,
	"GET /agreements/:id/withdraw":                    publish,
	"POST /agreements/:id/withdraw":                   publish,
	"GET /agreements/:id/history":                     read,
	"POST /agreements/:id/restore":                    publish,
	"GET /agreements/:id/revisions/:number":           read,
	"POST /agreements/:id/documents":                  publish,
	"GET /agreements/:id/documents/:document":         read,
	"POST /agreements/:id/documents/:document/remove": publish,
	"GET /search":                                     read,
	"GET /search/suggest":                             read,
	"GET /opensearch.xml":                             always,
	"GET /pairs":                                      read,
	"GET /pairs/matrix":                               read,
	"GET /pairs/:pair":                                read,
	"GET /timeline":                                   read,
	"GET /calendar":                                   read,
	"GET /feed":                                       read,
	"GET /years":                                      read,
	"GET /map":                                        read,
	"GET /network":                                    read,
	"GET /parties":                                    read,
	"GET /parties/new":                                draft,
	"POST /parties/new":                               draft,
	"GET /parties/suggest":                            read,
	"GET /parties/:code":                              read,
	"GET /parties/:code/edit":                         draft,
	"POST /parties/:code/edit":                        draft,
	"GET /meetings":                                   read,
	"GET /meetings/new":                               draft,
	"POST /meetings/new":                              draft,
	"GET /meetings/suggest":                           read,
	"GET /meetings/:id":                               read,
	"GET /meetings/:id/edit":                          draft,
	"POST /meetings/:id/edit":                         draft,
	"GET /people":                                     read,
	"GET /people/suggest":                             read,
	"GET /people/:id":                                 read,
	"GET /people/:id/edit":                            draft,
	"POST /people/:id/edit":                           draft,
	"GET /proposals":                                  draft,
	"GET /proposals/:id":                              draft,
	"GET /proposals/:id/edit":                         draft,
	"POST /proposals/:id/edit":                        draft,
	"POST /proposals/:id/accept":                      publish,
	"POST /proposals/:id/return":                      publish,
	"POST /proposals/:id/withdraw":                    draft,
	"GET /duplicates":                                 publish,
	"GET /duplicates/:pair":                           publish,
	"POST /duplicates/:pair":                          publish,
	"POST /duplicates/:pair/distinct":                 publish,
	"GET /agreements/bulk":                            publish,
	"POST /agreements/bulk":                           publish,
	"GET /admin/webhooks":                             administer,
	"POST /admin/webhooks":                            administer,
	"GET /admin/webhooks/:id":                         administer,
	"POST /admin/webhooks/:id":                        administer,
	"GET /register":                                   read,
	"GET /imports":                                    publish,
	"POST /imports":                                   publish,
	"GET /imports/:id":                                publish,
	"POST /imports/:id":                               publish,
	"POST /imports/:id/start":                         publish,
	"POST /imports/:id/cancel":                        publish,
	"POST /imports/:id/remove":                        publish,
	"GET /imports/:id/refused":                        publish,
	"GET /imports/:id/mapping":                        publish,
	"GET /operations":                                 publish,
	"GET /operations/:id":                             publish,
	"POST /operations/:id/undo":                       publish,
	"GET /dates":                                      always,
	"GET /api":                                        always,
	"GET /api/openapi":                                always,
	"GET /healthz":                                    always,
	"GET /readyz":                                     always,
	"GET /static/*path":                               always,
	"GET /setup/:secret":                              always,
	"POST /setup/:secret":                             always,
	"GET /sign-in":                                    always,
	"POST /sign-in":                                   always,
	"GET /sign-in/code":                               always,
	"POST /sign-in/code":                              always,
	"POST /sign-in/passkey/begin":                     always,
	"POST /sign-in/passkey":                           always,
	"GET /sign-in/oidc":                               always,
	"GET /sign-in/oidc/return":                        always,
	"GET /sign-in/reset":                              always,
	"POST /sign-in/reset":                             always,
	"POST /sign-out":                                  always,
	"GET /links/:secret":                              always,
	"POST /links/:secret":                             always,
	"GET /account":                                    own,
	"POST /account":                                   own,
	"POST /account/password":                          own,
	"POST /account/totp":                              own,
	"POST /account/totp/confirm":                      own,
	"POST /account/totp/off":                          own,
	"POST /account/passkeys/begin":                    own,
	"POST /account/passkeys":                          own,
	"POST /account/passkeys/remove":                   own,
	"POST /account/sessions":                          own,
	"POST /account/tokens":                            own,
	"POST /account/tokens/:id/revoke":                 own,
	"GET /admin":                                      administer,
	"GET /admin/accounts":                             administer,
	"POST /admin/accounts":                            administer,
	"GET /admin/accounts/:id":                         administer,
	"POST /admin/accounts/:id":                        administer,
	"POST /admin/accounts/:id/link":                   administer,
	"POST /admin/accounts/:id/disabled":               administer,
	"GET /admin/audit":                                administer,
	"GET /admin/status":                               administer,
	"GET /admin/settings":                             administer,
	"POST /admin/settings":                            administer,
}

// A principal is whoever makes a request.
type principal struct {
	account *models.Account
	token   *models.Token
	local   bool // on the register's own machine, while it has no administrator
	address string
	waiting int // proposals that wait for them, or answers to their own
}

type principalKey struct{}

func who(c *gin.Context) *principal {
	if p, ok := c.Request.Context().Value(principalKey{}).(*principal); ok {
		return p
	}
	return &principal{}
}

// may tells whether a permission is held. A token does what its account may, up to its scope; accounts and the register's
// settings are for people at a browser alone.
func (p *principal) may(need permission, public bool) bool {
	scoped := func(scope string) bool {
		return p.token == nil || slices.Index(models.TokenScopes, p.token.Scope) >= slices.Index(models.TokenScopes, scope)
	}
	switch need {
	case always:
		return true
	case read:
		return public || p.local || p.account != nil
	case draft:
		return p.local || p.account != nil && p.account.AtLeast("contributor") && scoped("draft")
	case publish:
		return p.local || p.account != nil && p.account.AtLeast("editor") && scoped("publish")
	case own:
		return p.account != nil && p.token == nil
	case administer:
		return p.account != nil && p.token == nil && p.account.AtLeast("administrator")
	}
	return false
}

// tag tells apart what different people get under one address.
func (p *principal) tag() string {
	switch {
	case p.account != nil:
		return fmt.Sprintf("-a%d.%d.%d", p.account.ID, p.account.Version, p.waiting)
	case p.local:
		return "-l"
	}
	return ""
}

// change is what the history tells of a change by this principal: who signs in stands there by the account's name, what
// is typed counts only where nobody signs in.
func (p *principal) change(typed, comment string) models.Change {
	change := models.Change{Actor: strings.TrimSpace(typed), Comment: strings.TrimSpace(comment), Address: p.address}
	if p.account != nil {
		change.Actor, change.AccountID = p.account.Name, &p.account.ID
	}
	return change
}

var (
	errSignInNeeded = errors.New("sign in first")
	errForbidden    = errors.New("not permitted")
	errBadToken     = errors.New("the token does not hold")
)

// identify finds out who makes a request: by a token, by a session, or by the machine it comes from.
func (s *Server) identify(c *gin.Context) {
	if c.FullPath() == staticPath { // files are the same for everybody
		return
	}
	ctx := c.Request.Context()
	if context.Cause(ctx) == errBusy {
		s.refuse(c, errBusy)
		return
	}
	p := &principal{address: c.ClientIP()}
	switch header := c.GetHeader("Authorization"); {
	case header != "":
		secret, ok := strings.CutPrefix(header, "Bearer ")
		err := s.slowed(c.Request.Context(), "token "+network(p.address))
		if err != nil {
			s.refuse(c, err)
			return
		}
		if !ok {
			err = models.ErrSignIn
		} else {
			p.token, p.account, err = s.store.TokenOf(ctx, strings.TrimSpace(secret))
		}
		if errors.Is(err, models.ErrSignIn) {
			s.tryFailed(c.Request.Context(), "token "+network(p.address))
			err = errBadToken
		}
		if err != nil {
			s.refuse(c, err)
			return
		}
	default:
		if cause := unread(ctx); cause != nil && *cause != nil && (!isReading(c.Request) || permissions["GET "+c.FullPath()] != always) {
			s.refuse(c, *cause)
			return
		}
		id := s.sessions.GetInt64(ctx, models.SessionAccount)
		if id == 0 {
			break
		}
		a, err := s.store.Account(ctx, id)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			s.refuse(c, err)
			return
		}
		if err != nil || a.DisabledAt != nil {
			err = s.sessions.Destroy(ctx)
		} else {
			p.account = a
			err = s.store.Seen(ctx, s.sessionToken(ctx))
		}
		if err != nil {
			s.refuse(c, err)
			return
		}
	}
	if p.account == nil && ownMachine(c.Request) {
		administered, err := s.store.HasAdministrator(ctx)
		if err != nil && c.Request.Method != http.MethodGet {
			s.refuse(c, err)
			return
		}
		p.local = err == nil && !administered
	}
	if p.account != nil || p.local {
		ctx = models.Insider(ctx)
	}
	if p.account != nil && p.token == nil && c.Request.Method == http.MethodGet && format(c) == "html" {
		var err error
		if p.waiting, err = s.store.Waiting(ctx, p.account); err != nil {
			s.refuse(c, err)
			return
		}
	}
	if isReading(c.Request) && permissions["GET "+c.FullPath()] == read && !p.may(draft, true) {
		ctx = models.AtReplica(ctx) // who may write reads what they wrote
	}
	ctx = context.WithValue(ctx, principalKey{}, p)
	c.Request = c.Request.WithContext(components.WithViewer(ctx, &components.Viewer{Account: p.account, Local: p.local,
		MayDraft: p.may(draft, true), MayPublish: p.may(publish, true), MayAdminister: p.may(administer, true), Waiting: p.waiting}))
	c.Next()
}

func isReading(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// ownMachine tells whether a request comes from the register's own machine, not through a proxy on it.
func ownMachine(r *http.Request) bool {
	for _, forwarded := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(forwarded) != "" {
			return false
		}
	}
	return isLoopback(hostOf(r.RemoteAddr)) && isLoopback(hostOf(r.Host))
}

// allow lets a request through to its route when the table says so.
func (s *Server) allow(c *gin.Context) {
	if c.FullPath() == "" { // no route: not found, or another method
		return
	}
	method := c.Request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	need, p := permissions[method+" "+c.FullPath()], who(c)
	public := true
	if need == read && p.account == nil && !p.local {
		set, err := s.settings(c.Request.Context())
		if err != nil {
			s.refuse(c, err)
			return
		}
		public = set.Public
	}
	if p.may(need, public) {
		return
	}
	err := errForbidden
	if p.account == nil {
		err = errSignInNeeded
	}
	if err == errSignInNeeded && c.Request.Method == http.MethodGet && format(c) == "html" {
		c.Header("Cache-Control", "no-store")
		c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		c.Abort()
		return
	}
	s.refuse(c, err)
}

// settingsHold is for how long the settings are taken as read; they are asked for with each page.
const settingsHold = time.Second

func (s *Server) settings(ctx context.Context) (models.Settings, error) {
	s.settingsMu.Lock()
	defer s.settingsMu.Unlock()
	if s.settingsRead.IsZero() || time.Since(s.settingsRead) > settingsHold {
		set, err := s.store.Settings(ctx)
		if err != nil {
			return set, err
		}
		s.settingsKept, s.settingsRead = set, time.Now()
	}
	return s.settingsKept, nil
}

// forgetSettings makes the next request read them.
func (s *Server) forgetSettings() {
	s.settingsMu.Lock()
	defer s.settingsMu.Unlock()
	s.settingsRead = time.Time{}
}

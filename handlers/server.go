// Package handlers serves the register over HTTP: every page is also data, under
// the same address.
package handlers

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/press"

	"github.com/alexedwards/scs/v2"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
)

// A Server answers requests from one register.
type Server struct {
	store    *models.Store
	config   Config
	router   *gin.Engine
	sessions *scs.SessionManager
	rates    rates

	permissions map[string]permission // of each route, by method and path

	oidc  provider
	press pressReader

	prepared *prepared
	work     workClock

	settingsMu   sync.Mutex
	settingsKept models.Settings
	settingsRead time.Time
}

// A provider is reached when first needed, and then kept.
type provider struct {
	mu    sync.Mutex
	known *oidc.Provider
}

// A pressReader reads reports by the names that the register knows.
type pressReader struct {
	mu     sync.Mutex
	reader *press.Reader
	names  []models.PartyName
	at     time.Time
}

func (s *Server) today() edtf.Day { return edtf.Today(s.store.Now().In(s.config.Zone)) }

// site is the scheme and host under which the register is read.
func (s *Server) site(c *gin.Context) string {
	if s.config.Site != "" {
		return strings.TrimSuffix(s.config.Site, "/")
	}
	return "http://" + c.Request.Host
}

// feedHost is what identifies the entries of feeds and calendars: the register's
// public host, or one that never changes.
func (s *Server) feedHost() string {
	if u, err := url.Parse(s.config.Site); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "chancery.local"
}

// settings are those of the register, read again when they may have changed.
func (s *Server) settings(ctx context.Context) (models.Settings, error) {
	s.settingsMu.Lock()
	defer s.settingsMu.Unlock()
	if s.settingsRead.IsZero() || time.Since(s.settingsRead) > settingsHold {
		set, err := s.store.Accounts().Settings(ctx)
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

// settingsHold is for how long the settings are taken as read; they are asked for
// with each page.
const settingsHold = time.Second

// permission is what a route asks; what is not in the table is refused.
func (s *Server) permission(method, path string) permission {
	return s.permissions[method+" "+path]
}

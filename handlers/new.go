package handlers

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"chancery/models"
)

// New makes the handler of all addresses.
func New(store *models.Store, config Config) http.Handler {
	s := newServer(store, config)
	return s.Handler()
}

// newServer makes the server and its routes.
func newServer(store *models.Store, config Config) *Server {
	if config.Zone == nil {
		config.Zone = time.Local
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	config.AtOnce, config.Deadline = cmp.Or(config.AtOnce, MostAtOnce), cmp.Or(config.Deadline, Deadline)
	gin.SetMode(gin.ReleaseMode)
	s := &Server{store: store, config: config, router: gin.New()}
	s.prepared = newPrepared(s)
	if err := s.router.SetTrustedProxies(config.Proxies); err != nil {
		config.Log.Error("the proxies are not networks: nobody's word counts", "error", err)
		s.router.SetTrustedProxies(nil)
	}
	s.sessions = s.newSessions()
	s.router.HandleMethodNotAllowed = true
	s.routes()
	return s
}

// Handler wraps the routes, from the outside in: headers, allowed hosts,
// cross-origin posts, compression, the limits of a request and of how many are
// answered at once, the representation asked for.
func (s *Server) Handler() http.Handler {
	h := s.negotiate(s.withSession(s.router))
	h = s.limitConcurrency(h)
	h = s.limit(h)
	h = pack(h)
	h = s.sameOrigin(h)
	h = s.allowedHost(h)
	return s.secure(h)
}

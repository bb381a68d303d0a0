package handlers

import (
	"time"

	"github.com/gin-gonic/gin"
)

// instrument gives each request its number, counts it, and writes it to the log
// where that is wanted.
func (s *Server) instrument(c *gin.Context) {
	id := c.GetHeader(requestHeader)
	if !requestIDs.MatchString(id) {
		id = newKey()
	}
	c.Set(requestHeader, id)
	c.Header(requestHeader, id)
	begun := time.Now()
	defer s.config.Traces.begin(c, id)()
	m := s.config.Metrics
	if m != nil {
		m.running.Inc()
		defer m.running.Dec()
	}
	defer func() {
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		took := time.Since(begun)
		if m != nil {
			m.answered(c.Request.Method, route, c.Writer.Status(), took)
		}
		if s.config.LogRequests {
			s.config.Log.Info("request", "request", id, "method", c.Request.Method, "path", withoutSecret(c.Request.URL.Path),
				"route", route, "status", c.Writer.Status(), "bytes", c.Writer.Size(), "ms", float64(took.Microseconds())/1000)
		}
	}()
	c.Next()
}

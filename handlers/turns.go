package handlers

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// mostInLine is how many of one network wait for a turn at the same time.
const mostInLine = 40

// turns share out what is dear to make. Who has not signed in gets it from as many
// makers as leave half of the processors to pages, a network one at a time, so that
// nobody who asks often keeps others waiting; and it is sent when its turn is over,
// so that nobody who reads slowly does.
type turns struct {
	server  *Server
	makers  slots // for who has not signed in
	streams slots // for who has: these hold a connection as long as their reader likes

	mu       sync.Mutex
	networks map[string]*line
}

// A line is of one network.
type line struct {
	turn    slots
	waiting int
}

func newTurns(s *Server) *turns {
	return &turns{server: s, makers: make(slots, max(1, runtime.GOMAXPROCS(0)/2)),
		streams:  make(slots, max(1, min(mostStreams, s.store.Upkeep().Readers()/2))),
		networks: map[string]*line{}}
}

// take waits for a turn where what is asked for is dear.
func (t *turns) take(c *gin.Context) {
	ctx := c.Request.Context()
	kept, _ := ctx.Value(keptKey{}).(*keptAnswer)
	if kept == nil || c.FullPath() == "" {
		return
	}
	p := principalOf(c)
	if p.account != nil || p.first {
		if !t.streams.acquire(ctx, waitForTurn) {
			t.server.refuse(c, errBusy)
			return
		}
		defer t.streams.end()
		if kept.through = c.Query("recorded") == "" || exporting(c) || tabular(c); !kept.through { // a page as it was
			within, cancel := context.WithTimeout(ctx, t.server.config.Deadline)
			defer cancel()
			c.Request = c.Request.WithContext(within)
		}
		c.Next()
		return
	}
	if t.server.prepared.isPrepared(c) {
		return
	}
	used := meterOf(c)
	used.pause()
	end := t.acquire(ctx, network(p.address))
	used.resume()
	if end == nil {
		t.server.refuse(c, errBusy)
		return
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, longTime)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// acquire waits in the line of a network, then for a maker; what it gives ends the
// turn. It is nil where the line is too long.
func (t *turns) acquire(ctx context.Context, network string) (end func()) {
	t.mu.Lock()
	l := t.networks[network]
	if l == nil {
		l = &line{turn: make(slots, 1)}
		t.networks[network] = l
	}
	if l.waiting >= mostInLine {
		t.mu.Unlock()
		return nil
	}
	l.waiting++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if l.waiting--; l.waiting == 0 {
			delete(t.networks, network)
		}
	}
	if !l.turn.acquire(ctx, waitForFile) {
		leave()
		return nil
	}
	if !t.makers.acquire(ctx, waitForFile) {
		l.turn.end()
		leave()
		return nil
	}
	return func() {
		t.makers.end()
		l.turn.end()
		leave()
	}
}

// limitWork refuses who has had as much of the processors as one network may have
// of a minute, and tells everybody who has not signed in how many milliseconds are
// left. Who reads on the register's own machine is not counted.
func (t *turns) limitWork(c *gin.Context) {
	s := t.server
	p, most := principalOf(c), int(s.config.Work.Milliseconds())
	if most <= 0 || c.FullPath() == staticPath || p.account != nil || p.first || ownMachine(c.Request) {
		return
	}
	key := "work " + network(p.address)
	left, wait := s.rates.spend(key, most, 0, s.store.Now())
	c.Writer.Header().Add("RateLimit-Policy", fmt.Sprintf(`"work";q=%d;w=60;qu="ms"`, most))
	c.Writer.Header().Add("RateLimit", fmt.Sprintf(`"work";r=%d;t=%d`, left, int(math.Ceil(60*float64(most-left)/float64(most)))))
	if wait > 0 {
		s.refuse(c, &tooMany{wait})
		return
	}
	used := &meter{clock: &s.work}
	c.Set(meterKey, used)
	used.resume()
	defer func() {
		used.pause()
		s.rates.spend(key, most, int(used.used.Milliseconds()), s.store.Now())
	}()
	c.Next()
}

// A workClock tells for how long processors work for a request: of the time that
// goes by, as much as is its share of them. It runs slower the more are at work.
type workClock struct {
	mu      sync.Mutex
	running int
	at      time.Time
	worked  time.Duration // of one that ran from the beginning
}

// step adds to those at work, and tells what one of them has got by now.
func (w *workClock) step(n int, now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if passed := now.Sub(w.at); w.running > 0 && passed > 0 {
		w.worked += passed * time.Duration(min(runtime.GOMAXPROCS(0), w.running)) / time.Duration(w.running)
	}
	w.at = now
	w.running += n
	return w.worked
}

// A meter counts the work for one request; nil counts nothing.
type meter struct {
	clock *workClock
	begun time.Duration
	used  time.Duration
}

func (m *meter) resume() {
	if m != nil {
		m.begun = m.clock.step(1, time.Now())
	}
}

func (m *meter) pause() {
	if m != nil {
		m.used += m.clock.step(-1, time.Now()) - m.begun
	}
}

const meterKey = "work"

func meterOf(c *gin.Context) *meter {
	m, _ := c.Value(meterKey).(*meter)
	return m
}

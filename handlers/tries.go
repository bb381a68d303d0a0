package handlers

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// tries slows down who guesses passwords, codes, links and tokens: after a few failures of one kind from one network, or
// for one name, the next try has to wait, each time longer. It is kept in memory: who restarts the register starts anew.
type tries struct {
	mu   sync.Mutex
	kept map[string]*failures
}

type failures struct {
	n     int
	last  time.Time
	until time.Time
}

const (
	freeTries   = 8                // that need not wait
	firstWait   = 8 * time.Second  // after those, doubled with each failure
	longestWait = 15 * time.Minute // and no longer than this
	forgiven    = time.Hour        // after which failures are forgotten
	mostKept    = 50_000
)

// wait is for how long a key has to wait.
func (t *tries) wait(key string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.kept[key]; f != nil && now.Before(f.until) {
		return f.until.Sub(now)
	}
	return 0
}

// failed counts a failure under each key.
func (t *tries) failed(key string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil || len(t.kept) >= mostKept {
		t.sweep(now)
	}
	f := t.kept[key]
	if f == nil || now.Sub(f.last) > forgiven {
		f = &failures{}
		t.kept[key] = f
	}
	f.n, f.last = f.n+1, now
	if f.n >= freeTries {
		wait := longestWait
		if more := f.n - freeTries; more < 8 {
			wait = min(wait, firstWait<<more)
		}
		f.until = now.Add(wait)
	}
}

// sweep forgets what is forgiven; when still too many are kept, all.
func (t *tries) sweep(now time.Time) {
	kept := map[string]*failures{}
	for key, f := range t.kept {
		if now.Sub(f.last) <= forgiven && len(kept) < mostKept/2 {
			kept[key] = f
		}
	}
	t.kept = kept
}

// succeeded forgets the failures under a key.
func (t *tries) succeeded(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.kept, key)
}

// network is what an address counts as: itself, or of IPv6 the /64 that one subscriber has.
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

// slowed is tooMany while a key has to wait.
func (s *Server) slowed(key string) error {
	if wait := s.tries.wait(key, s.store.Now()); wait > 0 {
		return &tooMany{wait}
	}
	return nil
}

// tooMany says that somebody has to wait.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return fmt.Sprintf("too many tries: wait %s", e.wait) }

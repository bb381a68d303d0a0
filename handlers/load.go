package handlers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	// exports, and at most half of the connections, since each holds one as long as
	// its reader likes
	mostStreams = 8
	waitForTurn = 2 * time.Second  // after which a reading is sent away
	mostKeptOut = 1 << 20          // bytes of an answer that are kept until it is complete
	sendingTime = 2 * time.Minute  // in which a page must have been taken
	pieceTime   = 30 * time.Second // the same for each piece of an export, which holds one of few turns
	longTime    = 30 * time.Second // for what an editor has done to many records at once
)

// slots are places among those whose answers are made at the same time.
type slots chan struct{}

// acquire waits for a turn, a while.
func (t slots) acquire(ctx context.Context, most time.Duration) bool {
	select {
	case t <- struct{}{}:
		return true
	default:
	}
	queueTimeout := time.NewTimer(most)
	defer queueTimeout.Stop()
	select {
	case t <- struct{}{}:
		return true
	case <-queueTimeout.C:
	case <-ctx.Done():
	}
	return false
}

// end gives the place back.
func (t slots) end() { <-t }

// limitConcurrency bounds how many answers are made at once: who would have to wait
// long is sent away with 503, so that the others are answered. A page is sent when
// it is complete and its turn over: who reads slowly keeps nobody waiting.
func (s *Server) limitConcurrency(next http.Handler) http.Handler {
	pages := make(slots, s.config.AtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			next.ServeHTTP(w, r)
			return
		}
		kept := &keptAnswer{ResponseWriter: w, control: http.NewResponseController(w), status: http.StatusOK}
		if dear(r) { // has its turn when it is known who asks
			kept.toFile = true
			next.ServeHTTP(kept, r.WithContext(context.WithValue(r.Context(), keptKey{}, kept)))
			kept.send()
			return
		}
		if uploading(r) { // comes in as slowly as it likes, and is bounded by its size
			next.ServeHTTP(w, r)
			return
		}
		r.Body = arrived(r.Body)
		queueTimeout := waitForTurn
		if !isReading(r) { // somebody typed it
			queueTimeout = max(queueTimeout, s.config.Deadline)
		}
		if !pages.acquire(r.Context(), queueTimeout) {
			if s.config.Metrics != nil {
				s.config.Metrics.shed.Inc()
			}
			// nothing is read for it; identify sends it away
			ctx, cancel := context.WithDeadlineCause(r.Context(), time.Now(), errBusy)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		most := s.config.Deadline
		if longer(r.URL.Path) {
			most = max(most, longTime)
		}
		ctx, cancel := context.WithTimeout(r.Context(), most)
		defer cancel()
		func() {
			defer pages.end()
			next.ServeHTTP(kept, r.WithContext(ctx))
		}()
		kept.send()
	})
}

// arrived waits for all of a request's body, so that nobody holds a turn by sending
// slowly.
func arrived(body io.ReadCloser) io.ReadCloser {
	if body == nil || body == http.NoBody {
		return body
	}
	content, err := io.ReadAll(body)
	var rest io.Reader = bytes.NewReader(content)
	if err != nil { // whoever reads it finds out then
		rest = io.MultiReader(rest, failing{err})
	}
	return io.NopCloser(rest)
}

// A failing reader gives the error that a body ended with.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A keptAnswer keeps what is written until all is there, or until it is much.
type keptAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	through bool // nothing is kept any more
	toFile  bool // much is kept in a file
	status  int
	body    bytes.Buffer
	rest    *os.File
}

type keptKey struct{}

func (k *keptAnswer) WriteHeader(status int) {
	if k.through || status < http.StatusOK {
		k.ResponseWriter.WriteHeader(status)
		return
	}
	k.status = status
}

func (k *keptAnswer) Write(p []byte) (int, error) {
	if !k.through && k.body.Len()+len(p) > mostKeptOut {
		if k.toFile {
			return k.keep(p)
		}
		k.send()
	}
	if k.through {
		k.hurry(pieceTime)
		return k.ResponseWriter.Write(p)
	}
	return k.body.Write(p)
}

// keep puts what is much into a file, so that who reads slowly holds nothing else.
func (k *keptAnswer) keep(p []byte) (n int, err error) {
	if k.rest == nil {
		if k.rest, err = nameless(); err != nil {
			return 0, err
		}
	}
	return k.rest.Write(p)
}

// hurry gives the reader time to take what comes next.
func (k *keptAnswer) hurry(within time.Duration) {
	if err := k.control.SetWriteDeadline(time.Now().Add(within)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return // the connection is gone: writing says so
	}
}

// send writes what was kept.
func (k *keptAnswer) send() {
	if k.through {
		return
	}
	k.through = true
	k.hurry(sendingTime)
	k.ResponseWriter.WriteHeader(k.status)
	if k.body.Len() > 0 {
		k.ResponseWriter.Write(k.body.Bytes())
	}
	if k.rest == nil {
		return
	}
	defer k.rest.Close()
	if _, err := k.rest.Seek(0, io.SeekStart); err != nil {
		panic(http.ErrAbortHandler) // the reader must see that it is incomplete
	}
	if _, err := io.Copy(struct{ io.Writer }{k}, k.rest); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// Flush lets an answer of many pieces go out as it comes.
func (k *keptAnswer) Flush() {
	k.send()
	k.control.Flush()
}

func (k *keptAnswer) Unwrap() http.ResponseWriter { return k.ResponseWriter }

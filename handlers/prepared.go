package handlers

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"chancery/exchange"
	"chancery/models"
	"chancery/models/edtf"

	"github.com/gin-gonic/gin"
)

const (
	mostMaking     = 15 * time.Minute // that a file may take to be made
	waitForFile    = 50 * time.Second // less than proxies wait for an answer
	mostAge        = 15 * time.Minute // of a file that is given while its successor takes long
	mostFilesBytes = 4 << 30          // of all files that are kept
)

// prepared keeps the large exports that are the same for everybody who has not
// signed in: each is made once a change of the register, in the background, one at
// a time, and sent as a file.
type prepared struct {
	server *Server
	most   time.Duration // what takes longer to make is one of them
	turn   slots
	mu     sync.Mutex
	files  map[string]*preparedFile // the newest by key
	making map[string]*preparedFile // those that are not ready yet
	size   models.Size              // of the whole register
	sizeOf preparedState
}

// preparedState is what a file was made of.
type preparedState struct {
	seen int64
	day  edtf.Day
}

// A preparedFile has no name in its folder: it goes with the last who reads it.
type preparedFile struct {
	state         preparedState
	begun, used   time.Time
	header        http.Header
	plain, packed *os.File // packed is nil where packing saves nothing
	bytes         int64
	ready         chan struct{}
	err           error
}

func newPrepared(s *Server) *prepared {
	return &prepared{server: s, most: mostCost, turn: make(slots, 1), files: map[string]*preparedFile{}, making: map[string]*preparedFile{}}
}

// A preparation is the file that answers a request.
type preparation struct {
	key   string
	state preparedState
}

const preparationKey = "preparation"

// isPrepared tells whether a request is answered by a file that is the same for
// everybody who has not signed in: the whole, in a form that is dear to make.
func (p *prepared) isPrepared(c *gin.Context) bool {
	s, asks := p.server, principalOf(c)
	if asks.account != nil || asks.first || c.FullPath() != c.Request.URL.Path || !isReading(c.Request) || !p.knownSite(c) {
		return false
	}
	q := query(c)
	flavours := map[string][]string{"table": exchange.RecordTableNames(), "exact": {"1"}, "bom": {"1"}, "lang": models.Languages}
	for name, values := range q {
		if len(values) != 1 || !slices.Contains(flavours[name], values[0]) {
			return false
		}
	}
	ctx := c.Request.Context()
	state, err := s.store.State(ctx)
	if err != nil {
		return false // whoever makes it says so
	}
	made := preparation{state: preparedState{state.Seen, s.today()}}
	size, err := p.sizeAt(ctx, made.state)
	if err != nil || format(c) != "sqlite" && costOf(c, size) <= p.most {
		return false
	}
	parts := []string{c.FullPath(), format(c), s.site(c)}
	if tabular(c) {
		parts = append(parts, q.Get("table"), q.Get("exact"), q.Get("bom"))
	}
	if !(tabular(c) && q.Get("table") != "") && !slices.Contains([]string{"xlsx", "jsonl", "zip", "sqlite"}, format(c)) {
		parts = append(parts, lang(c))
	}
	made.key = strings.Join(parts, " ")
	c.Set(preparationKey, &made)
	return true
}

// knownSite tells that the address under which the register is asked for is one of
// few: each has files of its own.
func (p *prepared) knownSite(c *gin.Context) bool {
	if p.server.config.Site != "" {
		return true
	}
	_, asked, err := net.SplitHostPort(c.Request.Host)
	local, _ := c.Request.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if err != nil || local == nil {
		return true
	}
	_, own, err := net.SplitHostPort(local.String())
	return err == nil && asked == own
}

// sizeAt is the size of the whole register.
func (p *prepared) sizeAt(ctx context.Context, state preparedState) (models.Size, error) {
	p.mu.Lock()
	size, known := p.size, p.sizeOf == state
	p.mu.Unlock()
	if known {
		return size, nil
	}
	size, err := p.server.store.Statistics().Size(ctx, models.Filter{On: state.day})
	if err == nil {
		p.mu.Lock()
		p.size, p.sizeOf = size, state
		p.mu.Unlock()
	}
	return size, err
}

// mostCost is the processor time that one request of who has not signed in may take:
// about a second. The agreements of a pair, of which the busiest have some hundred
// with all states in each, may take three times as long: they are what is asked for
// most.
const mostCost = 1200 * time.Millisecond

// costOf tells about how long an export of a size takes to make.
func costOf(c *gin.Context, size models.Size) time.Duration {
	const us = time.Microsecond
	n := func(count int, each time.Duration) time.Duration { return time.Duration(count) * each }
	whole := n(size.Agreements, 200*us) + n(size.Participations, 20*us)
	switch table := c.Query("table"); {
	case format(c) == "xlsx":
		return n(size.Agreements, 1000*us) + n(size.Participations, 45*us) + n(min(size.Pairs, 200_000), 20*us)
	case table == "dyads" || table == "spells":
		return whole + n(size.Pairs, 6*us)
	case table != "" || !tabular(c):
		return whole
	case c.FullPath() == "/pairs":
		return n(size.Pairs, us) + n(size.Distinct*size.Years, 3*us)
	case c.FullPath() == "/parties":
		return n(size.Participations, 3*us)
	case c.FullPath() == "/agreements" || c.FullPath() == "/pairs/:pair":
		return n(size.Agreements, 20*us)
	}
	return n(size.Agreements, 100*us) + n(size.Participations, 12*us) // a timeline
}

// affordable refuses an export that is dear to make and nobody else's, of who has
// not signed in, and says how the same can be had.
func (p *prepared) affordable(c *gin.Context, f models.Filter) error {
	if asks := principalOf(c); asks.account != nil || asks.first || preparing(c.Request.Context()) {
		return nil
	}
	most := p.most
	if f.Pair[0] != "" {
		most *= 3
	}
	size, err := p.server.store.Statistics().Size(c.Request.Context(), f)
	if err != nil || costOf(c, size) <= most {
		return err
	}
	return models.Invalid{"query": {Code: "too_much", Args: map[string]string{"count": strconv.Itoa(size.Agreements),
		"pairs": strconv.Itoa(size.Pairs)}}}
}

// serve answers with a file. It is waited for without a turn, since many wait for
// one.
func (p *prepared) serve(c *gin.Context, made *preparation,
	h func(*gin.Context) error) error {
	used := meterOf(c)
	used.pause()
	file, err := p.get(c, made.key, made.state, h)
	used.resume()
	if err != nil {
		return err
	}
	kept, _ := c.Request.Context().Value(keptKey{}).(*keptAnswer)
	if kept != nil {
		kept.through = true
	}
	header := c.Writer.Header()
	for name, values := range file.header {
		header[name] = values
	}
	if file.state.seen < made.state.seen { // one before the present: nobody may keep it
		header.Set("Cache-Control", "no-store")
		header.Del("ETag")
		header.Del("Last-Modified")
	}
	content := file.plain
	if file.packed != nil && takesGzip(c.Request.Header.Values("Accept-Encoding")) {
		content = file.packed
		header.Set("Content-Encoding", "gzip")
		if tag := header.Get("ETag"); tag != "" {
			header.Set("ETag", strings.TrimSuffix(tag, `"`)+`-gz"`)
		}
		c.Request.Header.Del("Range") // of the packed one nobody wants a part
	}
	info, err := content.Stat()
	if err != nil {
		return fmt.Errorf("reading what was prepared: %w", err)
	}
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, io.NewSectionReader(content, 0, info.Size()))
	return nil
}

// get gives the file of a state, or of a later one; where that takes long, one that
// is not old.
func (p *prepared) get(c *gin.Context, key string, state preparedState,
	h func(*gin.Context) error) (*preparedFile, error) {
	ctx := c.Request.Context()
	late := time.NewTimer(waitForFile)
	defer late.Stop()
	for {
		p.mu.Lock()
		file := p.files[key]
		if file != nil && file.state.day == state.day && file.state.seen >= state.seen {
			file.used = time.Now()
			p.mu.Unlock()
			return file, nil
		}
		next := p.making[key]
		if next == nil && len(p.making) >= mostInLine {
			p.mu.Unlock()
			return nil, errBusy
		}
		if next == nil {
			next = &preparedFile{state: state, ready: make(chan struct{})}
			p.making[key] = next
			go p.run(key, next, inBackground(p.server, c, h))
		}
		p.mu.Unlock()
		select {
		case <-next.ready:
			if next.err != nil {
				return nil, next.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late.C:
			if file != nil && file.state.day == state.day && time.Since(file.begun) < mostAge {
				return file, nil
			}
			return nil, errMaking
		}
	}
}

// inBackground is a handler's work on a request of its own, which goes on when who
// asked first has gone.
func inBackground(s *Server, c *gin.Context, h func(*gin.Context) error) func(context.Context, http.ResponseWriter) error {
	asked, params := c.Request, slices.Clone(c.Params)
	values := context.WithoutCancel(asked.Context())
	return func(ctx context.Context, w http.ResponseWriter) error {
		within, cancel := context.WithCancel(context.WithValue(values, preparingKey{}, true))
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		own := gin.CreateTestContextOnly(w, s.router)
		own.Request, own.Params = asked.Clone(within), params
		own.Request.Header = http.Header{}
		return h(own)
	}
}

type preparingKey struct{}

// preparing tells that a file is made for everybody: nothing of it is bounded but
// its time.
func preparing(ctx context.Context) bool { return ctx.Value(preparingKey{}) != nil }

// run makes a file in its turn.
func (p *prepared) run(key string, file *preparedFile, work func(context.Context, http.ResponseWriter) error) {
	ctx, cancel := context.WithTimeout(context.Background(), mostMaking)
	defer cancel()
	defer close(file.ready)
	if file.err = errMaking; p.turn.acquire(ctx, mostMaking) {
		defer p.turn.end()
		file.begun = time.Now()
		file.err = file.make(ctx, work)
	}
	if file.err != nil {
		p.server.config.Log.Error("a file for everybody was not made", "file", key, "error", file.err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.making, key)
	if file.err != nil {
		return
	}
	file.used = time.Now()
	p.files[key] = file
	p.makeRoom()
	p.server.config.Log.Info("a file for everybody was made", "file", key, "bytes", file.bytes, "took", time.Since(file.begun).Round(time.Millisecond))
}

// makeRoom lets go of the files that were not read for longest.
func (p *prepared) makeRoom() {
	for {
		all, oldest := int64(0), ""
		for key, f := range p.files {
			if all += f.bytes; oldest == "" || f.used.Before(p.files[oldest].used) {
				oldest = key
			}
		}
		if all <= mostFilesBytes || len(p.files) == 1 {
			return
		}
		delete(p.files, oldest)
	}
}

// make writes the file, and packed as well where that makes it shorter.
func (f *preparedFile) make(ctx context.Context, work func(context.Context, http.ResponseWriter) error) (err error) {
	defer func() {
		if p := recover(); p != nil { // a defect of ours takes nobody else's answer
			err = errors.Join(err, fmt.Errorf("panic: %v", p))
		}
	}()
	if f.plain, err = nameless(); err != nil {
		return err
	}
	w := &fileWriter{header: http.Header{}, file: f}
	err = work(ctx, w)
	if w.packer != nil {
		err = errors.Join(err, w.packer.Close())
	}
	for _, own := range []string{"Content-Length", "Last-Modified", "Accept-Ranges"} { // of the answer, not of the file
		w.header.Del(own)
	}
	f.header = w.header
	if err == nil && w.status >= http.StatusBadRequest {
		err = fmt.Errorf("status %d", w.status)
	}
	return err
}

// nameless makes a file that is gone when nobody has it open.
func nameless() (*os.File, error) {
	file, err := os.CreateTemp("", "chancery-prepared-")
	if err != nil {
		return nil, err
	}
	return file, os.Remove(file.Name())
}

// A fileWriter takes an answer into a file.
type fileWriter struct {
	header http.Header
	file   *preparedFile
	packer *gzip.Writer
	status int
}

func (w *fileWriter) Header() http.Header    { return w.header }
func (w *fileWriter) WriteHeader(status int) { w.status = status }

func (w *fileWriter) Write(text []byte) (n int, err error) {
	if w.file.bytes == 0 && !isPacked(w.header.Get("Content-Type")) {
		if w.file.packed, err = nameless(); err != nil {
			return 0, err
		}
		if w.packer, err = gzip.NewWriterLevel(w.file.packed, gzip.BestSpeed); err != nil {
			return 0, err
		}
	}
	n, err = w.file.plain.Write(text)
	if w.file.bytes += int64(n); err == nil && w.packer != nil {
		_, err = w.packer.Write(text)
	}
	return n, err
}

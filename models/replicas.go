package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Replicas are PostgreSQL servers that follow the primary and answer readings of
// those who only read.
type Replicas struct {
	Addresses []string
	MostLag   time.Duration // a replica further behind the primary is left out; 0 is five seconds
}

const (
	defaultLag    = 5 * time.Second
	watchEvery    = time.Second
	watchTime     = 2 * time.Second // after which a server that does not answer counts as away
	connectTime   = 3 * time.Second // of each address of a server
	lookedBackFor = 5 * time.Minute // for how long it is known where the primary was when
)

// A server is one of PostgreSQL's: the primary or a replica.
type server struct {
	part string // primary, or replica-1 and so on
	name string // as operators know it, without a password
	pool *sql.DB
	away atomic.Bool  // it did not answer when it was last asked
	lag  atomic.Int64 // how far it is behind the primary, in nanoseconds
}

// usable tells whether a server may be read from: it answers, and is not too far
// behind.
func (p *server) usable(most time.Duration) bool {
	return !p.away.Load() && time.Duration(p.lag.Load()) <= most
}

// servers are the servers of a PostgreSQL register. They are GORM's pool for
// reading: each reading is answered by the primary, or by a replica if its context
// says so (AtReplica); by whichever is there when one is not.
type servers struct {
	all      []*server // the primary first
	primary  *server
	replicas []*server
	most     time.Duration
	next     atomic.Uint64 // which replica comes next
	ask      chan struct{} // has the watch look at once
	end      context.CancelFunc
	ended    sync.WaitGroup

	begun string     // when the primary's server was started, as it was last seen
	been  []position // where the primary was when, the oldest first
}

// A position is how far the primary's log was at a moment, in bytes.
type position struct {
	at  time.Time
	log int64
}

// openServer prepares the connections to a server; none is made yet.
func openServer(address string, most int) (*server, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be reached: %w", withoutPassword(address), scrub(err, address))
	}
	if u, err := url.Parse(address); err == nil && !u.Query().Has("connect_timeout") {
		config.ConnectTimeout = connectTime
	}
	// A server that is gone without a word is found out within half a minute, also
	// where nothing is being asked.
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second,
		Interval: 5 * time.Second, Count: 3}}
	config.DialFunc = dialer.DialContext
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &server{name: withoutPassword(address), pool: pool}, nil
}

type atReplicaKey struct{}

// AtReplica marks the context of a reading that a replica may answer. All of its
// statements go to the same one.
func AtReplica(ctx context.Context) context.Context {
	return context.WithValue(ctx, atReplicaKey{}, &atomic.Pointer[server]{})
}

// chosen is where the readings of a context go: nil if to the primary.
func chosen(ctx context.Context) *atomic.Pointer[server] {
	at, _ := ctx.Value(atReplicaKey{}).(*atomic.Pointer[server])
	return at
}

// order lists where a reading is tried, one after the other.
func (p *servers) order(ctx context.Context) []*server {
	if len(p.replicas) == 0 {
		return []*server{p.primary}
	}
	at := chosen(ctx)
	var first *server
	if at != nil {
		first = at.Load()
		if first != nil && !first.usable(p.most) && first != p.primary {
			first = nil
		}
	}
	list := make([]*server, 0, len(p.replicas)+2)
	if first != nil {
		list = append(list, first)
	}
	primaryAway := p.primary.away.Load()
	if at == nil && !primaryAway {
		list = append(list, p.primary)
	}
	turn := p.next.Add(1)
	for i := range p.replicas {
		r := p.replicas[(turn+uint64(i))%uint64(len(p.replicas))]
		if r != first && (r.usable(p.most) || primaryAway && !r.away.Load()) { // an older state rather than none
			list = append(list, r)
		}
	}
	if (at != nil || primaryAway) && first != p.primary {
		list = append(list, p.primary)
	}
	return list
}

// read runs a reading where it belongs, and elsewhere when that server turns out to
// be away.
func read[T any](p *servers, ctx context.Context, run func(pool *sql.DB) (T, error)) (result T, err error) {
	for _, there := range p.order(ctx) {
		if result, err = run(there.pool); err == nil || !Unreachable(err) || ctx.Err() != nil {
			if at := chosen(ctx); at != nil {
				at.Store(there)
			}
			return result, err
		}
		if len(p.replicas) > 0 {
			there.away.Store(true)
			p.look()
		}
	}
	return result, err
}

// What follows makes a pool for GORM of them.

func (p *servers) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return read(p, ctx, func(pool *sql.DB) (*sql.Stmt, error) { return pool.PrepareContext(ctx, query) })
}

func (p *servers) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.primary.pool.ExecContext(ctx, query, args...)
}

// QueryContext asks the servers in their order, until one can be reached.
func (p *servers) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return read(p, ctx, func(pool *sql.DB) (*sql.Rows, error) { return pool.QueryContext(ctx, query, args...) })
}

func (p *servers) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	row, _ := read(p, ctx, func(pool *sql.DB) (*sql.Row, error) {
		row := pool.QueryRowContext(ctx, query, args...)
		return row, row.Err()
	})
	return row
}

func (p *servers) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	return read(p, ctx, func(pool *sql.DB) (*sql.Tx, error) { return pool.BeginTx(ctx, options) })
}

func (p *servers) GetDBConn() (*sql.DB, error) { return p.primary.pool, nil }

// look has the watch look at once, without waiting for it.
func (p *servers) look() {
	select {
	case p.ask <- struct{}{}:
	default:
	}
}

// watch asks every server now and then whether it is there and how far behind;
// restarted is called when another server, or the same one started anew, has become
// the primary.
func (p *servers) watch(restarted func()) {
	ctx, end := context.WithCancel(context.Background())
	p.end, p.ask = end, make(chan struct{}, 1)
	p.ended.Go(func() {
		for ctx.Err() == nil {
			p.see(ctx, restarted)
			select {
			case <-ctx.Done():
			case <-p.ask:
			case <-time.After(watchEvery):
			}
		}
	})
}

// see looks at each server: whether it answers, how far it is behind, who is the
// primary.
func (p *servers) see(ctx context.Context, restarted func()) {
	var asked sync.WaitGroup
	been := p.been
	for _, r := range p.replicas {
		asked.Go(func() { p.seeReplica(ctx, r, been) })
	}
	defer asked.Wait()
	var begun string
	var log int64
	var follows bool
	err := p.primary.query(ctx,
		"SELECT pg_postmaster_start_time()::text, pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_current_wal_lsn() - '0/0' END::bigint", &begun, &follows, &log)
	if ctx.Err() != nil {
		return
	}
	away := err != nil || follows
	p.primary.away.Store(away)
	if away {
		p.primary.drop()
		return
	}
	if p.begun != begun {
		p.begun, p.been = begun, nil
		restarted()
	}
	now := time.Now()
	p.been = append(p.been, position{now, log})
	for len(p.been) > 1 && now.Sub(p.been[0].at) > lookedBackFor {
		p.been = p.been[1:]
	}
}

// seeReplica asks a replica how far it is: it is as far behind as the time since
// the primary was where it is now.
func (p *servers) seeReplica(ctx context.Context, r *server, been []position) {
	var log int64
	err := r.query(ctx,
		"SELECT COALESCE(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0', 0)::bigint", &log)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		r.lag.Store(int64(behind(been, log, time.Now())))
	}
	r.away.Store(err != nil)
}

// behind is for how long the primary has been further than a replica is.
func behind(been []position, log int64, now time.Time) time.Duration {
	for _, b := range been {
		if b.log > log {
			return now.Sub(b.at)
		}
	}
	return 0
}

// query asks for one row, in the time that a server has to answer.
func (p *server) query(ctx context.Context, query string, into ...any) error {
	ctx, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	return p.pool.QueryRowContext(ctx, query).Scan(into...)
}

// drop closes the connections that nobody uses, so that new ones look for the
// server that takes writes.
func (p *server) drop() {
	p.pool.SetMaxIdleConns(0)
	p.pool.SetMaxIdleConns(p.pool.Stats().MaxOpenConnections)
}

func (p *servers) close() error {
	if p.end != nil {
		p.end()
		p.ended.Wait()
	}
	var errs []error
	for _, there := range p.all {
		errs = append(errs, there.pool.Close())
	}
	return errors.Join(errs...)
}

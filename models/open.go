package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrNewerSchema says that the database was migrated by a newer Chancery than this
// one.
var ErrNewerSchema = errors.New(
	"the database belongs to a newer version of Chancery; use that version, or another database")

// Open opens the register at a PostgreSQL address or at the path of an SQLite file,
// which is created when missing. A PostgreSQL address may name several hosts, of
// which the one that takes writes is the primary. It does not migrate. Errors never
// carry the address's password.
func Open(ctx context.Context, database string) (*Store, error) {
	return OpenWith(ctx, database, Replicas{})
}

// OpenWith opens a register that has replicas to read from.
func OpenWith(ctx context.Context, database string, replicas Replicas) (store *Store, err error) {
	switch {
	case IsPostgres(database):
		store, err = openPostgres(database, replicas)
	case len(replicas.Addresses) > 0:
		return nil, errors.New("replicas are PostgreSQL's: an SQLite file has none")
	default:
		store, err = openSQLite(database)
	}
	if err != nil {
		return nil, err
	}
	store.Now = time.Now
	if err := store.Ping(ctx); err != nil {
		store.Close()
		return nil, fmt.Errorf("the database %s cannot be reached: %w", withoutPassword(database), scrub(err, database))
	}
	return store, nil
}

// gormConfig has GORM keep prepared statements for SQLite's readers. PostgreSQL's
// driver keeps them itself, on each connection. SQLite's one writer must not: GORM
// has everyone wait for who prepares a statement, which here may wait for the
// connection of a transaction that is among those who wait.
func gormConfig(prepare bool) *gorm.Config {
	return &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		PrepareStmt:            prepare,
		DisableAutomaticPing:   true,           // OpenWith does it
		Logger:                 logger.Discard, // errors are returned, wrapped and logged once, without the values in the SQL
		NowFunc:                func() time.Time { return time.Now().UTC() },
	}
}

// openPostgres opens the primary and its replicas, each with a pool of its own.
func openPostgres(database string, replicas Replicas) (*Store, error) {
	servers := &servers{most: replicas.MostLag}
	if servers.most == 0 {
		servers.most = defaultLag
	}
	for i, address := range append([]string{database}, replicas.Addresses...) {
		// Compiling a statement takes longer than our longest one: no JIT. A search for a
		// rare word wants another plan than one for a frequent word: plans are made for
		// the values at hand.
		address = withDefault(withDefault(withDefault(address, "statement_timeout", "300000"), "jit", "off"),
			"plan_cache_mode", "force_custom_plan")
		if i == 0 && severalHosts(database) {
			address = withDefault(address, "target_session_attrs", "read-write")
		}
		server, err := openServer(address, connections)
		if err != nil {
			return nil, errors.Join(err, servers.close())
		}
		if server.part = "primary"; i > 0 {
			server.part = fmt.Sprint("replica-", i)
		}
		servers.all = append(servers.all, server)
	}
	servers.primary, servers.replicas = servers.all[0], servers.all[1:]
	write, err := gorm.Open(postgres.New(postgres.Config{Conn: servers.primary.pool}), gormConfig(false))
	if err != nil {
		return nil, errors.Join(err, servers.close())
	}
	read, err := gorm.Open(postgres.New(postgres.Config{Conn: servers}), gormConfig(false))
	if err != nil {
		return nil, errors.Join(err, servers.close())
	}
	s := &Store{read: read, write: write, servers: servers, dialect: goose.DialectPostgres, index: newCardIndex(),
		engine: postgresEngine{}, gathered: gathered, migrationLock: advisoryLock(write)}
	servers.watch(s.anotherPrimary)
	return s, nil
}

// severalHosts tells whether a PostgreSQL address names more than one server.
func severalHosts(database string) bool {
	u, err := url.Parse(database)
	return err == nil && strings.Contains(u.Host, ",")
}

// anotherPrimary looks whether a server that became the primary has all that was
// seen of the one before: a replica may lack what was written last. What was taken
// into memory from there is then let go of.
func (s *Store) anotherPrimary() {
	s.codes.Clear()
	end := s.index.current.Load().end
	ctx, cancel := context.WithTimeout(context.Background(), watchTime)
	defer cancel()
	if there, err := s.passes(ctx, end); err == nil && there {
		return
	}
	s.index.reset()
}

// sqlitePragmas: what is acknowledged is on the disk (synchronous FULL under WAL),
// writers wait for each other. The writer keeps 8 MB of pages, readers 2 MB each: the
// system keeps the file in memory anyway.
const sqlitePragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_size_limit(67108864)"

// idle is after how long a connection that nobody uses is closed, with the pages that
// it keeps: another is opened in a millisecond.
const idle = 30 * time.Second

// openSQLite opens a file with one writer and several readers.
func openSQLite(path string) (*Store, error) {
	name := (&url.URL{Path: path}).EscapedPath()
	write, err := openWriter("file:" + name + sqlitePragmas + "&_pragma=cache_size(-8000)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", path, err)
	}
	writer, err := write.DB()
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	writer.SetConnMaxIdleTime(idle)
	read, err := gorm.Open(sqlite.Open("file:"+name+sqlitePragmas+"&_pragma=query_only(1)"), gormConfig(true))
	if err != nil {
		writer.Close()
		return nil, fmt.Errorf("the database %s cannot be opened: %w", path, err)
	}
	readers, err := read.DB()
	if err != nil {
		return nil, err
	}
	readers.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	readers.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	readers.SetConnMaxIdleTime(idle)
	return &Store{read: read, write: write, dialect: goose.DialectSQLite3, index: newCardIndex(), engine: sqliteEngine{},
		gathered: gathered, migrationLock: fileLock(path)}, nil
}

// openWriter opens the writer's connection. Where several programs open a new file at
// once, all but one are refused while it gets its write-ahead log, for which SQLite does
// not wait as it does for other locks: they try again, for as long as that.
func openWriter(dsn string) (*gorm.DB, error) {
	pool, err := sql.Open(sqlite.DriverName, dsn)
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err = pool.Ping()
		if !busy(err) || time.Now().After(until) {
			break
		}
	}
	if err == nil {
		var write *gorm.DB
		if write, err = gorm.Open(&sqlite.Dialector{Conn: pool}, gormConfig(false)); err == nil {
			return write, nil
		}
	}
	pool.Close()
	return nil, err
}

// connections is the most that an instance holds to one PostgreSQL server.
const connections = 16

// passes tells whether the chain has passed through a head.
func (s *Store) passes(ctx context.Context, h chainHead) (bool, error) {
	if h.Length == 0 {
		return true, nil
	}
	var at []Revision
	if err := s.write.WithContext(ctx).Select("previous, digest").Where("place = ?",
		h.Length).Find(&at).Error; err != nil {
		return false, fmt.Errorf("reading the chain: %w", err)
	}
	return len(at) == 1 && link(at[0].Previous, at[0].Digest) == h.Head, nil
}

// Package models is the domain of Chancery and its persistence: agreements between states, their parties,
// signatories, acts, validity, meetings and sources. It knows nothing of HTTP, HTML or file formats.
package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"chancery/migrations"

	"github.com/glebarez/sqlite"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// A Store is an open register. On SQLite it writes through one connection and reads through many; on PostgreSQL
// both are the same pool.
type Store struct {
	read, write *gorm.DB
	dialect     goose.Dialect
	Now         func() time.Time // the clock; tests set it
	codes       sync.Map         // party codes that are known to be there
	index       *cardIndex
	servers     *servers // the servers, on PostgreSQL
	engine      engine
	gathered    uint64                                                // up to how many agreements their events are gathered and sorted
	alone       func(ctx context.Context) (release func(), err error) // waits until no other instance migrates

	observers []func(context.Context, SentStatement) // are told of statements

	administered atomic.Bool // there is an administrator: that does not change back
}

// ErrNewerSchema says that the database was migrated by a newer Chancery than this one.
var ErrNewerSchema = errors.New("the database belongs to a newer version of Chancery; use that version, or another database")

// IsPostgres tells whether an address names a PostgreSQL server; anything else is the path of an SQLite file.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// Open opens the register at a PostgreSQL address or at the path of an SQLite file, which is created when missing.
// A PostgreSQL address may name several hosts, of which the one that takes writes is the primary. It does not migrate. Errors
// never carry the address's password.
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

// gormConfig has GORM keep prepared statements for SQLite's readers. PostgreSQL's driver keeps them itself, on each
// connection. SQLite's one writer must not: GORM has everyone wait for who prepares a statement, which here may wait for the
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

// connections is the most that an instance holds to one PostgreSQL server.
const connections = 16

func openPostgres(database string, replicas Replicas) (*Store, error) {
	servers := &servers{most: replicas.MostLag}
	if servers.most == 0 {
		servers.most = defaultLag
	}
	for i, address := range append([]string{database}, replicas.Addresses...) {
		// Compiling a statement takes longer than our longest one: no JIT. A search for a rare word wants another plan than
		// one for a frequent word: plans are made for the values at hand.
		address = withDefault(withDefault(withDefault(address, "statement_timeout", "300000"), "jit", "off"), "plan_cache_mode", "force_custom_plan")
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
	s := &Store{read: read, write: write, servers: servers, dialect: goose.DialectPostgres, index: newCardIndex(), engine: postgresEngine{}, gathered: gathered, alone: oneAtATime(write)}
	servers.watch(s.anotherPrimary)
	return s, nil
}

// severalHosts tells whether a PostgreSQL address names more than one server.
func severalHosts(database string) bool {
	u, err := url.Parse(database)
	return err == nil && strings.Contains(u.Host, ",")
}

// anotherPrimary looks whether a server that became the primary has all that was seen of the one before: a replica may lack
// what was written last. What was taken into memory from there is then let go of.
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

// sqlitePragmas: what is acknowledged is on the disk (synchronous FULL under WAL), writers wait for each other.
const sqlitePragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=cache_size(-8000)&_pragma=journal_size_limit(67108864)"

func openSQLite(path string) (*Store, error) {
	name := (&url.URL{Path: path}).EscapedPath()
	write, err := gorm.Open(sqlite.Open("file:"+name+sqlitePragmas+"&_txlock=immediate"), gormConfig(false))
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", path, err)
	}
	writer, err := write.DB()
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
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
	return &Store{read: read, write: write, dialect: goose.DialectSQLite3, index: newCardIndex(), engine: sqliteEngine{}, gathered: gathered, alone: oneProcess(path)}, nil
}

// withDefault adds a run-time parameter to a PostgreSQL address that does not set it.
func withDefault(database, name, value string) string {
	u, err := url.Parse(database)
	if err != nil {
		return database
	}
	q := u.Query()
	if !q.Has(name) {
		q.Set(name, value)
		u.RawQuery = q.Encode()
	}
	return u.String()
}

func withoutPassword(database string) string {
	u, err := url.Parse(database)
	if err != nil || !IsPostgres(database) {
		return database
	}
	u.RawQuery = ""
	return u.Redacted()
}

// scrub takes the password out of a driver's message and makes one line of it.
func scrub(err error, database string) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if u, e := url.Parse(database); e == nil && u.User != nil {
		if password, ok := u.User.Password(); ok && password != "" {
			text = strings.ReplaceAll(text, password, "…")
		}
	}
	return errors.New(text)
}

// Close ends all connections.
func (s *Store) Close() error {
	if s.servers != nil {
		return s.servers.close()
	}
	var errs []error
	for _, db := range []*gorm.DB{s.read, s.write} {
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping asks the database for a sign of life; of PostgreSQL's servers the primary, else whichever can be read.
func (s *Store) Ping(ctx context.Context) error {
	if s.servers != nil {
		if len(s.servers.replicas) == 0 {
			return s.servers.primary.pool.PingContext(ctx)
		}
		return s.read.WithContext(ctx).Exec("SELECT 1").Error
	}
	for _, db := range []*gorm.DB{s.write, s.read} {
		pool, err := db.DB()
		if err != nil {
			return err
		}
		if err := pool.PingContext(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) migrations() (*goose.Provider, error) {
	folder := "sqlite"
	if s.dialect == goose.DialectPostgres {
		folder = "postgres"
	}
	files, err := fs.Sub(migrations.Files(), folder)
	if err != nil {
		return nil, err
	}
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.dialect, pool, files, goose.WithDisableGlobalRegistry(true))
}

// Migrate brings the schema to this binary's version and fills the parties that are missing. Each step is one
// transaction. Of several instances one does it after the other. A database that is newer than the binary is left as it is, and
// refused with ErrNewerSchema unless it says that this binary may still serve it.
func (s *Store) Migrate(ctx context.Context) error {
	release, err := s.alone(ctx)
	if err != nil {
		return fmt.Errorf("waiting for other instances: %w", err)
	}
	defer release()
	provider, err := s.migrations()
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if current > newest {
		return s.serves(ctx, current, newest)
	}
	if current < newest {
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrating: %w", err)
		}
	}
	if err := s.fillGazetteer(ctx); err != nil {
		return err
	}
	if err := s.fillIndex(ctx); err != nil {
		return err
	}
	return s.fillChain(ctx)
}

// Ready tells whether the database answers, if only from a replica, and has a schema with which this binary works: its own, or
// a newer one that still serves it.
func (s *Store) Ready(ctx context.Context) error {
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	var current int64
	if err := s.read.WithContext(AtReplica(ctx)).Raw("SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&current).Error; err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if current < newest {
		return fmt.Errorf("the schema is at version %d, this program needs %d", current, newest)
	}
	if current > newest {
		return s.serves(ctx, current, newest)
	}
	return nil
}

// serves tells whether a newer schema still serves programs that know it up to a version.
func (s *Store) serves(ctx context.Context, current, newest int64) error {
	var from int64
	if err := s.read.WithContext(ctx).Raw("SELECT serves_from FROM compatibility").Scan(&from).Error; err != nil {
		return fmt.Errorf("reading whom the schema serves: %w", err)
	}
	if from > newest {
		return fmt.Errorf("schema %d serves programs from %d on, this one knows up to %d: %w", current, from, newest, ErrNewerSchema)
	}
	return nil
}

// errUnchanged ends a transaction that had nothing to change: the register keeps the number of its last change.
var errUnchanged = errors.New("nothing to change")

// transaction runs one change of the register: all of it or nothing.
func (s *Store) transaction(ctx context.Context, change func(tx *gorm.DB) error) error {
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := change(tx); err != nil {
			return err
		}
		if write, ok := ctx.Value(alongsideKey{}).(func(tx *gorm.DB) error); ok {
			if err := write(tx); err != nil {
				return err
			}
		}
		if err := s.engine.learn(tx); err != nil {
			return err
		}
		if err := numberChange(tx); err != nil {
			return err
		}
		if rehearsing(ctx) {
			return ErrRehearsed
		}
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// noted writes down that something was read: not while the register can only be read.
func (s *Store) noted(ctx context.Context, sql string, values ...any) error {
	if s.Away() {
		return nil
	}
	err := s.write.WithContext(ctx).Exec(sql, values...).Error
	if Unreachable(err) {
		return nil
	}
	return err
}

// Exists tells whether an SQLite file is there already; for a server it is always true.
func Exists(database string) bool {
	if IsPostgres(database) {
		return true
	}
	_, err := os.Stat(database)
	return err == nil
}

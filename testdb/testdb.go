// Package testdb gives tests empty registers on SQLite and on a throwaway
// PostgreSQL server that it starts itself.
package testdb

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"chancery/models"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"
)

// Engines are the names of both engines; of SQLite alone where CHANCERY_QUICK is
// set, as make quick does.
var Engines = engines()

func engines() []string {
	if os.Getenv("CHANCERY_QUICK") != "" {
		return []string{"sqlite"}
	}
	return []string{"sqlite", "postgres"}
}

// Main runs a package's tests and ends what they started, as do ends. They fail
// when a goroutine of theirs goes on after them.
func Main(m *testing.M, ends ...func()) {
	code := m.Run()
	for _, end := range ends {
		end()
	}
	server.stop()
	os.RemoveAll(templates.folder)
	// One each for a register and a server that is made, of which a program has one:
	// their libraries do not end them.
	if err := goleak.Find(goleak.IgnoreTopFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"),
		goleak.IgnoreTopFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup")); err != nil &&
		code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// LeftOut ends a test that this machine does not allow, and has make test say so by
// name at its end.
func LeftOut(t testing.TB, why string) {
	t.Helper()
	if list := os.Getenv("CHANCERY_LEFT_OUT"); list != "" {
		f, err := os.OpenFile(list, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		fmt.Fprintf(f, "  %s: %s\n", t.Name(), why)
	}
	t.Skip(why)
}

// Each runs a test on an empty register of either engine.
func Each(t *testing.T, test func(t *testing.T, store *models.Store)) {
	t.Helper()
	for _, engine := range Engines {
		t.Run(engine, func(t *testing.T) { test(t, Open(t, Address(t, engine))) })
	}
}

// Open opens the register at an address until the test ends.
func Open(t testing.TB, address string) *models.Store {
	t.Helper()
	store, err := models.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Upkeep().Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return store
}

// Address makes an empty, migrated register on an engine and returns its address.
func Address(t testing.TB, engine string) string {
	t.Helper()
	if engine == "sqlite" {
		return sqliteRegister(t)
	}
	return postgresRegister(t)
}

var templates struct {
	sync.Mutex
	folder           string
	sqlite, postgres bool
}

var databases atomic.Int64

func sqliteRegister(t testing.TB) string {
	templates.Lock()
	defer templates.Unlock()
	if !templates.sqlite {
		folder, err := os.MkdirTemp("", "chancery-template-")
		if err != nil {
			t.Fatal(err)
		}
		templates.folder = folder
		migrate(t, filepath.Join(folder, "template.db"))
		templates.sqlite = true
	}
	content, err := os.ReadFile(filepath.Join(templates.folder, "template.db"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "register.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func postgresRegister(t testing.TB) string {
	templates.Lock()
	defer templates.Unlock()
	server.start(t)
	if !templates.postgres {
		server.query(t, "CREATE DATABASE template_register")
		migrate(t, server.address("template_register"))
		templates.postgres = true
	}
	name := fmt.Sprintf("register_%d", databases.Add(1))
	server.query(t, "CREATE DATABASE "+name+" TEMPLATE template_register")
	return server.address(name)
}

// Empty makes a database without any schema and returns its address.
func Empty(t testing.TB, engine string) string {
	t.Helper()
	if engine == "sqlite" {
		return filepath.Join(t.TempDir(), "register.db")
	}
	templates.Lock()
	defer templates.Unlock()
	server.start(t)
	name := fmt.Sprintf("empty_%d", databases.Add(1))
	server.query(t, "CREATE DATABASE "+name)
	return server.address(name)
}

// Execute runs a statement on the database at an address, past the register.
func Execute(t testing.TB, address, statement string) {
	t.Helper()
	driver := "sqlite"
	if models.IsPostgres(address) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func migrate(t testing.TB, address string) {
	store, err := models.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Upkeep().Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// server is the throwaway PostgreSQL of this test process.
var server postgres

type postgres struct{ *Node }

// start makes and starts the server once.
func (p *postgres) start(t testing.TB) {
	if p.Node == nil {
		node := newNode(t)
		node.initialize(t)
		node.Start(t, "max_connections=300", "shared_buffers=256MB", "fsync=off")
		p.Node = node
	}
}

func (p *postgres) address(database string) string { return p.Address(database) }

func (p *postgres) query(t testing.TB, query string) {
	t.Helper()
	Execute(t, p.address("postgres"), query)
}

func (p *postgres) stop() {
	if p.Node != nil {
		p.Stop()
		p.remove()
	}
}

// Package testdb gives tests empty registers on SQLite and on a throwaway PostgreSQL server that it starts itself.
package testdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"chancery/models"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// Engines are the names of both engines.
var Engines = []string{"sqlite", "postgres"}

// Main runs a package's tests and ends what they started.
func Main(m *testing.M) {
	code := m.Run()
	server.stop()
	os.RemoveAll(templates.folder)
	os.Exit(code)
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
	if err := store.Migrate(context.Background()); err != nil {
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

func migrate(t testing.TB, address string) {
	store, err := models.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// server is the throwaway PostgreSQL of this test process.
var server postgres

type postgres struct {
	process *exec.Cmd
	folder  string
	port    int
}

func (p *postgres) address(database string) string {
	return fmt.Sprintf("postgres://chancery@127.0.0.1:%d/%s?sslmode=disable", p.port, database)
}

// start makes and starts the server once. PostgreSQL refuses to run as root, so that root runs it as another user.
func (p *postgres) start(t testing.TB) {
	if p.process != nil {
		return
	}
	bin := binaries(t)
	folder, err := os.MkdirTemp("", "chancery-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	p.folder = folder
	credential := unprivileged(t, folder)
	data := filepath.Join(folder, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "chancery", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	initdb.Dir = folder
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.port = freePort(t)
	p.process = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(p.port), "-k", folder,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "shared_buffers=256MB", "-c", "fsync=off", "-c", "log_min_messages=fatal")
	p.process.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Pdeathsig: syscall.SIGKILL}
	p.process.Dir = folder
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		db, err := sql.Open("pgx", p.address("postgres"))
		if err == nil {
			err = db.Ping()
			db.Close()
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL does not answer: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (p *postgres) query(t testing.TB, query string) {
	t.Helper()
	db, err := sql.Open("pgx", p.address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func (p *postgres) stop() {
	if p.process == nil {
		return
	}
	p.process.Process.Signal(syscall.SIGQUIT)
	p.process.Wait()
	os.RemoveAll(p.folder)
}

func binaries(t testing.TB) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		t.Fatal("PostgreSQL's server is not installed: run make tools")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1])
}

func unprivileged(t testing.TB, folder string) *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := errors.Join(os.Chown(folder, uid, gid), os.Chmod(folder, 0o700)); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal("there is no user postgres or nobody to run PostgreSQL as")
	return nil
}

func freePort(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

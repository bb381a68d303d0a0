package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chancery/testdb"
)

// PgBouncer in transaction mode lies between two instances and the database, set as
// the documentation says: everything that the register does works through it.
func TestAPoolerThatPartsSessionsWillDo(t *testing.T) {
	binary := "/usr/sbin/pgbouncer"
	if _, err := os.Stat(binary); err != nil {
		t.Fatal("pgbouncer is not installed: run make tools")
	}
	node := testdb.NewNode(t)
	node.Start(t, "fsync=off")
	node.Query(t, "postgres", "CREATE DATABASE register")
	folder, err := os.MkdirTemp("", "chancery-pgbouncer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	port := testdb.FreePort(t)
	settings := fmt.Sprintf(
		"[databases]\nregister = host=127.0.0.1 port=%d dbname=register user=chancery\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\nauth_type = any\nlogfile = %s/log\npool_mode = transaction\ndefault_pool_size = 8\nmax_client_conn = 200\nignore_startup_parameters = statement_timeout, jit, plan_cache_mode, extra_float_digits\n", node.Port, port, folder)
	if err := os.WriteFile(filepath.Join(folder, "pgbouncer.ini"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, filepath.Join(folder, "pgbouncer.ini"))
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: testdb.Unprivileged(t, folder)}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Kill(); command.Wait() })
	time.Sleep(500 * time.Millisecond)

	database := fmt.Sprintf("postgres://chancery@127.0.0.1:%d/register?sslmode=disable&default_query_exec_mode=exec", port)
	one, two := serve(t, database), serve(t, database)
	for i := range 40 {
		at := []string{one.url, two.url}[i%2]
		id, err := submit(at, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if a := ask(fmt.Sprintf("%s/agreements/%d", at, id)); a.status != http.StatusOK ||
			!strings.Contains(a.text, fmt.Sprintf("Agreement %d", i+1)) {
			t.Fatalf("a record right after: %d", a.status)
		}
	}
	for _, path := range []string{"/", "/agreements", "/pairs/DE-FR", "/pairs/matrix", "/timeline.csv",
		"/agreements.xlsx", "/register", "/calendar", "/feed.atom", "/people", "/meetings", "/search?q=Agreement"} {
		if a := ask(two.url + path); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.status, a.text)
		}
	}
	csv := table(t, 300)
	if out, err := program(t, "--database", database, "import", csv).CombinedOutput(); err != nil {
		t.Errorf("an import: %v\n%s", err, out)
	}
	for _, arguments := range [][]string{{"verify"}, {"index", "verify"},
		{"backup", filepath.Join(t.TempDir(), "copy.zip")}} {
		if out, err := program(t, append([]string{"--database", database}, arguments...)...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", arguments, err, out)
		}
	}
}

package testdb

import (
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
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Node is a PostgreSQL server that a test starts, kills and starts again.
// PostgreSQL refuses to run as root, so that root runs it as another user.
type Node struct {
	Port       int
	folder     string
	credential *syscall.Credential
	process    *exec.Cmd
	ended      chan struct{} // closed when the process has ended
	settings   []string      // name=value
	follows    []string      // those of a replica
}

// newNode makes room for a server.
func newNode(t testing.TB) *Node {
	t.Helper()
	folder, err := os.MkdirTemp("", "chancery-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	return &Node{Port: FreePort(t), folder: folder, credential: Unprivileged(t, folder)}
}

// NewNode makes an empty server that is removed when the test ends. It is not
// started yet.
func NewNode(t testing.TB) *Node {
	t.Helper()
	n := newNode(t)
	n.initialize(t)
	n.removeAtEnd(t)
	return n
}

// Copy makes a replica of a running server, under a name by which the server knows
// it. It is not started yet.
func (n *Node) Copy(t testing.TB, name string) *Node {
	t.Helper()
	replica := newNode(t)
	replica.run(t, "pg_basebackup", "-h", "127.0.0.1", "-p", strconv.Itoa(n.Port), "-U", "chancery", "-D", replica.data(),
		"-X", "stream", "-c", "fast", "--no-sync")
	replica.removeAtEnd(t)
	replica.settings, replica.follows = n.settings, n.followed(name)
	if err := os.WriteFile(filepath.Join(replica.data(), "standby.signal"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return replica
}

func (n *Node) followed(name string) []string {
	return []string{fmt.Sprintf("primary_conninfo=host=127.0.0.1 port=%d user=chancery application_name=%s", n.Port,
		name), "hot_standby=on"}
}

func (n *Node) removeAtEnd(t testing.TB) {
	t.Cleanup(func() {
		n.Kill()
		n.remove()
	})
}

func (n *Node) data() string { return filepath.Join(n.folder, "data") }

// run runs one of PostgreSQL's programs as the server's user.
func (n *Node) run(t testing.TB, program string, arguments ...string) {
	t.Helper()
	command := exec.Command(filepath.Join(binaries(t), program), arguments...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: n.credential}
	command.Dir = n.folder
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

func (n *Node) initialize(t testing.TB) {
	n.run(t, "initdb", "-D", n.data(), "-U", "chancery", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
		"--no-sync")
}

// Start starts the server and waits until it answers. Settings, name=value, hold
// from then on, for its copies too.
func (n *Node) Start(t testing.TB, settings ...string) {
	t.Helper()
	arguments := []string{"-D", n.data(), "-p", strconv.Itoa(n.Port), "-k", n.folder, "-c", "listen_addresses=127.0.0.1",
		"-c", "log_min_messages=fatal"}
	n.settings = append(slices.Clone(n.settings), settings...)
	for _, s := range append(slices.Clone(n.settings), n.follows...) {
		arguments = append(arguments, "-c", s)
	}
	begin := func() {
		n.process, n.ended = exec.Command(filepath.Join(binaries(t), "postgres"), arguments...), make(chan struct{})
		n.process.SysProcAttr = &syscall.SysProcAttr{Credential: n.credential, Pdeathsig: syscall.SIGKILL}
		n.process.Dir = n.folder
		if err := n.process.Start(); err != nil {
			t.Fatal(err)
		}
		go func(process *exec.Cmd, ended chan struct{}) { process.Wait(); close(ended) }(n.process, n.ended)
	}
	begin()
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := n.ping()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL does not answer: %v", err)
		}
		select {
		case <-n.ended: // what a killed server left may not be gone yet
			begin()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (n *Node) ping() error {
	db, err := sql.Open("pgx", n.Address("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Ping()
}

// Address is the address of a database on the server.
func (n *Node) Address(database string) string { return databaseAt(n.Port, database) }

func databaseAt(port int, database string) string {
	return fmt.Sprintf("postgres://chancery@127.0.0.1:%d/%s?sslmode=disable", port, database)
}

// Query runs a statement on a database and gives back the text of its first column,
// if it has one.
func (n *Node) Query(t testing.TB, database, query string) (answer string) {
	t.Helper()
	db, err := sql.Open("pgx", n.Address(database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var first any
	for rows.Next() {
		if err := rows.Scan(&first); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		answer = fmt.Sprint(first)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// Stop ends the server at once, but not without its knowing.
func (n *Node) Stop() { n.signal(syscall.SIGQUIT, false) }

// Kill kills the server and all of its processes, as when its machine loses power;
// what the machine's disk has stays.
func (n *Node) Kill() { n.signal(syscall.SIGKILL, true) }

func (n *Node) signal(sig syscall.Signal, children bool) {
	if n.process == nil || n.process.Process == nil {
		return
	}
	pid := n.process.Process.Pid
	if children {
		syscall.Kill(pid, syscall.SIGSTOP) // so that it makes no more of them
		for _, child := range childrenOf(pid) {
			syscall.Kill(child, sig)
		}
	}
	syscall.Kill(pid, sig)
	<-n.ended
	n.process = nil
	os.Remove(filepath.Join(n.data(), "postmaster.pid"))
}

// Promote makes a replica the primary.
func (n *Node) Promote(t testing.TB) { n.Query(t, "postgres", "SELECT pg_promote()") }

// Follow has a running replica follow another server.
func (n *Node) Follow(t testing.TB, primary *Node, name string) {
	t.Helper()
	n.Stop()
	n.follows = primary.followed(name)
	n.Start(t)
}

func (n *Node) remove() { os.RemoveAll(n.folder) }

func childrenOf(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(text), ") ") // pid (name) state ppid …
		if fields := strings.Fields(after); len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func binaries(t testing.TB) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		t.Fatal("PostgreSQL's server is not installed: run make tools")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1])
}

// Unprivileged gives a folder to a user other than root, as whom a program that
// refuses to run as root is started; nil if this is not root.
func Unprivileged(t testing.TB, folder string) *syscall.Credential {
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
	t.Fatal("there is no user postgres or nobody to run it as")
	return nil
}

// FreePort is a port of this machine that nobody has at the moment.
func FreePort(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

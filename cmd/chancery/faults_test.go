package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chancery/testdb"
)

// asked is how a request ended: with a status, or 0 when there was no answer.
type asked struct {
	status int
	retry  string
	took   time.Duration
	text   string
}

// ask asks for a page as somebody who only reads.
func ask(address string) (a asked) {
	begun := time.Now()
	defer func() { a.took = time.Since(begun) }()
	request, err := http.NewRequest("GET", address, nil)
	if err != nil {
		return asked{text: err.Error()}
	}
	client := http.Client{Timeout: time.Minute, Transport: http.DefaultTransport.(testdb.AsFirst).RoundTripper}
	response, err := client.Do(request)
	if err != nil {
		return asked{text: err.Error()}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return asked{text: err.Error()}
	}
	return asked{status: response.StatusCode, retry: response.Header.Get("Retry-After"), text: string(text)}
}

// comesBack waits until a page is answered, and gives how long that took.
func comesBack(t *testing.T, address string) time.Duration {
	t.Helper()
	begun := time.Now()
	for {
		if a := ask(address); a.status == http.StatusOK {
			return time.Since(begun)
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatal("the register does not come back")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// form records an agreement like no other of these tests, with all the parts that
// checkWhole expects.
func form(key string) url.Values {
	return url.Values{"titles[0].text": {"A title that took long to type"}, "titles[0].language": {"en"},
		"participations[0].party": {"FR"}, "participations[1].party": {"CZ"},
		"participations[0].signatories[0].person": {"Person 1"}, "validity_periods[0].valid_from": {"2002"},
		"signed": {"1999-05-06"}, "key": {key}, "actor": {"Tester"}}
}

// The database is killed while four clients write, and comes back after a while:
// who asks meanwhile is told to come again, the program goes on, and nothing
// acknowledged is lost (R4).
func TestTheDatabaseIsKilledAndComesBack(t *testing.T) {
	node := testdb.NewNode(t)
	node.Start(t)
	node.Query(t, "postgres", "CREATE DATABASE register")
	server := serve(t, node.Address("register"))
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[int64]int{}
	next := 0
	for range 4 {
		busy.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				next++
				i := next
				mu.Unlock()
				for ctx.Err() == nil {
					id, err := submit(server.url, i)
					if err == nil {
						mu.Lock()
						acknowledged[id] = i
						mu.Unlock()
						break
					}
					time.Sleep(50 * time.Millisecond)
				}
			}
		})
	}
	for _, pause := range []time.Duration{0, 2 * time.Second, time.Duration(count("CHANCERY_AWAY", 5)) * time.Second} {
		time.Sleep(time.Second)
		node.Kill()
		ended := time.Now()
		for time.Since(ended) < pause {
			a := ask(server.url + "/agreements")
			if a.status != http.StatusServiceUnavailable || a.retry == "" || a.took > 6*time.Second {
				t.Errorf("without the database: %d after %s, Retry-After %q", a.status, a.took, a.retry)
			}
			if a := ask(server.url + "/healthz"); a.status != http.StatusOK {
				t.Errorf("/healthz: %d", a.status)
			}
			if a := ask(server.url + "/readyz"); a.status != http.StatusServiceUnavailable {
				t.Errorf("/readyz: %d", a.status)
			}
			response, kept := postForm(t, server.url+"/agreements/new", form(fmt.Sprint("killed-and-back-", pause)))
			if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" ||
				!strings.Contains(kept, `value="A title that took long to type"`) {
				t.Errorf("a form without the database: %s, typed kept: %t", response.Status,
					strings.Contains(kept, "A title that took long to type"))
			}
			time.Sleep(200 * time.Millisecond)
		}
		node.Start(t)
		back := comesBack(t, server.url+"/agreements")
		if back > 5*time.Second {
			t.Errorf("the register came back %s after its database", back)
		}
		t.Logf("away for %s, back %s after the database answered", pause, back.Round(time.Millisecond))
	}
	time.Sleep(time.Second)
	stop()
	busy.Wait()
	t.Logf("%d acknowledged", len(acknowledged))
	checkWhole(t, node.Address("register"), acknowledged)
}

// A database that answers slowly, falls silent, or takes no connections: nobody
// waits long, the program goes on, and is back soon after (R5).
func TestASlowDatabaseHoldsNobody(t *testing.T) {
	node := testdb.NewNode(t)
	node.Start(t, "fsync=off")
	node.Query(t, "postgres", "CREATE DATABASE register")
	wire := testdb.NewWire(t, node.Port)
	server := serve(t, wire.Address("register"), "--rate", "0")
	for i := range 3 {
		if _, err := submit(server.url, i+1); err != nil {
			t.Fatal(err)
		}
	}
	many := func() (answers []asked) {
		var wait sync.WaitGroup
		var mu sync.Mutex
		for range 60 { // more than there are connections and turns
			wait.Go(func() {
				a := ask(server.url + "/agreements")
				mu.Lock()
				answers = append(answers, a)
				mu.Unlock()
			})
		}
		wait.Wait()
		return answers
	}
	allOver := func(what string, answers []asked, statuses ...int) {
		t.Helper()
		seen := map[int]int{}
		longest := time.Duration(0)
		for _, a := range answers {
			seen[a.status]++
			longest = max(longest, a.took)
			if a.status == http.StatusServiceUnavailable && a.retry == "" {
				t.Errorf("%s: no Retry-After", what)
			}
		}
		for status := range seen {
			if status != http.StatusServiceUnavailable && (len(statuses) == 0 || status != statuses[0]) {
				t.Errorf("%s: answers %v", what, seen)
			}
		}
		if longest > 9*time.Second { // two of waiting for a turn, five of the deadline
			t.Errorf("%s: somebody waited %s", what, longest)
		}
		t.Logf("%s: %v, the longest %s", what, seen, longest.Round(10*time.Millisecond))
		if a := ask(server.url + "/healthz"); a.status != http.StatusOK || a.took > time.Second {
			t.Errorf("%s: /healthz is %d after %s", what, a.status, a.took)
		}
	}
	back := func(what string) {
		t.Helper()
		if took := comesBack(t, server.url+"/agreements"); took > 5*time.Second {
			t.Errorf("%s: back only %s later", what, took)
		}
	}

	wire.Slow(200 * time.Millisecond)
	if a := ask(server.url + "/agreements"); a.status != http.StatusOK {
		t.Errorf("at 200 ms a statement: %d after %s", a.status, a.took)
	} else {
		t.Logf("at 200 ms a statement a list takes %s", a.took.Round(10*time.Millisecond))
	}
	allOver("200 ms a statement", many(), http.StatusOK)

	wire.Slow(2 * time.Second)
	allOver("2 s a statement", many(), http.StatusOK)
	wire.Slow(0)
	back("after 2 s a statement")

	wire.Timeout(true)
	allOver("silent", many())
	if a := ask(server.url + "/readyz"); a.status != http.StatusServiceUnavailable {
		t.Errorf("/readyz of a silent database: %d", a.status)
	}
	begun := time.Now()
	response, kept := postForm(t, server.url+"/agreements/new", form("silent-silent-silent"))
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(kept,
		`value="A title that took long to type"`) || time.Since(begun) > 7*time.Second {
		t.Errorf("a form for a silent database: %s after %s", response.Status, time.Since(begun))
	}
	wire.Timeout(false)
	back("after silence")

	wire.Down(true)
	wire.ResetPeer()
	allOver("refused", many())
	wire.Down(false)
	back("after connections were refused")
	if response, _ := postForm(t, server.url+"/agreements/new",
		form("silent-silent-silent")); response.StatusCode != http.StatusSeeOther {
		t.Errorf("the form that was kept, sent again: %s", response.Status)
	}
}

// Another program holds SQLite's lock for writing: pages are read all the while,
// who records is told to come again and keeps what was typed.
func TestALockedFileHoldsNobody(t *testing.T) {
	database := testdb.Address(t, "sqlite")
	server := serve(t, database)
	if _, err := submit(server.url, 1); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", "file:"+database+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	response, kept := postForm(t, server.url+"/agreements/new", form("locked-locked-locked"))
	if took := time.Since(begun); response.StatusCode != http.StatusServiceUnavailable ||
		response.Header.Get("Retry-After") == "" || took > 7*time.Second ||
		!strings.Contains(kept, "A title that took long to type") {
		t.Errorf("a form while the file is locked: %s after %s, typed kept: %t", response.Status, took,
			strings.Contains(kept, "A title that took long to type"))
	}
	if a := ask(server.url + "/agreements"); a.status != http.StatusOK || a.took > time.Second {
		t.Errorf("reading while the file is locked: %d after %s", a.status, a.took)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if response, _ := postForm(t, server.url+"/agreements/new",
		form("locked-locked-locked")); response.StatusCode != http.StatusSeeOther {
		t.Errorf("the form that was kept, sent again: %s", response.Status)
	}
}

// Thousands of clients send a head, or a body, a byte a second, or read nothing of
// what they asked for: everybody else is answered at once, and they are cut off in
// their time. CHANCERY_SLOW says how many, and then all are waited for.
func TestSlowClientsHoldNobody(t *testing.T) {
	database := testdb.Address(t, "sqlite")
	if out, err := program(t, "--database", database, "generate", "--agreements", "3000").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := serve(t, database, "--rate", "0")
	comesBack(t, server.url+"/agreements")
	host := strings.TrimPrefix(server.url, "http://")
	files := func() int {
		open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", server.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		return len(open)
	}
	http.DefaultClient.CloseIdleConnections()
	before, many := files(), count("CHANCERY_SLOW", 1500)
	small := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 2048) })
	}}
	begun := time.Now()
	starts := []string{"GET / HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ",
		"POST /agreements HTTP/1.1\r\nHost: " + host +
			"\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
		"GET /timeline.csv HTTP/1.1\r\nHost: " + host + "\r\n\r\n"}
	slow := make([]net.Conn, many)
	for i := range slow {
		conn, err := small.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(starts[i%len(starts)])); err != nil {
			t.Fatal(err)
		}
		slow[i] = conn
	}
	trickle, stop := context.WithCancel(t.Context())
	defer stop()
	var busy sync.WaitGroup
	busy.Go(func() {
		for trickle.Err() == nil {
			for i, conn := range slow {
				if i%len(starts) < 2 {
					conn.Write([]byte("x")) // fails when it was cut off
				}
			}
			time.Sleep(time.Second)
		}
	})
	var longest time.Duration
	answers := 0
	for time.Since(begun) < 15*time.Second {
		a := ask(server.url + []string{"/agreements/7", "/agreements", "/search?q=trade"}[answers%3])
		if a.status != http.StatusOK {
			t.Errorf("beside %d slow clients a page is %d after %s", many, a.status, a.took)
		}
		longest = max(longest, a.took)
		answers++
		time.Sleep(50 * time.Millisecond)
	}
	if longest > 2*time.Second {
		t.Errorf("beside %d slow clients somebody waited %s", many, longest)
	}
	if left := files() - before; left > many*2/3+50 {
		t.Errorf("after 15 s %d connections are left of %d: those without a head should be gone", left, many)
	}
	memory, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(memory), "VmHWM:")
	t.Logf("%d slow clients: %d pages, the longest %s; %s of memory at the most", many, answers,
		longest.Round(time.Millisecond), strings.Join(strings.Fields(peak)[:2], " "))
	if os.Getenv("CHANCERY_SLOW") != "" {
		for files() > before+20 {
			if time.Since(begun) > 4*time.Minute {
				t.Fatalf("after %s there are still %d connections", time.Since(begun), files()-before)
			}
			time.Sleep(time.Second)
		}
		t.Logf("all were cut off after %s", time.Since(begun).Round(time.Second))
	}
	stop()
	busy.Wait()
	for _, conn := range slow {
		conn.Close()
	}
	for ended := time.Now(); files() > before+20; time.Sleep(100 * time.Millisecond) {
		if time.Since(ended) > 20*time.Second {
			t.Fatalf("%d descriptors are left of %d slow clients", files()-before, many)
		}
	}
}

// onSmallDisk runs a program with a small file system of its own in a folder, in
// which a file may be put before it starts. Others see into it through the
// program's /proc/…/root.
func onSmallDisk(t *testing.T, folder, size, with string, command *exec.Cmd) *exec.Cmd {
	t.Helper()
	apart := []string{"--mount"}
	if os.Getuid() != 0 {
		apart = append(apart, "--user", "--map-root-user")
	}
	if err := exec.Command("unshare", append(apart, "mount", "-t", "tmpfs", "none", folder)...).Run(); err != nil {
		testdb.LeftOut(t, "a disk that is full wants a mount namespace: unshare "+strings.Join(apart, " ")+": "+err.Error())
	}
	const script = `mount -t tmpfs -o size="$0" none "$1" && { [ -z "$2" ] || cp "$2" "$1/"; } && shift 2 && exec "$@"`
	small := exec.Command("unshare", append(append(apart, "sh", "-c", script, size, folder, with, command.Path),
		command.Args[1:]...)...)
	small.Env, small.Dir, small.SysProcAttr = command.Env, command.Dir, command.SysProcAttr
	return small
}

// While the disk is full, pages are read and who records is told so and keeps what
// was typed; with room again there is nothing to restart (R3).
func TestAFullDiskLosesNothingTyped(t *testing.T) {
	template, folder := testdb.Address(t, "sqlite"), t.TempDir()
	database := filepath.Join(folder, filepath.Base(template))
	server := started(t, onSmallDisk(t, folder, "8m", template,
		program(t, "--database", database, "serve", "--listen", "127.0.0.1:0")))
	if _, err := submit(server.url, 1); err != nil {
		t.Fatal(err)
	}
	filler := fmt.Sprintf("/proc/%d/root%s/filler", server.Process.Pid, folder)
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 16; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	f.Close()
	typed := form("full-full-full-full")
	refused := 0
	for range 40 { // the log written ahead has some room in it
		typed.Set("key", fmt.Sprintf("full-full-full-%d", refused))
		response, page := postForm(t, server.url+"/agreements/new", typed)
		if response.StatusCode == http.StatusSeeOther {
			continue
		}
		refused++
		if response.StatusCode != http.StatusInsufficientStorage ||
			!strings.Contains(page, "A title that took long to type") {
			t.Fatalf("a form for a full disk: %s, typed kept: %t", response.Status,
				strings.Contains(page, "A title that took long to type"))
		}
		for _, path := range []string{"/agreements", "/agreements/1", "/healthz"} {
			if a := ask(server.url + path); a.status != http.StatusOK {
				t.Errorf("%s beside a full disk: %d", path, a.status)
			}
		}
		if refused == 5 {
			break
		}
	}
	if refused < 5 {
		t.Fatalf("the disk was full %d times", refused)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if response, _ := postForm(t, server.url+"/agreements/new", typed); response.StatusCode != http.StatusSeeOther {
		t.Errorf("the form that was kept, with room again: %s", response.Status)
	}
}

// While the disk fails at any write or sync of a recording, pages are read and who
// records keeps what was typed; once it does not fail, the same form is taken, and
// nothing is there by half (R3).
func TestAFailingDiskLosesNothingTyped(t *testing.T) {
	database := testdb.Address(t, "sqlite")
	server := serve(t, database)
	refused := 0
	for n := 1; n <= 12; n++ {
		typed := form(fmt.Sprintf("failing-failing-%d", n))
		title := fmt.Sprintf("A title that took long to type %d", n)
		typed.Set("titles[0].text", title)
		typed.Set("signed", fmt.Sprintf("%d-05-06", 1900+5*n)) // no likely duplicate of one before
		const calls = "pwrite64,fsync,fdatasync"
		failing := exec.Command("strace", "-f", "-p", fmt.Sprint(server.Process.Pid), "-o", os.DevNull, "-e", "trace="+calls,
			"-e", fmt.Sprintf("inject=%s:error=EIO:when=%d+", calls, n))
		said, err := failing.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := failing.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(said).ReadString('\n'); err != nil || !strings.Contains(line, "attached") {
			t.Fatalf("%v: %s", err, line)
		}
		response, page := postForm(t, server.url+"/agreements/new", typed)
		if response.StatusCode != http.StatusSeeOther {
			refused++
			if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" ||
				!strings.Contains(page, title) {
				t.Errorf("the disk fails from write %d on: %s, typed kept: %t", n, response.Status, strings.Contains(page, title))
			}
			for _, path := range []string{"/agreements", "/healthz"} {
				if a := ask(server.url + path); a.status != http.StatusOK {
					t.Errorf("%s beside a failing disk: %d", path, a.status)
				}
			}
		}
		failing.Process.Signal(syscall.SIGTERM)
		failing.Wait()
		if response, _ := postForm(t, server.url+"/agreements/new", typed); response.StatusCode != http.StatusSeeOther {
			t.Fatalf("the form that was kept, sent again: %s", response.Status)
		}
	}
	if refused == 0 {
		t.Error("the disk never failed")
	}
	server.Process.Kill()
	server.Wait()
	if size, err := testdb.Open(t, database).Lists().Totals(t.Context()); err != nil || size.Agreements != 12 {
		t.Errorf("%+v, %v", size, err)
	}
	checkWhole(t, database, nil)
	t.Logf("refused %d times of 12", refused)
}

// A backup for which there is no room says so and leaves nothing that looks like
// one; with room it is made (R3).
func TestABackupWithoutSpaceLeavesNothing(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			if out, err := program(t, "--database", database, "generate", "--agreements", "500").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			folder := t.TempDir()
			backup := program(t, "--database", database, "backup", filepath.Join(folder, "register.zip"))
			for _, size := range []string{"4k", "64k", "160k"} {
				small := onSmallDisk(t, folder, size, "", exec.Command("sh", "-c",
					`"$@"; code=$?; echo "left: $(ls -A "$0")"; exit $code`, folder))
				small.Args, small.Env, small.Dir = append(small.Args, backup.Args...), backup.Env, backup.Dir
				out, err := small.CombinedOutput()
				text := strings.TrimSpace(string(out))
				if err == nil || !strings.Contains(text, "no space left on device") || !strings.HasSuffix(text, "left:") ||
					strings.Count(text, "\n") > 2 {
					t.Errorf("on %s: %v\n%s", size, err, text)
				}
			}
			if out, err := backup.CombinedOutput(); err != nil {
				t.Errorf("with room: %v\n%s", err, out)
			}
		})
	}
}

// Ten people edit an agreement of 190 parties at once, each reading it again when
// somebody was before them: every change that was acknowledged is in it, none
// undoes another's, and none waits long (R6).
func TestTenPeopleEditAGreatAgreement(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			const people, changes, parties = 10, 4, 190
			server := serve(t, testdb.Address(t, engine), "--rate", "0")
			var list struct {
				Items []struct{ Code, Kind string }
			}
			if err := json.Unmarshal([]byte(ask(server.url+"/parties.json?kind=state").text), &list); err != nil {
				t.Fatal(err)
			}
			agreement := map[string]any{"titles": []any{map[string]any{"text": "Charter", "language": "en"}},
				"signed": "1945-06-26"}
			var in []any
			for _, party := range list.Items {
				if len(in) < parties {
					in = append(in, map[string]any{"party": party.Code, "signatories": []any{
						map[string]any{"person": "Person of " + party.Code}}})
				}
			}
			if len(in) < parties {
				t.Fatalf("there are %d parties", len(in))
			}
			agreement["participations"] = in
			if status, _, text := exchangeJSON(t, "POST", server.url+"/agreements", "",
				agreement); status != http.StatusCreated {
				t.Fatalf("%d: %s", status, text)
			}
			var editing sync.WaitGroup
			var mu sync.Mutex
			var longest time.Duration
			conflicts := 0
			for person := range people {
				editing.Go(func() {
					for n := 0; n < changes; {
						_, tag, text := exchangeJSON(t, "GET", server.url+"/agreements/1.json", "", nil)
						var read map[string]any
						if err := json.Unmarshal([]byte(text), &read); err != nil {
							t.Error(err)
							return
						}
						mine := read["participations"].([]any)[person*19].(map[string]any)
						mine["signatories"] = append(mine["signatories"].([]any),
							map[string]any{"person": fmt.Sprintf("Signatory %d of %d", n, person)})
						begun := time.Now()
						status, _, text := exchangeJSON(t, "PUT", server.url+"/agreements/1", tag, read)
						took := time.Since(begun)
						mu.Lock()
						longest = max(longest, took)
						switch status {
						case http.StatusOK:
							n++
						case http.StatusPreconditionFailed:
							conflicts++
						default:
							t.Errorf("%d after %s: %s", status, took, text)
							n = changes
						}
						mu.Unlock()
					}
				})
			}
			editing.Wait()
			whole := ask(server.url + "/agreements/1.json").text
			for person := range people {
				for n := range changes {
					if strings.Count(whole, fmt.Sprintf(`"Signatory %d of %d"`, n, person)) != 1 {
						t.Errorf("change %d of person %d is not there once", n, person)
					}
				}
			}
			if !strings.Contains(whole, fmt.Sprintf(`"version":%d,`, 1+people*changes)) {
				t.Error("versions and changes differ")
			}
			if longest > 5*time.Second {
				t.Errorf("somebody waited %s", longest)
			}
			t.Logf("%d changes, %d times somebody was before; the longest took %s", people*changes, conflicts,
				longest.Round(time.Millisecond))
		})
	}
}

// exchangeJSON sends a value, or nothing, under the condition of a tag, and gives
// the answer's status, tag and text.
func exchangeJSON(t *testing.T, method, address, tag string, value any) (status int, newTag, text string) {
	t.Helper()
	var body io.Reader
	if value != nil {
		content, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(content)
	}
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if tag != "" {
		request.Header.Set("If-Match", tag)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0, "", ""
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, response.Header.Get("ETag"), string(content)
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/status"
	"chancery/testdb"
)

// TestMain runs the program itself when it was started as such by a test, or by the
// program to read a document.
func TestMain(m *testing.M) {
	if os.Getenv("CHANCERY_TEST_PROGRAM") == "1" || len(os.Args) > 1 && (os.Args[1] == "words" || os.Args[1] == "vet") {
		main()
	}
	http.DefaultTransport = testdb.AsFirst{RoundTripper: http.DefaultTransport}
	testdb.Main(m, http.DefaultClient.CloseIdleConnections)
}

// program starts chancery as a process of its own.
func program(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self, arguments...)
	command.Env = append(os.Environ(), "CHANCERY_TEST_PROGRAM=1", "CHANCERY_DATABASE=", "CHANCERY_LISTEN=",
		"CHANCERY_SETUP_SECRET="+testdb.FirstSecret)
	command.Dir = t.TempDir()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command
}

// A running program serves at an address.
type running struct {
	*exec.Cmd
	url string
}

func serve(t testing.TB, database string, flags ...string) *running {
	t.Helper()
	return started(t, program(t, append([]string{"--database", database, "serve", "--listen", "127.0.0.1:0"},
		flags...)...))
}

// started starts a program that serves, and waits until it does.
func started(t testing.TB, command *exec.Cmd) *running {
	t.Helper()
	pipe, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "at http://localhost:"); ok {
			go io.Copy(io.Discard, pipe)
			t.Cleanup(func() { command.Process.Kill(); command.Wait() })
			return &running{command, "http://127.0.0.1:" + at}
		}
	}
	command.Wait()
	t.Fatal("the program did not serve")
	return nil
}

func body(i int) string {
	return fmt.Sprintf(
		`{"titles":[{"text":"Agreement %d","language":"en"}],"signed":"2001-02-03","participations":[{"party":"FR","institution":"Ministry %d","signatories":[{"person":"Person %d"}]},{"party":"DE"}],"validity_periods":[{"valid_from":"2002"}]}`, i, i%7, i%50)
}

func postAgreement(url string, i int) (id int64, err error) {
	response, err := http.Post(url+"/agreements", "application/json", strings.NewReader(body(i)))
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var a struct{ ID int64 }
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil || response.StatusCode != http.StatusCreated {
		return 0, fmt.Errorf("status %d, %v", response.StatusCode, err)
	}
	return a.ID, nil
}

// What was acknowledged is there after kill -9, once and whole, and nothing is
// there by half (R1). CHANCERY_CRASHES says how often the program is killed on each
// engine.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	const each = 50 // recordings between two kills, or more
	kills := count("CHANCERY_CRASHES", 12)
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			var mutex sync.Mutex
			acknowledged := map[int64]int{}
			next := 0
			done := func() int {
				mutex.Lock()
				defer mutex.Unlock()
				return len(acknowledged)
			}
			for range kills {
				before := done()
				server := serve(t, database)
				var wait sync.WaitGroup
				for range 4 {
					wait.Add(1)
					go func() {
						defer wait.Done()
						for {
							mutex.Lock()
							next++
							i := next
							mutex.Unlock()
							id, err := postAgreement(server.url, i)
							if err != nil {
								return
							}
							mutex.Lock()
							acknowledged[id] = i
							mutex.Unlock()
						}
					}()
				}
				for done() < before+each { // well under way, on a slow machine too
					time.Sleep(5 * time.Millisecond)
				}
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
				server.Process.Signal(syscall.SIGKILL)
				server.Wait()
				wait.Wait()
			}
			checkWhole(t, database, acknowledged)
			t.Logf("%d acknowledged over %d kills", len(acknowledged), kills)
		})
	}
}

// What is sent with a one-time key a hundred times at once, by clients who try
// again when the program is killed, is recorded once, and all are told the same;
// another agreement with that key is refused (R7). CHANCERY_KEYS says how many
// keys.
func TestAKeyIsUsedOnce(t *testing.T) {
	const clients = 100
	keys := count("CHANCERY_KEYS", 4)
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			listen := fmt.Sprint("127.0.0.1:", testdb.FreePort(t))
			send := func(key, n int) (status int, at string) {
				request, err := http.NewRequest(http.MethodPost, "http://"+listen+"/agreements", strings.NewReader(body(n)))
				if err != nil {
					t.Error(err)
					return 0, ""
				}
				request.Header.Set("Content-Type", "application/json")
				request.Header.Set("Idempotency-Key", fmt.Sprint("key ", key))
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					return 0, ""
				}
				defer response.Body.Close()
				if _, err := io.Copy(io.Discard, response.Body); err != nil {
					return 0, ""
				}
				return response.StatusCode, response.Header.Get("Location")
			}
			server := serve(t, database, "--listen", listen)
			acknowledged, again := map[int64]int{}, atomic.Int64{}
			for key := range keys {
				places := make([]string, clients)
				var wait sync.WaitGroup
				for i := range clients {
					wait.Go(func() {
						for range 1000 {
							status, at := send(key, key)
							if places[i] = at; status == http.StatusCreated {
								return
							}
							if status != 0 && status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests {
								t.Errorf("status %d", status)
								return
							}
							again.Add(1)
							time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
						}
					})
				}
				time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
				server.Process.Signal(syscall.SIGKILL)
				server.Wait()
				server = serve(t, database, "--listen", listen)
				wait.Wait()
				var id int64
				fmt.Sscanf(places[0], "/agreements/%d", &id)
				acknowledged[id] = key
				for _, at := range places {
					if at != places[0] || at == "" {
						t.Fatalf("key %d led to %q and to %q", key, places[0], at)
					}
				}
				if status, _ := send(key, key+1_000_000); status != http.StatusUnprocessableEntity {
					t.Errorf("another agreement with the key: %d", status)
				}
			}
			checkWhole(t, database, acknowledged)
			if size, err := testdb.Open(t, database).Lists().Totals(t.Context()); err != nil || size.Agreements != int64(keys) {
				t.Errorf("%+v of %d keys, %v", size, keys, err)
			}
			t.Logf("%d requests with %d keys, sent again %d times", keys*clients, keys, again.Load())
		})
	}
}

// checkWhole reads every agreement of the register: those acknowledged are there,
// and all have all their parts.
func checkWhole(t *testing.T, database string, acknowledged map[int64]int) {
	t.Helper()
	ctx := context.Background()
	store := testdb.Open(t, database)
	titles := map[string]bool{}
	missing := len(acknowledged)
	for e, err := range store.Lists().AllAgreements(ctx, models.Filter{On: "2026-11-23"}, "en") {
		if err != nil {
			t.Fatal(err)
		}
		if titles[e.Title] {
			t.Errorf("%s is recorded twice", e.Title)
		}
		titles[e.Title] = true
		if i, ok := acknowledged[e.ID]; ok {
			missing--
			if e.Title != fmt.Sprintf("Agreement %d", i) {
				t.Errorf("agreement %d is %q", e.ID, e.Title)
			}
		}
		a, err := store.Agreement(ctx, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, revision := store.History().Revision(ctx, "agreement", fmt.Sprint(e.ID), 1)
		if len(a.Titles) != 1 || len(a.Participations) != 2 || len(a.Participations[0].Signatories) != 1 ||
			len(a.ValidityPeriods) != 1 || revision != nil || e.Status != status.InForce {
			t.Errorf("agreement %d is not whole: %+v", e.ID, a)
		}
	}
	if missing > 0 {
		t.Errorf("%d acknowledged agreements are missing", missing)
	}
}

// traced runs a program under strace.
func traced(t *testing.T, command *exec.Cmd, arguments ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is not installed: run make tools")
	}
	under := exec.Command("strace", append(append(append([]string{"-f"}, arguments...), command.Path),
		command.Args[1:]...)...)
	under.Env, under.Dir = command.Env, command.Dir
	return under
}

// Killed at any time that it tells PostgreSQL anything, an operation is done or
// not, never in between, and can be done again (R2). For SQLite see
// TestAPowerCutLosesNothingAcknowledged and those after it. CHANCERY_EVERY is 1 for
// each such time.
func TestAnOperationIsKilledAtEveryWrite(t *testing.T) {
	every := count("CHANCERY_EVERY", 40)
	copied := filepath.Join(t.TempDir(), "copy.zip")
	filled := testdb.Address(t, "sqlite")
	for _, arguments := range [][]string{{"generate", "--agreements", "3"}, {"backup", copied}} {
		if out, err := program(t, append([]string{"--database", filled}, arguments...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for name, operation := range map[string]struct {
		from      func(t testing.TB, engine string) string
		arguments []string
		writes    int64 // agreements
	}{
		"recording": {testdb.Address, []string{"generate", "--agreements", "3"}, 3},
		"migration": {testdb.Empty, []string{"migrate"}, 0},
		"restoring": {testdb.Address, []string{"restore", copied}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := 0, 0
			// strace counts each thread's writes by itself: a first kill among the first few
			// surely comes.
			for n := 1 + rand.IntN(min(every, 8)); ; n += every {
				database := operation.from(t, "postgres")
				command := program(t, append([]string{"--database", database}, operation.arguments...)...)
				_, killed := traced(t, command, "-o", os.DevNull, "-e", "trace=write", "-e",
					fmt.Sprintf("inject=write:signal=SIGKILL:when=%d", n)).CombinedOutput()
				store := testdb.Open(t, database)
				size, err := store.Lists().Totals(t.Context())
				if err != nil || size.Parties < 300 || size.Agreements != 0 && size.Agreements != operation.writes {
					t.Fatalf("killed at write %d: %+v, %v", n, size, err)
				}
				if broken, _, err := store.Upkeep().VerifyChain(models.WithRestricted(t.Context()), nil); err != nil ||
					broken != nil {
					t.Fatalf("killed at write %d: the chain: %v, %v", n, broken, err)
				}
				store.Close()
				if killed == nil {
					if size.Agreements != operation.writes {
						t.Errorf("it ended by itself with %d agreements", size.Agreements)
					}
					break
				}
				if size.Agreements > 0 {
					after++
					continue
				}
				before++
				if out, err := program(t, command.Args[1:]...).CombinedOutput(); err != nil {
					t.Fatalf("killed at write %d, it cannot be done again: %v\n%s", n, err, out)
				}
			}
			if before == 0 {
				t.Error("no kill came before the end")
			}
			t.Logf("%d kills before it was done, %d after", before, after)
		})
	}
}

func TestStartFailsWithOneClearLine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	newer := testdb.Address(t, "sqlite")
	testdb.Execute(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
	testdb.Execute(t, newer, "UPDATE compatibility SET serves_from = 99999")
	tests := []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"serve", "--listen", listener.Addr().String()}, 1, "is in use by another program"},
		{[]string{"--database", "postgres://user:s3cret@127.0.0.1:1/none", "serve", "--listen", "127.0.0.1:0"}, 1,
			"cannot be reached"},
		{[]string{"--database", "/nowhere/at/all.db", "serve", "--listen", "127.0.0.1:0"}, 1, "cannot be opened"},
		{[]string{"--database", newer, "serve", "--listen", "127.0.0.1:0"}, 3, "newer version of Chancery"},
		{[]string{"serve", "--zone", "Atlantis/Capital"}, 1, "is not known"},
		{[]string{"nonsense"}, 2, "nonsense"},
		{[]string{"export", "timeline", "--pair", "BYRU"}, 1, "is not a pair"},
	}
	for _, test := range tests {
		command := program(t, test.arguments...)
		var errs bytes.Buffer
		command.Stderr = &errs
		err := command.Run()
		if command.ProcessState.ExitCode() != test.code || !strings.Contains(errs.String(), test.says) {
			t.Errorf("%v: %v, %s", test.arguments, err, errs.String())
		}
		if strings.Contains(errs.String(), "s3cret") {
			t.Errorf("%v prints the password", test.arguments)
		}
		if lines := strings.Count(strings.TrimSpace(errs.String()), "\n"); test.code != 2 && lines > 0 {
			t.Errorf("%v says more than one line: %s", test.arguments, errs.String())
		}
	}
}

// Told to end, the program lets the request under way finish and exits with 0
// (R16).
func TestARequestUnderWayFinishes(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			server := serve(t, testdb.Address(t, engine))
			reader, writer := io.Pipe()
			answered := make(chan error, 1)
			go func() {
				response, err := http.Post(server.url+"/agreements", "application/json", reader)
				if err == nil {
					response.Body.Close()
					if response.StatusCode != http.StatusCreated {
						err = fmt.Errorf("status %d", response.StatusCode)
					}
				}
				answered <- err
			}()
			half := body(1)
			io.WriteString(writer, half[:40])
			time.Sleep(300 * time.Millisecond)
			server.Process.Signal(syscall.SIGTERM)
			time.Sleep(300 * time.Millisecond)
			if _, err := http.Get(server.url + "/healthz"); err == nil {
				t.Error("new requests are still taken")
			}
			io.WriteString(writer, half[40:])
			writer.Close()
			if err := <-answered; err != nil {
				t.Errorf("the request under way: %v", err)
			}
			if err := server.Wait(); err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// The command line exports the same bytes as the page.
func TestTheCommandLineExportsTheSameBytes(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			server := serve(t, database)
			for i := range 5 {
				if _, err := postAgreement(server.url, i); err != nil {
					t.Fatal(err)
				}
			}
			response, err := http.Get(server.url + "/timeline.csv?pair=FR-DE")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			page, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			out, err := program(t, "--database", database, "export", "timeline", "--pair", "DE-FR").Output()
			if err != nil || !bytes.Equal(out, page) || bytes.Count(out, []byte("\r\n")) < 10 {
				t.Errorf("%v: %d bytes against %d", err, len(out), len(page))
			}
		})
	}
}

// Stored dates do not depend on the zone the program runs in (R17).
func TestTheZoneChangesNoStoredDate(t *testing.T) {
	database := testdb.Address(t, "sqlite")
	var first string
	for _, zone := range []string{"Pacific/Kiritimati", "America/St_Johns", "UTC"} {
		t.Setenv("TZ", zone)
		server := serve(t, database)
		if first == "" {
			if _, err := postAgreement(server.url, 1); err != nil {
				t.Fatal(err)
			}
		}
		response, err := http.Get(server.url + "/agreements/1.csv")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if first == "" {
			first = string(text)
		} else if string(text) != first {
			t.Errorf("in %s:\n%s\nwant\n%s", zone, text, first)
		}
		server.Process.Kill()
		server.Wait()
	}
}

func TestTheIndexIsVerifiedAndRebuilt(t *testing.T) {
	address := testdb.Address(t, "sqlite")
	store := testdb.Open(t, address)
	draft := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: "Fisheries"}}, Signed: "2001",
		Participations: []models.ParticipationDraft{{Party: "FR"}, {Party: "DE"}}}
	if _, err := store.Record(t.Context(), draft, models.Change{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	store.Close()
	db, err := sql.Open("sqlite", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run := func(args ...string) int {
		return run(t.Context(), append([]string{"--quiet", "--database", address}, args...))
	}
	if code := run("index", "verify"); code != 0 {
		t.Fatalf("a sound index: exit %d", code)
	}
	for _, damage := range []string{"UPDATE cards SET card = replace(card, '2001', '2002')", "DELETE FROM events",
		"DELETE FROM search_agreements"} {
		if _, err := db.Exec(damage); err != nil {
			t.Fatal(err)
		}
		if code := run("index", "verify"); code != exitFailure {
			t.Errorf("%s: exit %d", damage, code)
		}
		if code := run("index", "rebuild"); code != 0 {
			t.Fatalf("rebuilding: exit %d", code)
		}
		if code := run("index", "verify"); code != 0 {
			t.Errorf("%s, rebuilt: exit %d", damage, code)
		}
	}
	if code := run("sample"); code != exitFailure {
		t.Errorf("the sample went into a register that is not empty: exit %d", code)
	}
}

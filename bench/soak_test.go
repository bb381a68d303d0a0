package bench

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"chancery/exchange"
	"chancery/testdb"
)

// What the soak is made of.
const (
	share      = .6                // of saturation, at which the register is held
	writeEvery = 5 * time.Second   // recordings and revisions in turn
	stepTime   = time.Minute       // of finding saturation, and of the load beyond it
	settleTime = 140 * time.Second // after which connections that nobody uses are closed
	manyAtOnce = 24                // clients that saturate: fewer than are answered at the same time
)

// TestSoak holds a register on PostgreSQL at 60 % of what it can answer, mixed
// readings and writings, for as long as CHANCERY_SOAK says (60m), then asks for
// three times as much as it can. It looks at whether times and memory stay as they
// were, whether anything is left behind, and whether too much is sent away in good
// order (R14). Limits compare the run with itself. CHANCERY_SOAK_DATABASE is a
// database to use, and to write to, in place of one that is made.
func TestSoak(t *testing.T) {
	if os.Getenv("CHANCERY_SOAK") == "" {
		t.Skip("make soak")
	}
	long, err := time.ParseDuration(os.Getenv("CHANCERY_SOAK"))
	if err != nil {
		t.Fatal(err)
	}
	size := 1_000_000
	if n := os.Getenv("CHANCERY_SOAK_SIZE"); n != "" {
		if size, err = strconv.Atoi(n); err != nil {
			t.Fatal(err)
		}
	}
	address := os.Getenv("CHANCERY_SOAK_DATABASE")
	if address == "" {
		node := testdb.NewNode(t)
		node.Start(t, "shared_buffers=1GB", "max_wal_size=8GB")
		node.Query(t, "postgres", "CREATE DATABASE register")
		address = node.Address("register")
	}
	db := fill(t, address, size)
	s := start(t, address, db)
	t.Logf("started: /readyz after %s", s.started.Round(time.Millisecond))
	time.Sleep(20 * time.Second) // the card index is taken in
	s.look()                     // the first look opens what later ones use
	fresh := s.look()
	t.Logf("at rest, nothing asked yet: %s", fresh)

	one := s.attack(vegeta.Rate{}, 1, stepTime, "one reader after the other")
	t.Log(one)
	rest := one.statements
	full := s.attack(vegeta.Rate{}, manyAtOnce, stepTime, "saturation")
	t.Log(full)
	if full.statements > rest*1.1 {
		t.Errorf("a request costs %.1f statements at saturation, %.1f at rest", full.statements, rest)
	}
	time.Sleep(settleTime)
	before := s.look()
	t.Logf("at rest: %s", before)

	rate := max(1, int(share*full.perSecond))
	var held []measured
	for begun := time.Now(); time.Since(begun) < long; {
		m := s.attack(vegeta.Rate{Freq: rate, Per: time.Second}, 500, min(5*time.Minute, long/6),
			fmt.Sprintf("held at %d a second", rate))
		t.Log(m)
		held = append(held, m)
		for status, n := range m.statuses {
			if status != "200" && status != "201" {
				t.Errorf("%d requests were answered %s", n, status)
			}
		}
	}
	third := max(1, len(held)/3)
	early, late := held[:third], held[len(held)-third:]
	if a, b := middle(early, func(m measured) float64 { return m.p99.Seconds() }),
		middle(late, func(m measured) float64 { return m.p99.Seconds() }); b > 1.5*a {
		t.Errorf("p99 rose from %.3f s to %.3f s", a, b)
	}
	if a, b := middle(early, func(m measured) float64 { return m.seen.memory }),
		middle(late, func(m measured) float64 { return m.seen.memory }); b > 1.15*a {
		t.Errorf("memory rose from %.0f MB to %.0f MB", a, b)
	}

	beyond := s.attack(vegeta.Rate{Freq: int(3 * full.perSecond), Per: time.Second}, 4000, stepTime,
		"three times saturation")
	t.Log(beyond)
	for status, n := range beyond.statuses {
		if status != "200" && status != "201" && status != "503" {
			t.Errorf("%d requests were answered %q", n, status)
		}
	}
	if beyond.unsaid > 0 {
		t.Errorf("%d were sent away without a word on when to come again", beyond.unsaid)
	}
	if beyond.answered < full.perSecond/2 {
		t.Errorf("of %.0f answers a second only %.0f are left under overload", full.perSecond, beyond.answered)
	}
	time.Sleep(settleTime)
	after := s.look()
	t.Logf("at rest: %s", after)
	for _, c := range []struct {
		what          string
		before, after float64
	}{{"goroutines", before.goroutines, after.goroutines}, {"descriptors", before.descriptors, after.descriptors},
		{"connections", before.connections, after.connections}, {"memory", before.memory, after.memory}} {
		if c.after > 1.1*c.before+2 {
			t.Errorf("%s: %.0f before, %.0f after", c.what, c.before, c.after)
		}
	}
}

// fill makes a register of so many agreements at an address, unless it is there.
func fill(t *testing.T, address string, size int) *sql.DB {
	store := testdb.Open(t, address)
	db := connect(t, "postgres", address)
	var there int
	count := func() {
		if err := db.QueryRow("SELECT count(*) FROM agreements").Scan(&there); err != nil {
			t.Fatal(err)
		}
	}
	if count(); there == 0 {
		if err := exchange.Generate(ctx, store, min(size, mostMade)); err != nil {
			t.Fatal(err)
		}
		count()
	}
	if there < size {
		grow(t, db, size)
	}
	if _, err := db.Exec("VACUUM ANALYZE"); err != nil {
		t.Fatal(err)
	}
	return db
}

// A soaked server, and what is known of the register that it serves.
type soaked struct {
	t           *testing.T
	db          *sql.DB
	url, seen   string
	started     time.Duration
	parties     []string
	agreements  int
	recorded    int
	version     string // of what was recorded last: its number and tag
	number      int64
	statementsN float64
}

// start starts the program on a register, and waits until it is ready.
func start(t *testing.T, address string, db *sql.DB) *soaked {
	binary := filepath.Join(t.TempDir(), "chancery")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/chancery").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	s := &soaked{t: t, db: db, url: fmt.Sprint("http://127.0.0.1:", testdb.FreePort(t)),
		seen: fmt.Sprint("127.0.0.1:", testdb.FreePort(t))}
	rows, err := db.Query("SELECT party FROM participations GROUP BY party ORDER BY count(*) DESC LIMIT 150")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var party string
		if err := rows.Scan(&party); err != nil {
			t.Fatal(err)
		}
		s.parties = append(s.parties, party)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow("SELECT max(id) FROM agreements").Scan(&s.agreements); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "--quiet", "--database", address, "serve", "--listen",
		strings.TrimPrefix(s.url, "http://"), "--inspect", s.seen, "--rate", "0")
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	command.Stderr = os.Stderr
	begun := time.Now()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Signal(syscall.SIGTERM); command.Wait() })
	for {
		response, err := http.Get(s.url + "/readyz")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the program is not ready")
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.started = time.Since(begun)
	return s
}

// path is a page that somebody might read next.
func (s *soaked) path() string {
	// the busy ones more often
	party := func() string { return s.parties[int(float64(len(s.parties))*rand.Float64()*rand.Float64())] }
	switch n := rand.IntN(100); {
	case n < 40:
		return fmt.Sprintf("/agreements/%d", 1+rand.IntN(s.agreements))
	case n < 60:
		a, b := party(), party()
		for a == b {
			b = party()
		}
		if a > b {
			a, b = b, a
		}
		return "/pairs/" + a + "-" + b
	case n < 75:
		return "/search?q=" + url.QueryEscape(words[rand.IntN(len(words))])
	case n < 80:
		return "/agreements?kind=" + []string{"plan", "treaty", "protocol", "convention"}[rand.IntN(4)]
	case n < 87:
		return "/parties/" + party()
	case n < 93:
		return fmt.Sprintf("/agreements/%d.json", 1+rand.IntN(s.agreements))
	case n < 96:
		return "/timeline.csv?agreement=" + strconv.Itoa(1+rand.IntN(s.agreements))
	case n < 99:
		return "/"
	}
	return "/calendar"
}

// A sight of the program at one moment.
type sight struct{ goroutines, descriptors, memory, connections float64 }

func (s sight) String() string {
	return fmt.Sprintf("%.0f MB, %.0f goroutines, %.0f descriptors, %.0f connections to the database", s.memory,
		s.goroutines, s.descriptors, s.connections)
}

// look asks the program for its metrics, and the database for its connections.
func (s *soaked) look() (seen sight) {
	response, err := http.Get("http://" + s.seen + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	s.statementsN = 0
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue
		}
		switch name, _, _ = strings.Cut(name, "{"); name {
		case "go_goroutines":
			seen.goroutines = n
		case "process_open_fds":
			seen.descriptors = n
		case "process_resident_memory_bytes":
			seen.memory = n / (1 << 20)
		case "chancery_statements_total":
			s.statementsN += n
		}
	}
	if err := s.db.QueryRow(
		"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'").Scan(&seen.connections); err != nil {
		s.t.Fatal(err)
	}
	return seen
}

// What a stretch of load came to.
type measured struct {
	what                string
	begun               time.Time
	statuses            map[string]int
	perSecond, answered float64 // requests, and those that were not sent away
	p50, p99, longest   time.Duration
	writes              series
	unsaid              int     // sent away without Retry-After
	statements          float64 // each request
	seen                sight
	unhealthy           int
}

func (m measured) String() string {
	text := fmt.Sprintf(
		"%s %s: %.0f requests a second, %.0f answered; p50 %s, p99 %s, longest %s; %.1f statements each; %v",
		m.begun.Format("15:04"), m.what,
		m.perSecond, m.answered, m.p50.Round(time.Millisecond), m.p99.Round(time.Millisecond),
		m.longest.Round(time.Millisecond), m.statements, m.statuses)
	if len(m.writes) > 0 {
		text += fmt.Sprintf("; %d written, p50 %s, p99 %s", len(m.writes), m.writes.at(.5), m.writes.at(.99))
	}
	return text + "; " + m.seen.String()
}

// attack asks for pages at a rate, or as fast as so many clients can, while one
// client records and revises.
func (s *soaked) attack(rate vegeta.Rate, clients uint64, long time.Duration, what string) measured {
	m := measured{what: what, begun: time.Now(), statuses: map[string]int{}}
	s.look()
	statements := s.statementsN
	attacker := vegeta.NewAttacker(vegeta.Workers(min(clients, 64)), vegeta.MaxWorkers(clients),
		vegeta.Timeout(30*time.Second), vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0))
	var metrics vegeta.Metrics
	var writing sync.WaitGroup
	done := make(chan struct{})
	written := map[int]int{}
	writing.Go(func() {
		for tick := time.NewTicker(writeEvery); ; {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			begun := time.Now()
			status := s.write()
			written[status]++
			if status == http.StatusCreated || status == http.StatusOK {
				m.writes = append(m.writes, time.Since(begun))
			}
			if response, err := http.Get(s.url + "/healthz"); err != nil || response.StatusCode != http.StatusOK {
				m.unhealthy++
			} else {
				response.Body.Close()
			}
		}
	})
	good := 0
	for r := range attacker.Attack(func(target *vegeta.Target) error {
		target.Method, target.URL = http.MethodGet, s.url+s.path()
		return nil
	}, rate, long, what) {
		metrics.Add(r)
		m.statuses[status(int(r.Code))]++
		if r.Code == http.StatusServiceUnavailable && r.Headers.Get("Retry-After") == "" {
			m.unsaid++
		}
		if r.Code == http.StatusOK {
			good++
		}
	}
	took := time.Since(m.begun)
	close(done)
	writing.Wait()
	metrics.Close()
	m.seen = s.look()
	requests := int(metrics.Requests)
	for code, n := range written {
		m.statuses[status(code)] += n
		requests += n
	}
	m.perSecond, m.answered = float64(metrics.Requests)/took.Seconds(), float64(good)/took.Seconds()
	m.p50, m.p99, m.longest = metrics.Latencies.P50, metrics.Latencies.P99, metrics.Latencies.Max
	m.statements = (s.statementsN - statements) / float64(requests)
	if m.unhealthy > 0 {
		s.t.Errorf("%s: /healthz failed %d times", what, m.unhealthy)
	}
	return m
}

func status(code int) string {
	if code == 0 {
		return "no answer"
	}
	return strconv.Itoa(code)
}

// write records an agreement, and the next time revises it; it gives the status of
// the answer, 0 for none.
func (s *soaked) write() int {
	s.recorded++
	body := fmt.Sprintf(
		`{"titles":[{"text":"Soaked %d","language":"en"}],"signed":"2001-02-03","participations":[{"party":"FR","signatories":[{"person":"Person %d"}]},{"party":"DE"}],"validity_periods":[{"valid_from":"2002"}]}`, s.recorded, s.recorded%50)
	method, at := http.MethodPost, s.url+"/agreements"
	if s.version != "" {
		method, at = http.MethodPut, fmt.Sprintf("%s/agreements/%d", s.url, s.number)
	}
	request, err := http.NewRequest(method, at, strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	if s.version != "" {
		request.Header.Set("If-Match", s.version)
	}
	s.version = ""
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0
	}
	if response.StatusCode == http.StatusCreated {
		var a struct{ ID int64 }
		if err := json.Unmarshal(text, &a); err != nil {
			s.t.Error(err)
		}
		s.number, s.version = a.ID, response.Header.Get("ETag")
	}
	return response.StatusCode
}

// middle is the median of a figure over stretches.
func middle(of []measured, figure func(measured) float64) float64 {
	var values []float64
	for _, m := range of {
		values = append(values, figure(m))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// Package bench measures how fast the register is, on made-up registers on both
// engines: make bench.
package bench

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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

	"chancery/exchange"
	"chancery/handlers"
	"chancery/models"
	"chancery/sample"
	"chancery/testdb"
)

func TestMain(m *testing.M) {
	os.Setenv("CHANCERY_SETUP_SECRET", testdb.FirstSecret) // programs that are started inherit it
	http.DefaultTransport = testdb.AsFirst{RoundTripper: http.DefaultTransport}
	if os.Getenv("CHANCERY_BENCH") == "" && os.Getenv("CHANCERY_SOAK") == "" && os.Getenv("CHANCERY_ATTACK") == "" {
		fmt.Println("make bench, make soak and make attack measure; a test never depends on speed")
		os.Exit(0)
	}
	testdb.Main(m)
}

var ctx = context.Background()

// mostMade is how many agreements are recorded one by one; of more, the rest are
// copies.
const mostMade = 75000

// TestSpeed prints each figure beside what it is compared with in the same run.
func TestSpeed(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("CHANCERY_BENCH"))
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "chancery")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/chancery").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	for _, engine := range testdb.Engines {
		if only := os.Getenv("CHANCERY_BENCH_ENGINE"); only != "" && only != engine {
			continue
		}
		address := testdb.Address(t, engine)
		store := testdb.Open(t, address)
		start := time.Now()
		made := min(size, mostMade)
		if err := exchange.Generate(ctx, store, made); err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		fmt.Printf("\n== %s, %d agreements (%d made in %s, %.0f a second)\n", engine, size, made, took.Round(time.Second),
			float64(made)/took.Seconds())
		db := connect(t, engine, address)
		if made < size {
			if engine != "postgres" {
				t.Fatalf("%d agreements are measured on PostgreSQL", size)
			}
			grow(t, db, size)
		}
		if engine == "postgres" {
			if _, err := db.Exec("VACUUM ANALYZE"); err != nil {
				t.Fatal(err)
			}
		} else if _, err := db.Exec("ANALYZE"); err != nil {
			t.Fatal(err)
		}
		pairPages(t, store, db, engine)
		finding(t, binary, db, engine, address)
		if os.Getenv("CHANCERY_BENCH_ONLY") == "finding" {
			continue
		}
		timeline(t, binary, engine, address)
		recording(t, store, db, engine)
		importing(t, engine)
		ready(t, binary, address)
	}
}

func connect(t *testing.T, engine, address string) *sql.DB {
	driver, name := "pgx", address
	if engine == "sqlite" {
		driver, name = "sqlite", "file:"+address+"?_pragma=busy_timeout(10000)&_pragma=cache_size(-32000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	t.Cleanup(func() { db.Close() })
	return db
}

// A series is the times of many calls.
type series []time.Duration

func (s series) at(share float64) time.Duration {
	slices.Sort(s)
	return s[min(len(s)-1, int(share*float64(len(s))))].Round(10 * time.Microsecond)
}

// load calls do over 8 connections for two seconds after a warm-up.
func load(t *testing.T, do func() error) (s series, perSecond float64) {
	for range 20 {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	start := time.Now()
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			var own series
			for time.Since(start) < 2*time.Second {
				begin := time.Now()
				if err := do(); err != nil {
					t.Error(err)
					return
				}
				own = append(own, time.Since(begin))
			}
			mutex.Lock()
			s = append(s, own...)
			mutex.Unlock()
		}()
	}
	wait.Wait()
	return s, float64(len(s)) / time.Since(start).Seconds()
}

// pairPages measures a page of 50 as JSON and HTML beside the bare statements
// through the same driver.
func pairPages(t *testing.T, store *models.Store, db *sql.DB, engine string) {
	server := httptest.NewServer(handlers.New(store, handlers.Config{Zone: time.UTC,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}
	for _, pair := range []struct{ name, a, b string }{{"busy", "RU", "US"}, {"mixed", "TV", "US"},
		{"quiet", "NR", "TV"}} {
		get := func(path string) func() error {
			return func() error {
				response, err := client.Get(server.URL + path)
				if err != nil {
					return err
				}
				defer response.Body.Close()
				if response.StatusCode != http.StatusOK {
					return fmt.Errorf("%s: %d", path, response.StatusCode)
				}
				_, err = io.Copy(io.Discard, response.Body)
				return err
			}
		}
		bare, bareRate := load(t, func() error { return barePage(db, engine, pair.a, pair.b) })
		path := models.PairOf(pair.a, pair.b)
		json, jsonRate := load(t, get("/pairs/"+path[0]+"-"+path[1]+".json"))
		html, htmlRate := load(t, get("/pairs/"+path[0]+"-"+path[1]))
		fmt.Printf(
			"pair page, %-5s  bare SQL p50 %v p99 %v %.0f/s   JSON p50 %v p99 %v %.0f/s (%.2f × bare, limit 2)   HTML p50 %v p99 %v %.0f/s (%.2f ×)\n", pair.name,
			bare.at(.5), bare.at(.99), bareRate, json.at(.5), json.at(.99), jsonRate, bareRate/jsonRate, html.at(.5),
			html.at(.99), htmlRate, bareRate/htmlRate)
	}
}

// placeholders numbers the placeholders of a query for PostgreSQL.
func placeholders(engine, query string) string {
	for n := 1; engine == "postgres" && strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", "$"+strconv.Itoa(n), 1)
	}
	return query
}

// latency calls do one after the other, after a warm-up.
func latency(t *testing.T, n int, do func(i int) error) (s series) {
	for i := range n + n/4 {
		begin := time.Now()
		if err := do(i); err != nil {
			t.Fatal(err)
		}
		if i >= n/4 {
			s = append(s, time.Since(begin))
		}
	}
	return s
}

// words are what a search is measured with: frequent and rare, in titles and names,
// with a number, mistyped.
var words = []string{"fisheries", "air transport", "cooperation convention", "Person 0042", "declaration 4711",
	"France trade", "Weißrussland security", "Перо", "fisherys", "health -treaty"}

// served starts the program on a register; get fetches a page of it.
func served(t *testing.T, binary, address string) (command *exec.Cmd, get func(path string) error) {
	command = exec.Command(binary, "--quiet", "--database", address, "serve", "--listen", "127.0.0.1:18098")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command, func(path string) error {
		response, err := http.Get("http://127.0.0.1:18098" + path)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %d", path, response.StatusCode)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
}

// finding measures search, counts and pictures through the program itself, one
// reader at a time, beside bare SQL.
func finding(t *testing.T, binary string, db *sql.DB, engine, address string) {
	command, get := served(t, binary, address)
	memory := make(chan int)
	ended := make(chan bool)
	go func() { memory <- peakMemory(command.Process.Pid, ended) }()
	start := time.Now()
	for get("/agreements.json") != nil && time.Since(start) < 2*time.Minute {
		time.Sleep(5 * time.Millisecond)
	}
	fmt.Printf("first list        %s after the start, the card index taken in\n",
		time.Since(start).Round(10*time.Millisecond))
	var all, bareAll series
	for _, w := range words {
		ours := latency(t, 80, func(int) error { return get("/search.json?q=" + url.QueryEscape(w)) })
		bare := latency(t, 80, func(int) error { return bareSearch(db, engine, w) })
		fmt.Printf("search            %-22s p50 %v p99 %v; plainest look-up p50 %v\n", w, ours.at(.5), ours.at(.99),
			bare.at(.5))
		all, bareAll = append(all, ours...), append(bareAll, bare...)
	}
	fmt.Printf("search            all words: p50 %v p99 %v (limits 10 ms, 60 ms); plainest look-up p50 %v\n", all.at(.5),
		all.at(.99), bareAll.at(.5))
	bare := latency(t, 12, func(int) error { return bareCounts(db, engine, "RU", "US") })
	cold := latency(t, 40, func(i int) error {
		return get(fmt.Sprintf("/pairs/RU-US.json?counts=1&on=2024-%02d-%02d", 1+i/28, 1+i%28))
	})
	page := latency(t, 40, func(i int) error { return get(fmt.Sprintf("/pairs/RU-US?on=2023-%02d-%02d", 1+i/28, 1+i%28)) })
	again := latency(t, 40, func(int) error { return get("/pairs/RU-US") })
	fmt.Printf(
		"biggest pair      JSON with counts p50 %v (limit 60 ms), as a page p50 %v, the same day again p50 %v; bare counts by seven columns p50 %v\n", cold.at(.5), page.at(.5), again.at(.5), bare.at(.5))
	list := latency(t, 12, func(i int) error {
		return get(fmt.Sprintf("/agreements.json?counts=1&on=2024-%02d-%02d", 1+i/28, 1+i%28))
	})
	fmt.Printf("all agreements    JSON with counts p50 %v\n", list.at(.5))
	matrix := latency(t, 20, func(i int) error {
		return get(fmt.Sprintf("/pairs/matrix.json?on=2024-%02d-%02d", 1+i/28,
			1+i%28))
	})
	drawn := latency(t, 20, func(i int) error { return get("/pairs/matrix") })
	fmt.Printf("matrix of 30      JSON of a new day p50 %v (limit 100 ms), the same day again as a page p50 %v\n",
		matrix.at(.5), drawn.at(.5))
	start = time.Now()
	if err := get("/pairs.csv?from=1990&until=2020"); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("panel             pairs of 31 years in %s\n", time.Since(start).Round(10*time.Millisecond))
	for _, path := range []string{"/", "/map", "/years", "/network", "/calendar", "/feed.atom", "/timeline?pair=RU-US"} {
		one := latency(t, 4, func(int) error { return get(path) })
		fmt.Printf("page              %-20s p50 %v\n", path, one.at(.5))
	}
	mixed(t, get)
	close(ended)
	fmt.Printf("memory            %d MB at the most (limit 200 MB)\n", <-memory)
	command.Process.Signal(syscall.SIGTERM)
	command.Wait()
}

// mixed is 50 readers and 5 writers, each in their own time, for twelve seconds
// (R15).
func mixed(t *testing.T, get func(string) error) {
	paths := []string{"/pairs/RU-US", "/pairs/BY-KZ", "/agreements?kind=plan", "/agreements/17", "/search?q=fisheries",
		"/parties/BY", "/timeline?pair=NR-TV", "/map?party=FR", "/agreements.json?status=in-force", "/calendar"}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	var times series
	failures := 0
	note := func(begin time.Time, err error) {
		mutex.Lock()
		defer mutex.Unlock()
		times = append(times, time.Since(begin))
		if err != nil {
			failures++
		}
	}
	start := time.Now()
	for worker := range 55 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			time.Sleep(rand.N(2 * time.Second))
			for i := worker; time.Since(start) < 12*time.Second; i++ {
				begin := time.Now()
				if worker < 50 {
					note(begin, get(paths[i%len(paths)]))
					time.Sleep(time.Second + rand.N(2*time.Second)) // people read what they get, each for as long as it takes
					continue
				}
				body := fmt.Sprintf(
					`{"titles":[{"text":"Load %d of %d","language":"en"}],"signed":"2001-02-03","participations":[{"party":"FR"},{"party":"DE"}]}`, i, worker)
				response, err := http.Post("http://127.0.0.1:18098/agreements", "application/json", strings.NewReader(body))
				if err == nil {
					response.Body.Close()
					if response.StatusCode != http.StatusCreated {
						err = fmt.Errorf("recording: %d", response.StatusCode)
					}
				}
				note(begin, err)
				time.Sleep(time.Second/2 + rand.N(time.Second))
			}
		}()
	}
	wait.Wait()
	fmt.Printf("load              50 readers and 5 writers: %d answers, p50 %v p95 %v (limit 250 ms), %d failures\n",
		len(times), times.at(.5), times.at(.95), failures)
}

// bareSearch is the plainest look-up of the same words in the same four places,
// without other spellings, typing errors or where the words stand; BenchmarkSearch
// in models compares with the very statements of a search. The newest agreements
// that have the words, begun or inflected, with what their lines show; people and
// meetings that have them; parties so named.
func bareSearch(db *sql.DB, engine, typed string) error {
	lines := `SELECT a.id, a.title, a.kind, a.signed, a.place, a.parties, t.text FROM (%s) f JOIN agreements a ON a.id = f.id LEFT JOIN titles t ON t.agreement_id = a.id AND t.language = 'en'`
	statements := []string{
		fmt.Sprintf(lines,
			`SELECT rowid AS id FROM search_agreements WHERE search_agreements MATCH ? ORDER BY rowid DESC LIMIT 61`),
		`SELECT p.person_id, p.text FROM person_names p WHERE p.person_id IN (SELECT rowid FROM search_people WHERE search_people MATCH ? ORDER BY rowid DESC LIMIT 20)`,
		`SELECT id, title FROM meetings WHERE id IN (SELECT rowid FROM search_meetings WHERE search_meetings MATCH ? ORDER BY rowid DESC LIMIT 20)`,
		`SELECT party, text FROM party_names WHERE folded = ?`,
	}
	match := bareMatch(engine, typed)
	if engine == "postgres" {
		const words = ` WHERE words @@ CAST(CAST($1 AS text) AS tsquery) ORDER BY dated DESC, id DESC LIMIT `
		statements = []string{
			fmt.Sprintf(lines, `SELECT id FROM search_agreements`+words+"61"),
			`SELECT p.person_id, p.text FROM person_names p WHERE p.person_id IN (SELECT id FROM search_people` + words + "20)",
			`SELECT id, title FROM meetings WHERE id IN (SELECT id FROM search_meetings` + words + "20)",
			`SELECT party, text FROM party_names WHERE folded = $1`,
		}
	}
	for i, statement := range statements {
		asked := match
		if i == len(statements)-1 {
			asked = strings.ToLower(typed)
		}
		rows, err := db.Query(statement, asked)
		if err != nil {
			return err
		}
		columns, _ := rows.Columns()
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(values...); err != nil {
				return err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// bareMatch is a query in the engine's own language: each word as it is or begun,
// or as English and German inflect it.
func bareMatch(engine, typed string) string {
	var wanted []string
	without := ""
	for _, word := range strings.Fields(strings.ToLower(typed)) {
		word, not := strings.CutPrefix(word, "-")
		stem := strings.TrimSuffix(strings.TrimSuffix(word, "s"), "ie")
		way := fmt.Sprintf(`("%s"* OR "s=%s")`, word, stem)
		if engine == "postgres" {
			way = fmt.Sprintf("('%s':* | '%s')", word, stem)
		}
		switch {
		case !not:
			wanted = append(wanted, way)
		case engine == "postgres":
			without += " & !" + way
		default:
			without += " NOT " + way
		}
	}
	if engine == "postgres" {
		return strings.Join(wanted, " & ") + without
	}
	return strings.Join(wanted, " AND ") + without
}

// bareCounts numbers a pair's agreements by seven columns, a statement each;
// statuses, which no column has, left aside.
func bareCounts(db *sql.DB, engine, a, b string) error {
	const both = ` FROM agreements a WHERE a.withdrawn_at IS NULL AND a.id IN (SELECT p.agreement_id FROM participations p WHERE p.party = ?
		AND EXISTS (SELECT 1 FROM participations q WHERE q.agreement_id = p.agreement_id AND q.party = ?)) GROUP BY 1`
	for _, column := range []string{"a.kind", "a.level", "a.bilateral", "a.place", "substr(a.dated_earliest, 1, 3)",
		"length(a.signed)", "a.title_language"} {
		rows, err := db.Query(placeholders(engine, "SELECT "+column+", count(*)"+both), a, b)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// barePage sends the same statements as the page, without anything of ours around
// them.
func barePage(db *sql.DB, engine, a, b string) error {
	bind := func(query string) string { return placeholders(engine, query) }
	const both = `a.withdrawn_at IS NULL AND a.id IN (SELECT p.agreement_id FROM participations p WHERE p.party = ? AND p.role IN ('party','signatory','guarantor')
		AND EXISTS (SELECT 1 FROM participations q WHERE q.agreement_id = p.agreement_id AND q.party = ? AND q.role IN ('party','signatory','guarantor')))`
	var last, total int64
	if err := db.QueryRow("SELECT change FROM register").Scan(&last); err != nil {
		return err
	}
	if err := db.QueryRow(bind("SELECT count(*) FROM agreements a WHERE "+both), a, b).Scan(&total); err != nil {
		return err
	}
	rows, err := db.Query(
		bind(`SELECT a.id, a.title, a.kind, a.level, a.signed, a.dated_earliest, a.dated_latest, a.place, a.bilateral, a.parties
		FROM (SELECT a.id FROM agreements a WHERE `+both+` ORDER BY a.dated_earliest DESC, a.dated_latest DESC, a.id DESC LIMIT 51) page JOIN agreements a ON a.id = page.id
		ORDER BY a.dated_earliest DESC, a.dated_latest DESC, a.id DESC`), a, b)
	if err != nil {
		return err
	}
	defer rows.Close()
	var id int64
	var text [8]string
	var bilateral bool
	for rows.Next() {
		if err := rows.Scan(&id, &text[0], &text[1], &text[2], &text[3], &text[4], &text[5], &text[6], &bilateral,
			&text[7]); err != nil {
			return err
		}
	}
	return rows.Err()
}

// timeline measures the CSV of all events beside psql's \copy of the same query,
// and the program's peak memory.
func timeline(t *testing.T, binary, engine, address string) {
	command := exec.Command(binary, "--database", address, "export", "timeline")
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	memory := make(chan int)
	ended := make(chan bool)
	go func() { memory <- peakMemory(command.Process.Pid, ended) }()
	rows := countLines(pipe)
	close(ended)
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	fmt.Printf("timeline CSV      %d rows in %s, %.0f rows/s, peak memory %d MB", rows, took.Round(10*time.Millisecond),
		float64(rows)/took.Seconds(), <-memory)
	if engine == "postgres" {
		const query = `SELECT e.date, e.date_earliest, e.date_latest, e.event, coalesce(e.agreement_id, 0), coalesce(a.title, ''), coalesce(a.kind, ''), coalesce(a.parties, ''), coalesce(p.party, ''), coalesce(p.institution, ''), coalesce(s.person, ''), coalesce(s.office, ''), e.place, coalesce(m.title, ''), e.note, CASE WHEN src.publisher <> '' AND src.published <> '' THEN src.publisher || ', ' || src.published WHEN src.publisher <> '' THEN src.publisher ELSE coalesce(src.title, '') END, coalesce(src.url, '') FROM events e LEFT JOIN agreements a ON a.id = e.agreement_id LEFT JOIN participations p ON p.id = e.participation_id LEFT JOIN signatories s ON s.id = e.signatory_id LEFT JOIN meetings m ON m.id = e.meeting_id LEFT JOIN sources src ON src.agreement_id = e.agreement_id AND src.position = 0 WHERE e.known_from <= '2026-11-23' ORDER BY e.date_earliest, e.date_latest, e.agreement_id NULLS FIRST, e.id`
		psql := exec.Command("psql", address, "-q", "-c", `\copy (`+query+`) to stdout csv header`)
		out, err := psql.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := psql.Start(); err != nil {
			t.Fatal(err)
		}
		copied := countLines(out)
		if err := psql.Wait(); err != nil {
			t.Fatal(err)
		}
		copyTook := time.Since(begin)
		fmt.Printf("; \\copy %.0f rows/s: %.0f %% of it (limit 40 %%)", float64(copied)/copyTook.Seconds(),
			100*(float64(rows)/took.Seconds())/(float64(copied)/copyTook.Seconds()))
	}
	fmt.Println()
}

// peakMemory watches a process until it has written all, in MB.
func peakMemory(pid int, ended chan bool) (peak int) {
	for {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if _, rest, ok := strings.Cut(string(text), "VmHWM:"); ok {
			if kb, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
				peak = max(peak, kb/1024)
			}
		}
		select {
		case <-ended:
			return peak
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func countLines(r io.Reader) (n int) {
	buffer := make([]byte, 1<<16)
	for {
		read, err := r.Read(buffer)
		n += bytes.Count(buffer[:read], []byte("\n"))
		if err != nil {
			return n - 1
		}
	}
}

// recording measures one agreement recorded beside the bare inserts of the same
// rows in one transaction.
func recording(t *testing.T, store *models.Store, db *sql.DB, engine string) {
	draft := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: "Measured"}}, Signed: "2001-02-03",
		Place: "Geneva",
		Participations: []models.ParticipationDraft{{Party: "FR", Institution: "Ministry",
			Signatories: []models.SignatoryDraft{{Person: "Person A"}}},
			{Party: "DE", Signatories: []models.SignatoryDraft{{Person: "Person B"}}}},
		ValidityPeriods: []models.PeriodDraft{{ValidFrom: "2002", ValidUntil: "2010"}},
		Sources:         []models.SourceDraft{{Publisher: "Gazette"}}}
	const n = 150
	start := time.Now()
	for range n {
		if _, err := store.Record(ctx, draft, models.Change{Actor: "bench"}); err != nil {
			t.Fatal(err)
		}
	}
	ours := time.Since(start) / n
	start = time.Now()
	for range n {
		if err := bareInsert(db, engine); err != nil {
			t.Fatal(err)
		}
	}
	bare := time.Since(start) / n
	fmt.Printf("recording         %s an agreement; bare inserts of the same rows %s (%.1f ×)\n",
		ours.Round(10*time.Microsecond), bare.Round(10*time.Microsecond), float64(ours)/float64(bare))
}

func bareInsert(db *sql.DB, engine string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var id, p1, p2 int64
	q := func(query string) string { return placeholders(engine, query) }
	row := func(into *int64, query string, args ...any) {
		if err == nil {
			err = tx.QueryRow(q(query+" RETURNING id"), args...).Scan(into)
		}
	}
	exec := func(query string, args ...any) {
		if err == nil {
			_, err = tx.Exec(q(query), args...)
		}
	}
	now := time.Now().UTC()
	row(&id,
		"INSERT INTO agreements (kind, level, binding, title, title_language, signed, signed_earliest, signed_latest, place, recorded_at, revised_at, dated_earliest, dated_latest, bilateral, parties, search_title) VALUES ('agreement','unknown','unknown','Measured','en','2001-02-03','2001-02-03','2001-02-03','Geneva',?,?,'2001-02-03','2001-02-03',TRUE,'DE;FR','measured')", now, now)
	exec("INSERT INTO titles (agreement_id, position, language, text, authentic) VALUES (?, 0, 'en', 'Measured', FALSE)",
		id)
	row(&p1,
		"INSERT INTO participations (agreement_id, party, position, role, institution) VALUES (?, 'FR', 0, 'party', 'Ministry')", id)
	row(&p2, "INSERT INTO participations (agreement_id, party, position, role) VALUES (?, 'DE', 1, 'party')", id)
	exec("INSERT INTO signatories (agreement_id, participation_id, position, person_id, person, full_powers) SELECT ?, "+
		"?, 0, min(id), 'Person A', FALSE FROM people", id, p1)
	exec("INSERT INTO signatories (agreement_id, participation_id, position, person_id, person, full_powers) SELECT ?, "+
		"?, 0, min(id), 'Person B', FALSE FROM people", id, p2)
	exec("INSERT INTO validity_periods (agreement_id, position, valid_from, from_day, valid_until, until_day, basis, "+
		"renewal) VALUES (?, 0, '2002', '2002-01-01', '2010', '2010-12-31', 'term', 'none')", id)
	exec("INSERT INTO sources (agreement_id, position, publisher) VALUES (?, 0, 'Gazette')", id)
	exec("INSERT INTO revisions (subject, subject_key, number, action, actor, at, record) VALUES ('agreement', ?, 1, "+
		"'recorded', 'bench', ?, '{}')", fmt.Sprint(id), now)
	exec("INSERT INTO cards (agreement_id, change, card) VALUES (?, (SELECT change FROM register), '')", id)
	for _, event := range []string{"signature", "signature", "validity-begins", "validity-ends"} {
		exec("INSERT INTO events (agreement_id, event, date, date_earliest, date_latest, known_from) VALUES (?, ?, "+
			"'2001', '2001-01-01', '2001-12-31', '0001-01-01')", id, event)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func importing(t *testing.T, engine string) {
	store := testdb.Open(t, testdb.Address(t, engine))
	start := time.Now()
	imp, err := sample.Load(ctx, store, exchange.NewImporter(store, slog.Default()), "bench")
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	rows := imp.Counted().Read + imp.Counted().RowsRead
	fmt.Printf("import of GGO     %d rows, checked and written, in %s, %.0f rows/s (limit 60 s on SQLite)\n", rows,
		took.Round(100*time.Millisecond), float64(rows)/took.Seconds())
}

// ready measures from the start of the program to its first answer.
func ready(t *testing.T, binary, address string) {
	var times series
	for range 5 {
		command := exec.Command(binary, "--database", address, "serve", "--listen", "127.0.0.1:18099")
		start := time.Now()
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		for {
			response, err := http.Get("http://127.0.0.1:18099/readyz")
			if err == nil {
				response.Body.Close()
				break
			}
			if time.Since(start) > 10*time.Second {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Millisecond)
		}
		times = append(times, time.Since(start))
		command.Process.Signal(syscall.SIGTERM)
		command.Wait()
	}
	fmt.Printf("ready to serve    %v (median of 5, limit 300 ms)\n", times.at(.5))
}

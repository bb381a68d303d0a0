package bench

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chancery/testdb"
)

// A spreadsheet of n agreements with four parties each, the same each time.
func spreadsheet(t *testing.T, series string, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agreements.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	random := rand.New(rand.NewPCG(2026, 11))
	codes := strings.Fields("US RU FR GB DE CN IT JP CA BY KZ UA PL ES NL SE IN BR AU TR AT BE CH CZ DK EE FI GR HU IE")
	fmt.Fprintln(file, "id,title,kind,parties,signed,in force")
	for i := range n {
		random.Shuffle(len(codes), func(a, b int) { codes[a], codes[b] = codes[b], codes[a] })
		year := 1950 + random.IntN(70)
		fmt.Fprintf(file, "%s%d,Agreement no. %d on cooperation in the field of fish,agreement,%s,%d-%02d-%02d,%d\n", series,
			i, i, strings.Join(codes[:4], ";"), year, 1+random.IntN(12), 1+random.IntN(28), year+1)
	}
	return path
}

// written are the tables that an import writes.
var written = strings.Fields(
	"agreements titles participations validity_periods external_ids events cards search_agreements revisions operation_changes")

// TestImportSpeed brings a spreadsheet in with the program, checks it, and on
// PostgreSQL sets the time beside that of psql's \copy of the very rows that the
// import wrote, into the same tables with their indexes. It runs in make bench.
func TestImportSpeed(t *testing.T) {
	size := 0
	if _, err := fmt.Sscan(os.Getenv("CHANCERY_BENCH"), &size); err != nil {
		t.Skip("runs in make bench")
	}
	binary := filepath.Join(t.TempDir(), "chancery")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/chancery").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := spreadsheet(t, "N", size)
	for _, engine := range testdb.Engines {
		address := testdb.Address(t, engine)
		db := connect(t, engine, address)
		dry, dryMemory := program(t, binary, "import", path, "--database", address, "--dry-run", "--rejected",
			filepath.Join(t.TempDir(), "r.csv"))
		took, memory := program(t, binary, "import", path, "--database", address, "--rejected",
			filepath.Join(t.TempDir(), "r.csv"))
		fmt.Printf("%s: %d agreements from CSV checked in %s (%d MB at the most), checked and written in %s (%d MB)\n",
			engine, size, dry.Round(100*time.Millisecond), dryMemory>>20, took.Round(100*time.Millisecond), memory>>20)
		exported, most := program(t, binary, "export", "records", "--as", "xlsx", "--database", address)
		fmt.Printf("%s: a workbook of all tables of %d agreements in %s (%d MB)\n", engine, size,
			exported.Round(100*time.Millisecond), most>>20)
		if engine == "postgres" {
			beside(t, db, address, took-dry)
		}
		readers(t, binary, engine, address, size/5)
	}
}

// readers tells how long others wait for pages while an import of n agreements goes
// on, beside how long they do without.
func readers(t *testing.T, binary, engine, address string, n int) {
	t.Helper()
	command, get := served(t, binary, address)
	defer command.Wait()
	defer command.Process.Kill()
	pages := []string{"/agreements.json?pair=BY-RU", "/agreements?kind=agreement", "/agreements/77", "/parties/DE",
		"/agreements?q=fish"}
	read := func(i int) error { return get(pages[i%len(pages)]) }
	for start := time.Now(); read(0) != nil && time.Since(start) < time.Minute; {
		time.Sleep(10 * time.Millisecond)
	}
	idle := latency(t, 500, read)
	ended := make(chan struct{})
	path := spreadsheet(t, "M", n)
	go func() {
		defer close(ended)
		program(t, binary, "import", path, "--database", address, "--rejected", filepath.Join(t.TempDir(), "r.csv"))
	}()
	var busy series
	for i, going := 0, true; going; i++ {
		begin := time.Now()
		if err := read(i); err != nil {
			t.Fatal(err)
		}
		busy = append(busy, time.Since(begin))
		select {
		case <-ended:
			going = false
		case <-time.After(10 * time.Millisecond):
		}
	}
	fmt.Printf("%s: pages while %d agreements are imported p50 %s p95 %s (%d pages), without p50 %s p95 %s: %.1f x\n",
		engine, n, busy.at(0.5), busy.at(0.95), len(busy), idle.at(0.5), idle.at(0.95),
		float64(busy.at(0.95))/float64(idle.at(0.95)))
}

// program runs a command and returns how long it took and the most memory it had,
// in bytes.
func program(t *testing.T, name string, args ...string) (time.Duration, int64) {
	t.Helper()
	command := exec.Command(name, args...)
	var said bytes.Buffer
	command.Stderr = &said
	start := time.Now()
	if err := command.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return time.Since(start), command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}

// beside copies what an import wrote into an empty register by \copy, and compares.
func beside(t *testing.T, db *sql.DB, address string, took time.Duration) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	empty := testdb.Address(t, "postgres")
	psql := func(address, command string) {
		t.Helper()
		if out, err := exec.Command("psql", address, "-q", "-v", "ON_ERROR_STOP=1", "-c",
			command).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	rows := int64(0)
	for _, table := range written {
		var n int64
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		rows += n
		psql(address, `\copy `+table+` to '`+filepath.Join(folder, table)+`'`)
	}
	psql(empty, "ALTER TABLE operation_changes DROP CONSTRAINT operation_changes_operation_id_fkey")
	start := time.Now()
	for _, table := range written {
		psql(empty, `\copy `+table+` from '`+filepath.Join(folder, table)+`'`)
	}
	copied := time.Since(start)
	fmt.Printf("          writing %d rows in %s; \\copy of the same rows %s: %.0f %% of it (limit 30 %%)\n", rows,
		took.Round(100*time.Millisecond), copied.Round(100*time.Millisecond), 100*copied.Seconds()/took.Seconds())
}

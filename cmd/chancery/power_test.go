package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"
)

// A disk holds files as they may be found after a loss of power: what was synced
// before is there; of what was written since, each sector may be there or not; a
// name is certain once its folder was synced. It is stricter than most file
// systems.
type disk struct {
	names   map[string]*diskFile // as programs see them
	safe    map[string]*diskFile // as they are certain
	renamed []map[string]*diskFile
	end     map[string]int64 // where the next write to a file goes
}

// A diskFile has what was synced, and what was written since.
type diskFile struct {
	folder  bool
	synced  []byte
	written []diskWrite
}

// A diskWrite puts bytes at a place, or, without any, cuts the file there.
type diskWrite struct {
	at      int64
	content []byte
}

const sector = 512

func (w diskWrite) to(content []byte) []byte {
	end := w.at + int64(len(w.content))
	if w.content == nil || int64(len(content)) < end {
		content = append(content, make([]byte, max(0, end-int64(len(content))))...)
	}
	if w.content == nil {
		return content[:w.at]
	}
	copy(content[w.at:], w.content)
	return content
}

// torn makes parts of a write at the borders of sectors.
func (w diskWrite) torn() (parts []diskWrite) {
	if w.content == nil {
		return []diskWrite{w}
	}
	at := w.at
	for rest := w.content; len(rest) > 0; {
		n := min(len(rest), sector-int(at%sector))
		parts = append(parts, diskWrite{at, rest[:n]})
		at, rest = at+int64(n), rest[n:]
	}
	return parts
}

// rename notes that names changed: what is at none is gone.
func (d *disk) rename(changes map[string]*diskFile) {
	for name, f := range changes {
		if d.names[name] = f; f == nil {
			delete(d.names, name)
		}
	}
	d.renamed = append(d.renamed, changes)
}

func (d *disk) syncFolder(folder string) {
	var left []map[string]*diskFile
	for _, changes := range d.renamed {
		for name, f := range changes {
			if filepath.Dir(name) == folder {
				d.safe[name] = f
				delete(changes, name)
			}
		}
		if len(changes) > 0 {
			left = append(left, changes)
		}
	}
	d.renamed = left
}

// lose makes the files as a loss of power may leave them in a folder: kept says of
// each sector, and of each change of names after those before it, whether it came
// to the disk.
func (d *disk) lose(t *testing.T, from, to string, kept func() bool) {
	t.Helper()
	names := map[string]*diskFile{}
	for name, f := range d.safe {
		names[name] = f
	}
	for _, changes := range d.renamed {
		if !kept() {
			break
		}
		for name, f := range changes {
			names[name] = f
		}
	}
	reached := func(name string) bool {
		for name = filepath.Dir(name); name != from; name = filepath.Dir(name) {
			if names[name] == nil {
				return false
			}
		}
		return true
	}
	for name, f := range names {
		if f == nil || f.folder || !reached(name) || strings.HasSuffix(name, "-shm") { // memory
			continue
		}
		content := bytes.Clone(f.synced)
		for _, w := range f.written {
			for _, part := range w.torn() {
				if kept() {
					content = part.to(content)
				}
			}
		}
		at, err := filepath.Rel(from, name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(to, at)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A systemCall is one that ended well, as strace tells of it.
type systemCall struct {
	name    string
	paths   []string // of open files, in order
	texts   [][]byte // given as they are, in order
	numbers string   // all of what was said of it
	result  int64
}

var (
	callLine  = regexp.MustCompile(`(?s)^(\w+)\((.*)\) += (\d+)`)
	openFile  = regexp.MustCompile(`<((?:\\x[0-9a-f]{2})+)>`)
	givenText = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
)

func unescaped(t *testing.T, text string) []byte {
	content, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// calls reads what strace wrote.
func calls(t *testing.T, path string) (list []systemCall) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unfinished := map[string]string{}
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		thread, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		text = strings.TrimSpace(text)
		if first, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
			unfinished[thread] = first
			continue
		}
		if _, rest, ok := strings.Cut(text, " resumed>"); ok && strings.HasPrefix(text, "<...") {
			text = unfinished[thread] + rest
		}
		found := callLine.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		call := systemCall{name: found[1], numbers: found[2]}
		call.result, _ = strconv.ParseInt(found[3], 10, 64)
		for _, m := range openFile.FindAllStringSubmatch(text, -1) {
			call.paths = append(call.paths, string(unescaped(t, m[1])))
		}
		for _, m := range givenText.FindAllStringSubmatch(found[2], -1) {
			call.texts = append(call.texts, unescaped(t, m[1]))
		}
		list = append(list, call)
	}
}

// do repeats a system call on the disk, below a folder; it tells whether anything
// was to do.
func (d *disk) do(t *testing.T, call systemCall, folder string) bool {
	t.Helper()
	below := func(path string) bool { return strings.HasPrefix(path, folder+"/") || path == folder }
	path := ""
	if len(call.paths) > 0 {
		path = call.paths[len(call.paths)-1] // what was opened stands last
	}
	last := func() int64 { // the last number given
		text := call.numbers[strings.LastIndex(call.numbers, ", ")+2:]
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", call.name, err)
		}
		return n
	}
	file := d.names[path]
	switch call.name {
	case "open", "openat":
		if !below(path) || strings.Contains(call.numbers, "O_DIRECTORY") {
			return false
		}
		d.end[path] = 0
		if file == nil && strings.Contains(call.numbers, "O_CREAT") {
			d.rename(map[string]*diskFile{path: {}})
			return true
		}
		if file != nil && strings.Contains(call.numbers, "O_TRUNC") {
			file.written = append(file.written, diskWrite{})
			return true
		}
	case "write", "pwrite64":
		if file == nil {
			if below(path) && !strings.HasSuffix(path, "(deleted)") {
				t.Fatalf("%s is written and was never opened", path)
			}
			return false
		}
		w := diskWrite{d.end[path], call.texts[0][:call.result]}
		if call.name == "pwrite64" {
			w.at = last()
		} else {
			d.end[path] += call.result
		}
		file.written = append(file.written, w)
		return true
	case "ftruncate":
		if file != nil {
			file.written = append(file.written, diskWrite{at: last()})
			return true
		}
	case "fsync", "fdatasync":
		if file != nil && !file.folder {
			for _, w := range file.written {
				file.synced = w.to(file.synced)
			}
			file.written = nil
			return true
		}
		if below(path) {
			d.syncFolder(path)
			return true
		}
	case "mkdir", "mkdirat":
		if name := string(call.texts[0]); below(name) && name != folder {
			d.rename(map[string]*diskFile{name: {folder: true}})
			return true
		}
	case "rename", "renameat", "renameat2":
		from, to := string(call.texts[0]), string(call.texts[1])
		if f := d.names[from]; f != nil && below(to) {
			d.rename(map[string]*diskFile{from: nil, to: f})
			return true
		}
	case "unlink", "unlinkat":
		if name := string(call.texts[0]); d.names[name] != nil {
			d.rename(map[string]*diskFile{name: nil})
			return true
		}
	default: // another way to write, of which nothing is known here
		if file != nil {
			t.Fatalf("%s writes to %s", call.name, path)
		}
	}
	return false
}

// watched starts a program of which every write is written down.
func watched(t *testing.T, command *exec.Cmd, log string) *exec.Cmd {
	t.Helper()
	return traced(t, command, "-y", "-xx", "-s", "4000000", "-o", log, "--seccomp-bpf",
		"-e", "trace=open,openat,write,pwrite64,writev,pwritev,pwritev2,copy_file_range,sendfile,splice,fallocate,truncate,ftruncate,fsync,fdatasync,sync_file_range,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat")
}

// onDisk takes the files below a folder as certain.
func onDisk(t *testing.T, folder string) *disk {
	t.Helper()
	d := &disk{names: map[string]*diskFile{}, safe: map[string]*diskFile{}, end: map[string]int64{}}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f := &diskFile{folder: entry.IsDir()}
		if !f.folder {
			f.synced, err = os.ReadFile(path)
		}
		d.names[path], d.safe[path] = f, f
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A left is what a loss of power left.
type left struct {
	folder   string
	answered []string // what was answered with 201 before
	ended    bool     // the program had ended by itself
}

// cutPower runs a program, repeats on a disk what it wrote, and looks at what is
// left if the power goes after a step: nothing of what was not synced, all of it,
// or any part. It looks at one step of so many, chosen at random, at CHANCERY_POWER
// times as many if that is set, and at the last.
func cutPower(t *testing.T, folder string, run func(log string), of int, look func(t *testing.T, is left)) {
	t.Helper()
	of = max(1, of/count("CHANCERY_POWER", 1))
	d, log := onDisk(t, folder), filepath.Join(t.TempDir(), "calls")
	run(log)
	var answered []string
	looks := 0
	cut := func(step int, ended bool) {
		some := rand.Float64()
		for how, kept := range map[string]func() bool{
			"nothing":    func() bool { return false },
			"everything": func() bool { return true },
			"anything":   func() bool { return rand.Float64() < some },
		} {
			looks++
			t.Run(fmt.Sprintf("%s after step %d", how, step), func(t *testing.T) {
				is := left{t.TempDir(), answered, ended}
				d.lose(t, folder, is.folder, kept)
				look(t, is)
			})
		}
	}
	step := 0
	for _, call := range calls(t, log) {
		stepped := d.do(t, call, folder)
		if call.name == "write" && bytes.HasPrefix(call.texts[0], []byte("HTTP/1.1 201")) {
			answered, stepped = append(answered, string(call.texts[0])), true
		}
		if stepped {
			if step++; rand.IntN(of) == 0 {
				cut(step, false)
			}
		}
	}
	cut(step, true)
	t.Logf("%d steps; the power went %d times", step, looks)
}

// answered asks an SQLite file for a value.
func answered(t *testing.T, path, query string) (answer string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// wholeRegister opens what is left of a register: the engine finds nothing wrong,
// the chain is whole, every file is there.
func wholeRegister(t *testing.T, folder string) *models.Store {
	t.Helper()
	path := filepath.Join(folder, "register.db")
	store := testdb.Open(t, path)
	if found := answered(t, path, "PRAGMA integrity_check"); found != "ok" {
		t.Fatal(found)
	}
	if broken, _, err := store.Upkeep().VerifyChain(models.WithRestricted(t.Context()), nil); err != nil || broken != nil {
		t.Fatalf("the chain: %v, %v", broken, err)
	}
	sums, err := store.Documents().FileSums(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sum := range sums {
		content, err := os.ReadFile(filepath.Join(folder, "register-documents", exchange.FileKey(sum)))
		if has := sha256.Sum256(content); err != nil || hex.EncodeToString(has[:]) != sum {
			t.Fatalf("a document of %d bytes is not what it was: %v", len(content), err)
		}
	}
	return store
}

// placed makes an empty register in a folder of its own.
func placed(t *testing.T) (folder, database string) {
	t.Helper()
	database = testdb.Address(t, "sqlite")
	return filepath.Dir(database), database
}

// toEnd runs a program to its end, with every write written down.
func toEnd(t *testing.T, arguments ...string) func(log string) {
	return func(log string) {
		if out, err := watched(t, program(t, arguments...), log).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}

// Whenever the power goes, agreements and documents that were acknowledged are
// there, and nothing is there by half (R2, R13).
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	folder, database := placed(t)
	cutPower(t, folder, func(log string) {
		server := started(t, watched(t, program(t, "--database", database, "serve", "--listen", "127.0.0.1:0"), log))
		plain := &http.Client{Transport: testdb.AsFirst{RoundTripper: &http.Transport{DisableCompression: true}}}
		post := func(path, mediaType string, content io.Reader) {
			request, err := http.NewRequest(http.MethodPost, server.url+path, content)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", mediaType)
			request.Header.Set("Accept", "application/json")
			request.Header.Set("Sec-Fetch-Site", "same-origin")
			response, err := plain.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if said, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusCreated {
				t.Fatalf("%d, %v\n%s", response.StatusCode, err, said)
			}
		}
		for i := 1; i <= 4; i++ {
			post("/agreements", "application/json", strings.NewReader(body(i)))
			var text bytes.Buffer
			form := multipart.NewWriter(&text)
			form.WriteField("actor", "Anna")
			file, _ := form.CreateFormFile("file", "treaty.txt")
			fmt.Fprintf(file, "Text %d of the treaty. %s", i, strings.Repeat("Whereas. ", 1000*i))
			form.Close()
			post(fmt.Sprintf("/agreements/%d/documents", i), form.FormDataContentType(), &text)
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server.Process.Pid, server.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.Fields(string(children))[0])
		if err != nil {
			t.Fatal(err)
		}
		syscall.Kill(pid, syscall.SIGTERM)
		server.Wait()
	}, 40, func(t *testing.T, is left) {
		acknowledged, documents := map[int64]int{}, 0
		for _, answer := range is.answered {
			head, said, _ := strings.Cut(answer, "\r\n\r\n")
			if strings.Contains(said, `"sha256"`) {
				documents++
			} else if _, at, ok := strings.Cut(head, "Location: /agreements/"); ok {
				i, _ := strconv.Atoi(strings.Fields(at)[0])
				acknowledged[int64(i)] = i
			}
		}
		if is.ended && (len(acknowledged) != 4 || documents != 4) {
			t.Fatalf("%d agreements and %d documents were acknowledged", len(acknowledged), documents)
		}
		store := wholeRegister(t, is.folder)
		checkWhole(t, filepath.Join(is.folder, "register.db"), acknowledged)
		if sums, err := store.Documents().FileSums(t.Context()); err != nil || len(sums) < documents {
			t.Errorf("%d of %d documents are there, %v", len(sums), documents, err)
		}
	})
}

// Whenever the power goes, a new register can be migrated all the same (R2, R13).
func TestAPowerCutWhileMigrating(t *testing.T) {
	folder := t.TempDir()
	database := filepath.Join(folder, "register.db")
	cutPower(t, folder, toEnd(t, "--database", database, "migrate"), 200, func(t *testing.T, is left) {
		path := filepath.Join(is.folder, "register.db")
		if is.ended {
			if answer := answered(t, path, "SELECT count(*) < 300 FROM parties"); answer != "0" {
				t.Error("the migration said that it had ended")
			}
		}
		if size, err := wholeRegister(t, is.folder).Lists().Totals(t.Context()); err != nil || size.Parties < 300 {
			t.Errorf("%+v, %v", size, err)
		}
	})
}

// Whenever the power goes, an import goes on where it was (R2, R8, R13).
func TestAPowerCutWhileImporting(t *testing.T) {
	const agreements = 1100
	folder, database := placed(t)
	cutPower(t, folder, toEnd(t, "--database", database, "import", table(t, agreements)), 2000,
		func(t *testing.T, is left) {
			path := filepath.Join(is.folder, "register.db")
			store := wholeRegister(t, is.folder)
			size, err := store.Lists().Totals(models.WithRestricted(t.Context()))
			if err != nil || size.Agreements%1000 != 0 && size.Agreements != agreements {
				t.Fatalf("half a batch is there: %+v, %v", size, err)
			}
			if begun, err := store.Bulk().Imports(t.Context(), 0, 1); err != nil || len(begun) == 0 && size.Agreements == 0 {
				return
			}
			if !is.ended {
				if out, err := program(t, "--database", path, "import", "--resume").CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			if imports, err := store.Bulk().Imports(t.Context(), 0, 1); err == nil && imports[0].State == "checked" &&
				size.Agreements == 0 {
				return // nobody has begun to write it
			}
			store.Close()
			complete(t, path, agreements)
		})
}

// Whenever the power goes, there is a whole backup or none, and a backup is
// restored or not (R2, R11, R13).
func TestAPowerCutWhileBackingUp(t *testing.T) {
	const agreements = 20
	folder, database := placed(t)
	if out, err := program(t, "--database", database, "generate", "--agreements",
		fmt.Sprint(agreements)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text := []byte("The text of the treaty.")
	sum := sha256.Sum256(text)
	document := models.Document{Language: "en", Name: "treaty.txt", MediaType: "text/plain", Size: int64(len(text)),
		SHA256: hex.EncodeToString(sum[:])}
	kept := filepath.Join(folder, "register-documents", exchange.FileKey(document.SHA256))
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, text, 0o600); err != nil {
		t.Fatal(err)
	}
	store := testdb.Open(t, database)
	if _, err := store.Documents().AddDocument(t.Context(), 1, document, models.Change{Actor: "Anna"}); err != nil {
		t.Fatal(err)
	}
	store.Close()
	copied := filepath.Join(folder, "copy.zip")
	cutPower(t, folder, toEnd(t, "--database", database, "backup", copied), 20, func(t *testing.T, is left) {
		wholeRegister(t, is.folder)
		content, err := os.ReadFile(filepath.Join(is.folder, "copy.zip"))
		if err != nil && !is.ended {
			return
		}
		if summary, err := exchange.CheckRegister(bytes.NewReader(content), int64(len(content))); err != nil ||
			summary.Rows["agreements"] != agreements || len(summary.Files) != 1 {
			t.Errorf("a copy of %d bytes: %+v, %v", len(content), summary, err)
		}
	})
	folder, database = placed(t)
	cutPower(t, folder, toEnd(t, "--database", database, "restore", copied), 400, func(t *testing.T, is left) {
		store := wholeRegister(t, is.folder)
		size, err := store.Lists().Totals(t.Context())
		if err != nil || size.Agreements != agreements && (is.ended || size.Agreements != 0) {
			t.Fatalf("%+v, %v", size, err)
		}
		if size.Agreements == agreements {
			return
		}
		store.Close()
		if out, err := program(t, "--database", filepath.Join(is.folder, "register.db"), "restore",
			copied).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		wholeRegister(t, is.folder)
	})
}

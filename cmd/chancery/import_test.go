package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"

	"github.com/xuri/excelize/v2"
)

// count is how often or how many: more of it where the environment asks for more
// (make reliability).
func count(variable string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return usual
}

// table is a file of agreements, the last two of which are refused.
func table(t *testing.T, agreements int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("id,title,parties,signed\n")
	for n := range agreements {
		fmt.Fprintf(&text, "N%d,Treaty number %d,BY; RU; KZ,%d\n", n, n, 1900+n%100)
	}
	text.WriteString("N1,with a cell too many,BY; RU,1901,more\nX,with a \"mark where none may be,BY; RU,1901\n")
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// complete sees that all that a table has is there once, and that the counts add
// up.
func complete(t *testing.T, database string, agreements int) {
	t.Helper()
	store := testdb.Open(t, database)
	list, err := store.Bulk().Imports(t.Context(), 0, 1) // the newest
	if err != nil || len(list) != 1 || list[0].State != "done" {
		t.Fatalf("%+v, %v", list, err)
	}
	imp := list[0]
	if n := imp.Counted(); n.Read != int64(agreements+2) || n.New != int64(agreements) || n.Refused != 2 {
		t.Errorf("%+v", n)
	}
	size, err := store.Lists().Totals(models.WithRestricted(t.Context()))
	if err != nil || size.Agreements != int64(agreements) {
		t.Errorf("%+v, %v", size, err)
	}
	if broken, _, err := store.Upkeep().VerifyChain(models.WithRestricted(t.Context()), nil); err != nil || broken != nil {
		t.Errorf("the chain: %v, %v", broken, err)
	}
}

// An import that is killed goes on where it was when the program comes back:
// nothing is there twice, nothing is missing, and the counts add up (R8).
func TestAKilledImportGoesOn(t *testing.T) {
	agreements, most := count("CHANCERY_ROWS", 6000), count("CHANCERY_KILLS", 3)
	path := table(t, agreements)
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			run := func(arguments ...string) (killed bool) {
				command := program(t, append([]string{"--database", database, "import"}, arguments...)...)
				var said bytes.Buffer
				command.Stderr = &said
				if err := command.Start(); err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- command.Wait() }()
				// Not before it writes: what is being checked, or not yet kept, is not there
				// afterwards.
				writing := func() bool {
					store, err := models.Open(context.Background(), database)
					if err != nil {
						return false
					}
					defer store.Close()
					list, err := store.Bulk().Imports(context.Background(), 0, 1)
					return err == nil && len(list) == 1 && list[0].State == "running" && list[0].Holder != ""
				}
				for {
					select {
					case err := <-ended:
						if err != nil {
							t.Fatalf("%v\n%s", err, said.String())
						}
						return false
					case <-time.After(10 * time.Millisecond):
						if writing() {
							time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond) // #nosec G404
							command.Process.Kill()
							<-ended
							return true
						}
					}
				}
			}
			if !run(path) {
				t.Fatal("the import was done before it was killed")
			}
			kills := 1
			for kills < most && run("--resume") {
				kills++
				store := testdb.Open(t, database)
				size, err := store.Lists().Totals(models.WithRestricted(t.Context()))
				if err != nil || size.Agreements%1000 != 0 && size.Agreements != int64(agreements) {
					t.Fatalf("half a batch is there: %+v, %v", size, err)
				}
			}
			if out, err := program(t, "--database", database, "import", "--resume").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			complete(t, database, agreements)
			t.Logf("%d kills", kills)
		})
	}
}

// An import whose disk is full says so and ends; with space again it goes on where
// it was (R8).
func TestAnImportWithoutSpaceGoesOn(t *testing.T) {
	const agreements = 3000
	path := table(t, agreements)
	halves := 0
	for _, n := range []int{60, 400, 700, 1000, 1300} { // how much is written before depends on how it goes
		if n > 60 && halves > 0 {
			break
		}
		database := testdb.Address(t, "sqlite")
		out, err := traced(t, program(t, "--database", database, "import", path), "-o", os.DevNull, "-e", "trace=pwrite64",
			"-e", fmt.Sprintf("inject=pwrite64:error=ENOSPC:when=%d+", n)).CombinedOutput()
		if err == nil {
			break // it needed no more
		}
		if !strings.Contains(string(out), "full") {
			t.Fatalf("at write %d: %v\n%s", n, err, out)
		}
		store := testdb.Open(t, database)
		list, err := store.Bulk().Imports(t.Context(), 0, 1)
		size, sizeErr := store.Lists().Totals(models.WithRestricted(t.Context()))
		if err != nil || sizeErr != nil {
			t.Fatal(err, sizeErr)
		}
		if size.Agreements%1000 != 0 {
			t.Errorf("half a batch is there: %d", size.Agreements)
		}
		arguments := []string{"--database", database, "import", path}
		if len(list) > 0 && list[0].State == "running" {
			arguments[3] = "--resume"
			halves++
		}
		if out, err := program(t, arguments...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		complete(t, database, agreements)
	}
	if halves == 0 {
		t.Error("no disk was full in the midst of writing")
	}
}

// A whole register goes out by one command and in by another, with its documents.
func TestTheCommandLineMovesARegister(t *testing.T) {
	from := testdb.Address(t, "sqlite")
	table := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(table, []byte("title,parties,signed\nTreaty on fish,BY; RU,2001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, "--database", from, "import", table).CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "1 new") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", from, "import", "--guess", table).Output(); err != nil ||
		!strings.Contains(string(out), `"field": "party"`) {
		t.Fatalf("%v\n%s", err, out)
	}
	archive, err := program(t, "--database", from, "export", "register").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "register.zip")
	if err := os.WriteFile(path, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	to := testdb.Address(t, "postgres")
	if out, err := program(t, "--database", to, "import", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", to, "import", path).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "holds records already") {
		t.Fatalf("%v\n%s", err, out)
	}
	records, err := program(t, "--database", to, "export", "records", "--as", "jsonl", "--query", "pair=BY-RU").Output()
	if err != nil || !strings.Contains(string(records), "Treaty on fish") {
		t.Fatalf("%v\n%s", err, records)
	}
}

// Uploads made to hurt are answered at once and in little memory: none takes 64 MB
// over what was there, none leaves a file behind (S8).
func TestHostileUploadsTakeLittleMemory(t *testing.T) {
	running := serve(t, testdb.Address(t, "sqlite"))
	memory := func() (kilobytes int) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", running.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(strings.SplitAfter(string(status), "VmHWM:")[1], &kilobytes); err != nil {
			t.Fatal(err)
		}
		return kilobytes
	}
	table := "title,parties,signed\nTreaty,BY;RU,2001\n"
	upload := func(content io.Reader) int {
		reader, writer := io.Pipe()
		form := multipart.NewWriter(writer)
		go func() {
			form.WriteField("actor", "A")
			part, _ := form.CreateFormFile("file", "table.csv")
			io.Copy(part, content)
			form.Close()
			writer.Close()
		}()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, running.url+"/imports", reader)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", form.FormDataContentType())
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		response, err := http.DefaultClient.Do(request)
		if err != nil { // what is too large is answered while it is still being sent
			return http.StatusRequestEntityTooLarge
		}
		defer response.Body.Close()
		io.Copy(io.Discard, response.Body)
		return response.StatusCode
	}
	if status := upload(strings.NewReader(table)); status != http.StatusOK {
		t.Fatal(status)
	}
	before := memory()
	for _, test := range []struct {
		name    string
		content io.Reader
		status  int
	}{
		{"a workbook that unpacks to 10 GB", zipBomb(t, 10<<30), 422},
		{"the same, which says that it is small", zipBomb(t, 1000), 422},
		{"a gzip that unpacks to 10 GB, kept as it is and read to its bound", gzipBomb(t), 200},
		{"a million columns", io.MultiReader(strings.NewReader(strings.Repeat("a,", 1_000_000)), strings.NewReader("\n")),
			422},
		{"a row without an end", io.LimitReader(forever("x"), 200<<20), 422},
		{"deep JSON", strings.NewReader(`[{"a":` + strings.Repeat("[", 1_000_000)), 422},
		{"XML entities", workbookOf(t, func(z *zip.Writer, name string) error {
			part, err := z.Create(name)
			if err == nil {
				_, err = io.WriteString(part, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "`+strings.Repeat("a", 1000)+
					`"><!ENTITY b "`+strings.Repeat("&a;", 1000)+`"><!ENTITY c "`+strings.Repeat("&b;", 1000)+
					`">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>`)
			}
			return err
		}), 422},
		{"more than may be sent", io.LimitReader(forever("a,b,c\n"), 2<<30), 413},
	} {
		start := time.Now()
		status := upload(test.content)
		t.Logf("%s: %d after %s, %d MB more", test.name, status, time.Since(start).Round(time.Millisecond),
			(memory()-before)>>10)
		if status != test.status {
			t.Errorf("%s: %d, want %d", test.name, status, test.status)
		}
		if more := (memory() - before) >> 10; more > 64 {
			t.Errorf("%s took %d MB", test.name, more)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "chancery-upload-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// forever repeats a text.
func forever(text string) io.Reader { return &repeated{text: []byte(text)} }

type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = r.text[(r.at+n)%len(r.text)]
	}
	r.at += len(p)
	return len(p), nil
}

// zipBomb is a workbook whose sheet unpacks to ten gigabytes, whatever size it
// says.
func zipBomb(t *testing.T, says uint64) io.Reader {
	t.Helper()
	var piece bytes.Buffer
	packer, err := flate.NewWriter(&piece, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(packer, io.LimitReader(forever(" "), 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := packer.Flush(); err != nil { // what ends so can be said again
		t.Fatal(err)
	}
	once := piece.Len()
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	again, end := piece.Bytes()[:once], piece.Bytes()[once:]
	packed := append(bytes.Repeat(again, 160), end...)
	return workbookOf(t, func(z *zip.Writer, name string) error {
		part, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(packed)),
			UncompressedSize64: says})
		if err == nil {
			_, err = part.Write(packed)
		}
		return err
	})
}

// gzipBomb unpacks to ten gigabytes of rows.
func gzipBomb(t *testing.T) io.Reader {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := io.Copy(z, io.LimitReader(forever("a,b,c\n"), 60<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(bytes.Repeat(packed.Bytes(), 160))
}

// workbookOf is a true workbook with another sheet put in.
func workbookOf(t *testing.T, sheet func(z *zip.Writer, name string) error) io.Reader {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	var whole, other bytes.Buffer
	if err := book.Write(&whole); err != nil {
		t.Fatal(err)
	}
	parts, err := zip.NewReader(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&other)
	for _, part := range parts.File {
		if part.Name == "xl/worksheets/sheet1.xml" {
			err = sheet(z, part.Name)
		} else {
			err = z.Copy(part)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &other
}

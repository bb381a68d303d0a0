package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// An import that is killed goes on where it was when the program comes back: nothing is there twice, nothing is missing,
// and the counts add up (R8).
func TestAKilledImportGoesOn(t *testing.T) {
	const agreements = 6000
	var text strings.Builder
	text.WriteString("id,title,parties,signed\n")
	for n := range agreements {
		fmt.Fprintf(&text, "N%d,Treaty number %d,BY; RU; KZ,%d\n", n, n, 1900+n%100)
	}
	text.WriteString("N1,the same again,BY; RU,1901\nX,without a date,BY; RU,\n")
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
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
				// Not before it writes: what is being checked, or not yet kept, is not there afterwards.
				writing := func() bool {
					store, err := models.Open(context.Background(), database)
					if err != nil {
						return false
					}
					defer store.Close()
					list, err := store.Imports(context.Background(), 0, 1)
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
			for kills < 3 && run("--resume") {
				kills++
				store := testdb.Open(t, database)
				size, err := store.Size(models.Insider(t.Context()))
				if err != nil || size.Agreements%1000 != 0 && size.Agreements != agreements {
					t.Fatalf("half a batch is there: %+v, %v", size, err)
				}
			}
			if out, err := program(t, "--database", database, "import", "--resume").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			store := testdb.Open(t, database)
			imp, _, err := store.Import(t.Context(), 1)
			if err != nil || imp.State != "done" {
				t.Fatalf("%+v, %v", imp, err)
			}
			if n := imp.Counted(); n.Read != agreements+2 || n.New != agreements || n.Refused != 2 {
				t.Errorf("%+v", n)
			}
			size, err := store.Size(models.Insider(t.Context()))
			if err != nil || size.Agreements != agreements {
				t.Errorf("%+v, %v", size, err)
			}
			if broken, _, err := store.VerifyChain(models.Insider(t.Context()), nil); err != nil || broken != nil {
				t.Errorf("the chain: %v, %v", broken, err)
			}
			t.Logf("%d kills", kills)
		})
	}
}

// A whole register goes out by one command and in by another, with its documents.
func TestTheCommandLineMovesARegister(t *testing.T) {
	from := testdb.Address(t, "sqlite")
	table := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(table, []byte("title,parties,signed\nTreaty on fish,BY; RU,2001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, "--database", from, "import", table).CombinedOutput(); err != nil || !strings.Contains(string(out), "1 new") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", from, "import", "--guess", table).Output(); err != nil || !strings.Contains(string(out), `"field": "party"`) {
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
	if out, err := program(t, "--database", to, "import", path).CombinedOutput(); err == nil || !strings.Contains(string(out), "holds records already") {
		t.Fatalf("%v\n%s", err, out)
	}
	records, err := program(t, "--database", to, "export", "records", "--as", "jsonl", "--query", "pair=BY-RU").Output()
	if err != nil || !strings.Contains(string(records), "Treaty on fish") {
		t.Fatalf("%v\n%s", err, records)
	}
}

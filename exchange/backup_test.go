package exchange_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"strings"

	"chancery/exchange"
	"chancery/exchange/bucket"
	"chancery/models"
	"chancery/testdb"
)

// A backup is made while others write, restored on the other engine, and is one
// moment's state: its chain is whole, and what was acknowledged before it began is
// in it (R11).
func TestABackupIsRestoredOnTheOtherEngine(t *testing.T) {
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(from+" to "+to, func(t *testing.T) {
			store, files := testdb.Open(t, testdb.Address(t, from)), keepsFile(t, "x")
			record := func(n int) (int64, error) {
				return store.Record(ctx, models.AgreementDraft{Titles: []models.TitleDraft{
					{Text: fmt.Sprintf("Treaty %d", n), Language: "en"}}, Signed: "2001",
					Participations: []models.ParticipationDraft{{Party: "FR"}, {Party: "DE"}}}, models.Change{Actor: "test"})
			}
			first, err := record(0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Documents().AddDocument(ctx, first, documentOf("x"), models.Change{Actor: "test"}); err != nil {
				t.Fatal(err)
			}
			stop := make(chan bool)
			var wait sync.WaitGroup
			for writer := range 4 {
				wait.Go(func() {
					for n := 1; ; n++ {
						select {
						case <-stop:
							return
						default:
						}
						if _, err := record(1000*writer + n); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			time.Sleep(200 * time.Millisecond)
			before, err := store.Lists().Totals(ctx)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "backup.zip")
			summary, err := exchange.Backup(ctx, path, store, files)
			close(stop)
			wait.Wait()
			if err != nil || summary.Rows["agreements"] < before.Agreements || len(summary.Files) != 1 {
				t.Fatalf("%+v of %d before, %v", summary, before.Agreements, err)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			other, otherFiles := testdb.Open(t, testdb.Address(t, to)), emptyBucket(t)
			for name, damaged := range map[string][]byte{"cut off": content[:len(content)/2], "changed": changed(content),
				"without its document": withoutDocuments(t, content)} {
				if _, err := exchange.CheckRegister(bytes.NewReader(damaged), int64(len(damaged))); !errors.Is(err,
					models.ErrDump) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if err := exchange.ReadRegister(ctx, bytes.NewReader(content), int64(len(content)), other, otherFiles); err != nil {
				t.Fatal(err)
			}
			size, err := other.Lists().Totals(ctx)
			if err != nil || size.Agreements != summary.Rows["agreements"] {
				t.Errorf("%+v, %v", size, err)
			}
			if broken, length, err := other.Upkeep().VerifyChain(ctx, nil); err != nil || broken != nil ||
				length != summary.Rows["revisions"] {
				t.Errorf("%v, %d of %d, %v", broken, length, summary.Rows["revisions"], err)
			}
			var again bytes.Buffer
			if err := exchange.WriteRegister(ctx, &again, other, otherFiles, true); err != nil {
				t.Fatal(err)
			}
			if rows(t, content) != rows(t, again.Bytes()) {
				t.Error("the restored register says something else")
			}
		})
	}
}

// Of scheduled copies so many are kept, and files of others are left alone.
func TestBackupsAreRotated(t *testing.T) {
	store, files := testdb.Open(t, testdb.Address(t, "sqlite")), emptyBucket(t)
	there := emptyBucket(t)
	if err := there.Keep(ctx, "chancery-notes.zip", strings.NewReader("mine"), 4, ""); err != nil {
		t.Fatal(err)
	}
	to := exchange.Backups{Bucket: there, Keep: 3}
	for n := range 5 {
		store.Now = func() time.Time { return time.Date(2026, 11, 20+n, 3, 0, 0, 0, time.UTC) }
		if _, _, err := to.Take(ctx, store, files); err != nil {
			t.Fatal(err)
		}
	}
	names, err := to.Names(ctx)
	if err != nil || len(names) != 3 || names[0] != "chancery-20261122T030000Z.zip" {
		t.Errorf("%v, %v", names, err)
	}
	if notes, err := there.Open(ctx, "chancery-notes.zip"); err != nil {
		t.Errorf("somebody else's file was taken out: %v", err)
	} else {
		notes.Close()
	}
}

func changed(content []byte) []byte {
	damaged := bytes.Clone(content)
	for i := len(damaged) / 3; i < len(damaged)/3+20; i++ {
		damaged[i] ^= 0xff
	}
	return damaged
}

func withoutDocuments(t *testing.T, content []byte) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, entry := range archive.File {
		if entry.Name == "register.jsonl" {
			if err := z.Copy(entry); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rows are the lines of an archive's register.
func rows(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open("register.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// emptyBucket is one that is there as long as the test.
func emptyBucket(t *testing.T) bucket.Bucket {
	t.Helper()
	b, err := bucket.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keepsFile(t *testing.T, content string) bucket.Bucket {
	t.Helper()
	b := emptyBucket(t)
	if err := b.Keep(ctx, exchange.FileKey(documentOf(content).SHA256), strings.NewReader(content), int64(len(content)),
		""); err != nil {
		t.Fatal(err)
	}
	return b
}

func documentOf(content string) models.Document {
	sum := sha256.Sum256([]byte(content))
	return models.Document{Name: "text.txt", MediaType: "text/plain", Size: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:])}
}

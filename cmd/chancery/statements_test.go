package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chancery/testdb"
)

// The head of the history is stated by itself, to a folder, an address or a mailbox;
// what comes after a statement is named when it is held against it.
func TestTheHeadIsStatedByItself(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database, folder := testdb.Address(t, engine), t.TempDir()
			running := serve(t, database, "--statements-to", folder, "--statements-key", filepath.Join(folder, "key.pem"))
			var kept []string
			for deadline := time.Now().Add(20 * time.Second); len(kept) == 0 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
				kept, _ = filepath.Glob(filepath.Join(folder, "statement-*.json"))
			}
			if len(kept) != 1 {
				t.Fatalf("kept are %q", kept)
			}
			if _, err := postAgreement(running.url, 1); err != nil {
				t.Fatal(err)
			}
			running.Process.Kill()
			running.Wait()
			out, err := program(t, "--database", database, "verify", "--statement", kept[0]).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "revision 1 of agreement 1, recorded by") ||
				!strings.Contains(string(out), "1 changes since the statement") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	var got []string
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got = append(got, string(text))
	}))
	defer there.Close()
	mail := func(_ context.Context, to, subject, text string) error {
		got = append(got, to+" "+subject+" "+text)
		return nil
	}
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for to, want := range map[string]string{there.URL: `"signature"`, "mailto:a@example.org": "a@example.org Chancery: statement-"} {
		s := stating{To: to, Key: filepath.Join(t.TempDir(), "key.pem")}
		keep, err := s.keeper(mail)
		if err == nil {
			err = s.state(t.Context(), store, "https://treaties.example", keep)
		}
		if err != nil || len(got) == 0 || !strings.Contains(got[len(got)-1], want) {
			t.Errorf("%s got %q (%v)", to, got, err)
		}
	}
	if _, err := (stating{To: "mailto:a@example.org"}).keeper(nil); err == nil {
		t.Error("statements are mailed without mail")
	}
}

// A whole register that was altered on the way is told from one that stands as it
// stood.
func TestAnAlteredRegisterIsNotTakenUp(t *testing.T) {
	from := testdb.Address(t, "sqlite")
	running := serve(t, from)
	for i := 1; i <= 3; i++ {
		if _, err := postAgreement(running.url, i); err != nil {
			t.Fatal(err)
		}
	}
	running.Process.Kill()
	running.Wait()
	whole, err := program(t, "--database", from, "export", "register").Output()
	if err != nil {
		t.Fatal(err)
	}
	for altered, want := range map[string]string{
		"":                            "stands here as it stood there",
		`"text":"Agreement 2"`:        "agreement 2: record",
		`"signed":"2001-02-03"`:       "agreement 1: record",
		`"text":"Ministry 3"`:         "institution 3: record",
		`"text":"Person 1"`:           "person 1: record",
		`"existed_from":"1992-07-23"`: "party ABKHAZIA: record",
		`\"signed\":\"2001-02-03\"`:   "changed",
		`"actor":"`:                   "changed",
	} {
		archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		made := zip.NewWriter(&out)
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if altered != "" {
				if !bytes.Contains(text, []byte(altered)) {
					t.Fatalf("%s is not in it", altered)
				}
				text = bytes.Replace(text, []byte(altered), []byte(other(altered)), 1)
			}
			w, err := made.Create(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(text)
		}
		made.Close()
		path := filepath.Join(t.TempDir(), "register.zip")
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := program(t, "--database", testdb.Address(t, "sqlite"), "import", path).CombinedOutput()
		if (err == nil) != (altered == "") || !strings.Contains(string(said), want) {
			t.Errorf("%s: %v\n%s", altered, err, said)
		}
	}
}

// other is a text with another ending, of the same form.
func other(text string) string {
	switch {
	case strings.Contains(text, "2001-02-03"):
		return strings.Replace(text, "2001-02-03", "2002-02-03", 1)
	case strings.Contains(text, "1992-07-23"):
		return strings.Replace(text, "1992-07-23", "1991-07-23", 1)
	case text == `"actor":"`:
		return `"actor":"Not `
	}
	return fmt.Sprint(strings.TrimSuffix(text, `"`), `x"`)
}

package handlers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/exchange/bucket"
	"chancery/models"
)

// keeping has the register keep documents; reading them is done in this
// process.
func (s *site) keeping(most int64) {
	s.t.Helper()
	files, err := bucket.Open(s.t.TempDir())
	if err != nil {
		s.t.Fatal(err)
	}
	s.router.config.Files = &Files{Bucket: files, Most: most, Words: func(_ context.Context, path,
		mediaType string) (string, error) {
		if mediaType == "text/plain" {
			return exchange.TextWords(path)
		}
		return exchange.PDFWords(path)
	}}
}

// minimalPDF says one line, in the smallest file that does.
func minimalPDF(line string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.4\n")
	stream := "BT /F1 12 Tf 20 100 Td (" + line + ") Tj ET"
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

func (s *site) upload(name string, content []byte, headers ...string) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("language", "de")
	form.WriteField("actor", "Anna")
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	return s.send("POST", "/agreements/1/documents", body.String(),
		append([]string{"Content-Type", form.FormDataContentType()}, headers...)...)
}

// A document lies under its hash, is served as a download that can do nothing, is
// found by its words, and stands in the history; what is no document is refused
// with the reason.
func TestDocumentsAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		s.record(seedForm())
		pdf := minimalPDF("Wortlaut mit dem Wort Sonnenfinsternis")
		s.upload("Wortlaut.pdf", pdf).want(t, 303)
		s.get("/agreements/1", "Accept-Language", "en").want(t, 200, "Wortlaut.pdf", "German")
		a := s.get("/agreements/1/documents/1").want(t, 200)
		if a.body != string(pdf) {
			t.Error("another file came back")
		}
		for name, want := range map[string]string{"Content-Disposition": "attachment; filename=Wortlaut.pdf",
			"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if found := s.get("/search.json?q=Sonnenfinsternis").want(t, 200,
			`"where":"document"`); !strings.Contains(found.body, "Wortlaut.pdf") {
			t.Errorf("where it was found is not said: %s", found.body)
		}
		s.get("/agreements/1/history.json").want(t, 200, "+ Wortlaut.pdf (SHA-256")
		s.upload("Again.pdf", pdf).want(t, 422, "there already")
		s.upload("notes.txt", []byte("Plain text about a Mondfinsternis")).want(t, 303)
		s.get("/search.json?q=Mondfinsternis").want(t, 200, "notes.txt")
		for name, content := range map[string][]byte{
			"page.pdf":     []byte("<html><script>alert(1)</script></html>"),
			"polyglot.pdf": append([]byte("<!doctype html><script>alert(1)</script>"), pdf...),
			"late.pdf":     append(bytes.Repeat([]byte(" "), 600), pdf...),
			"picture.svg":  []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
			"program.exe":  []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"),
			"empty.pdf":    nil,
			"broken.pdf":   []byte("%PDF-1.7\nthis is no more a PDF than that\n%%EOF"),
			"cut.pdf":      pdf[:len(pdf)/2],
			"bomb.docx":    zipBomb(t),
			"both.pdf":     append(minimalPDF("polyglot"), []byte("<html><script>document.title='run'</script>")...),
		} {
			if a := s.upload(name, content); a.StatusCode != 422 {
				t.Errorf("%s: %d", name, a.StatusCode)
			}
		}
		s.upload("big.txt", bytes.Repeat([]byte("words "), 300_000)).want(t, 413)
		s.post("/agreements/1/documents/1/remove", nil, "Content-Type", "application/x-www-form-urlencoded").want(t, 422)
		s.send("POST", "/agreements/1/documents/1/remove", "actor=Anna").want(t, 303)
		s.get("/agreements/1/documents/1").want(t, 404)
		if found := s.get("/search.json?q=Sonnenfinsternis"); strings.Contains(found.body, `"id":1,`) {
			t.Error("a removed document is found")
		}
		if checked, err := s.store.Upkeep().VerifyRecords(t.Context(), func(b models.Break) { t.Error(b) }); err != nil ||
			checked != 1 {
			t.Errorf("%d records (%v)", checked, err)
		}
	})
}

// zipBomb is a DOCX of a few kilobytes that says of itself that it unpacks to
// gigabytes.
func zipBomb(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(part, io.LimitReader(zeros{}, 80<<20))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// No name of a file leads anywhere, or breaks a header or a page (S9).
func TestFileNamesAreHarmless(t *testing.T) {
	s := open(t, "sqlite")
	s.keeping(1 << 20)
	s.record(seedForm())
	names := []string{"../../etc/passwd", `..\..\windows\system32\config`, "CON", "nul.txt", "a\x00b.txt",
		"line\r\nX-Injected: yes", "\u202egnp.exe", strings.Repeat("long", 200) + ".txt", "<script>alert(1)</script>.txt",
		`"quoted".txt`,
		"   ", "...", "/", "документ.txt", "日本語.txt", "%2e%2e%2f", "a;b=c.txt", "\ufeffbom.txt", "tab\tname.txt"}
	for i, name := range names {
		text := fmt.Sprintf("text %d", i)
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		form.WriteField("actor", "Anna")
		part, err := form.CreatePart(map[string][]string{"Content-Disposition": {
			fmt.Sprintf(`form-data; name="file"; filename="%s"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n",
				"").Replace(name))}})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, text)
		form.Close()
		a := s.send("POST", "/agreements/1/documents", body.String(), "Content-Type", form.FormDataContentType())
		if a.StatusCode != 303 {
			continue // refused is harmless too
		}
	}
	list, err := s.store.Documents().List(t.Context(), 1)
	if err != nil || len(list) < 10 {
		t.Fatalf("%d documents (%v)", len(list), err)
	}
	page := s.get("/agreements/1").want(t, 200)
	if strings.Contains(page.body, "<script>alert") {
		t.Error("a name runs in the page")
	}
	for _, d := range list {
		if strings.ContainsAny(d.Name, "/\\\x00\r\n\t\u202e\ufeff") || len([]rune(d.Name)) > 200 || d.Name == "" {
			t.Errorf("the name %q", d.Name)
		}
		a := s.get(fmt.Sprintf("/agreements/1/documents/%d", d.ID)).want(t, 200)
		if a.Header.Get("X-Injected") != "" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%q is served with %v", d.Name, a.Header)
		}
	}
	for _, path := range []string{"../1", "..%2f..%2fetc%2fpasswd", "1%00", "-1", "999999999999999999999",
		"1/../../../etc/passwd", "%2e%2e/1"} {
		if a := s.get("/agreements/1/documents/" + path); a.StatusCode == 200 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

// A body of ten gigabytes is refused when it has brought what may come at most;
// nothing of it stays (S8).
func TestAHugeBodyIsRefused(t *testing.T) {
	s := open(t, "sqlite")
	s.keeping(4 << 20)
	s.record(seedForm())
	t.Setenv("TMPDIR", t.TempDir())
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(connection,
		"POST /agreements/1/documents HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\nAccept: application/json\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 10737418240\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.txt\"\r\n\r\n", strings.TrimPrefix(s.URL, "http://"))
	sent, chunk := 0, bytes.Repeat([]byte("words "), 10_000)
	for sent < 64<<20 {
		n, err := connection.Write(chunk)
		if sent += n; err != nil {
			break
		}
	}
	if sent >= 64<<20 {
		t.Errorf("%d MB were taken", sent>>20)
	}
	left, err := os.ReadDir(os.TempDir())
	for range 50 {
		if len(left) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
		left, err = os.ReadDir(os.TempDir())
	}
	if err != nil || len(left) > 0 {
		t.Errorf("%d files are left (%v)", len(left), err)
	}
	for path, contentType := range map[string]string{"/agreements/new": "application/x-www-form-urlencoded",
		"/agreements": "application/json", "/sign-in": "application/x-www-form-urlencoded"} {
		a := s.send("POST", path, `{"x":"`+strings.Repeat("x", 2<<20), "Content-Type", contentType)
		if a.StatusCode != http.StatusRequestEntityTooLarge && a.StatusCode != http.StatusUnprocessableEntity &&
			a.StatusCode != http.StatusUnauthorized && a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s with 2 MB: %d", path, a.StatusCode)
		}
	}
}

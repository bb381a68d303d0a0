package bucket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/exchange/bucket"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// service is an S3 service that lets in who signs with its keys, and fails as often
// as it is told to.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	fails  int
	asked  []string
	within http.Handler
}

const accessKey, secretKey = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

func startService(t *testing.T) *service {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("treaties"); err != nil {
		t.Fatal(err)
	}
	s := &service{within: gofakes3.New(backend).Server()}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.String())
	fail := s.fails > 0
	s.fails--
	s.mu.Unlock()
	if fail {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if got, want := r.Header.Get("Authorization"), signature(r); got != want {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>It is another.</Message></Error>")
		return
	}
	s.within.ServeHTTP(w, r)
}

// signature is what Amazon's own signer says of a request that arrived.
func signature(r *http.Request) string {
	again, _ := http.NewRequest(r.Method, "http://"+r.Host+r.URL.String(), nil)
	_, names, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	names, _, _ = strings.Cut(names, ",")
	for name := range strings.SplitSeq(names, ";") {
		if value := r.Header.Get(name); value != "" {
			again.Header.Set(name, value)
		}
	}
	at, _ := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	keys := aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: r.Header.Get("X-Amz-Security-Token")}
	_ = signer.SignHTTP(r.Context(), keys, again, r.Header.Get("X-Amz-Content-Sha256"), "s3", "eu-central-1", at)
	return again.Header.Get("Authorization")
}

// each opens a bucket of each kind.
func each(t *testing.T, try func(t *testing.T, b bucket.Bucket)) {
	t.Run("folder", func(t *testing.T) {
		b, err := bucket.Open(filepath.Join(t.TempDir(), "of", "documents"))
		if err != nil {
			t.Fatal(err)
		}
		try(t, b)
	})
	t.Run("s3", func(t *testing.T) {
		s := startService(t)
		t.Setenv("AWS_SESSION_TOKEN", "lent/for+an=hour")
		b, err := bucket.Open("s3://treaties?region=eu-central-1&endpoint=" + s.URL)
		if err != nil {
			t.Fatal(err)
		}
		try(t, b)
	})
}

func TestFilesAreKept(t *testing.T) {
	ctx := t.Context()
	each(t, func(t *testing.T, b bucket.Bucket) {
		large := bytes.Repeat([]byte("0123456789abcdef"), 70<<20/16) // two parts
		if testing.Short() {
			large = large[:1<<20]
		}
		files := map[string][]byte{"ab/abcd": []byte("a treaty"), "ab/abce": {}, "chancery-20261122T030000Z.zip": large,
			"ab/Договор о дружбе + 1 (ü).txt": []byte("x")}
		for name, content := range files {
			for range 2 { // the second takes the first one's place
				if err := b.Keep(ctx, name, bytes.NewReader(content), int64(len(content)), "text/plain"); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			r, err := b.Open(ctx, name)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := io.ReadAll(r)
			r.Close()
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(content), err)
			}
		}
		names, err := b.Names(ctx, "ab/")
		slices.Sort(names)
		if want := []string{"ab/abcd", "ab/abce", "ab/Договор о дружбе + 1 (ü).txt"}; err != nil ||
			!slices.Equal(names, want) {
			t.Errorf("%q, %v, want %q", names, err, want)
		}
		for range 2 {
			if err := b.Remove(ctx, "ab/abcd"); err != nil {
				t.Error(err)
			}
		}
		if _, err := b.Open(ctx, "ab/abcd"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what was taken out: %v", err)
		}
	})
}

// What breaks off leaves what was there before.
func TestWhatBreaksOffLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, b bucket.Bucket) {
		ctx := t.Context()
		if err := b.Keep(ctx, "ab/abcd", strings.NewReader("before"), 6, ""); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("the client went away")
		sizes := []int64{100, 70 << 20}
		if testing.Short() {
			sizes = sizes[:1]
		}
		for _, size := range sizes {
			content := io.MultiReader(strings.NewReader("half"), io.LimitReader(zeros{}, size-50), failing{broken})
			if err := b.Keep(ctx, "ab/abcd", content, size, ""); !errors.Is(err, broken) {
				t.Errorf("%v", err)
			}
			if err := b.Keep(ctx, "ab/abcd", strings.NewReader("short"), size, ""); err == nil {
				t.Error("a file that is too short was kept")
			}
		}
		over, abandon := context.WithCancel(ctx)
		abandon()
		if err := b.Keep(over, "ab/abcd", strings.NewReader("after!"), 6, ""); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		r, err := b.Open(ctx, "ab/abcd")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if got, _ := io.ReadAll(r); string(got) != "before" {
			t.Errorf("%q", got)
		}
		if names, err := b.Names(ctx, ""); err != nil || len(names) != 1 {
			t.Errorf("%q, %v", names, err)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestMoreNamesThanAPageHolds(t *testing.T) {
	each(t, func(t *testing.T, b bucket.Bucket) {
		for n := range 1001 {
			if err := b.Keep(t.Context(), fmt.Sprintf("ab/%04d", n), strings.NewReader("x"), 1, ""); err != nil {
				t.Fatal(err)
			}
		}
		if names, err := b.Names(t.Context(), "ab/"); err != nil || len(names) != 1001 {
			t.Errorf("%d, %v", len(names), err)
		}
	})
}

// No name leads out of a bucket.
func TestNamesStayInTheBucket(t *testing.T) {
	s := startService(t)
	other, err := bucket.Open("s3://treaties?region=eu-central-1&endpoint=" + s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Keep(t.Context(), "../other/x", strings.NewReader("y"), 1, ""); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a name of another bucket: %v", err)
	}

	at := t.TempDir()
	b, err := bucket.Open(filepath.Join(at, "documents"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret", "ab/../../secret", filepath.Join(at, "secret")} {
		if r, err := b.Open(t.Context(), name); err == nil {
			r.Close()
			t.Errorf("%s was read", name)
		}
		if err := b.Keep(t.Context(), name, strings.NewReader("y"), 1, ""); err == nil {
			t.Errorf("%s was written", name)
		}
		_ = b.Remove(t.Context(), name)
	}
	if got, err := os.ReadFile(filepath.Join(at, "secret")); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}

// A service that is busy is asked again; what it refuses is said.
func TestWhatAServiceAnswers(t *testing.T) {
	s := startService(t)
	b, err := bucket.Open("s3://treaties?region=eu-central-1&endpoint=" + s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.fails = 2
	if _, err := b.Names(t.Context(), ""); err != nil {
		t.Errorf("busy twice: %v", err)
	}
	s.fails = 3
	if _, err := b.Names(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("busy: %v", err)
	}
	s.fails = 0
	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	if b, err = bucket.Open("s3://treaties?region=eu-central-1&endpoint=" + s.URL); err != nil {
		t.Fatal(err)
	}
	if err := b.Keep(t.Context(), "x", strings.NewReader("x"), 1, ""); err == nil ||
		!strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("wrong keys: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	for address, want := range map[string]string{
		"gs://treaties":                      "write it as a folder, or as s3://",
		"s3://":                              "write it as a folder, or as s3://",
		"s3://treaties/folder":               "write it as a folder, or as s3://",
		"s3://treaties?regio=x":              "regio is not known",
		"s3://treaties?endpoint=minio:9000":  "endpoint is \"minio:9000\"",
		"s3://treaties?region=eu-central-1":  "",
		"s3://treaties.example.org?region=x": "",
	} {
		if _, err := bucket.Open(address); want == "" && err != nil || want != "" && (err == nil ||
			!strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if _, err := bucket.Open("s3://treaties"); err == nil || !strings.Contains(err.Error(), "AWS_SECRET_ACCESS_KEY") {
		t.Errorf("without keys: %v", err)
	}
}

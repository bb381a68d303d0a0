package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chancery/testdb"
)

// nginx runs Debian's nginx with the configuration that the documentation shows,
// before a register.
func nginx(t *testing.T, behind string) (address string) {
	t.Helper()
	binary := "/usr/sbin/nginx"
	if _, err := os.Stat(binary); err != nil {
		t.Fatal("nginx is not installed: run make tools")
	}
	text, err := os.ReadFile("../../docs/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("127.0.0.1:%d", testdb.FreePort(t))
	folder := t.TempDir()
	shown := string(text)
	for old, new := range map[string]string{"/var/cache/nginx/chancery": folder + "/cache",
		"server 127.0.0.1:8080": "server " + strings.TrimPrefix(behind, "http://"),
		"listen 443 ssl;":       "listen " + at + ";", "server_name treaties.example;": "server_name 127.0.0.1;"} {
		if !strings.Contains(shown, old) {
			t.Fatalf("docs/nginx.conf has no %q", old)
		}
		shown = strings.ReplaceAll(shown, old, new)
	}
	kept := shown[:0]
	for line := range strings.Lines(shown) {
		if !strings.Contains(line, "ssl_certificate") {
			kept += line
		}
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	whole := fmt.Sprintf(
		"%sdaemon off;\npid %[2]s/pid;\nerror_log %[2]s/error.log;\nevents {}\nhttp {\naccess_log off;\nclient_body_temp_path %[2]s/body;\nproxy_temp_path %[2]s/proxy;\nfastcgi_temp_path %[2]s/f;\nuwsgi_temp_path %[2]s/u;\nscgi_temp_path %[2]s/s;\n%[3]s\n}\n", user, folder, kept)
	if err := os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "-p", folder, "-c", filepath.Join(folder, "nginx.conf"), "-e",
		filepath.Join(folder, "error.log"))
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Signal(syscall.SIGTERM); command.Wait() })
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", at); err == nil {
			c.Close()
			return "http://" + at
		}
		if time.Since(begun) > 10*time.Second {
			log, _ := os.ReadFile(filepath.Join(folder, "error.log"))
			t.Fatalf("nginx does not answer: %s", log)
		}
	}
}

// A cache in front carries public readers: it answers from what it keeps, a change
// is seen at once, and what somebody gets who has signed in is never kept.
func TestACacheInFrontCarriesPublicReaders(t *testing.T) {
	database := testdb.Address(t, "postgres")
	server := serve(t, database, "--proxies", "127.0.0.1")
	front := nginx(t, server.url)
	if _, err := submit(server.url, 1); err != nil {
		t.Fatal(err)
	}
	page := func(client *http.Client, path string, headers ...string) (cache, text string, response *http.Response) {
		t.Helper()
		request, err := http.NewRequest("GET", front+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err = client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, response.Status)
		}
		return response.Header.Get("X-Cache"), string(body), response
	}
	stranger := http.DefaultTransport.(testdb.AsFirst).RoundTripper
	anyone := &http.Client{Transport: stranger}
	for _, path := range []string{"/agreements", "/agreements/1", "/agreements/1.json", "/pairs/DE-FR", "/timeline.csv",
		"/feed.atom", "/agreements.json?q=Agreement"} {
		first, text, response := page(anyone, path)
		if h := response.Header; h.Get("Cache-Control") != "public, no-cache" || h.Get("ETag") == "" ||
			h.Get("Last-Modified") == "" || !strings.Contains(h.Get("Vary"), "Accept-Language") {
			t.Errorf("%s: Cache-Control %q, ETag %q, Last-Modified %q, Vary %q", path, h.Get("Cache-Control"), h.Get("ETag"),
				h.Get("Last-Modified"), h.Get("Vary"))
		}
		second, again, _ := page(anyone, path)
		if first != "MISS" || second != "REVALIDATED" || again != text {
			t.Errorf("%s: %s, then %s, the same: %t", path, first, second, again == text)
		}
	}
	asset, _, _ := page(anyone, "/static/theme.css?v=1")
	asset2, _, _ := page(anyone, "/static/theme.css?v=1")
	if asset != "MISS" || asset2 != "HIT" {
		t.Errorf("a file of ours: %s, then %s", asset, asset2)
	}
	// Each language and representation is kept for itself.
	if _, text, _ := page(anyone, "/agreements", "Accept-Language", "de"); !strings.Contains(text, `lang="de"`) {
		t.Error("somebody who reads German gets another's page")
	}
	if _, text, _ := page(anyone, "/agreements", "Accept", "application/json"); !strings.HasPrefix(text, "{") {
		t.Error("somebody who wants JSON gets a page")
	}
	// A change is seen by the next request.
	for i := 2; i < 12; i++ {
		if _, err := submit(server.url, i); err != nil {
			t.Fatal(err)
		}
		if _, text, _ := page(anyone, "/agreements"); !strings.Contains(text, fmt.Sprintf("Agreement %d<", i)) {
			t.Errorf("agreement %d is not seen at once", i)
		}
	}
	// Who signs in.
	add := program(t, "--database", database, "user", "add", "olga", "--role", "administrator")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	passwd := program(t, "--database", database, "user", "passwd", "olga")
	passwd.Stdin = strings.NewReader("quiet-harbour-lantern-42\n")
	if out, err := passwd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	olga := &http.Client{Jar: jar, Transport: stranger}
	request, _ := http.NewRequest("POST", front+"/sign-in", strings.NewReader(url.Values{"name": {"olga"},
		"password": {"quiet-harbour-lantern-42"}}.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", front)
	response, err := olga.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	for _, path := range []string{"/agreements", "/agreements/1", "/account", "/admin/accounts", "/pairs/DE-FR"} {
		for range 2 {
			cache, text, response := page(olga, path)
			if cache != "BYPASS" || !strings.Contains(text, "olga") ||
				!strings.Contains(response.Header.Get("Cache-Control"), "private") &&
					response.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s for who has signed in: %s, %q, named: %t", path, cache, response.Header.Get("Cache-Control"),
					strings.Contains(text, "olga"))
			}
		}
	}
	for _, path := range []string{"/agreements", "/agreements/1", "/pairs/DE-FR"} {
		if _, text, _ := page(anyone, path); strings.Contains(text, "olga") {
			t.Errorf("%s of who has signed in is shown to everybody", path)
		}
	}
	// The register is away: what was kept is still read.
	server.Process.Kill()
	server.Wait()
	if cache, text, _ := page(anyone, "/agreements/1"); cache != "STALE" || !strings.Contains(text, "Agreement 1") {
		t.Errorf("with the register away: %s", cache)
	}
}

package handlers

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A new register lets who has opened the link of the first start write, and make the
// administrator, once; then the link is nothing (S19).
func TestTheFirstStart(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		stranger := s.visitor()
		stranger.post("/agreements/new", seedForm()).want(t, 401, "chancery setup")
		stranger.get("/agreements/new").want(t, 401, "Nobody can write here yet")
		stranger.get("/").want(t, 200, "Nobody can write here yet")
		stranger.get("/setup").want(t, 401, "chancery setup")
		stranger.post("/setup", url.Values{"name": {"Root"}, "password": {goodPassword}}).want(t, 401)

		v := s.visitor()
		a := v.get("/setup/"+setupSecret).want(t, 303)
		if at := a.Header.Get("Location"); at != "/" || a.Header.Get("Cache-Control") != "no-store" ||
			a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("the link leads to %s, with %v", at, a.Header)
		}
		home := v.get("/").want(t, 200, "Become administrator", `href="/agreements/new"`, `action="/sample"`)
		if strings.Contains(home.body, "Nobody can write here yet") {
			t.Error("who may write is told that nobody can")
		}
		v.post("/agreements/new", seedForm()).want(t, 303)
		v.get("/setup").want(t, 200, "administrator")
		weak := v.post("/setup", url.Values{"name": {"Root"}, "language": {"en"},
			"password": {"password1234"}}).want(t, 422, "easily guessed")
		if strings.Contains(weak.body, "password1234") {
			t.Error("a password came back in the page")
		}
		v.post("/setup", url.Values{"name": {"Root"}, "language": {"en"}, "password": {"short"}}).want(t, 422, "at least 12")
		other := s.visitor()
		other.get("/setup/"+setupSecret).want(t, 303)
		v.post("/setup", url.Values{"name": {"Root"}, "email": {"root@example.org"}, "language": {"en"},
			"password": {goodPassword}}).want(t, 303)
		v.get("/admin/accounts").want(t, 200, "Root")

		other.post("/setup", url.Values{"name": {"Second"}, "language": {"en"}, "password": {goodPassword}}).want(t, 404)
		other.post("/agreements/new", seedForm()).want(t, 401)
		other.get("/setup").want(t, 404)
		s.visitor().get("/setup/"+setupSecret).want(t, 404)
		if a := s.visitor().get("/").want(t, 200); strings.Contains(a.body, "Nobody can write here yet") {
			t.Error("a register with an administrator says that nobody can write")
		}
		bearer(s, setupSecret).want(t, 401)
		list, err := s.store.Accounts().List(t.Context())
		if err != nil || len(list) != 1 || list[0].Role != "administrator" {
			t.Errorf("accounts: %+v (%v)", list, err)
		}
	})
}

const aRecord = `{"titles":[{"language":"en","text":"Treaty"}],"kind":"treaty","level":"interstate","binding":"yes",
	"signed":"2024-05-06","parties":[{"party":"BY","role":"party"},{"party":"RU","role":"party"}]}`

// bearer records an agreement as a program does that sends a secret.
func bearer(s *site, secret string) answer {
	return s.sendBy(http.DefaultClient, "POST", "/agreements", aRecord, "Content-Type", "application/json", "Accept",
		"application/json", "Authorization", "Bearer "+secret)
}

// The secret is a token for programs; wrong ones are slowed down, and keep nobody
// waiting who has the right one.
func TestTheSecretIsAToken(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		without := s.sendBy(http.DefaultClient, "POST", "/agreements", aRecord, "Content-Type", "application/json", "Accept",
			"application/json", "Cookie", "").want(t, 401, "Bearer")
		if at := without.Header.Get("Content-Type"); !strings.HasPrefix(at, "application/problem+json") {
			t.Errorf("a program is told by %s", at)
		}
		bearer(s, setupSecret).want(t, 201)
		slowed := false
		for i := range 12 {
			wrong := fmt.Sprintf("%s%d", setupSecret[:25], i%10)
			if a := bearer(s, wrong); a.StatusCode == 429 {
				slowed = true
			} else if a.StatusCode != 401 {
				t.Errorf("a wrong secret: %d", a.StatusCode)
			}
			s.visitor().get("/setup/" + wrong)
		}
		if a := s.visitor().get("/setup/WRONG"); !slowed || a.StatusCode != 429 {
			t.Errorf("wrong ones are not slowed down: %t, %d", slowed, a.StatusCode)
		}
		bearer(s, setupSecret).want(t, 201)
		v := s.visitor()
		v.get("/setup/"+setupSecret).want(t, 303)
		v.post("/agreements/new", seedForm()).want(t, 303)
	})
}

// Without a secret there is none that holds, not even the empty one.
func TestNoSecretIsNoSecret(t *testing.T) {
	s := open(t, "sqlite")
	s.router.config.Setup = ""
	bearer(s, "").want(t, 401)
	s.visitor().get("/setup/").want(t, 301)
	s.visitor().get("/setup").want(t, 401)
	s.get("/setup/x").want(t, 404)
	s.post("/agreements/new", seedForm()).want(t, 401) // whoever opened the link before
}

// However a request comes to this machine, it may not write for that: from a proxy
// that tells nothing of its client, tells it by any header or by an empty line, through
// a name that leads here, over a bridge.
func TestWhereARequestComesFromProvesNothing(t *testing.T) {
	s := open(t, "sqlite")
	s.router.config.Hosts = []string{"treaties.example"}
	ask := func(remote, host string, headers ...string) int {
		request := httptest.NewRequest("POST", "http://localhost/agreements", strings.NewReader(aRecord))
		request.RemoteAddr, request.Host = remote, host
		request.Header.Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			request.Header.Add(headers[i], headers[i+1])
		}
		answer := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(answer, request)
		return answer.Code
	}
	for what, status := range map[string]int{
		"on this machine":                 ask("127.0.0.1:4711", "localhost:8080"),
		"on this machine, IPv6":           ask("[::1]:4711", "[::1]:8080"),
		"CF-Connecting-IP":                ask("127.0.0.1:4711", "localhost", "CF-Connecting-IP", "203.0.113.9"),
		"X-Client-IP":                     ask("127.0.0.1:4711", "localhost", "X-Client-IP", "203.0.113.9"),
		"True-Client-IP":                  ask("127.0.0.1:4711", "localhost", "True-Client-IP", "203.0.113.9"),
		"Fastly-Client-IP":                ask("127.0.0.1:4711", "localhost", "Fastly-Client-IP", "203.0.113.9"),
		"X-Cluster-Client-IP":             ask("127.0.0.1:4711", "localhost", "X-Cluster-Client-IP", "203.0.113.9"),
		"an empty line before another":    ask("127.0.0.1:4711", "localhost", "X-Forwarded-For", "", "X-Forwarded-For", "203.0.113.9"),
		"a bridge":                        ask("172.18.0.1:4711", "localhost:8080"),
		"the public name":                 ask("127.0.0.1:4711", "treaties.example"),
		"X-Forwarded-For of this machine": ask("127.0.0.1:4711", "localhost", "X-Forwarded-For", "127.0.0.1"),
	} {
		if status != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, status)
		}
	}
	if status := ask("127.0.0.1:4711", "rebound.example"); status < 400 {
		t.Errorf("rebinding: %d", status)
	}
	if status := ask("127.0.0.1:4711", "localhost", "Authorization", "Bearer "+setupSecret); status != http.StatusCreated {
		t.Errorf("with the secret: %d", status)
	}
}

// behindNginx serves a site behind nginx, and gives its address.
func behindNginx(t *testing.T, s *site, header string) string {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := probe.Addr().String()
	probe.Close()
	folder := t.TempDir()
	config := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log stderr; events {}
http { access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u;
scgi_temp_path %[1]s/s; server { listen %[2]s; location / { proxy_pass %[3]s; %[4]s } } }`, folder, address, s.URL, header)
	if err := os.WriteFile(filepath.Join(folder, "conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	nginx := exec.CommandContext(ctx, "/usr/sbin/nginx", "-c", filepath.Join(folder, "conf"), "-p", folder)
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); nginx.Wait() })
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address
		}
		time.Sleep(30 * time.Millisecond)
	}
	t.Fatal("nginx does not start")
	return ""
}

// Through proxies as they are set up in haste nobody may write who has not opened
// the link, and who has may.
func TestBehindAProxyTheLinkDecides(t *testing.T) {
	s := open(t, "sqlite")
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	haproxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header["X-Forwarded-For"] = []string{"", "203.0.113.9"} // as option forwardfor adds its line to the client's empty one
	}})
	defer haproxy.Close()
	for what, address := range map[string]string{"nginx, bare": behindNginx(t, s, ""),
		"nginx with $http_host": behindNginx(t, s, "proxy_set_header Host $http_host;"), "HAProxy": haproxy.URL} {
		v := s.visitor()
		ask := func(method, path string) int {
			request, err := http.NewRequest(method, address+path, strings.NewReader(aRecord))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Sec-Fetch-Site", "same-origin")
			answer, err := v.client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			io.Copy(io.Discard, answer.Body)
			return answer.StatusCode
		}
		if status := ask("POST", "/agreements"); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, status)
		}
		if status := ask("GET", "/setup/"+setupSecret); status != http.StatusSeeOther {
			t.Errorf("%s: the link answers %d", what, status)
		}
		if status := ask("POST", "/agreements"); status != http.StatusCreated {
			t.Errorf("%s: with the link %d", what, status)
		}
	}
}

// The button leads to the import of the sample, which waits for the importer; the
// tests of exchange let it go on to its end.
func TestTheSampleIsAButton(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.visitor().post("/sample", nil).want(t, 401)
		at := s.post("/sample", nil).want(t, 303).Header.Get("Location")
		s.get(at).want(t, 200, "ggo-agreements.csv.gz", "ggo-parties.csv.gz")
		s.json("GET", at, "").want(t, 200, `"state":"checking"`)
	})
}

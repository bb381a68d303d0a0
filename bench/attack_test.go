package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/exchange"
)

const (
	dearest    = 20               // requests that are made at once
	attackTime = 20 * time.Second // for which they are made again and again
	pairEvery  = 50 * time.Millisecond
)

// TestAttack asks the sample for every address in every format, with every
// parameter at its longest, as somebody who has not signed in; says which cost
// most; then asks for those at once, again and again, while somebody else reads a
// pair (make attack). Nobody is counted: what is measured is what is left of the
// register without limits by network.
func TestAttack(t *testing.T) {
	if os.Getenv("CHANCERY_ATTACK") == "" {
		t.Skip("make attack")
	}
	s := startSample(t)
	costs := map[string]time.Duration{}
	var addresses []string
	for _, address := range s.everyAddress() {
		before := s.processor()
		status, _ := s.ask(address)
		costs[address] = s.processor() - before
		if len(addresses)%500 == 499 {
			t.Logf("%d addresses asked", len(addresses)+1)
		}
		if status == http.StatusInternalServerError {
			t.Errorf("%s: %d", clipped(address), status)
		}
		addresses = append(addresses, address)
	}
	slices.SortStableFunc(addresses, func(a, b string) int { return int(costs[b] - costs[a]) })
	t.Logf("%d addresses; those that cost most, in processor time, when first asked for:", len(addresses))
	for _, address := range addresses[:dearest] {
		before := s.processor()
		status, length := s.ask(address)
		t.Logf("%6.2f s, then %6.2f s: %d, %9d bytes, %s", costs[address].Seconds(), (s.processor() - before).Seconds(),
			status, length, clipped(address))
	}
	t.Logf("memory after all: %d MB, %d at the most", s.memory("VmRSS"), s.memory("VmHWM"))
	stop := time.Now().Add(attackTime)
	var attack sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for _, address := range addresses[:dearest] {
		attack.Go(func() {
			for n := 0; time.Now().Before(stop); n++ {
				status, _ := s.ask(address)
				mu.Lock()
				answers[status]++
				mu.Unlock()
			}
		})
	}
	var took []time.Duration
	refused := 0
	for time.Now().Before(stop) {
		begun := time.Now()
		if status, _ := s.ask("/pairs/BY-RU"); status != http.StatusOK {
			refused++
		}
		took = append(took, time.Since(begun))
		time.Sleep(pairEvery)
	}
	attack.Wait()
	slices.Sort(took)
	t.Logf("%d at once for %s, answers by status %v; /pairs/BY-RU meanwhile: %d readings, p50 %s, p95 %s, worst %s, %d refused; memory %d MB, %d at the most",
		dearest, attackTime, answers, len(took), took[len(took)/2].Round(time.Millisecond),
		took[len(took)*95/100].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), refused, s.memory("VmRSS"),
		s.memory("VmHWM"))
}

// An attacked register is a program of its own with the sample.
type attacked struct {
	t       *testing.T
	address string
	pid     int
}

func startSample(t *testing.T) *attacked {
	binary, file := filepath.Join(t.TempDir(), "chancery"), filepath.Join(t.TempDir(), "register.db")
	run := func(name string, args ...string) {
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	run("go", "build", "-o", binary, "../cmd/chancery")
	run(binary, "--database", file, "sample")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	server := exec.Command(binary, "--database", file, "serve", "--listen", address)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	s := &attacked{t, "http://" + address, server.Process.Pid}
	for range 100 {
		if response, err := stranger.Get(s.address + "/readyz"); err == nil {
			response.Body.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return s
}

// stranger has no secret of the first start.
var stranger = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}, Timeout: 5 * time.Minute}

func (s *attacked) ask(address string) (status int, length int64) {
	response, err := stranger.Get(s.address + address)
	if err != nil {
		return 0, 0
	}
	defer response.Body.Close()
	length, err = io.Copy(io.Discard, response.Body)
	if err != nil {
		return 0, length
	}
	return response.StatusCode, length
}

// everyAddress is what the register's description of itself names, without a
// parameter and with each at its longest.
func (s *attacked) everyAddress() (all []string) {
	response, err := stranger.Get(s.address + "/api/openapi.json")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	var described struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In string
				Ref      string `json:"$ref"`
			}
			Responses map[string]struct{ Content map[string]any }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&described); err != nil {
		s.t.Fatal(err)
	}
	filled := strings.NewReplacer("{pair}", "BY-RU", "{code}", "FR", "{id}", "1", "{number}", "1", "{document}", "1",
		"{secret}", "x")
	long := map[string][]string{"recorded": {time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)},
		"table": {"dyads", "spells", "participations"}, "on": {"1950-01-01"}, "group": {"Europe"}, "kind": {"agreement,treaty"},
		"limit": {"100"}, "months": {"1200"}, "system": {"cow"}, "counts": {"1"}}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range described.Paths {
			if !yield(name) {
				return
			}
		}
	}) {
		get, there := described.Paths[name]["get"]
		if !there {
			continue
		}
		endings := []string{""}
		for _, f := range exchange.Formats {
			if _, there := get.Responses["200"].Content[f.MediaType]; there && f.Name != "html" {
				endings = append(endings, "."+f.Name)
			}
		}
		for _, ending := range endings {
			address := filled.Replace(name) + ending
			all = append(all, address)
			for _, p := range get.Parameters {
				parameter := p.Name
				if p.Ref != "" {
					parameter = path.Base(p.Ref)
				}
				if p.In == "path" || strings.Contains(name, "{"+parameter+"}") {
					continue
				}
				values := long[parameter]
				if values == nil {
					values = []string{strings.TrimSuffix(strings.Repeat("RU,", 390), ","), strings.Repeat("a b", 1300)}
				}
				for _, value := range values {
					all = append(all, address+"?"+url.Values{parameter: {value}}.Encode())
				}
			}
		}
	}
	all = append(all, "/agreements?"+strings.Repeat("subject=s&", 5000), "/agreements?"+url.Values{"subject": many(50)}.Encode(),
		"/agreements?subject="+strings.Join(many(1500), ","))
	return all
}

func many(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprint("subject ", i))
	}
	return list
}

func clipped(text string) string {
	if len(text) > 90 {
		return text[:90] + "…"
	}
	return text
}

// processor is the time that the program has had of processors.
func (s *attacked) processor() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		s.t.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is a line of the program's status, in megabytes.
func (s *attacked) memory(name string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, is := strings.CutPrefix(line, name+":"); is {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}

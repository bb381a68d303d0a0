// Command weight tells what each dependency of Chancery adds to it: modules, bytes
// of the program, bytes to download, and seconds of processor of a first build. What
// a dependency adds is what would go with it, dependencies of its own included.
//
//	go run ./cmd/weight                  prints the table, after a build with nothing cached
//	go run ./cmd/weight -against FILE    holds it against the last one, without seconds
//	go run ./cmd/weight -write FILE      writes it
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Goals of the whole: how many modules, and how many bytes of a stripped program.
const (
	mostModules = 110
	mostBytes   = 50_000_000
)

// A weight is what a dependency adds.
type weight struct {
	Module   string
	Modules  int
	Bytes    int64   // of the program's code and data, as far as they are told apart by package
	Download int64   // bytes of archives
	Seconds  float64 // of processor; 0 if they were not measured
}

// A table is what each direct dependency adds, and the whole.
type table struct {
	whole  weight // Bytes are those of the stripped program
	direct []weight
}

func main() {
	against := flag.String("against", "", "the last table, which this one is held against")
	write := flag.String("write", "", "where to write the table")
	flag.Parse()
	if err := run(*against, *write); err != nil {
		fmt.Fprintln(os.Stderr, "weight:", err)
		os.Exit(1)
	}
}

func run(against, write string) error {
	folder, err := os.MkdirTemp("", "chancery-weight-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	t, err := measure(folder, against == "")
	if err != nil {
		return err
	}
	if against != "" {
		return t.heldAgainst(against)
	}
	if write != "" {
		f, err := os.Create(write) // #nosec G304 -- named on the command line
		if err != nil {
			return err
		}
		defer f.Close()
		return t.save(f)
	}
	return t.print(os.Stdout)
}

// measure builds the program and weighs it; cold, with nothing cached.
func measure(folder string, cold bool) (t table, err error) {
	packages, err := listPackages()
	if err != nil {
		return t, err
	}
	graph := filepath.Join(folder, "graph.json")
	if err := build(folder, "program", cold, "-debug-actiongraph="+graph); err != nil {
		return t, err
	}
	if err := build(folder, "stripped", false, "-ldflags=-s -w"); err != nil {
		return t, err
	}
	bytes, err := bytesByPackage(filepath.Join(folder, "program"))
	if err != nil {
		return t, err
	}
	seconds := map[string]float64{}
	if cold {
		if seconds, err = secondsByPackage(graph); err != nil {
			return t, err
		}
	}
	stripped, err := os.Stat(filepath.Join(folder, "stripped"))
	if err != nil {
		return t, err
	}
	archives, err := archives(packages)
	if err != nil {
		return t, err
	}
	sum := func(left map[string]bool, module string) weight {
		w := weight{Module: module}
		modules := map[string]bool{}
		for path, p := range packages {
			if left[path] {
				continue
			}
			w.Bytes += bytes[path]
			w.Seconds += seconds[path]
			if p.Module != nil && !p.Module.Main {
				modules[p.Module.Path] = true
			}
		}
		for path := range left { // a module of which a part is needed elsewhere stays
			if m := packages[path].Module; m != nil {
				delete(modules, m.Path)
			}
		}
		w.Modules = len(modules)
		for m := range modules {
			w.Download += archives[m]
		}
		return w
	}
	t.whole = sum(map[string]bool{}, "all")
	t.whole.Bytes = stripped.Size()
	for _, module := range direct(packages) {
		t.direct = append(t.direct, sum(reachable(packages, module), module))
	}
	slices.SortFunc(t.direct, func(a, b weight) int { return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Module, b.Module)) })
	return t, nil
}

// print writes the table for people.
func (t table) print(to io.Writer) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "modules\tKB\tdownload KB\tseconds\t  without\t")
	for _, d := range append([]weight{t.whole}, t.direct...) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%.1f\t  %s\t\n", d.Modules, d.Bytes>>10, d.Download>>10, d.Seconds, d.Module)
	}
	return w.Flush()
}

// save writes the table for the next one to be held against.
func (t table) save(to io.Writer) error {
	fmt.Fprintln(to, "module\tmodules\tbytes\tdownload\tseconds")
	for _, d := range append([]weight{t.whole}, t.direct...) {
		if _, err := fmt.Fprintf(to, "%s\t%d\t%d\t%d\t%.1f\n", d.Module, d.Modules, d.Bytes, d.Download, d.Seconds); err != nil {
			return err
		}
	}
	return nil
}

// heldAgainst tells where this table is not as a last one, and is an error when
// something came in, or the whole is more than it may be, that it does not know of.
func (t table) heldAgainst(path string) error {
	text, err := os.ReadFile(path) // #nosec G304 -- named on the command line
	if err != nil {
		return err
	}
	last := map[string]weight{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 5 {
			modules, _ := strconv.Atoi(f[1])
			bytes, _ := strconv.ParseInt(f[2], 10, 64)
			last[f[0]] = weight{Module: f[0], Modules: modules, Bytes: bytes}
		}
	}
	var wrong []string
	for _, d := range append([]weight{t.whole}, t.direct...) {
		was, known := last[d.Module]
		switch {
		case !known:
			wrong = append(wrong, fmt.Sprintf("%s is new: %d modules, %d KB", d.Module, d.Modules, d.Bytes>>10))
		case d.Modules > was.Modules || d.Bytes > was.Bytes+was.Bytes/50+100<<10:
			wrong = append(wrong, fmt.Sprintf("%s grew from %d modules and %d KB to %d and %d", d.Module, was.Modules,
				was.Bytes>>10, d.Modules, d.Bytes>>10))
		}
	}
	fmt.Printf("%d modules, %.1f MB stripped, %.1f MB to download\n", t.whole.Modules, float64(t.whole.Bytes)/1e6,
		float64(t.whole.Download)/1e6)
	if t.whole.Modules >= mostModules || t.whole.Bytes >= mostBytes {
		wrong = append(wrong, fmt.Sprintf("the whole may be %d modules and %d MB", mostModules, mostBytes/1_000_000))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s\nif that is worth it: make weight-kept, and why in docs/decisions.md", strings.Join(wrong, "\n"))
	}
	return nil
}

// decodeStream reads JSON values that follow each other.
func decodeStream[T any](r io.Reader, each func(T)) error {
	for d := json.NewDecoder(r); ; {
		var value T
		switch err := d.Decode(&value); err {
		case nil:
			each(value)
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const program = "./cmd/chancery"

// A goPackage is what go list says of one that is linked.
type goPackage struct {
	ImportPath string
	Imports    []string
	Module     *struct {
		Path, Version string
		Main          bool
		Replace       *struct{ Path string }
	}
}

// listPackages are all packages of the program, by path.
func listPackages() (map[string]goPackage, error) {
	out, err := output("go", "list", "-deps", "-json=ImportPath,Imports,Module", program)
	if err != nil {
		return nil, err
	}
	packages := map[string]goPackage{}
	err = decodeStream(bytes.NewReader(out), func(p goPackage) {
		if p.Module != nil && p.Module.Replace != nil { // a stand-in of ours
			p.Module.Main = true
		}
		packages[p.ImportPath] = p
	})
	return packages, err
}

// direct are the modules that our own packages import.
func direct(packages map[string]goPackage) (modules []string) {
	for _, p := range packages {
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, path := range p.Imports {
			if m := packages[path].Module; m != nil && !m.Main {
				modules = append(modules, m.Path)
			}
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}

// reachable are the packages that would be there without a module.
func reachable(packages map[string]goPackage, without string) map[string]bool {
	found := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		p := packages[path]
		if found[path] || p.Module != nil && p.Module.Path == without {
			return
		}
		found[path] = true
		for _, next := range p.Imports {
			visit(next)
		}
	}
	visit("chancery/" + strings.TrimPrefix(program, "./"))
	visit("runtime")
	for path, p := range packages { // what the standard library brings is not counted
		if p.Module == nil {
			found[path] = true
		}
	}
	return found
}

// build builds the program; cold, with a cache of its own, so that everything is
// compiled.
func build(folder, name string, cold bool, flags ...string) error {
	arguments := append(append([]string{"build"}, flags...), "-o", filepath.Join(folder, name), program)
	command := exec.Command("go", arguments...) // #nosec G204 -- go alone
	command.Env, command.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if cold {
		command.Env = append(command.Env, "GOCACHE="+filepath.Join(folder, "cache"))
	}
	return command.Run()
}

// bytesByPackage adds the sizes of a program's symbols up.
func bytesByPackage(path string) (map[string]int64, error) {
	out, err := output("go", "tool", "nm", "-size", path)
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 4 || strings.EqualFold(f[2], "b") { // zeros take no room in a file
			continue
		}
		size, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil || f[3] == "crypto/internal/fips140/drbg.memory" { // zeros too
			continue
		}
		sizes[packageOf(f[3])] += size
	}
	return sizes, nil
}

// packageOf is the path of a symbol's package.
func packageOf(symbol string) string {
	symbol = strings.TrimPrefix(strings.TrimPrefix(symbol, "type:.eq."), "type:.hash.")
	symbol, _, _ = strings.Cut(symbol, "[")
	slash := strings.LastIndex(symbol, "/") + 1
	name, _, _ := strings.Cut(symbol[slash:], ".")
	return strings.ReplaceAll(symbol[:slash]+name, "%2e", ".")
}

// secondsByPackage reads how much processor a build took.
func secondsByPackage(graph string) (map[string]float64, error) {
	text, err := os.ReadFile(graph) // #nosec G304 -- made above
	if err != nil {
		return nil, err
	}
	var actions []struct {
		Mode, Package   string
		CmdUser, CmdSys int64 // nanoseconds
	}
	if err := json.Unmarshal(text, &actions); err != nil {
		return nil, err
	}
	seconds := map[string]float64{}
	for _, a := range actions {
		if a.Mode == "build" || a.Mode == "link" {
			seconds[a.Package] += float64(a.CmdUser+a.CmdSys) / 1e9
		}
	}
	return seconds, nil
}

// archives are the sizes of what is downloaded of each module.
func archives(packages map[string]goPackage) (map[string]int64, error) {
	names := []string{"mod", "download", "-json"}
	seen := map[string]bool{}
	for _, p := range packages {
		if m := p.Module; m != nil && !m.Main && !seen[m.Path] {
			seen[m.Path] = true
			names = append(names, m.Path+"@"+m.Version)
		}
	}
	out, err := output("go", names...)
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	err = decodeStream(bytes.NewReader(out), func(m struct{ Path, Zip string }) {
		if info, err := os.Stat(m.Zip); err == nil {
			sizes[m.Path] = info.Size()
		}
	})
	return sizes, err
}

func output(name string, arguments ...string) ([]byte, error) {
	command := exec.Command(name, arguments...) // #nosec G204 -- go alone
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, arguments[0], err)
	}
	return out, nil
}

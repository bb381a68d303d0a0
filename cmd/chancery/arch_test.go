package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms are the packages from the lowest up: each imports only those that stand in
// rows before its own (docs/ARCHITECTURE.md).
var rooms = [][]string{
	{"models/bitmap", "models/edtf", "models/guess", "models/search", "migrations", "frontend", "frontend/atlas"},
	{"models/status"},
	{"models"},
	{"exchange/bucket", "exchange/sheet", "frontend/locales", "press", "testdb"},
	{"exchange", "frontend/components"},
	{"frontend/pages", "sample"},
	{"handlers"},
	{"cmd/chancery", "cmd/weight", "bench"},
}

func TestImportsRunOneWay(t *testing.T) {
	command := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	command.Dir = "../.."
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	level := func(path string) int {
		return slices.IndexFunc(rooms, func(row []string) bool {
			return slices.Contains(row,
				strings.TrimPrefix(path, "chancery/"))
		})
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		own := level(p.ImportPath)
		if own < 0 {
			t.Errorf("%s is in no room: give it one", p.ImportPath)
		}
		for _, path := range p.Imports {
			if strings.HasPrefix(path, "chancery/") && level(path) >= own {
				t.Errorf("%s imports %s, which is not below it", p.ImportPath, path)
			}
		}
	}
	if seen < len(rooms) {
		t.Errorf("%d packages were looked at", seen)
	}
}

package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// What keeps the code easy to find one's way in (docs/ARCHITECTURE.md). Tests and
// generated files are left out.
const (
	mostComplexity = 20    // of a function: its branches, loops, cases, && and ||, and one
	mostFileLines  = 400   //
	mostMethods    = 60    // of a type
	mostColumns    = 120   // of a line, a tab counting as one
	mostLongLines  = 0.005 // of all: struct tags cannot be broken
)

// A house is what was counted of the sources.
type house struct {
	lines, long int
	methods     map[string]int // by package and type
}

func TestTheCodeIsEasyToFindOnesWayIn(t *testing.T) {
	h := house{methods: map[string]int{}}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 ||
			entry.Name() == "node_modules"):
			return filepath.SkipDir
		case filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go"):
			return h.look(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range h.methods {
		if n > mostMethods {
			t.Errorf("%s has %d methods, more than %d: part it", name, n, mostMethods)
		}
	}
	if share := float64(h.long) / float64(h.lines); share > mostLongLines {
		t.Errorf("%.2f %% of lines are over %d columns, more than %.1f %%", 100*share, mostColumns, 100*mostLongLines)
	}
	if h.lines < 10000 {
		t.Errorf("only %d lines were looked at", h.lines)
	}
}

// look counts one file.
func (h *house) look(t *testing.T, path string) error {
	src, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
	if err != nil || ast.IsGenerated(f) {
		return err
	}
	lines := bytes.Count(src, []byte("\n"))
	if h.lines += lines; lines > mostFileLines {
		t.Errorf("%s has %d lines, more than %d: part it", path, lines, mostFileLines)
	}
	for line := range bytes.SplitSeq(src, []byte("\n")) {
		if utf8.RuneCount(line) > mostColumns {
			h.long++
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := complexity(fn); n > mostComplexity {
			t.Errorf("%s: %s has a complexity of %d, more than %d: take it apart", fset.Position(fn.Pos()), fn.Name.Name, n,
				mostComplexity)
		}
		if fn.Recv != nil {
			h.methods[filepath.Dir(path)+" "+receiver(fn)]++
		}
	}
	return nil
}

// complexity is McCabe's, with && and ||.
func complexity(fn *ast.FuncDecl) int {
	n := 1
	ast.Inspect(fn, func(node ast.Node) bool {
		switch x := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.CaseClause, *ast.CommClause:
			n++
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}

// receiver names the type that a method is of.
func receiver(fn *ast.FuncDecl) string {
	t := fn.Recv.List[0].Type
	if s, ok := t.(*ast.StarExpr); ok {
		t = s.X
	}
	if x, ok := t.(*ast.IndexExpr); ok {
		t = x.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return "?"
}

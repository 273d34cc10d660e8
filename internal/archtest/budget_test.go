package archtest

import (
	"bytes"
	"go/ast"
	"os"
	"path/filepath"
	"testing"
)

// size is how large a package is, tests left out: files, lines, and methods of its Service.
type size struct{ files, lines, methods int }

// budget is how large a package may be. What grows past it becomes rooms.
var budget = size{files: 45, lines: 4000, methods: 60}

// spine is how large the spine of cases may be: whoever reads a step reads it.
var spine = size{files: 45, lines: 3000, methods: 60}

// measured is how large each package of the program is.
func measured(t *testing.T) map[string]size {
	t.Helper()
	out := map[string]size{}
	root := top(t)
	for _, s := range program(t) {
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(s.path)))
		if err != nil {
			t.Fatal(err)
		}
		n := out[s.pkg]
		n.files++
		n.lines += bytes.Count(raw, []byte("\n"))
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && receiver(f) == "Service" {
				n.methods++
			}
		}
		out[s.pkg] = n
	}
	return out
}

// receiver is the name of the type whose method a function is.
func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func (n size) within(m size) bool {
	return n.files <= m.files && n.lines <= m.lines && n.methods <= m.methods
}

func TestPackagesStaySmall(t *testing.T) {
	t.Parallel()
	for pkg, n := range measured(t) {
		budget := budget
		if pkg == "internal/casework" {
			budget = spine
		}
		if !n.within(budget) {
			t.Errorf("%s has %d files, %d lines and %d methods of its Service, more than %d, %d and %d: divide it into rooms",
				pkg, n.files, n.lines, n.methods, budget.files, budget.lines, budget.methods)
		}
	}
}

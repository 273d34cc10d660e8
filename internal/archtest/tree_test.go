package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const modulePath = "linli"

// source is one Go file that goes into the program; tests are left out.
type source struct {
	path    string // from the top of the tree, with slashes
	pkg     string // folder of the file, e.g. internal/platform/db
	fileSet *token.FileSet
	syntax  *ast.File
}

// unit is the part of the house that the file belongs to: casework, platform, app, cmd …
func (s source) unit() string { return unitOf(s.pkg) }

func unitOf(pkg string) string {
	parts := strings.Split(pkg, "/")
	if parts[0] == "internal" && len(parts) > 1 {
		return parts[1]
	}
	return parts[0]
}

func (s source) line(p token.Pos) string {
	return s.path + ":" + strconv.Itoa(s.fileSet.Position(p).Line)
}

// literals calls visit with every string written in the file, imports left out.
func (s source) literals(visit func(text string, at token.Pos)) {
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		switch v := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field: // a tag is no text, and a type holds none
			return false
		case *ast.BasicLit:
			if v.Kind == token.STRING {
				if text, err := strconv.Unquote(v.Value); err == nil {
					visit(text, v.Pos())
				}
			}
		}
		return true
	})
}

// top is the folder of go.mod.
func top(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// program reads every Go file of the program.
func program(t *testing.T) []source {
	t.Helper()
	return goFiles(t, false, "cmd", "internal", "migrations")
}

// goFiles are the Go files below folders, the program's or its tests', read once for all tests: who asks changes none.
func goFiles(t *testing.T, tests bool, folders ...string) []source {
	t.Helper()
	root := top(t)
	once, _ := read.LoadOrStore(fmt.Sprint(tests, folders), sync.OnceValues(func() ([]source, error) { return readGo(root, tests, folders) }))
	out, err := once.(func() ([]source, error))()
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found: the walk is wrong", len(out))
	}
	return out
}

// read holds what goFiles has read, by what it was asked.
var read sync.Map

func readGo(root string, tests bool, folders []string) (out []source, _ error) {
	fileSet := token.NewFileSet()
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") != tests {
				return err
			}
			syntax, err := parser.ParseFile(fileSet, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			rel, _ := filepath.Rel(root, path)
			rel = filepath.ToSlash(rel)
			out = append(out, source{path: rel, pkg: filepath.ToSlash(filepath.Dir(rel)), fileSet: fileSet, syntax: syntax})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func walk(t *testing.T, folder string, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			visit(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

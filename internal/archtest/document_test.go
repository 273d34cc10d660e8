package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A reader of a package meets no exported name without a sentence about it. The values of a documented type
// speak for themselves, and so do the methods that an interface of the standard library asks for.
func TestExportedNamesAreDocumented(t *testing.T) {
	t.Parallel()
	root := top(t)
	for _, folder := range []string{"cmd", "internal", "migrations"} {
		walk(t, filepath.Join(root, folder), func(path string) {
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			rel, _ := filepath.Rel(root, path)
			for _, d := range file.Decls {
				for _, name := range undocumented(d) {
					t.Errorf("%s:%d says nothing about %s", rel, set.Position(name.Pos()).Line, name.Name)
				}
			}
		})
	}
}

// standard are the methods that interfaces of the standard library ask for.
var standard = []string{"Error", "Unwrap", "String", "ServeHTTP", "Close", "Len", "Write", "Read"}

func undocumented(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		method := d.Recv != nil
		if d.Doc != nil || !d.Name.IsExported() || method && (!exportedType(d.Recv.List[0].Type) || slices.Contains(standard, d.Name.Name)) {
			return nil
		}
		return []*ast.Ident{d.Name}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		var out []*ast.Ident
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
					out = append(out, s.Name)
				}
			case *ast.ValueSpec:
				if s.Doc == nil && s.Comment == nil && s.Type == nil {
					out = append(out, slices.DeleteFunc(slices.Clone(s.Names), func(n *ast.Ident) bool { return !n.IsExported() })...)
				}
			}
		}
		return out
	}
	return nil
}

func exportedType(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StarExpr:
		return exportedType(e.X)
	case *ast.IndexExpr:
		return exportedType(e.X)
	case *ast.Ident:
		return e.IsExported()
	}
	return false
}

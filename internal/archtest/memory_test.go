package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// inMemory lists what lives in a process's memory and is shared by its goroutines. What is a copy of the
// database names the revision by which other processes notice a change: "revision NAME". Anything else
// says why another process need not know it.
var inMemory = map[string]string{
	"platform/rule.Cache.values":             "revision rule",
	"platform/calendar.Cache.current":        "revision calendar",
	"hall.Service.items":                     "revision hall.item",
	"grid.Service.categories":                "revision grid.category",
	"exchange.Service.register":              "revision exchange.element",
	"routing.Service.routes":                 "revision casework.route",
	"access.Service.names":                   "revision access.account",
	"registry.Service.tree":                  "revision registry.area",
	"registry.Service.days":                  "revision registry.area", // names the tree that it was worked out from
	"registry.Service.outlines":              "revision registry.outline",
	"registry/community.Service.facilities":  "revision registry.facility",
	"registry.Service.names":                 "revision registry.body",
	"registry.Service.bodiesOf":              "revision registry.body",
	"registry/community.Service.complete":    "revision registry.body",
	"registry/community.Service.terms":       "revision registry.body",
	"registry.Service.bodies":                "revision registry.body", // the revision itself
	"platform/seal.Ring.mu":                  "revision seal.keys",
	"platform/seal.Ring.subkeys":             "drawn from the root key, which never changes",
	"registry/community.Service.reload":      "one reading of what communities have at a time",
	"registry.Service.reload":                "one reading of the register at a time",
	"registry/change.Service.importing":      "how far this process's own import is",
	"registry/change.importProgress.written": "how far this process's own import is",
	"threshold.rows":                         "shipped with the program",
	"manual.All":                             "shipped with the program",
	"admission.Base":                         "shipped with the program",
	"admission/proposal.wording":             "shipped with the program",
	"registry.Tree.byID":                     "part of a tree, which never changes",
	"registry/community.report":              "shipped with the program",
	"registry.syllables":                     "shipped with the program",
	"exchange.words":                         "shipped with the program",
	"registry/change.english":                "shipped with the program",
	"casework/worklist.Service.cut":          "worked out from the words that are its key",
	"casework.Service.warned":                "which warnings this process has logged",
	"access/identity.Identity.mu":            "what the identity system says of itself",
	"demo.load.writes":                       "how far the making of a demo is",
	"app.Loading.percent":                    "how far this process's making of a demo is",
	"app.Loading.ready":                      "whether this process serves yet",
	"platform/audit.Store.verifying":         "one verification at a time in this process",
	"platform/jobs.Runner.working":           "jobs that this process is at",
	"platform/httpx.untrusted":               "which warnings this process has logged",
	"platform/httpx.adoptErrors":             "what a library calls, set once",
	"platform/httpx.API.folds":               "worked out from the document, which never changes",
	"platform/revision.Watch.polling":        "the revisions themselves",
}

// sharedType tells whether a type is made for being shared by goroutines.
func sharedType(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StarExpr:
		return sharedType(e.X)
	case *ast.IndexExpr:
		return sharedType(e.X)
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && (pkg.Name == "atomic" || pkg.Name == "sync" &&
			slices.Contains([]string{"Map", "Mutex", "RWMutex", "Once", "OnceValue", "OnceFunc", "OnceValues", "Pool"}, e.Sel.Name))
	case *ast.CallExpr:
		return sharedType(e.Fun)
	}
	return false
}

// sharedMemory visits fields of named types and variables of packages that goroutines share.
func sharedMemory(s source, visit func(name string, at token.Pos)) {
	pkg := strings.TrimPrefix(s.pkg, "internal/")
	for _, d := range s.syntax.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				st, ok := spec.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, f := range st.Fields.List {
					for _, n := range f.Names {
						if sharedType(f.Type) {
							visit(pkg+"."+spec.Name.Name+"."+n.Name, n.Pos())
						}
					}
				}
			case *ast.ValueSpec:
				for i, n := range spec.Names {
					if spec.Type != nil && sharedType(spec.Type) || i < len(spec.Values) && sharedType(spec.Values[i]) {
						visit(pkg+"."+n.Name, n.Pos())
					}
				}
			}
		}
	}
}

// Nothing that must be true lives in one process's memory alone: whoever adds memory that goroutines
// share says here what of the database it copies, and how other processes notice.
func TestMemoryOfOneProcessIsListed(t *testing.T) {
	known, names := map[string]bool{}, map[string]bool{}
	for _, s := range program(t) {
		s.literals(func(text string, _ token.Pos) { names[text] = true })
		if !strings.HasPrefix(s.pkg, "internal/") || strings.HasSuffix(s.pkg, "test") || s.pkg == "internal/platform/db" { // its own connections
			continue
		}
		sharedMemory(s, func(name string, at token.Pos) {
			if known[name] = true; inMemory[name] == "" {
				t.Errorf("%s: %s is memory of one process: list in archtest what it copies, and by which revision others notice a change",
					s.line(at), name)
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(inMemory)) {
		if !known[name] {
			t.Errorf("%s is listed and is no more", name)
		}
		if revision, ok := strings.CutPrefix(inMemory[name], "revision "); ok && !names[revision] {
			t.Errorf("%s follows the revision %q, which nothing counts", name, revision)
		}
	}
}

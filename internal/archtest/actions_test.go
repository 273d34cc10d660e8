package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// composed are the actions that are put together while running, by their fixed beginning.
var composed = map[string][]string{
	"casework.case.": {"casework.case.took", "casework.case.gave"}, // of a main case, what is merged into it
}

// constants are the string constants of each package, by folder and name.
func constants(files []source) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, s := range files {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			d, ok := n.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				return true
			}
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i >= len(v.Values) {
						continue
					}
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						if out[s.pkg] == nil {
							out[s.pkg] = map[string]string{}
						}
						out[s.pkg][name.Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
			return true
		})
	}
	return out
}

var actionName = regexp.MustCompile(`^[a-z]+(\.[a-z_]+){1,2}$`)

// actions are all that the audit log may record, with where: what a record's Action is, and what is given to functions with a
// parameter of that name. Steps of lifecycles are worded by their flows.
func actions(t *testing.T) map[string]string {
	files, out := program(t), map[string]string{}
	known := constants(files)
	value := func(s source, e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			v, _ := strconv.Unquote(e.Value)
			return v
		case *ast.Ident:
			return known[s.pkg][e.Name]
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok {
				for pkg, names := range known {
					if folder := regexp.MustCompile(`[^/]*$`).FindString(pkg); folder == x.Name && names[e.Sel.Name] != "" {
						return names[e.Sel.Name]
					}
				}
			}
		}
		return ""
	}
	takes := map[string]map[string]int{} // package → function → place of its parameter action
	for _, s := range files {
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			at := 0
			for _, p := range f.Type.Params.List {
				for _, name := range p.Names {
					if name.Name == "action" {
						if takes[s.pkg] == nil {
							takes[s.pkg] = map[string]int{}
						}
						takes[s.pkg][f.Name.Name] = at
					}
					at++
				}
			}
		}
	}
	note := func(s source, e ast.Expr, at token.Pos) {
		if sum, ok := e.(*ast.BinaryExpr); ok {
			prefix := value(s, sum.X)
			for _, a := range composed[prefix] {
				out[a] = s.line(at)
			}
			if prefix != "" && composed[prefix] == nil {
				t.Errorf("%s: actions that begin with %q are composed; list them in archtest", s.line(at), prefix)
			}
			return
		}
		if v := value(s, e); actionName.MatchString(v) {
			out[v] = s.line(at)
		}
	}
	for _, s := range files {
		if strings.HasSuffix(s.pkg, "test") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Action" {
					note(s, n.Value, n.Pos())
				}
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if at, ok := takes[s.pkg][name]; ok && at < len(n.Args) {
					note(s, n.Args[at], n.Pos())
				}
			}
			return true
		})
	}
	return out
}

// The audit log is read by people: each action has words in both languages, its own or those of the permission by which it is done.
func TestEveryActionIsWorded(t *testing.T) {
	t.Parallel()
	words := map[string][]string{}
	for _, languages := range catalogues(t) {
		for lang, texts := range languages {
			for key := range texts {
				words[key] = append(words[key], lang)
			}
		}
	}
	found := actions(t)
	if len(found) < 60 {
		t.Fatalf("only %d actions found", len(found))
	}
	for action, where := range found {
		for _, lang := range []string{"zh", "en"} {
			if !slices.Contains(words["audit.action."+action], lang) && !slices.Contains(words["permission."+action], lang) {
				t.Errorf("%s: the action %s has no words in %s: write audit.action.%s", where, action, lang, action)
			}
		}
	}
}

// What an entry keeps beside its action is shown by key, and keys have words.
func TestKeysOfTheAuditAreWorded(t *testing.T) {
	t.Parallel()
	words := map[string]map[string]string{}
	for folder, languages := range catalogues(t) {
		if folder == "internal/platform/audit" || languages["zh"]["audit.key.state"] != "" {
			words = languages
		}
	}
	keys := 0
	for _, s := range program(t) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			kv, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			k, ok := kv.Key.(*ast.Ident)
			lit, isMap := kv.Value.(*ast.CompositeLit)
			if !ok || !isMap || !slices.Contains([]string{"Detail", "Before", "After"}, k.Name) {
				return true
			}
			for _, e := range lit.Elts {
				pair, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				name, ok := pair.Key.(*ast.BasicLit)
				if !ok {
					continue
				}
				keys++
				key, _ := strconv.Unquote(name.Value)
				for _, lang := range []string{"zh", "en"} {
					if words[lang]["audit.key."+key] == "" {
						t.Errorf("%s: the key %q of an audit entry has no words in %s: write audit.key.%s", s.line(name.Pos()), key, lang, key)
					}
				}
			}
			return true
		})
	}
	if keys < 40 {
		t.Errorf("only %d keys found", keys)
	}
}

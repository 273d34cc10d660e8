package archtest

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"linli/internal/platform/rule"
)

// calls lists the calls of pkg.name in a file, or of the package's own name when pkg is "".
func calls(s source, pkg, name string) []*ast.CallExpr {
	var out []*ast.CallExpr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Fun.(type) {
		case *ast.Ident:
			if pkg == "" && f.Name == name {
				out = append(out, call)
			}
		case *ast.SelectorExpr:
			if x, ok := f.X.(*ast.Ident); ok && f.Sel.Name == name && x.Name == pkg {
				out = append(out, call)
			}
		}
		return true
	})
	return out
}

// catalogues reads every server catalogue: folder → language → key → sentence.
func catalogues(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]map[string]string{}
	root := top(t)
	walk(t, filepath.Join(root, "internal"), func(path string) {
		folder, file := filepath.Split(path)
		if filepath.Base(folder) != "texts" || filepath.Ext(file) != ".json" {
			return
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		rel, _ := filepath.Rel(root, filepath.Clean(folder))
		if out[rel] == nil {
			out[rel] = map[string]map[string]string{}
		}
		out[rel][strings.TrimSuffix(file, ".json")] = texts
	})
	return out
}

var placeholder = regexp.MustCompile(`\{[a-zA-Z_]+\}`)

func TestEverySentenceExistsInBothLanguages(t *testing.T) {
	t.Parallel()
	for folder, languages := range catalogues(t) {
		zh, en := languages["zh"], languages["en"]
		for _, key := range slices.Sorted(maps.Keys(zh)) {
			english, ok := en[key]
			switch {
			case !ok:
				t.Errorf("%s: %s is missing in en.json", folder, key)
			case strings.TrimSpace(english) == "" || strings.TrimSpace(zh[key]) == "":
				t.Errorf("%s: %s is empty", folder, key)
			case !slices.Equal(slots(zh[key]), slots(english)):
				t.Errorf("%s: %s has the slots %v in Chinese and %v in English", folder, key, slots(zh[key]), slots(english))
			}
			if strings.ContainsFunc(english, isHan) && !strings.HasPrefix(key, "language.") {
				t.Errorf("%s: the English of %s holds Chinese: %s", folder, key, english)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(en)) {
			if _, ok := zh[key]; !ok {
				t.Errorf("%s: %s is missing in zh.json", folder, key)
			}
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// slots are a sentence's placeholders, each once, in order of the alphabet.
func slots(sentence string) []string {
	found := placeholder.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryRefusalHasItsSentence(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, languages := range catalogues(t) {
		for key := range languages["zh"] {
			known[key] = true
		}
	}
	for _, s := range program(t) {
		refusals := calls(s, "errs", "New")
		if s.pkg == "internal/platform/errs" {
			refusals = calls(s, "", "New")
		}
		for _, call := range append(refusals, methods(s, "At")...) {
			if key, ok := text(call.Args, 1); ok && !known["error."+key] {
				t.Errorf("%s: no catalogue has the sentence error.%s", s.line(call.Pos()), key)
			}
		}
	}
}

// A refusal that cites a rule names one that is shipped, or its citation would stay empty.
func TestEveryCitedRuleIsShipped(t *testing.T) {
	t.Parallel()
	shipped := rules(t)
	for _, s := range program(t) {
		for _, call := range methods(s, "By") {
			if key, ok := text(call.Args, 0); ok && !shipped[key] {
				t.Errorf("%s: no rules.csv has the rule %s", s.line(call.Pos()), key)
			}
		}
	}
}

// rules are the keys of every rule that a module ships.
func rules(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	walk(t, filepath.Join(top(t), "internal"), func(path string) {
		if filepath.Base(path) != "rules.csv" {
			return
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		values, err := rule.Parse(f)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, v := range values {
			out[v.Key] = true
		}
	})
	return out
}

// methods lists the calls of a method by its name, whatever it is called on.
func methods(s source, name string) []*ast.CallExpr {
	var out []*ast.CallExpr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == name {
				out = append(out, call)
			}
		}
		return true
	})
	return out
}

// text is an argument that is written as a string.
func text(args []ast.Expr, i int) (string, bool) {
	if i >= len(args) {
		return "", false
	}
	literal, ok := args[i].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	v, err := strconv.Unquote(literal.Value)
	return v, err == nil
}

// names are written the same in every language.
var names = []string{"Linli 邻里", "邻里", "简体中文"}

// chinese are files whose Chinese is matched, parsed or computed with, and no sentence.
var chinese = map[string]string{
	"internal/exchange/word.go":              "forms of writing that are folded before the label of a field is read, and dates in it",
	"internal/registry/pinyin.go":            "readings of characters that have several",
	"internal/registry/change/match_name.go": "endings of names that tell the kind of unit, and characters that tell neighbours apart",
	"internal/registry/tree_search.go":       "endings of names that a search leaves out",
	"internal/manual/shelf.go":               "names of the files in docs/zh",
	"internal/platform/page/wording.go":      "shapes of dates",
	"internal/pact/review/circumstance.go":   "words around what a rule finds, and marks of sentences",
	"internal/pact/review/fold.go":           "marks and signs that are folded before a clause is read",
	"internal/pact/review/law.go":            "names of laws in a citation that is printed in their language",
	"internal/pact/review/review.go":         "words of a heading below which breaches are dealt with",
	"internal/pact/review/rules.go":          "signs of a pattern",
	"internal/pact/review/split.go":          "numbers and shapes of headings by which a text is taken apart",
	"internal/pact/review/whole.go":          "names of communities and laws that are found in a text",
}

// What a person reads in a face stands in a catalogue: no Chinese is written in the program's
// code. The command line greets in both languages at once; the demo's and the tests' people
// and streets are invented and no sentences of the product.
func TestCodeHoldsNoSentences(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if s.unit() == "cmd" || s.unit() == "demo" || strings.HasSuffix(s.pkg, "test") || chinese[s.path] != "" {
			continue
		}
		s.literals(func(text string, at token.Pos) {
			if strings.ContainsFunc(text, isHan) && !slices.Contains(names, text) {
				t.Errorf("%s: Chinese text in code: %q; sentences belong in texts/", s.line(at), text)
			}
		})
	}
}

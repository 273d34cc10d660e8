package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// platformTables are the prefixes that packages of platform own; any other prefix is the name
// of the unit that owns it.
var platformTables = []string{"audit", "calendar", "rule", "setting", "notify", "limit", "visit", "revision", "jobs", "shipped"}

// owners are the packages of tables that bear another unit's name.
var owners = map[string]string{"casework_route": "internal/routing"}

// owner is the package folder under which alone a table's name may be written.
func owner(table string) string {
	if pkg := owners[table]; pkg != "" {
		return pkg
	}
	prefix, _, _ := strings.Cut(table, "_")
	if slices.Contains(platformTables, prefix) {
		return "internal/platform/" + prefix
	}
	return "internal/" + prefix
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

func TestAModuleTouchesOnlyItsOwnTables(t *testing.T) {
	t.Parallel()
	tables := schema(t)
	word := regexp.MustCompile(`\b[a-z]+_[a-z_]+\b`)
	for _, s := range program(t) {
		if strings.HasSuffix(s.pkg, "test") { // what sets a test's scene
			continue
		}
		s.literals(func(text string, at token.Pos) {
			for _, name := range word.FindAllString(text, -1) {
				if s.pkg == "internal/app" && text == name { // the manifest of what belongs to no module
					continue
				}
				if _, known := tables[name]; known && !within(s.pkg, owner(name)) && sqlLike(text, name) {
					t.Errorf("%s touches %s, which belongs to %s", s.line(at), name, owner(name))
				}
			}
		})
	}
}

// The spine of cases asks its rooms: its statements touch only the tables of its own manifest, none of a room above it.
func TestTheSpineTouchesNoRoomsTables(t *testing.T) {
	t.Parallel()
	const spine = "internal/casework"
	own := map[string]bool{}
	for _, s := range program(t) {
		if s.path == spine+"/module.go" {
			s.literals(func(text string, _ token.Pos) { own[text] = true })
		}
	}
	word := regexp.MustCompile(`\bcasework_[a-z_]+\b`)
	for _, s := range program(t) {
		if s.pkg != spine {
			continue
		}
		s.literals(func(text string, at token.Pos) {
			for _, name := range word.FindAllString(text, -1) {
				if sqlLike(text, name) && !own[name] {
					t.Errorf("%s touches %s, which is a room's; let the room register what is asked of it", s.line(at), name)
				}
			}
		})
	}
}

var writing = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z]+_[a-z_]+)\b`)

// Each table has one package that writes it: the one whose manifest declares it. A spine and its rooms ask each other. What
// app declares is of packages of platform without a manifest.
func TestAPackageWritesOnlyItsOwnTables(t *testing.T) {
	t.Parallel()
	declared := manifests(t)
	for _, s := range program(t) {
		if strings.HasSuffix(s.pkg, "test") { // what sets a test's scene
			continue
		}
		note := func(table string, at token.Pos) {
			if pkg := declared[table]; pkg != "" && pkg != "internal/app" && pkg != s.pkg {
				t.Errorf("%s writes %s, which %s declares; let that package export what is needed", s.line(at), table, pkg)
			}
		}
		s.literals(func(text string, at token.Pos) {
			for _, m := range writing.FindAllStringSubmatch(text, -1) {
				note(m[1], at)
			}
		})
		ast.Inspect(s.syntax, func(n ast.Node) bool { // a table's name that is put into a statement
			if call, ok := n.(*ast.CallExpr); ok && slices.Contains([]string{"Rewrite", "InsertMany"}, calledName(call)) {
				for _, arg := range call.Args {
					if lit, ok := arg.(*ast.BasicLit); ok {
						note(strings.Trim(lit.Value, "`\""), lit.Pos())
					}
				}
			}
			return true
		})
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// manifests are the packages whose manifests declare the tables.
func manifests(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range program(t) {
		declares(s, func(table, _ string, _ token.Pos) { out[table] = s.pkg })
	}
	return out
}

var statement = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN|WHERE|VALUES|ORDER BY|GROUP BY|RETURNING|ON CONFLICT)\b`)

// sqlLike tells a piece of SQL, or a bare table name that is put into one, from other text.
func sqlLike(text, table string) bool { return text == table || statement.MatchString(text) }

// dialects are spellings that only one of the two engines takes, or takes differently.
var dialects = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\bnow\(\)`),
	regexp.MustCompile(`(?i)\bcurrent_(timestamp|date|time)\b`),
	regexp.MustCompile(`::`),
	regexp.MustCompile(`(?i)\bANY\s*\(`),
	regexp.MustCompile(`(?i)\bFOR UPDATE\b`),
	regexp.MustCompile(`(?i)\bIFNULL\b`),
	regexp.MustCompile(`(?i)\b(BIG|SMALL)?SERIAL\b`),
	regexp.MustCompile(`(?i)\bAUTOINCREMENT\b`),
	regexp.MustCompile(`(?i)\bILIKE\b`),
	regexp.MustCompile(`(?i)\bINSERT OR (IGNORE|REPLACE)\b`),
	regexp.MustCompile(`(?i)\b(strftime|json_extract|group_concat|string_agg)\s*\(`),
	regexp.MustCompile(`[=(,<>]\s*\?`), // parameters are $1…$n
}

func TestSQLIsPortable(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if within(s.pkg, "internal/platform/db") || strings.HasSuffix(s.path, "_dialect.go") {
			continue
		}
		s.literals(func(text string, at token.Pos) {
			if !statement.MatchString(text) {
				return
			}
			for _, d := range dialects {
				if found := d.FindString(text); found != "" {
					t.Errorf("%s: %q in SQL is not understood alike by both engines", s.line(at), found)
				}
			}
		})
	}
	for name, text := range migrationTexts(t) {
		if strings.Count(name, ".") > 1 { // of one engine alone
			continue
		}
		for _, d := range dialects {
			if found := d.FindString(text); found != "" {
				t.Errorf("%s: %q is not understood alike by both engines", name, found)
			}
		}
	}
}

// table is what the migrations say of a table.
type table struct {
	primary []string
	columns []string
	uniques [][]string
}

var (
	createTable  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	dropTable    = regexp.MustCompile(`(?m)^DROP TABLE (\w+);`)
	createUnique = regexp.MustCompile(`CREATE UNIQUE INDEX \w+ ON (\w+) \(([^)]*)\)`)
	tableKey     = regexp.MustCompile(`^\s*PRIMARY KEY \(([^)]*)\)`)
	tableColumn  = regexp.MustCompile(`^\s*([a-z_]+) [A-Z]`)
)

func migrationTexts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	walk(t, filepath.Join(top(t), "migrations"), func(path string) {
		if strings.HasSuffix(path, ".sql") {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			up, _, _ := strings.Cut(string(text), "-- +goose Down")
			out["migrations/"+filepath.Base(path)] = up
		}
	})
	return out
}

// schema reads the tables out of the migrations.
func schema(t *testing.T) map[string]*table {
	t.Helper()
	out := map[string]*table{}
	texts := migrationTexts(t)
	for _, name := range slices.Sorted(maps.Keys(texts)) { // a later migration may make a table anew
		for _, m := range createTable.FindAllStringSubmatch(texts[name], -1) {
			out[m[1]] = readTable(m[2])
		}
		for _, m := range dropTable.FindAllStringSubmatch(texts[name], -1) {
			if !strings.Contains(texts[name], "RENAME TO "+m[1]+";") && !strings.Contains(texts[name], "CREATE TABLE "+m[1]+" ") {
				delete(out, m[1])
			}
		}
	}
	for _, text := range texts {
		for _, m := range createUnique.FindAllStringSubmatch(text, -1) {
			if found := out[m[1]]; found != nil {
				found.uniques = append(found.uniques, list(m[2]))
			}
		}
	}
	if len(out) < 10 {
		t.Fatalf("only %d tables found in migrations: the reading is wrong", len(out))
	}
	return out
}

func readTable(body string) *table {
	read := &table{}
	for line := range strings.SplitSeq(body, "\n") {
		if m := tableKey.FindStringSubmatch(line); m != nil {
			read.primary = list(m[1])
		} else if m := tableColumn.FindStringSubmatch(line); m != nil {
			read.columns = append(read.columns, m[1])
			if strings.Contains(line, "PRIMARY KEY") {
				read.primary = []string{m[1]}
			}
			if strings.Contains(line, "UNIQUE") {
				read.uniques = append(read.uniques, []string{m[1]})
			}
		}
	}
	return read
}

func list(columns string) []string {
	var out []string
	for c := range strings.SplitSeq(columns, ",") {
		out = append(out, strings.TrimSpace(c))
	}
	return out
}

// growths reads what the modules' manifests say of their tables.
func growths(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range program(t) {
		declares(s, func(name, growth string, at token.Pos) {
			if _, twice := out[name]; twice {
				t.Errorf("%s: %s is declared twice", s.line(at), name)
			}
			out[name] = growth
		})
	}
	return out
}

// declares calls visit with every table that a manifest in the file declares, and how it grows.
func declares(s source, visit func(table, growth string, at token.Pos)) {
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, isText := pair.Key.(*ast.BasicLit)
		growth, isName := pair.Value.(*ast.SelectorExpr)
		if isText && isName && (growth.Sel.Name == "Sharded" || growth.Sel.Name == "Reference") {
			visit(strings.Trim(key.Value, `"`), growth.Sel.Name, pair.Pos())
		}
		return true
	})
}

// What grows with the people must spread over several databases by one column, from the first
// migration: every key of such a table begins with or contains shard, no other table has one.
func TestKeysFollowTheGrowthOfTheirTable(t *testing.T) {
	t.Parallel()
	declared := growths(t)
	for name, found := range schema(t) {
		growth, ok := declared[name]
		if !ok {
			t.Errorf("%s: no manifest says whether it is module.Sharded or module.Reference", name)
			continue
		}
		if growth == "Reference" {
			if slices.Contains(found.columns, "shard") {
				t.Errorf("%s is declared a reference table but has a shard", name)
			}
			continue
		}
		if len(found.primary) < 2 || found.primary[0] != "shard" {
			t.Errorf("%s is sharded, but its primary key is (%s)", name, strings.Join(found.primary, ", "))
		}
		for _, unique := range found.uniques {
			if !slices.Contains(unique, "shard") {
				t.Errorf("%s is sharded, but its unique key (%s) lacks the shard", name, strings.Join(unique, ", "))
			}
		}
	}
	for name := range declared {
		if _, ok := schema(t)[name]; !ok {
			t.Errorf("%s is declared by a manifest but made by no migration", name)
		}
	}
}

package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// firstModules are the two modules that stood before the recipe (docs/adding.md): how files name their package, routes,
// tables, permissions, texts and folders.
var firstModules = regexp.MustCompile("internal/(hall|grid)\\b|[\"'`(/](hall|grid)/|[\"'`]/(hall|grid)[\"'`]|" +
	`\b(hall|grid)_(item|edition|application|incident|category|recheck)\b|` +
	`\b(hall|grid)\.(Service|incident|application|item|category|edition|recheck)\b|features/(hall|grid)\b`)

// mayName are the files that name them by right: the lists of modules, and the cases by which tests of casework and app try
// what holds for every kind.
var mayName = []string{
	"internal/app/apptest/case.go", "internal/app/modules.go", "web/console/src/shell/features.ts",
}

// lower are the folders of what lies below the modules or is for all of them.
var lower = []string{"internal/access", "internal/app", "internal/casework", "internal/gate", "internal/people", "internal/platform",
	"internal/portal", "internal/registry", "internal/routing", "internal/wiring", "web/console/src/kit", "web/console/src/shell",
	"web/console/src/features/home", "web/field/src", "web/shared"}

// What is for all modules names none, but for mayName. Texts stand in catalogues.
func TestNobodyNamesTheFirstModules(t *testing.T) {
	t.Parallel()
	root := top(t)
	for _, folder := range lower {
		walk(t, filepath.Join(root, folder), func(path string) {
			rel, _ := filepath.Rel(root, path)
			rel = filepath.ToSlash(rel)
			if strings.Contains(rel, "node_modules/") || strings.Contains(rel, ".gen.") || strings.HasSuffix(rel, ".json") {
				return
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if firstModules.Match(raw) && !slices.Contains(mayName, rel) {
				t.Errorf("%s names the hall or the grid: move it into the module's folder, ask the registered matters, "+
					"or open a case by apptest (Caller.OpenCase, Caller.Apply, apptest.Report)", rel)
			}
		})
	}
}

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

// stillName are files that name them and need not. They only become fewer.
var stillName = []string{
	"internal/app/apart_test.go",
	"internal/app/authority_fixture_test.go",
	"internal/app/authority_world_test.go",
	"internal/app/budget_test.go",
	"internal/app/canary_test.go",
	"internal/app/clock_test.go",
	"internal/app/crash_test.go",
	"internal/app/deadline_test.go",
	"internal/app/flow_test.go",
	"internal/app/fold_portal_test.go",
	"internal/app/fold_test.go",
	"internal/app/joint_test.go",
	"internal/app/journey_test.go",
	"internal/app/limit_test.go",
	"internal/app/lookup_test.go",
	"internal/app/portal_test.go",
	"internal/app/processes_test.go",
	"internal/app/range_test.go",
	"internal/app/recheck_test.go",
	"internal/app/redate_test.go",
	"internal/app/reopened_test.go",
	"internal/app/reorganise_test.go",
	"internal/app/rights_test.go",
	"internal/app/route_test.go",
	"internal/app/scope_act_test.go",
	"internal/app/scope_test.go",
	"internal/app/seam_test.go",
	"internal/app/shipped_test.go",
	"internal/app/small_test.go",
	"internal/app/starve_test.go",
	"internal/app/supplement_test.go", "internal/app/visit_test.go",
	"internal/casework/duplicate/merge_test.go",
	"internal/casework/settle/settle_test.go",
	"internal/casework/stats/recount_test.go",
	"internal/casework/worklist/lists_test.go",
	"internal/people/people_test.go",
	"web/field/src/App.vue",
	"web/field/src/pages/ReportPage.vue",
}

// lower are the folders of what lies below the modules or is for all of them.
var lower = []string{"internal/access", "internal/app", "internal/casework", "internal/gate", "internal/people", "internal/platform",
	"internal/portal", "internal/registry", "internal/routing", "internal/wiring", "web/console/src/kit", "web/console/src/shell",
	"web/console/src/features/home", "web/field/src", "web/shared"}

// What is for all modules names none: a file there that names the hall or the grid is listed here. Texts stand in catalogues.
func TestNobodyNamesTheFirstModules(t *testing.T) {
	t.Parallel()
	root := top(t)
	var found []string
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
				found = append(found, rel)
			}
		})
	}
	for _, file := range found {
		if !slices.Contains(stillName, file) {
			t.Errorf("%s names the hall or the grid: move it into the module's folder, ask the registered matters, "+
				"or open a case by apptest (Caller.OpenCase, Caller.Apply)", file)
		}
	}
	for _, file := range stillName {
		if !slices.Contains(found, file) {
			t.Errorf("%s names neither hall nor grid any more: take it off the list", file)
		}
	}
}

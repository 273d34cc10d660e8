package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A module is one folder in Go with one line in app, and one folder in the web with one line in the shell: no
// other file names the example of docs/adding.md. Its migration, the generated documents and the documentation
// stand where those of every module do.
func TestAModuleIsOneFolderAndOneLine(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`internal/notice\b|features/notice\b|\bnotice_(edition|place|event|file|consent|round|told)\b|\bnotice\.notice\b|/notice/notices|"/notices\b`)
	want := []string{"internal/app/modules.go", "web/console/src/shell/features.ts"}
	own := []string{"internal/notice/", "web/console/src/features/notice/", "internal/archtest/recipe_test.go"}
	var found []string
	root := top(t)
	for _, folder := range []string{"cmd", "internal", "web/console/src", "web/field/src", "web/shared", "test"} {
		walk(t, filepath.Join(root, folder), func(path string) {
			rel, _ := filepath.Rel(root, path)
			rel = filepath.ToSlash(rel)
			outside := !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(rel, o) })
			if !outside || strings.Contains(rel, "node_modules/") || strings.HasSuffix(rel, ".gen.ts") ||
				strings.HasPrefix(rel, "test/journey/notice.spec") || strings.HasPrefix(rel, "test/journey/results/") {
				return
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if named.Match(raw) {
				found = append(found, rel)
			}
		})
	}
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("files outside the module that name it: %v, want %v", found, want)
	}
}

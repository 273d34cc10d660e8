package manual

import (
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/docs"
)

func all(t *testing.T) []Manual {
	t.Helper()
	manuals, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return manuals
}

func TestEveryFileIsAManual(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(docs.Files, "zh/*.md")
	if err != nil || len(files) != len(shelf) || len(all(t)) != len(shelf) {
		t.Fatalf("%d files, %d on the shelf, %d rendered, %v", len(files), len(shelf), len(all(t)), err)
	}
	for _, m := range all(t) {
		if m.Title == "" || len(m.Contents) < 3 || len(m.Body) < 3000 || strings.Contains(string(m.Body), "raw HTML omitted") {
			t.Errorf("%s: title %q, %d sections, %d bytes", m.Slug, m.Title, len(m.Contents), len(m.Body))
		}
	}
}

func TestAnchorsAreUnique(t *testing.T) {
	t.Parallel()
	for _, m := range all(t) {
		seen := map[string]bool{"main": true, "contents": true} // those of the page around it
		for _, a := range m.Anchors {
			if a == "" || seen[a] {
				t.Errorf("%s: the anchor %q is empty or taken", m.Slug, a)
			}
			seen[a] = true
		}
	}
}

var targets = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// What a manual names is there: in the pages that are served, and in the files as a reader of the repository
// follows them.
func TestLinksAndPicturesResolve(t *testing.T) {
	t.Parallel()
	byPath := map[string]Manual{}
	for _, m := range all(t) {
		byPath["/manual/"+m.Slug] = m
	}
	for _, m := range all(t) {
		for _, found := range targets.FindAllStringSubmatch(string(m.Body), -1) {
			u, err := url.Parse(found[1])
			if err != nil || u.Scheme == "https" {
				continue
			}
			if name, ok := strings.CutPrefix(u.Path, "/manual/pictures/"); ok {
				if _, err := docs.Files.ReadFile("pictures/" + name); err != nil {
					t.Errorf("%s: %v", m.Slug, err)
				}
				continue
			}
			to, ok := byPath[u.Path]
			if u.Path == "" {
				to, ok = m, true
			}
			if !ok || u.Fragment != "" && !slices.Contains(to.Anchors, u.Fragment) {
				t.Errorf("%s: nothing is at %s", m.Slug, found[1])
			}
		}
	}
	inFile := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	for _, b := range shelf {
		source, _ := docs.Files.ReadFile("zh/" + b.file)
		for _, found := range inFile.FindAllStringSubmatch(string(source), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", "..", "docs", "zh", filepath.FromSlash(found[1]))); err != nil {
				t.Errorf("%s: %v", b.file, err)
			}
		}
	}
}

var routeName = regexp.MustCompile(`name: '([a-z-]+)',[^{}]*\{\s*title: '`)

// The console's help button opens the section of the page that is shown.
func TestEveryScreenHasASection(t *testing.T) {
	t.Parallel()
	features, err := filepath.Glob("../../web/console/src/features/*/feature.ts")
	if err != nil || len(features) == 0 {
		t.Fatal("no features", err)
	}
	anchors := map[string]bool{}
	for _, m := range all(t) {
		for _, a := range m.Anchors {
			anchors[a] = true
		}
	}
	screens := 0
	for _, file := range features {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range routeName.FindAllStringSubmatch(string(source), -1) {
			if screens++; !anchors[found[1]] {
				t.Errorf("%s: no manual has a section {#%s}", file, found[1])
			}
		}
	}
	if screens < 30 {
		t.Errorf("only %d screens found", screens)
	}
}

// ofFaces are the texts of the console and the field app.
var ofFaces = []string{"../../web/shared/texts/zh.json", "../../web/*/src/texts/zh.json", "../../web/console/src/features/*/texts/zh.json"}

func catalogues(t *testing.T, patterns []string) []string {
	t.Helper()
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

var quoted = regexp.MustCompile("“([^”]+)”")

// What a manual quotes are the words of menus, buttons and refusals: somebody looks for them on the screen. An
// ellipsis stands for what a sentence is filled with.
func TestQuotedWordsAreThoseOfTheFaces(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	for _, file := range catalogues(t, append(slices.Clone(ofFaces), "../*/texts/zh.json", "../*/*/texts/zh.json")) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(source)
	}
	for _, b := range shelf {
		source, _ := docs.Files.ReadFile("zh/" + b.file)
		for _, found := range quoted.FindAllStringSubmatch(string(source), -1) {
			for _, part := range strings.Split(found[1], "……") {
				// Sections of its own are quoted, too.
				if !strings.Contains(said.String(), part) && !strings.Contains(string(source), "# "+part) {
					t.Errorf("%s: no face says %q", b.file, found[1])
				}
			}
		}
	}
}

var menuQuoted = regexp.MustCompile("工作台“([^”]+)”")

// An entry of the console's menu is called in every manual as the menu calls it.
func TestMenuEntriesAreCalledAsOnTheScreen(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, file := range catalogues(t, ofFaces) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &said); err != nil {
			t.Fatal(file, err)
		}
	}
	entries := map[string]bool{}
	for key, word := range said {
		entries[word] = entries[word] || strings.HasPrefix(key, "ui.nav.")
	}
	found := 0
	for _, b := range shelf {
		source, _ := docs.Files.ReadFile("zh/" + b.file)
		for _, q := range menuQuoted.FindAllStringSubmatch(string(source), -1) {
			if found++; !entries[q[1]] {
				t.Errorf("%s: the menu has no entry %q", b.file, q[1])
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d entries are named", found)
	}
}

func TestRenderTakesNoHTML(t *testing.T) {
	t.Parallel()
	m, err := render([]byte("# 甲\n\n## 乙\n\n## 乙\n\n## 丙 {#c}\n\n<script>x</script>\n\n[坏](javascript:x) [开发](../x.md) [窗口](窗口手册.md#apply)\n\n前行\n后行\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Title != "甲" || !slices.Equal(m.Anchors, []string{"乙", "乙-2", "c"}) {
		t.Errorf("%q %q", m.Title, m.Anchors)
	}
	body := string(m.Body)
	if strings.Contains(body, "<script") || strings.Contains(body, "javascript:") || strings.Contains(body, "x.md") ||
		!strings.Contains(body, `href="/manual/window#apply"`) || !strings.Contains(body, "开发") || !strings.Contains(body, "前行后行") {
		t.Error(body)
	}
	if _, err := render([]byte("文字")); err == nil {
		t.Error("a manual without a title")
	}
}

package app_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
)

type document struct {
	Paths map[string]map[string]struct {
		Permission string `json:"x-permission"`
	} `json:"paths"`
}

func read(t *testing.T, raw []byte) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Every route names its permission, and refuses who does not hold it before it looks at
// anything else.
func TestEveryRouteHasAPermission(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		raw, err := w.App.Document()
		if err != nil {
			t.Fatal(err)
		}
		nobody, admin := w.Nobody(), w.As("admin")
		for path, methods := range read(t, raw).Paths {
			for method, op := range methods {
				if op.Permission == "" || !w.App.Policy.Known(op.Permission) {
					t.Errorf("%s %s has the permission %q", method, path, op.Permission)
				}
				if op.Permission == "public" || strings.Contains(path, "uploads") {
					continue
				}
				address := strings.NewReplacer("/api/v1", "", "{id}", "320703-00000000-0000-7000-8000-000000000000", "{code}", "320703", "{grant}", "x",
					"{file}", "x", "{verb}", "x").Replace(path)
				if got := nobody.Do(strings.ToUpper(method), address+"?version=1", map[string]any{}); got.Status != 401 && got.Status != 422 {
					t.Errorf("%s %s answers nobody with %d", method, path, got.Status)
				}
				if op.Permission == "signed_in" || w.App.Policy.Holds("system_administrator", op.Permission) {
					continue
				}
				if got := admin.Do(strings.ToUpper(method), address+"?version=1", map[string]any{}); got.Status != 403 && got.Status != 422 {
					t.Errorf("%s %s answers without the permission with %d", method, path, got.Status)
				}
			}
		}
	})
}

// The committed documents are those of the program.
func TestDocumentsAreCurrent(t *testing.T) {
	t.Parallel()
	w := apptest.Open(t, t.TempDir()+"/linli.db")
	w.App.Version = "1"
	got, err := w.App.Document()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(got)) != strings.TrimSpace(string(want)) {
		t.Error("api/openapi.json is not current: run make openapi")
	}
	lifecycles, err := os.ReadFile("../../docs/lifecycles.md")
	if err != nil {
		t.Fatal(err)
	}
	if w.App.Lifecycles(app.FixedDay) != string(lifecycles) {
		t.Error("docs/lifecycles.md is not current: run make openapi")
	}
	matrix, err := os.ReadFile("../../docs/authority-matrix.md")
	if err != nil {
		t.Fatal(err)
	}
	if w.App.AuthorityMatrix() != string(matrix) {
		t.Error("docs/authority-matrix.md is not current: run make openapi, and read what has changed")
	}
}

// Malformed, oversized and hostile input is refused with a key and shows nothing of the inside.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for name, c := range map[string]struct {
			method, path string
			body         any
			status       int
		}{
			"not an object":       {"POST", apptest.CasePath, "x", 422},
			"unknown member":      {"POST", "/session", map[string]any{"login": "a", "password": "b", "role": "admin"}, 422},
			"wrong type":          {"POST", "/session", map[string]any{"login": 5, "password": "b"}, 422},
			"too long":            {"POST", "/session", map[string]any{"login": strings.Repeat("a", 100), "password": "b"}, 422},
			"too large":           {"POST", apptest.CasePath, map[string]any{"description": strings.Repeat("字", 200_000)}, 413},
			"quote in login":      {"POST", "/session", map[string]any{"login": "' OR 1=1 --", "password": "b"}, 401},
			"code of another age": {"POST", "/casework/follow", map[string]any{"code": "320703-0000-0000-0000"}, 404},
			"code with markup":    {"POST", "/casework/follow", map[string]any{"code": "<script>"}, 404},
			"no such route":       {"GET", "/nothing", nil, 404},
			"no such item":        {"GET", apptest.ItemsPath + "/..%2f..%2fetc", nil, 404},
			"area out of bounds":  {"GET", "/registry/areas/%27", nil, 422},
		} {
			got := w.Nobody().Do(c.method, c.path, c.body)
			if got.Status != c.status {
				t.Errorf("%s: %d %.300s", name, got.Status, got.Raw)
			}
			for _, inside := range []string{"SQL", "goroutine", ".go:", "sqlite", "pq:"} {
				if strings.Contains(got.Raw, inside) {
					t.Errorf("%s shows %q: %.300s", name, inside, got.Raw)
				}
			}
		}
	})
}

// Every rule that can be cited has a name in both languages.
func TestEveryRuleHasAName(t *testing.T) {
	t.Parallel()
	w := apptest.Open(t, t.TempDir()+"/linli.db")
	for _, v := range w.App.Rules.All() {
		if !w.App.Catalogue.Has("rule." + v.Key) {
			t.Errorf("no catalogue has rule.%s", v.Key)
		}
	}
}

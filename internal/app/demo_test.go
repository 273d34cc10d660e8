package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/demo"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/registry/change"
)

func demoOptions(t *testing.T) Options {
	t.Helper()
	return Options{Data: t.TempDir(), Relaxed: true, Version: "test"}
}

// interrupted opens a demo and stops it in the midst of the load.
func interrupted(t *testing.T, o Options) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	o.Progress = func(step string, _ int) {
		if strings.HasPrefix(step, "bodies") {
			stop()
		}
	}
	if a, err := OpenDemo(ctx, o); err == nil {
		a.Close()
		t.Fatal("a load that was stopped gives a city")
	}
}

func TestADemoOfAFile(t *testing.T) {
	t.Parallel()
	o := demoOptions(t)
	interrupted(t, o)
	left, err := filepath.Glob(filepath.Join(o.Data, "linli.db*"))
	if err != nil || len(left) > 0 {
		t.Fatalf("an interrupted load leaves %v, %v", left, err)
	}

	// A database that was opened without a demo and holds nothing yet is filled.
	empty, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if empty.Site.Demo {
		t.Error("an empty city says it is a demo")
	}
	empty.Close()
	steps := 0
	o.Progress = func(string, int) { steps++ }
	a, err := OpenDemo(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Site.Demo || len(a.Site.DemoAccounts) != len(demo.Accounts) {
		t.Errorf("demo %v with %d accounts", a.Site.Demo, len(a.Site.DemoAccounts))
	}
	for _, d := range a.Site.DemoAccounts {
		if d.Name == "" || d.AreaName == "" || d.Password == "" {
			t.Errorf("account is not told whole: %+v", d)
		}
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if !strings.Contains(w.Body.String(), a.Catalogue.T("zh", "page.demo")) {
		t.Error("the portal does not say that it is a demo")
	}
	a.Close()

	// Opened again, with the word demo or without, it is what it was.
	made := steps
	for _, open := range []func(context.Context, Options) (*App, error){OpenDemo, Open} {
		again, err := open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if !again.Site.Demo || len(again.Site.DemoAccounts) == 0 {
			t.Error("a demo that is opened again does not say so")
		}
		again.Close()
	}
	if steps != made {
		t.Error("a demo was loaded twice")
	}
}

func TestADemoOnPostgres(t *testing.T) {
	t.Parallel()
	o := demoOptions(t)
	o.Database = dbtest.PostgresURL(t)
	interrupted(t, o)
	if left, err := filepath.Glob(filepath.Join(o.Data, "demo.loading*")); err != nil || len(left) > 0 {
		t.Fatalf("an interrupted load leaves %v, %v", left, err)
	}
	a, err := OpenDemo(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if !a.Site.Demo || len(a.Site.DemoAccounts) != len(demo.Accounts) {
		t.Errorf("demo %v with %d accounts", a.Site.Demo, len(a.Site.DemoAccounts))
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM casework_case`:                                         40,
		`SELECT COUNT(*) FROM casework_search WHERE stale = 0 AND words <> ''`:       40,
		`SELECT COUNT(*) FROM casework_search WHERE NOT (stale = 0 AND words <> '')`: 0,
	} {
		if n, err := db.Value[int](t.Context(), a.DB, query); err != nil || n < want || (want == 0 && n > 0) {
			t.Errorf("%s: %d, %v", query, n, err)
		}
	}
}

func TestADemoSparesACityOfItsOwn(t *testing.T) {
	t.Parallel()
	o := demoOptions(t)
	a, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx := authority.With(t.Context(), authority.SystemActor("test"))
	file := strings.NewReader("code,name,level,parent\n3201,南京市,2,32\n")
	if _, err := a.Changes.Import(ctx, []change.Source{change.FromReader("areas.csv", file)}, change.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if a, err := OpenDemo(t.Context(), o); !errors.Is(err, demo.ErrNotEmpty) {
		if err == nil {
			a.Close()
		}
		t.Errorf("a demo is loaded over a city: %v", err)
	}
	if _, err := os.Stat(filepath.Join(o.Data, "linli.db")); err != nil {
		t.Errorf("the city is gone: %v", err)
	}
}

func TestTheNumberOfCasesIsChecked(t *testing.T) {
	for _, wrong := range []string{"0", "-1", "many", "99999999999"} {
		t.Setenv(casesVariable, wrong)
		if _, err := OpenDemo(t.Context(), Options{Data: t.TempDir()}); err == nil || !strings.Contains(err.Error(), casesVariable) {
			t.Errorf("%s=%s gives %v", casesVariable, wrong, err)
		}
	}
}

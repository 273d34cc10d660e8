// Package registrytest makes the register of a real city for the tests of the register's rooms, and serves their routes.
package registrytest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/idcode"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Two communities of the city.
const (
	Yuanqian = "320703001007" // residents' committee
	Lizhuang = "320703004200" // villagers' committee
)

// Now is 23 November 2026, a Monday, ten o'clock.
var Now = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)

// System acts as the platform itself.
func System() context.Context {
	return authority.With(clock.With(context.Background(), Now), authority.SystemActor("test"))
}

// As acts as an account with one role over one area, under the permissions of some modules.
func As(role authority.Role, area string, modules ...module.Module) context.Context {
	actor := authority.NewActor(policy(modules), "0190-account", "测试", []authority.Grant{{Role: role, Area: area}})
	return authority.With(clock.With(context.Background(), Now), actor)
}

func policy(modules []module.Module) *authority.Policy {
	var all []authority.Permission
	for _, m := range modules {
		all = slices.Concat(all, m.Permissions)
	}
	return authority.NewPolicy(all)
}

// City is Lianyungang's register of 2023 in an empty database.
func City(t *testing.T, d *db.DB) *registry.Service {
	t.Helper()
	s, err := registry.New(System(), &audit.Log{DB: d})
	Must(t, err)
	raw, err := os.ReadFile(filepath.Join(root(t), "internal/demo/data/lianyungang-2023.csv"))
	Must(t, err)
	Must(t, s.Log.Do(System(), func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: "test.register.fill"})
		for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
			if err := put(tx, i, strings.Split(strings.TrimSpace(line), ",")); err != nil {
				return err
			}
		}
		_, err := registry.BumpRevision(System(), tx, registry.RevisionArea)
		return err
	}))
	Must(t, s.Refresh(System()))
	return s
}

// root is the folder of the tree in which the test runs. It holds in a build that keeps no paths, too.
func root(t *testing.T) string {
	t.Helper()
	here, err := os.Getwd()
	Must(t, err)
	for {
		if _, err := os.Stat(filepath.Join(here, "go.mod")); err == nil {
			return here
		}
		above := filepath.Dir(here)
		if above == here {
			t.Fatal("no go.mod above the test")
		}
		here = above
	}
}

// put writes the nth area: code, name, level, parent.
func put(tx *audit.Tx, n int, f []string) error {
	parsed, err := idcode.ParseArea(f[0])
	if err != nil {
		return err
	}
	pinyin, initials := registry.Spelling(f[1])
	_, err = tx.Exec(System(), `INSERT INTO registry_area (id, code, name, level, kind, parent, pinyin, initials, opened_on, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,1)`, fmt.Sprintf("01900000-0000-7000-8000-%012d", n), f[0], f[1], int(parsed.Level),
		string(parsed.Kind), f[3], pinyin, initials, clock.Day(Now))
	return err
}

// shared stands in for the sentences of errors that belong to the platform.
func shared() fs.FS {
	m := map[string]string{}
	for _, key := range []string{"invalid", "malformed", "not_found", "forbidden", "unauthenticated", "stale", "too_large", "internal"} {
		m["error."+key] = key
	}
	raw, _ := json.Marshal(m)
	return fstest.MapFS{"texts/zh.json": {Data: raw}, "texts/en.json": {Data: raw}}
}

// Serve mounts the routes of modules as the program does; the header As names the actor by role@area.
func Serve(t *testing.T, modules ...module.Module) http.Handler {
	t.Helper()
	texts := []fs.FS{shared()}
	var rules []rule.Value
	for _, m := range modules {
		texts, rules = append(texts, m.Texts), append(rules, m.Rules...)
	}
	catalogue, err := text.New(texts...)
	Must(t, err)
	p := policy(modules)
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, "test", p, &httpx.Negotiator{Catalogue: catalogue, Rules: rule.NewCache(rules)}, nil, nil)
	for _, m := range modules {
		m.Routes(api)
	}
	return httpx.Language(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor := authority.Nobody()
		if role, area, ok := strings.Cut(r.Header.Get("As"), "@"); ok {
			actor = authority.NewActor(p, "a1", "测试", []authority.Grant{{Role: authority.Role(role), Area: area}})
		}
		ctx := authority.With(clock.With(r.Context(), Now), actor)
		mux.ServeHTTP(w, r.WithContext(ctx))
	}))
}

// Call sends "METHOD path" as an actor, role@area or "".
func Call(h http.Handler, actor, request, body, lang string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequestWithContext(context.Background(), method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("As", actor)
	r.Header.Set("Accept-Language", lang)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// WantKey fails unless an error is the refusal of a key.
func WantKey(t *testing.T, err error, key string) {
	t.Helper()
	if err == nil || errs.Of(err).Key != key {
		t.Fatalf("error %v, want key %q", err, key)
	}
}

// Must fails on an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package change

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/outline"
)

const yuanqian = "320703001007" // a residents' committee

const cityFile = "../../demo/data/lianyungang-2023.csv"

var testNow = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)

// asSystem acts as the platform itself on 23 November 2026, a Monday.
func asSystem() context.Context {
	return authority.With(clock.With(context.Background(), testNow), authority.SystemActor("test"))
}

// as acts as an account with one role over one area.
func as(s *Service, role authority.Role, area string) context.Context {
	policy := authority.NewPolicy(slices.Concat(s.Register.Module().Permissions, s.Module().Permissions))
	actor := authority.NewActor(policy, "0190-account", "测试", []authority.Grant{{Role: role, Area: area}})
	return authority.With(clock.With(context.Background(), testNow), actor)
}

func newService(t *testing.T, d *db.DB) *Service {
	t.Helper()
	r, err := registry.New(asSystem(), &audit.Log{DB: d})
	if err != nil {
		t.Fatal(err)
	}
	return &Service{Register: r, Outlines: &outline.Service{Register: r}}
}

// newCity is a service that holds Lianyungang's register of 2023.
func newCity(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s := newService(t, d)
	sources, err := FromPaths(cityFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(asSystem(), sources, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	return s
}

func importText(s *Service, ctx context.Context, o ImportOptions, texts ...string) (ImportReport, error) {
	var sources []Source
	for i, text := range texts {
		sources = append(sources, FromReader("file"+string(rune('1'+i))+".csv", strings.NewReader(text)))
	}
	return s.Import(ctx, sources, o)
}

func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	if err == nil || errs.Of(err).Key != key {
		t.Fatalf("error %v, want key %q", err, key)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func problemsOf(t *testing.T, err error) []Problem {
	t.Helper()
	var refused *ImportError
	if !errors.As(err, &refused) {
		t.Fatalf("error %v is not an ImportError", err)
	}
	return refused.Problems
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func bodiesOf(s *Service) *body.Service {
	return &body.Service{Register: s.Register, Rules: rule.NewCache(body.Rules())}
}

func addBody(t *testing.T, s *Service, area, kind string) registry.Body {
	t.Helper()
	b, err := bodiesOf(s).PutBody(asSystem(), registry.Body{Area: area, Kind: kind, Name: kind + " of " + area})
	must(t, err)
	return b
}

func codes(areas []registry.Area) string {
	var out []string
	for _, a := range areas {
		out = append(out, a.Code)
	}
	return strings.Join(out, " ")
}

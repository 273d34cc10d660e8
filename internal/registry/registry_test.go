package registry

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
)

const cityFile = "../demo/data/lianyungang-2023.csv"

var testNow = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)

// asSystem acts as the platform itself on 23 November 2026, a Monday.
func asSystem() context.Context {
	return authority.With(clock.With(context.Background(), testNow), authority.SystemActor("test"))
}

// as acts as an account with one role over one area.
func as(s *Service, role authority.Role, area string) context.Context {
	policy := authority.NewPolicy(s.Module().Permissions)
	actor := authority.NewActor(policy, "0190-account", "测试", []authority.Grant{{Role: role, Area: area}})
	return authority.With(clock.With(context.Background(), testNow), actor)
}

func newService(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s, err := New(asSystem(), &audit.Log{DB: d}, rule.NewBook(Rules()))
	if err != nil {
		t.Fatal(err)
	}
	s.Seating = func(context.Context, *audit.Tx, Member, authority.Role) error { return nil }
	return s
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

package visit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/seal"
	"linli/internal/platform/visit"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func each(t *testing.T, test func(t *testing.T, s *visit.Store, ctx context.Context)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		test(t, &visit.Store{DB: d, Ring: seal.Fresh()}, clock.With(context.Background(), noon))
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAValueIsItsVisitsAlone(t *testing.T) {
	each(t, func(t *testing.T, s *visit.Store, ctx context.Context) {
		mine, other := visit.NewSecret(), visit.NewSecret()
		must(t, s.Put(ctx, mine, "report:1", []byte("路灯"), noon.Add(time.Hour)))
		if v, ok, err := s.Get(ctx, mine, "report:1"); err != nil || !ok || string(v) != "路灯" {
			t.Errorf("own value: %q %v %v", v, ok, err)
		}
		for name, secret := range map[string]string{"report:1": other, "report:2": mine} {
			if v, ok, err := s.Get(ctx, secret, name); err != nil || ok {
				t.Errorf("somebody else's value: %q %v", v, err)
			}
		}
		raw, err := db.Value[string](ctx, s.DB, `SELECT value || visit FROM visit_value`)
		must(t, err)
		if strings.Contains(raw, "路灯") || strings.Contains(raw, mine) {
			t.Errorf("the table shows the value or the secret: %s", raw)
		}
	})
}

func TestAnEndedVisitHasNothing(t *testing.T) {
	each(t, func(t *testing.T, s *visit.Store, ctx context.Context) {
		secret, other := visit.NewSecret(), visit.NewSecret()
		for _, v := range []string{secret, other} {
			must(t, s.Put(ctx, v, "follow", []byte("x"), noon.Add(time.Hour)))
		}
		must(t, s.End(ctx, secret))
		if _, ok, _ := s.Get(ctx, secret, "follow"); ok {
			t.Error("a value outlives its visit")
		}
		if _, ok, _ := s.Get(ctx, other, "follow"); !ok {
			t.Error("the end of one visit ended another")
		}
	})
}

func TestAValueEndsByItself(t *testing.T) {
	each(t, func(t *testing.T, s *visit.Store, ctx context.Context) {
		secret := visit.NewSecret()
		must(t, s.Put(ctx, secret, "follow", []byte("x"), noon.Add(time.Minute)))
		later := clock.With(ctx, noon.Add(time.Minute))
		if _, ok, _ := s.Get(later, secret, "follow"); ok {
			t.Error("a value is read after its end")
		}
		if l, _ := s.List(later, secret, ""); len(l) > 0 {
			t.Errorf("listed after its end: %v", l)
		}
		must(t, s.Sweep(later))
		if n, _ := db.Value[int](ctx, s.DB, `SELECT COUNT(*) FROM visit_value`); n != 0 {
			t.Errorf("%d rows after the sweep", n)
		}
	})
}

func TestAVisitIsBounded(t *testing.T) {
	each(t, func(t *testing.T, s *visit.Store, ctx context.Context) {
		secret := visit.NewSecret()
		for i := range 40 {
			at := clock.With(ctx, noon.Add(time.Duration(i)*time.Second))
			must(t, s.Put(at, secret, "report:"+string(rune('A'+i)), []byte("x"), noon.Add(time.Hour)))
		}
		l, err := s.List(ctx, secret, "report:")
		must(t, err)
		if len(l) != 24 || l[0].Name != "report:"+string(rune('A'+39)) {
			t.Errorf("%d values, the newest %v", len(l), l[0])
		}
		if err := s.Put(ctx, secret, "big", make([]byte, visit.ValueMost+1), noon.Add(time.Hour)); err == nil {
			t.Error("a value without bound was kept")
		}
	})
}

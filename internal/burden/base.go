package burden

import (
	"context"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Base is what rates are counted against; 0 where it is not known, and then there is no rate.
type Base struct {
	Households  int   `json:"households" doc:"On the rosters"`
	Residents   int   `json:"residents" doc:"On the rosters"`
	Workers     int   `json:"workers" doc:"Members of committees and stations in office"`
	Communities int   `json:"communities"`
	Rostered    int   `json:"rostered" doc:"Communities that have a roster: a rate by households is one of all only where all have"`
	CountedAt   int64 `json:"countedAt" doc:"When rosters and members were counted; 0 before"`
}

// countEvery is how often rosters and members are counted.
const countEvery = 24 * time.Hour

// Count counts the households, residents and workers of every community anew.
func (s *Service) Count(ctx context.Context) error {
	now := clock.Now(ctx)
	sizes, err := s.People.Sizes(ctx, s.Log.DB)
	if err != nil {
		return err
	}
	workers, err := s.Registry.Headcount(ctx, s.Log.DB, clock.Day(now), registry.BodyCommittee, registry.BodyStation)
	if err != nil {
		return err
	}
	base := map[string]Base{}
	for area, n := range workers {
		if registry.LevelOf(area) == registry.LevelCommunity {
			base[area] = Base{Workers: n}
		}
	}
	for _, z := range sizes {
		b := base[z.Area]
		b.Households, b.Residents = z.Households, z.Persons
		base[z.Area] = b
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // by nobody: a job
		if _, err := tx.Exec(ctx, `DELETE FROM burden_base`); err != nil {
			return err
		}
		for area, b := range base {
			err := tx.Send(ctx, `INSERT INTO burden_base (area, households, residents, workers, counted_at) VALUES ($1,$2,$3,$4,$5)`,
				area, b.Households, b.Residents, b.Workers, clock.Millis(now))
			if err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: "burden.base.count", Subject: "burden.base", After: map[string]any{"communities": len(base)}})
		return nil
	})
}

func readBase(ctx context.Context, r db.Reader, area string) (Base, error) {
	return db.One(ctx, r, func(sc db.Scanner) (b Base, err error) {
		return b, sc.Scan(&b.Households, &b.Residents, &b.Workers, &b.CountedAt, &b.Rostered)
	}, `SELECT CAST(COALESCE(SUM(households), 0) AS BIGINT), CAST(COALESCE(SUM(residents), 0) AS BIGINT),
		CAST(COALESCE(SUM(workers), 0) AS BIGINT), CAST(COALESCE(MAX(counted_at), 0) AS BIGINT),
		CAST(COALESCE(SUM(CASE WHEN households > 0 THEN 1 ELSE 0 END), 0) AS BIGINT)
		FROM burden_base WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
}

// listHouseholds are the households on the rosters of the communities of an area, by code.
func listHouseholds(ctx context.Context, r db.Reader, area string) (map[string]int, error) {
	out := map[string]int{}
	_, err := db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
		var code string
		var n int
		err = sc.Scan(&code, &n)
		out[code] = n
		return none, err
	}, `SELECT area, households FROM burden_base WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
	return out, err
}

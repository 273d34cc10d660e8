package people

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/seal"
)

// Household is who lives together, known in its community by a number of the community's own.
type Household struct {
	ID     string `json:"-"`
	Area   string `json:"-"`
	Number string `json:"number"`
}

// household is the household of a number in an area, made if it is not there; "" for no number.
func (s *Service) household(ctx context.Context, tx *audit.Tx, area, number string) (string, error) {
	number = fold.Code(number)
	if number == "" {
		return "", nil
	}
	if !fold.Within(number, 30) {
		return "", errs.ErrInvalid.At("household", "field.too_long", "max", 30)
	}
	shard, mark := db.Shard(area), s.Ring.Index("household", s.homeOf(area)+" "+number)
	former := s.Ring.Index("household", area+" "+number) // as it was marked before it was marked by identity
	id, err := db.Value[string](ctx, tx, `SELECT id FROM people_household WHERE shard = $1 AND number_index IN ($2,$3) ORDER BY id LIMIT 1`,
		shard, mark, former)
	if err == nil || !db.IsNone(err) {
		return id, err
	}
	id = shard + "-" + db.NewID(ctx)
	raw, err := json.Marshal(Household{Number: number})
	if err != nil {
		return "", err
	}
	sealed := s.Ring.Seal(raw, id)
	_, err = tx.Exec(ctx, `INSERT INTO people_household (shard, id, area, sealed, sealed_by, number_index, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		shard, id, area, sealed, seal.KeyOf(sealed), mark, clock.Millis(tx.Now))
	return id, err
}

// homeOf is the identity of an area's community, which stays when it gets another name or code.
func (s *Service) homeOf(area string) string {
	if a, ok := s.Registry.Area(Community(area)); ok {
		return a.ID
	}
	return Community(area)
}

// findHousehold reads a household; the empty one for "".
func (s *Service) findHousehold(ctx context.Context, r db.Reader, id string) (Household, error) {
	if id == "" {
		return Household{}, nil
	}
	return db.One(ctx, r, func(row db.Scanner) (h Household, err error) {
		var sealed string
		if err = row.Scan(&h.ID, &h.Area, &sealed); err != nil {
			return h, err
		}
		raw, err := s.Ring.Open(sealed, h.ID)
		if err != nil {
			return h, err
		}
		return h, json.Unmarshal(raw, &h)
	}, `SELECT id, area, sealed FROM people_household WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
}

// members lists who belongs to a household.
func (s *Service) members(ctx context.Context, r db.Reader, household string) ([]Record, error) {
	const most = 50
	if household == "" {
		return nil, nil
	}
	return db.All(ctx, r, s.scanPerson, `SELECT `+personColumns+` FROM people_person p WHERE p.shard = $1 AND p.household_id = $2 ORDER BY p.id LIMIT $3`,
		db.ShardOf(household), household, most)
}

// Community is the code of the community that an area is or lies in.
func Community(area string) string { return area[:min(len(area), 12)] }

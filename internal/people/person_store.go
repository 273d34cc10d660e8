package people

import (
	"context"
	"encoding/json"
	"fmt"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/seal"
)

// Record is a person as stored, opened.
type Record struct {
	Person
	Area      string
	State     State
	Roster    bool // stands in the community's roster, not only in a case
	Household string
	CreatedAt int64
	Version   int64

	sealed string
	key    string // on the community's roster: unique, or "" for one that repeats another
	keyed  string // what the key was to be when the row was read
}

const personColumns = `p.id, p.area, p.sealed, p.state, p.roster, p.household_id, p.created_at, p.version, p.roster_key`

func (s *Service) scanPerson(row db.Scanner) (p Record, err error) {
	if err = row.Scan(&p.ID, &p.Area, &p.sealed, &p.State, &p.Roster, &p.Household, &p.CreatedAt, &p.Version, &p.key); err != nil {
		return p, err
	}
	raw, err := s.Ring.Open(p.sealed, p.ID)
	if err != nil {
		return p, fmt.Errorf("person %s: %w", p.ID, err)
	}
	if err := json.Unmarshal(raw, &p.Person); err != nil {
		return p, err
	}
	p.keyed = s.rosterKey(&p)
	return p, nil
}

// rosterKey is what stands once among the rosters of a county: a community with an identity number;
// "" for who has none or stands on no roster.
func (s *Service) rosterKey(p *Record) string {
	if !p.Roster || p.Number == "" {
		return ""
	}
	return Community(p.Area) + " " + s.Ring.Index("number", p.Number)
}

// FindRecord reads a person as stored; NotFound for none.
func (s *Service) FindRecord(ctx context.Context, r db.Reader, id string) (Record, error) {
	p, err := db.One(ctx, r, s.scanPerson, `SELECT `+personColumns+` FROM people_person p WHERE p.shard = $1 AND p.id = $2`,
		db.ShardOf(id), id)
	if db.IsNone(err) {
		return p, errs.ErrNotFound
	}
	return p, err
}

func (s *Service) insertPerson(ctx context.Context, tx *audit.Tx, p *Record) error {
	sealed := s.Ring.Seal(p.document(), p.ID)
	p.Version, p.CreatedAt = 1, clock.Millis(tx.Now)
	const insert = `INSERT INTO people_person (shard, id, area, sealed, sealed_by, phone_index, number_index, state, roster, household_id,
		created_at, version, roster_key)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,1,$12)`
	args := []any{db.ShardOf(p.ID), p.ID, p.Area, sealed, seal.KeyOf(sealed), s.PhoneIndex(p.Phone), s.Ring.Index("number", p.Number),
		string(p.State), db.Bool(p.Roster), p.Household, p.CreatedAt, s.rosterKey(p)}
	if !p.Roster {
		return tx.Send(ctx, insert, args...)
	}
	_, err := tx.Exec(ctx, insert, args...)
	return orRegistered(err)
}

// orRegistered tells a row that repeats another's identity number on a roster as that.
func orRegistered(err error) error {
	if db.IsUnique(err) {
		return errRegistered.At("idNumber", "people.registered")
	}
	return err
}

// updatePerson writes a person back; ErrStale when somebody changed it since it was read.
func (s *Service) updatePerson(ctx context.Context, tx *audit.Tx, p *Record) error {
	sealed := s.Ring.Seal(p.document(), p.ID)
	if want := s.rosterKey(p); want != p.keyed {
		p.key, p.keyed = want, want
	}
	n, err := tx.Exec(ctx, `UPDATE people_person SET area = $1, sealed = $2, sealed_by = $3, phone_index = $4, number_index = $5, state = $6,
		roster = $7,
		household_id = $8, roster_key = $9, version = version + 1 WHERE shard = $10 AND id = $11 AND version = $12`,
		p.Area, sealed, seal.KeyOf(sealed), s.PhoneIndex(p.Phone), s.Ring.Index("number", p.Number), string(p.State), db.Bool(p.Roster),
		p.Household, p.key, db.ShardOf(p.ID), p.ID, p.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: Subject, ID: p.ID, Action: permEdit})
	}
	p.Version++
	return orRegistered(err)
}

// listPersons is one page of the roster of some areas after a cursor "area|id".
func (s *Service) listPersons(ctx context.Context, r db.Reader, areas []string, tag, after string, limit int) ([]Record, error) {
	var (
		w      db.Where
		within []string
	)
	for _, a := range areas {
		within = append(within, w.Term("p.area >= %s AND p.area < %s", a, authority.PrefixEnd(a)))
	}
	w.And("p.roster = 1")
	w.Any(within...)
	if after != "" {
		var area, id string
		if err := db.ReadCursor(after, &area, &id); err != nil {
			return nil, err
		}
		w.And("(p.area, p.id) > (%s, %s)", area, id)
	}
	if tag != "" {
		w.And("EXISTS (SELECT 1 FROM people_tag t WHERE t.shard = p.shard AND t.person_id = p.id AND t.tag = %s)", tag)
	}
	return db.All(ctx, r, s.scanPerson, `SELECT `+personColumns+` FROM people_person p`+w.String()+
		` ORDER BY p.area, p.id LIMIT `+w.Arg(limit),
		w.List...)
}

// findIndexed lists the persons of a shard whose blind index of a kind has the mark.
func (s *Service) findIndexed(ctx context.Context, r db.Reader, shard, kind, mark string) ([]Record, error) {
	const most = 100
	column := map[string]string{"phone": "phone_index", "number": "number_index"}[kind]
	return db.All(ctx, r, s.scanPerson, `SELECT `+personColumns+` FROM people_person p WHERE p.shard = $1 AND p.`+column+` = $2 AND p.`+column+` <> '' ORDER BY p.id LIMIT $3`, shard, mark, most)
}

func listTags(ctx context.Context, r db.Reader, id string) ([]Tag, error) {
	return db.All(ctx, r, func(row db.Scanner) (t Tag, err error) { return t, row.Scan(&t.Tag, &t.Source, &t.Since) },
		`SELECT tag, source, since FROM people_tag WHERE shard = $1 AND person_id = $2 ORDER BY tag`, db.ShardOf(id), id)
}

func replaceTags(ctx context.Context, tx *audit.Tx, id string, tags []Tag) error {
	if _, err := tx.Exec(ctx, `DELETE FROM people_tag WHERE shard = $1 AND person_id = $2`, db.ShardOf(id), id); err != nil {
		return err
	}
	for _, t := range tags {
		if err := putTag(ctx, tx, id, t); err != nil {
			return err
		}
	}
	return nil
}

func putTag(ctx context.Context, tx *audit.Tx, id string, t Tag) error {
	return tx.Send(ctx, `INSERT INTO people_tag (shard, person_id, tag, source, since, recorded_at, recorded_by) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (shard, person_id, tag) DO UPDATE SET source = excluded.source, since = excluded.since, recorded_at = excluded.recorded_at,
		recorded_by = excluded.recorded_by`,
		db.ShardOf(id), id, t.Tag, t.Source, t.Since, clock.Millis(tx.Now), tx.Actor.ID)
}

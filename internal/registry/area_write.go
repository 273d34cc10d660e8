package registry

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
)

const areaColumns = `id, code, name, level, kind, parent, pinyin, initials, opened_on, version`

func areaValues(a Area) []any {
	return []any{a.ID, a.Code, a.Name, a.Level, a.Kind, a.Parent, a.Pinyin, a.Initials, a.OpenedOn, a.Version}
}

// InsertAreas keeps new areas; done is told how many are kept.
func InsertAreas(ctx context.Context, tx *audit.Tx, areas []Area, done func(n int)) error {
	return InsertMany(ctx, tx, "registry_area", areaColumns, len(areas), func(i int) []any { return areaValues(areas[i]) }, done)
}

// InsertPastCode keeps the code that an area has until a day, which it no longer has then.
func InsertPastCode(ctx context.Context, tx *audit.Tx, revision int64, a Area, until string) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_area_code (area_id, revision, code, valid_to) VALUES ($1,$2,$3,$4)`,
		a.ID, revision, a.Code, until)
	return err
}

// InsertPastName keeps the name and kind that an area has until a day.
func InsertPastName(ctx context.Context, tx *audit.Tx, revision int64, a Area, until string) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_area_name (area_id, revision, name, kind, valid_to) VALUES ($1,$2,$3,$4,$5)`,
		a.ID, revision, a.Name, a.Kind, until)
	return err
}

// InsertClosedArea keeps an area that is no more from a day on, with the id of what takes over from it, or "", and with its
// outline where it had one.
func InsertClosedArea(ctx context.Context, tx *audit.Tx, a Area, on, into string, outline *Outline) error {
	kept := ""
	if outline != nil {
		raw, err := json.Marshal(outline)
		if err != nil {
			return err
		}
		kept = string(raw)
	}
	_, err := tx.Exec(ctx, `INSERT INTO registry_area_closed (id, code, name, kind, opened_on, closed_on, into_id, outline)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		a.ID, a.Code, a.Name, a.Kind, a.OpenedOn, on, into, kept)
	return err
}

// DeleteArea takes an area out of those that there are; InsertClosedArea keeps it.
func DeleteArea(ctx context.Context, tx *audit.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM registry_area WHERE id = $1`, id)
	return err
}

// PlaceArea writes an area's new code, waiting ([Waiting]) until SettleArea, with what else has changed.
func PlaceArea(ctx context.Context, tx *audit.Tx, a Area) error {
	_, err := tx.Exec(ctx, `UPDATE registry_area SET code = $1, name = $2, kind = $3, parent = $4, pinyin = $5, initials = $6,
		version = version + 1
		WHERE id = $7`, Waiting(a.Code), a.Name, a.Kind, a.Parent, a.Pinyin, a.Initials, a.ID)
	return err
}

// SettleArea gives an area the code that waits.
func SettleArea(ctx context.Context, tx *audit.Tx, a Area) error {
	_, err := tx.Exec(ctx, `UPDATE registry_area SET code = $1 WHERE id = $2`, a.Code, a.ID)
	return err
}

const changeColumns = `revision, position, kind, effective_on, area_id, from_code, from_name, to_code, to_name, into_id, source,
		reason, actor_name, recorded_at`

// InsertChanges keeps what a revision of the register changed, in its order.
func InsertChanges(ctx context.Context, tx *audit.Tx, revision int64, changes []Change) error {
	return InsertMany(ctx, tx, "registry_change", changeColumns, len(changes), func(i int) []any {
		c := changes[i]
		return []any{revision, i, c.Kind, c.On, c.AreaID, c.From.Code, c.From.Name, c.To.Code, c.To.Name, c.IntoID, c.Source, c.Reason,
			tx.Actor.Name, clock.Millis(tx.Now)}
	}, func(int) {})
}

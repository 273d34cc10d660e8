package burden

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// Kinds of what stands in the inventory.
const (
	kindSign    = "sign"    // 牌子
	kindLedger  = "ledger"  // 台账
	kindAccount = "account" // an account in another system
	kindBody    = "body"    // a standing body: 领导小组, 工作站 …
)

var kinds = []string{kindSign, kindLedger, kindAccount, kindBody}

const subjectInventory = "burden.inventory"

// Bounds in characters.
const (
	maxName  = 100
	maxBasis = 200
)

// Content is what is written of a thing in the inventory.
type Content struct {
	Kind    string `json:"kind" enum:"sign,ledger,account,body"`
	Name    string `json:"name" maxLength:"100"`
	AskedBy string `json:"askedBy,omitempty" maxLength:"100" doc:"The department or office that wants it"`
	Basis   string `json:"basis,omitempty" maxLength:"200" doc:"Law and article, or entry of a published list; empty: it is to be removed"`
	Since   string `json:"since,omitempty" maxLength:"10" doc:"YYYY-MM-DD, where it is known"`
}

// Thing is a sign, ledger, account or standing body of a community.
type Thing struct {
	ID   string `json:"id"`
	Area string `json:"area"`
	Content
	RemovedOn string `json:"removedOn" doc:"Day of its removal; empty while it stands"`
	Removal   string `json:"removal" doc:"How it was removed"`
	Writer    string `json:"writer"`
	WrittenAt int64  `json:"writtenAt"`
	Version   int64  `json:"version"`
}

// record is what the audit log keeps of a thing.
func (t *Thing) record() map[string]any {
	return map[string]any{"kind": t.Kind, "name": t.Name, "askedBy": t.AskedBy, "basis": t.Basis, "since": t.Since,
		"removedOn": t.RemovedOn, "removal": t.Removal}
}

// checked brings a content into form: Invalid by field.
func (s *Service) checked(c *Content, today string) error {
	c.Name, c.AskedBy, c.Basis, c.Since = fold.Line(c.Name), fold.Line(c.AskedBy), fold.Line(c.Basis), fold.KeepDay(c.Since)
	refused := errs.ErrInvalid
	if c.Name == "" {
		refused = refused.At("name", "field.required")
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"name", c.Name, maxName}, {"askedBy", c.AskedBy, maxName}, {"basis", c.Basis, maxBasis}} {
		if !fold.Within(f.value, f.most) {
			refused = refused.At(f.name, "field.too_long", "max", f.most)
		}
	}
	if !slices.Contains(kinds, c.Kind) {
		refused = refused.At("kind", "field.required")
	}
	if day, ok := fold.Day(c.Since); c.Since != "" && (!ok || day != c.Since || c.Since > today) {
		refused = refused.At("since", "burden.past_day")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Add enters a thing for a community. Errors: Invalid by field; Forbidden outside the actor's areas.
func (s *Service) Add(ctx context.Context, area string, c Content) (Thing, error) {
	if err := s.checked(&c, clock.Day(clock.Now(ctx))); err != nil {
		return Thing{}, err
	}
	if a, ok := s.Registry.Area(area); !ok || a.Level != registry.LevelCommunity {
		return Thing{}, errs.ErrInvalid.At("area", "burden.community")
	}
	t := Thing{ID: db.Shard(area) + "-" + db.NewID(ctx), Area: area, Content: c, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permInventory, area); err != nil {
			return err
		}
		t.Writer, t.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: "burden.inventory.add", Area: area, Subject: subjectInventory, SubjectID: t.ID, After: t.record()})
		return insertThing(ctx, tx, &t)
	})
	return t, err
}

// change writes a thing anew after judging the version. Errors: NotFound outside the actor's areas; Stale.
func (s *Service) change(ctx context.Context, id string, version int64, action string, do func(*Thing) error) (Thing, error) {
	var t Thing
	err := s.Log.Do(ctx, func(tx *audit.Tx) (err error) {
		if t, err = findThing(ctx, tx, id); err != nil {
			return err
		}
		if !tx.Actor.Can(permRead, t.Area) {
			return errs.ErrNotFound
		}
		if err := tx.Require(permInventory, t.Area); err != nil {
			return err
		}
		if t.Version != version {
			return errs.StaleOf(errs.Record{Subject: subjectInventory, ID: id})
		}
		was := t.record()
		if err := do(&t); err != nil {
			return err
		}
		t.Writer, t.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: action, Area: t.Area, Subject: subjectInventory, SubjectID: id, Before: was, After: t.record()})
		if err := updateThing(ctx, tx, &t); err != nil {
			return err
		}
		t.Version++
		return nil
	})
	return t, err
}

// Change corrects what is written of a thing that stands. Errors: Invalid by field; Conflict where it was removed;
// NotFound; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) (Thing, error) {
	if err := s.checked(&c, clock.Day(clock.Now(ctx))); err != nil {
		return Thing{}, err
	}
	return s.change(ctx, id, version, "burden.inventory.change", func(t *Thing) error {
		if t.RemovedOn != "" {
			return errs.New(errs.Conflict, "burden.removed")
		}
		t.Content = c
		return nil
	})
}

// Remove records that a thing is gone, since a day and how. Errors: Invalid "on", "note"; Conflict; NotFound; Stale.
func (s *Service) Remove(ctx context.Context, id string, version int64, on, note string) (Thing, error) {
	note, on = fold.Line(note), fold.KeepDay(on)
	refused := errs.ErrInvalid
	if day, ok := fold.Day(on); !ok || day != on || on > clock.Day(clock.Now(ctx)) {
		refused = refused.At("on", "burden.past_day")
	}
	if note == "" {
		refused = refused.At("note", "field.required")
	} else if !fold.Within(note, maxBasis) {
		refused = refused.At("note", "field.too_long", "max", maxBasis)
	}
	if len(refused.Fields) > 0 {
		return Thing{}, refused
	}
	return s.change(ctx, id, version, "burden.inventory.remove", func(t *Thing) error {
		if t.RemovedOn != "" {
			return errs.New(errs.Conflict, "burden.removed")
		}
		if t.Since != "" && on < t.Since {
			return errs.ErrInvalid.At("on", "burden.before_since")
		}
		t.RemovedOn, t.Removal = on, note
		return nil
	})
}

// Restore takes back a removal that was recorded by mistake. Errors: Conflict where it stands; NotFound; Stale.
func (s *Service) Restore(ctx context.Context, id string, version int64) (Thing, error) {
	return s.change(ctx, id, version, "burden.inventory.restore", func(t *Thing) error {
		if t.RemovedOn == "" {
			return errs.New(errs.Conflict, "burden.stands")
		}
		t.RemovedOn, t.Removal = "", ""
		return nil
	})
}

// ThingFilter narrows the inventory.
type ThingFilter struct {
	Area    string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	Kind    string `query:"kind" enum:"sign,ledger,account,body"`
	Due     bool   `query:"due" doc:"Only what stands without a basis"`
	Removed bool   `query:"removed" doc:"What was removed, in place of what stands"`
	Cursor  string `query:"cursor" maxLength:"80"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Inventory is one page of the things in the actor's areas, by community and kind, and the cursor of the next. Error:
// Malformed "cursor".
func (s *Service) Inventory(ctx context.Context, f ThingFilter) ([]Thing, string, error) {
	area, kind, id := "", "", ""
	if err := db.ReadCursor(f.Cursor, &area, &kind, &id); err != nil {
		return nil, "", err
	}
	var all []Thing
	for _, scope := range authority.Narrow(authority.From(ctx).Scope(permRead), f.Area) {
		w := db.Where{}
		w.And("area >= %s AND area < %s", scope, authority.PrefixEnd(scope))
		w.And("(area, kind, id) > (%s, %s, %s)", area, kind, id)
		if f.Kind != "" {
			w.And("kind = %s", f.Kind)
		}
		switch {
		case f.Removed:
			w.And("removed_on <> %s", "")
		case f.Due:
			w.And("removed_on = %s AND basis = %s", "", "")
		default:
			w.And("removed_on = %s", "")
		}
		some, err := db.All(ctx, s.Log.DB, scanThing, `SELECT `+thingColumns+` FROM burden_inventory`+w.String()+
			` ORDER BY area, kind, id LIMIT `+w.Arg(f.Limit+1), w.List...)
		if err != nil {
			return nil, "", err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Thing) int {
		return cmp.Or(strings.Compare(a.Area, b.Area), strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
	})
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = db.Cursor(last.Area, last.Kind, last.ID)
	}
	return all, next, nil
}

// Standing is how many things of a kind an area's communities have.
type Standing struct {
	Kind    string `json:"kind" enum:"sign,ledger,account,body"`
	Stand   int    `json:"stand"`
	Due     int    `json:"due" doc:"Of these, without a basis: to be removed"`
	Removed int    `json:"removed"`
}

// Standings counts an area's inventory by kind. Error: Forbidden outside the actor's areas.
func (s *Service) Standings(ctx context.Context, area string) ([]Standing, error) {
	if err := authority.Require(ctx, permRead, area); err != nil {
		return nil, err
	}
	return s.standings(ctx, area)
}

func (s *Service) standings(ctx context.Context, area string) ([]Standing, error) {
	rows, err := db.All(ctx, s.Log.DB, func(sc db.Scanner) (v Standing, err error) {
		return v, sc.Scan(&v.Kind, &v.Stand, &v.Due, &v.Removed)
	}, `SELECT kind, CAST(SUM(CASE WHEN removed_on = '' THEN 1 ELSE 0 END) AS BIGINT),
		CAST(SUM(CASE WHEN removed_on = '' AND basis = '' THEN 1 ELSE 0 END) AS BIGINT),
		CAST(SUM(CASE WHEN removed_on <> '' THEN 1 ELSE 0 END) AS BIGINT)
		FROM burden_inventory WHERE area >= $1 AND area < $2 GROUP BY kind`, area, authority.PrefixEnd(area))
	out := make([]Standing, len(kinds))
	for i, kind := range kinds {
		out[i] = Standing{Kind: kind}
		if at := slices.IndexFunc(rows, func(r Standing) bool { return r.Kind == kind }); at >= 0 {
			out[i] = rows[at]
		}
	}
	return out, err
}

const thingColumns = `id, area, kind, name, asked_by, basis, since, removed_on, removal, writer_name, written_at, version`

func scanThing(r db.Scanner) (t Thing, err error) {
	err = r.Scan(&t.ID, &t.Area, &t.Kind, &t.Name, &t.AskedBy, &t.Basis, &t.Since, &t.RemovedOn, &t.Removal, &t.Writer, &t.WrittenAt,
		&t.Version)
	return t, err
}

// findThing reads a thing by its id. Error: NotFound.
func findThing(ctx context.Context, r db.Reader, id string) (Thing, error) {
	t, err := db.One(ctx, r, scanThing, `SELECT `+thingColumns+` FROM burden_inventory WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	return t, err
}

func insertThing(ctx context.Context, tx *audit.Tx, t *Thing) error {
	_, err := tx.Exec(ctx, `INSERT INTO burden_inventory (shard, `+thingColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		db.ShardOf(t.ID), t.ID, t.Area, t.Kind, t.Name, t.AskedBy, t.Basis, t.Since, t.RemovedOn, t.Removal, t.Writer, t.WrittenAt, t.Version)
	return err
}

func updateThing(ctx context.Context, tx *audit.Tx, t *Thing) error {
	_, err := tx.Exec(ctx, `UPDATE burden_inventory SET kind = $3, name = $4, asked_by = $5, basis = $6, since = $7, removed_on = $8,
		removal = $9, writer_name = $10, written_at = $11, version = version + 1 WHERE shard = $1 AND id = $2`, db.ShardOf(t.ID), t.ID,
		t.Kind, t.Name, t.AskedBy, t.Basis, t.Since, t.RemovedOn, t.Removal, t.Writer, t.WrittenAt)
	return err
}

package audit

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules says how long records are kept.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

const (
	permRead   = "audit.entry.read"
	permExport = "audit.entry.export"
	permVerify = "audit.entry.verify"
	ruleKeep   = "audit.keep.months"

	actionForget = "audit.entry.forget"
)

// Store shows the log to auditors, seals it and keeps it as long as the rule says.
type Store struct {
	Log   *Log
	Ring  *seal.Ring
	Rules *rule.Cache

	verifying sync.Mutex
}

// Module is what the log brings. Readers are the roles that may read and export it.
func (k *Store) Module(readers ...authority.Role) module.Module {
	return module.Module{
		Name:  "audit",
		Reach: reach,
		Tables: map[string]module.Growth{"audit_entry": module.Sharded, "audit_leaf": module.Sharded,
			"audit_tree": module.Reference},
		Permissions: []authority.Permission{{Name: permRead, Roles: readers}, {Name: permExport, Roles: readers},
			{Name: permVerify, Roles: readers}},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: k.routes,
		Jobs: []module.Job{{Name: "audit.seal", Every: 5 * time.Second, Do: func(ctx context.Context) error {
			_, err := k.Log.Seal(ctx)
			return err
		}}, {Name: "audit.forget", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := k.Resume(ctx)
			return err
		}}},
	}
}

// Filter picks records. Empty fields pick all.
type Filter struct {
	Area    string // records of this area and below
	Action  string // beginning of an action, e.g. "people."
	Actor   string // id of an account, or its name
	Subject string // id of a thing
	From    string // first day, YYYY-MM-DD
	To      string // last day
	Cursor  string // id of the last record of the page before
	Limit   int
}

// List is one page of records, newest first, within the reader's area, and the next cursor.
func (k *Store) List(ctx context.Context, f Filter) ([]Row, string, error) {
	q := query{}
	if err := q.within(authority.From(ctx).Scope(permRead), f.Area); err != nil {
		return nil, "", err
	}
	if err := q.narrow(f); err != nil {
		return nil, "", err
	}
	rows, err := db.All(ctx, k.Log.DB, scanRow, `SELECT `+rowColumns+` FROM audit_entry e`+q.String()+
		` ORDER BY e.id DESC LIMIT `+q.Arg(f.Limit+1), q.List...)
	if err != nil || len(rows) <= f.Limit {
		return rows, "", err
	}
	return rows[:f.Limit], rows[f.Limit-1].ID, nil
}

// Of lists what was done with one thing under some actions, newest first, whoever asks: the
// caller has judged that the reader may know it.
func (l *Log) Of(ctx context.Context, subjectID string, limit int, actions ...string) ([]Row, error) {
	var q db.Where
	q.And("e.subject_id = %s", subjectID)
	q.And("e.action IN " + q.In(actions))
	return db.All(ctx, l.DB, scanRow, `SELECT `+rowColumns+` FROM audit_entry e`+q.String()+
		` ORDER BY e.id DESC LIMIT `+q.Arg(limit), q.List...)
}

// query is what picks records.
type query struct{ db.Where }

// within limits to the areas of a scope that lie in area, or to area where it lies in one of
// them. A county's records are a range of the primary key. What the whole installation did
// before a city was registered has no area: whoever audits more than counties sees it.
func (q *query) within(scope []string, area string) error {
	var any []string
	for _, s := range scope {
		switch {
		case strings.HasPrefix(area, s):
			s = area
		case !strings.HasPrefix(s, area):
			continue
		}
		one := ""
		if len(s) >= 6 {
			one = q.Term("e.shard = %s AND ", db.Shard(s))
		}
		one += q.Term("e.area >= %s AND e.area < %s", s, authority.PrefixEnd(s))
		if len(s) < 6 && area == "" {
			one = "(" + one + ") OR e.area = ''"
		}
		any = append(any, one)
	}
	if len(any) == 0 {
		return errs.ErrForbidden
	}
	q.Any(any...)
	return nil
}

func (q *query) narrow(f Filter) error {
	if f.Action != "" {
		q.And(fmt.Sprintf("substr(e.action, 1, %d) = %%s", len(f.Action)), f.Action)
	}
	if f.Actor != "" {
		q.And("(e.actor_id = %s OR e.actor_name = %s)", f.Actor, f.Actor)
	}
	if f.Subject != "" {
		q.And("e.subject_id = %s", f.Subject)
	}
	if f.From != "" {
		day, err := time.ParseInLocation(time.DateOnly, fold.KeepDay(f.From), clock.City)
		if err != nil {
			return errs.ErrInvalid.At("from", "field.date")
		}
		q.And("e.id >= %s", idAt(day))
	}
	if f.To != "" {
		day, err := time.ParseInLocation(time.DateOnly, fold.KeepDay(f.To), clock.City)
		if err != nil {
			return errs.ErrInvalid.At("to", "field.date")
		}
		q.And("e.id < %s", idAt(day.AddDate(0, 0, 1)))
	}
	if f.From != "" && f.To != "" && fold.KeepDay(f.To) < fold.KeepDay(f.From) {
		return errs.ErrInvalid.At("to", "field.day_order")
	}
	if f.Cursor != "" {
		q.And("e.id < %s", f.Cursor)
	}
	return nil
}

// idAt is what the ids made from an instant on begin with or come after: they are in order of time.
func idAt(t time.Time) string {
	ms := uint64(max(0, clock.Millis(t))) // ids begin in 1970
	return fmt.Sprintf("%08x-%04x", ms>>16, ms&0xffff)
}

// Forget drops sealed records of before a day, oldest first; their hashes stay, so that the log
// can be verified for ever. It tells how many were dropped. Error: Conflict by the rule that
// says how long records are kept.
func (k *Store) Forget(ctx context.Context, before string) (int64, error) {
	day, err := time.ParseInLocation(time.DateOnly, fold.KeepDay(before), clock.City)
	if err != nil {
		return 0, errs.ErrInvalid.At("before", "field.date")
	}
	now := clock.Now(ctx)
	months := k.Rules.Int(ruleKeep, clock.Day(now))
	if day.After(clock.MonthsBefore(now, months)) {
		return 0, errs.New(errs.Conflict, "audit.too_young").With("months", months).By(ruleKeep)
	}
	resumed, err := k.Resume(ctx)
	if err != nil {
		return resumed, err
	}
	from, err := db.Value[int64](ctx, k.Log.DB, `SELECT forgotten FROM audit_tree WHERE name = 'log'`)
	if err != nil {
		return resumed, err
	}
	until, err := db.Value[*int64](ctx, k.Log.DB, `SELECT MIN(seq) FROM audit_entry WHERE seq IS NOT NULL AND at >= $1`, clock.Millis(day))
	if err != nil {
		return 0, err
	}
	end, err := treeSize(ctx, k.Log.DB)
	if err != nil {
		return 0, err
	}
	if until != nil {
		end = *until
	}
	n, err := k.forget(ctx, from, end, before)
	return resumed + n, err
}

// forget drops the records from one place to before another, some at a time, after it has
// written down that it does.
func (k *Store) forget(ctx context.Context, from, end int64, before string) (int64, error) {
	if end <= from {
		return 0, nil
	}
	err := k.Log.Do(ctx, func(tx *Tx) error {
		if !tx.Actor.System {
			return errs.ErrForbidden
		}
		tx.Judged() // whoever runs the program's command holds the machine
		tx.Record(Entry{Action: actionForget, Subject: "audit.entry", SubjectID: fmt.Sprint(end),
			Detail: map[string]any{"before": before}, Before: map[string]any{"kept_from": from}, After: map[string]any{"kept_from": end}})
		_, err := tx.Exec(ctx, `UPDATE audit_tree SET forgotten = $1 WHERE name = 'log'`, end)
		return err
	})
	if err != nil {
		return 0, err
	}
	return k.Resume(ctx)
}

// Resume drops what a Forget has written down that it drops and has not dropped yet, because the
// program ended meanwhile. It tells how many records it dropped.
func (k *Store) Resume(ctx context.Context) (int64, error) {
	var from, end int64
	if err := k.Log.DB.QueryRow(ctx, `SELECT dropped, forgotten FROM audit_tree WHERE name = 'log'`).Scan(&from, &end); err != nil {
		return 0, err
	}
	total := int64(0)
	for ; from < end; from += sealBatch {
		until, n := min(from+sealBatch, end), int64(0)
		err := k.Log.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if n, err = tx.Exec(ctx, `DELETE FROM audit_entry WHERE (shard, id) IN
				(SELECT l.shard, l.entry_id FROM audit_leaf l WHERE l.seq >= $1 AND l.seq < $2)`, from, until); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE audit_tree SET dropped = $1 WHERE name = 'log' AND dropped < $1`, until)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

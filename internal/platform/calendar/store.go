package calendar

import (
	"context"
	"embed"
	"fmt"
	"sort"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules says how many statutory holidays a year has.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

// Revision counts the changes of the calendar.
const Revision = "calendar"

const permLoad = "calendar.year.load"

// Deadlines are what hangs on the calendar elsewhere.
type Deadlines interface {
	// Waiting counts what waits for a year that is not loaded.
	Waiting(ctx context.Context, year int) (int, error)
	// Settle computes what waited, and tells how many were.
	Settle(ctx context.Context) (int, error)
	// Recompute computes running deadlines anew, and tells how many moved.
	Recompute(ctx context.Context) (int, error)
}

// Store loads years into the book and has the deadlines follow.
type Store struct {
	Log       *audit.Log
	Cache     *Cache
	Rules     *rule.Cache
	Deadlines Deadlines
	City      func() string // code of the city's area
	Shipped   *shipped.Set  // the years that ship with the program
}

// Module is what the calendar brings. Loaders are the roles that may load a year.
func (k *Store) Module(loaders ...authority.Role) module.Module {
	return module.Module{
		Name:        "calendar",
		Reach:       reach,
		Tables:      map[string]module.Growth{"calendar_day": module.Reference},
		Permissions: []authority.Permission{{Name: permLoad, Roles: loaders}},
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      k.routes,
		Shipped:     []*shipped.Set{k.Shipped},
		Kept:        []revision.Kept{{Name: Revision, Reload: func(ctx context.Context) error { return k.Cache.Refresh(ctx, k.Log.DB) }}},
	}
}

// Preview is what a draft would make of a year.
type Preview struct {
	Year      Year  `json:"year"`
	Days      []Day `json:"days"`
	Loaded    bool  `json:"loaded" doc:"The year is loaded already: this corrects it"`
	Changed   int   `json:"changed" doc:"Days that are read otherwise than now"`
	Taken     int   `json:"taken" doc:"Working days that the arrangement takes off the year's Mondays to Fridays"`
	Statutory int   `json:"statutory" doc:"Statutory holidays of the year; taken should be as many"`
	Waiting   int   `json:"waiting" doc:"Deadlines that wait for this year"`
}

// Preview reads a draft and changes nothing. Errors: as Draft.Read and of who may not load.
func (k *Store) Preview(ctx context.Context, number int, d Draft) (Preview, error) {
	if err := authority.Require(ctx, permLoad, k.City()); err != nil {
		return Preview{}, err
	}
	return k.preview(ctx, number, d)
}

func (k *Store) preview(ctx context.Context, number int, d Draft) (Preview, error) {
	if err := checkYear(number, clock.Now(ctx)); err != nil {
		return Preview{}, err
	}
	days, err := d.Read(number)
	if err != nil {
		return Preview{}, err
	}
	before, err := daysOf(ctx, k.Log.DB, number)
	if err != nil {
		return Preview{}, err
	}
	days = keepNotices(days, before)
	built, err := New(days, DefaultHours())
	if err != nil {
		return Preview{}, err
	}
	y := built.years[number]
	p := Preview{Year: y.summary, Days: days, Loaded: k.Cache.Now().Loaded(number), Changed: differing(days, before), Taken: y.taken(),
		Statutory: k.Rules.Int("calendar.statutory.days", fmt.Sprintf("%d-07-01", number))}
	p.Waiting, err = k.Deadlines.Waiting(ctx, number)
	return p, err
}

// Loaded is what came of loading a year.
type Loaded struct {
	Year    Year `json:"year"`
	Settled int  `json:"settled" doc:"Deadlines that had waited and are known now"`
	Moved   int  `json:"moved" doc:"Running deadlines that a correction moved"`
	Waiting int  `json:"waiting" doc:"Deadlines that still wait for this year"`
}

// Load puts a draft in the place of a year's days, audited, and settles what waited for it. Errors:
// as Preview; Conflict calendar.unusual unless confirmed when the working days taken off are not as
// many as the statutory holidays.
func (k *Store) Load(ctx context.Context, number int, d Draft, confirmed bool) (Loaded, error) {
	p, err := k.Preview(ctx, number, d)
	if err != nil {
		return Loaded{}, err
	}
	if p.Taken != p.Statutory && !confirmed {
		return Loaded{}, errs.New(errs.Conflict, "calendar.unusual").By("calendar.statutory.days")
	}
	err = k.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permLoad, k.City()); err != nil {
			return err
		}
		before, err := daysOf(ctx, tx, number)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permLoad, Area: k.City(), Subject: "calendar.year", SubjectID: fmt.Sprint(number),
			Detail: map[string]any{"notice": p.Year.Notice, "changed": p.Changed}, Before: plain(before), After: plain(p.Days)})
		return replaceDays(ctx, tx, before, p.Days)
	})
	if err != nil {
		return Loaded{}, err
	}
	// The caller may leave; what follows from the year is done all the same, by the platform.
	ctx = authority.With(context.WithoutCancel(ctx), authority.SystemActor("calendar"))
	if err := k.Cache.Refresh(ctx, k.Log.DB); err != nil {
		return Loaded{}, err
	}
	out := Loaded{Year: p.Year}
	if out.Settled, err = k.Deadlines.Settle(ctx); err != nil {
		return out, err
	}
	if p.Loaded && p.Changed > 0 {
		if out.Moved, err = k.Deadlines.Recompute(ctx); err != nil {
			return out, err
		}
	}
	out.Waiting, err = k.Deadlines.Waiting(ctx, number)
	return out, err
}

// Days are the special days of a year as they are loaded. Errors: NotFound for a year that is not.
func (k *Store) Days(ctx context.Context, number int) ([]Day, error) {
	if !k.Cache.Now().Loaded(number) {
		return nil, errs.ErrNotFound
	}
	return daysOf(ctx, k.Log.DB, number)
}

// daysOf are the special days of a year; a day of December that the next year's notice names
// belongs to that.
func daysOf(ctx context.Context, r db.Reader, number int) ([]Day, error) {
	days, err := db.All(ctx, r, scanDay, `SELECT day, kind, notice FROM calendar_day WHERE day >= $1 AND day < $2 ORDER BY day`,
		dateOfDay(firstDay(number)-lastWeek), dateOfDay(firstDay(number+1)))
	if err != nil {
		return nil, err
	}
	notices := map[string]bool{}
	for _, d := range days {
		if d.Date >= dateOfDay(firstDay(number)) {
			notices[d.Notice] = true
		}
	}
	next, err := db.All(ctx, r, scanDay, `SELECT day, kind, notice FROM calendar_day WHERE day = $1`, dateOfDay(firstDay(number+1)))
	if err != nil {
		return nil, err
	}
	own := days[:0]
	for _, d := range days {
		early := d.Date < dateOfDay(firstDay(number))
		late := d.Date >= dateOfDay(firstDay(number+1)-lastWeek)
		if early && !notices[d.Notice] || late && len(next) > 0 && next[0].Notice == d.Notice {
			continue
		}
		own = append(own, d)
	}
	return own, nil
}

func scanDay(s db.Scanner) (d Day, err error) {
	err = s.Scan(&d.Date, &d.Kind, &d.Notice)
	return d, err
}

// keepNotices leaves to a day that is read as before the notice that decreed it.
func keepNotices(days, before []Day) []Day {
	was := map[string]Day{}
	for _, d := range before {
		was[d.Date] = d
	}
	out := append([]Day{}, days...)
	for i, d := range out {
		if old, ok := was[d.Date]; ok && old.Kind == d.Kind {
			out[i].Notice = old.Notice
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Date < out[j].Date })
	return out
}

// differing counts the days that two arrangements read differently.
func differing(a, b []Day) int {
	kinds, n := plain(b), 0
	for _, d := range a {
		if kinds[d.Date] != d.Kind {
			n++
		}
		delete(kinds, d.Date)
	}
	return n + len(kinds)
}

func plain(days []Day) map[string]Kind {
	out := map[string]Kind{}
	for _, d := range days {
		out[d.Date] = d.Kind
	}
	return out
}

func replaceDays(ctx context.Context, tx revision.Execer, before, days []Day) error {
	if err := revision.Bump(ctx, tx, Revision); err != nil {
		return err
	}
	for _, d := range before {
		if _, err := tx.Exec(ctx, `DELETE FROM calendar_day WHERE day = $1`, d.Date); err != nil {
			return err
		}
	}
	for _, d := range days {
		if _, err := tx.Exec(ctx, `INSERT INTO calendar_day (day, kind, notice) VALUES ($1,$2,$3)
			ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, notice = excluded.notice`, d.Date, string(d.Kind), d.Notice); err != nil {
			return err
		}
	}
	return nil
}

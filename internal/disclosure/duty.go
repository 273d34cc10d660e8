package disclosure

import (
	"context"
	"errors"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// States of a duty. Whether an open one is late is told by the day: it is from the day after its due day.
const (
	DutyOpen   = "open"
	DutyPosted = "posted"
)

// Causes of a duty.
const (
	causePeriod = "period" // the catalogue's period
	causeEvent  = "event"  // something happened, and somebody said so
)

// Duty is what one community has to disclose for one period or event.
type Duty struct {
	Shard, ID       string
	Area            string
	Item, Head      string
	Period          string // key of the Span, or the day of the event and a number
	Cause           string
	Title           string // of an event; "" of a period
	First, Last     string // days of the period; both the day of the event
	Due             string // last day on which it is in time; "" while the notice of DueYear is not loaded
	Very            string // last day before it is very late; "" likewise
	DueYear         int
	State           string
	Entry, PostedOn string
	Version         int64
}

// Late tells how late it is on a day: "" in time, "late", "very_late". A posted one keeps how late it was posted.
func (d *Duty) Late(today string) string {
	day := today
	if d.State == DutyPosted {
		day = d.PostedOn
	}
	switch {
	case d.Due == "" || day <= d.Due:
		return ""
	case d.Very != "" && day > d.Very:
		return VeryLate
	}
	return Late
}

// How late a duty is.
const (
	Late     = "late"
	VeryLate = "very_late"
)

// DutyColumns are the columns that ScanDuty reads.
const DutyColumns = `shard, id, area, item, head, period, cause, title, first_on, last_on, due_on, very_on, due_year, state, entry_id,
	posted_on, version`

// ScanDuty reads a duty from a row of DutyColumns.
func ScanDuty(r db.Scanner) (d Duty, err error) {
	return d, r.Scan(&d.Shard, &d.ID, &d.Area, &d.Item, &d.Head, &d.Period, &d.Cause, &d.Title, &d.First, &d.Last, &d.Due, &d.Very, &d.DueYear,
		&d.State, &d.Entry, &d.PostedOn, &d.Version)
}

// FindDuty is one duty. Error: NotFound.
func FindDuty(ctx context.Context, r db.Reader, id string) (Duty, error) {
	d, err := db.One(ctx, r, ScanDuty, `SELECT `+DutyColumns+` FROM disclosure_duty WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	return d, found(err)
}

// days computes until when a duty is in time, and until when it is late and not yet very late. Both are unknown ("") while the
// notice of a year that they need is not loaded.
func (s *Service) days(last string, limit calendar.Limit) (dueOn, veryOn string, year int, err error) {
	c := s.Calendar.Now()
	if dueOn, year, err = due(c, last, limit); err != nil || year > 0 {
		return "", "", year, err
	}
	veryOn, year, err = due(c, dueOn, calendar.Workdays(s.Rules.Int(ruleVery, dueOn)))
	if year > 0 { // late is known, and how late will be
		return dueOn, "", year, err
	}
	return dueOn, veryOn, 0, err
}

// Open is the job that writes the duties of the periods that have begun: one write of one statement for each item and period that
// a community lacks, so that others write between them. It takes in communities that the register has and it has not, first.
func (s *Service) Open(ctx context.Context) error {
	today := clock.Day(clock.Now(ctx))
	if err := s.takeIn(ctx, today); err != nil {
		return err
	}
	for _, item := range s.Catalogue() {
		if !item.Enabled || months[item.Period] == 0 {
			continue
		}
		span := SpanOf(item.Period, today)
		for range periodsBack + 1 {
			if err := s.openSpan(ctx, &item, span); err != nil {
				return err
			}
			span = span.before(item.Period)
		}
	}
	return nil
}

// periodsBack is how many periods before today's are looked at, for a platform that stood still.
const periodsBack = 2

// without is the condition of the communities c that an item concerns in a period and that have no duty of it.
func without(a *db.Args, item *Item, span Span) string {
	who := a.Term(`c.since <= %s`, span.Last) + ` AND c.kind IN ` + a.In(item.Kinds)
	switch item.For {
	case forBusy:
		who += ` AND c.busy = 1`
	case forCalm:
		who += ` AND c.busy = 0`
	}
	return who + a.Term(` AND NOT EXISTS (SELECT 1 FROM disclosure_duty d WHERE d.shard = substr(c.area, 1, 6) AND d.area = c.area
		AND d.item = %s AND d.period = %s)`, item.Code, span.Key)
}

// openSpan writes the duties of an item in a period.
func (s *Service) openSpan(ctx context.Context, item *Item, span Span) error {
	lacking := db.Args{}
	n, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM disclosure_community c WHERE `+without(&lacking, item, span), lacking.List...)
	if err != nil || n == 0 {
		return err
	}
	dueOn, veryOn, year, err := s.days(span.Last, item.Limit)
	if err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // by nobody: a job
		a := db.Args{}
		values := a.Term(`substr(c.area, 1, 6) || '-' || c.area || '-' || CAST(%s AS TEXT) || '-' || CAST(%s AS TEXT)`, item.Code, span.Key)
		of := a.Term(`CAST(%s AS TEXT), CAST(%s AS TEXT), CAST(%s AS TEXT), 'period', '', CAST(%s AS TEXT), CAST(%s AS TEXT), CAST(%s AS TEXT),
			CAST(%s AS TEXT), CAST(%s AS INTEGER)`, item.Code, item.Head, span.Key, span.First, span.Last, dueOn, veryOn, year)
		opened, err := tx.Exec(ctx, `INSERT INTO disclosure_duty (`+DutyColumns+`)
			SELECT substr(c.area, 1, 6), `+values+`, c.area, `+of+`, 'open', '', '', 1 FROM disclosure_community c
			WHERE `+without(&a, item, span), a.List...)
		tx.Record(audit.Entry{Action: "disclosure.duty.generate", Area: s.cityCode(), Subject: subjectDuty,
			After: map[string]any{"item": item.Code, "period": span.Key, "opened": opened}})
		return err
	})
}

// newcomers are the communities of the register that the module does not know, those whose kind is another now, and those it knows
// that the register has no more.
func (s *Service) newcomers(ctx context.Context, r db.Reader) (fresh, changed []registry.Area, closed map[string]string, err error) {
	type row struct{ area, kind string }
	known, err := db.All(ctx, r, func(sc db.Scanner) (v row, err error) { return v, sc.Scan(&v.area, &v.kind) },
		`SELECT area, kind FROM disclosure_community`)
	if err != nil {
		return nil, nil, nil, err
	}
	closed = map[string]string{}
	for _, k := range known {
		closed[k.area] = k.kind
	}
	for _, a := range s.Registry.Below(s.cityCode(), registry.LevelCommunity) {
		if kind, ok := closed[a.Code]; !ok {
			fresh = append(fresh, a)
		} else if kind != a.OrgKind() {
			changed = append(changed, a)
		}
		delete(closed, a.Code)
	}
	return fresh, changed, closed, nil
}

// takeIn makes the table of communities that of the register: those that are new disclose from the period of today on.
func (s *Service) takeIn(ctx context.Context, today string) error {
	fresh, changed, closed, err := s.newcomers(ctx, s.Log.DB)
	if err != nil || len(fresh)+len(changed)+len(closed) == 0 {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // by nobody: a job
		fresh, changed, closed, err := s.newcomers(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range changed {
			if _, err := tx.Exec(ctx, `UPDATE disclosure_community SET kind = $1, version = version + 1 WHERE area = $2`,
				a.OrgKind(), a.Code); err != nil {
				return err
			}
		}
		for area := range closed {
			if _, err := tx.Exec(ctx, `DELETE FROM disclosure_community WHERE area = $1`, area); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: "disclosure.duty.generate", Area: s.cityCode(), Subject: subjectDuty,
			After: map[string]any{"day": today, "communities": len(fresh), "changed": len(changed), "closed": len(closed)}})
		return registry.InsertMany(ctx, tx, "disclosure_community", "area, kind, busy, since, version", len(fresh), func(i int) []any {
			return []any{fresh[i].Code, fresh[i].OrgKind(), 0, today, 1}
		}, func(int) {})
	})
}

// Recompute computes the due days of all open duties anew, after the calendar or the catalogue has changed, and tells how many
// moved. It writes one statement for each item and period.
func (s *Service) Recompute(ctx context.Context) (int, error) {
	type group struct {
		item, last, due, very string
		year                  int
	}
	moved := 0
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // whoever changed what it follows was judged
		moved = 0
		groups, err := db.All(ctx, tx, func(sc db.Scanner) (g group, err error) {
			return g, sc.Scan(&g.item, &g.last, &g.due, &g.very, &g.year)
		}, `SELECT item, last_on, due_on, very_on, due_year FROM disclosure_duty WHERE state = 'open'
			GROUP BY item, last_on, due_on, very_on, due_year`)
		if err != nil {
			return err
		}
		for _, g := range groups {
			item, ok := s.Item(g.item)
			if !ok {
				continue
			}
			dueOn, veryOn, year, err := s.days(g.last, item.Limit)
			if err != nil {
				return err
			}
			if dueOn == g.due && veryOn == g.very && year == g.year {
				continue
			}
			n, err := tx.Exec(ctx, `UPDATE disclosure_duty SET due_on = $1, very_on = $2, due_year = $3, version = version + 1
				WHERE state = 'open' AND item = $4 AND last_on = $5`, dueOn, veryOn, year, g.item, g.last)
			if err != nil {
				return err
			}
			moved += int(n)
		}
		if moved == 0 {
			return errNothing
		}
		tx.Record(audit.Entry{Action: "disclosure.duty.recompute", Area: s.cityCode(), Subject: subjectDuty,
			After: map[string]any{"moved": moved}})
		return nil
	})
	if errors.Is(err, errNothing) {
		return 0, nil
	}
	return moved, err
}

// errNothing ends a write that found nothing to change.
var errNothing = errors.New("no due day moves")

// waiting counts the open duties that wait for a year of the calendar.
func (s *Service) waiting(ctx context.Context, year int) (int, error) {
	return db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM disclosure_duty WHERE state = 'open' AND due_year = $1`, year)
}

// NewEvent is something that happened and must be disclosed at once.
type NewEvent struct {
	Area  string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
	Item  string `json:"item" maxLength:"40"`
	Title string `json:"title" maxLength:"80"`
	Day   string `json:"day" maxLength:"10" doc:"When it happened"`
}

// OpenEvent writes the duty to disclose what happened. Errors: Invalid; Forbidden.
func (s *Service) OpenEvent(ctx context.Context, e NewEvent) (Duty, error) {
	var out Duty
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permDuty, e.Area); err != nil {
			return err
		}
		d, err := s.OpenIn(ctx, tx, e)
		out = d
		return err
	})
	return out, err
}

// OpenIn is OpenEvent inside a write of whoever was judged already: a demand, an order.
func (s *Service) OpenIn(ctx context.Context, tx *audit.Tx, e NewEvent) (Duty, error) {
	refused := errs.ErrInvalid
	e.Title, e.Day = fold.Line(e.Title), fold.KeepDay(e.Day)
	item, known := s.Item(e.Item)
	if !known || item.Period != Once || !item.Enabled {
		refused = refused.At("item", "field.choice")
	}
	if e.Title == "" {
		refused = refused.At("title", "field.required")
	} else if !fold.Within(e.Title, maxTitle) {
		refused = refused.At("title", "field.too_long", "max", maxTitle)
	}
	if _, ok := fold.Day(e.Day); !ok || e.Day > clock.Day(tx.Now) {
		refused = refused.At("day", "disclosure.day.past")
	}
	a, ok := s.Registry.Area(e.Area)
	if !ok || a.Level != registry.LevelCommunity {
		refused = refused.At("area", "disclosure.area")
	} else if len(refused.Fields) == 0 && !slices.Contains(item.Kinds, a.OrgKind()) {
		refused = refused.At("item", "field.choice")
	}
	if len(refused.Fields) > 0 {
		return Duty{}, refused
	}
	d := Duty{Shard: db.Shard(e.Area), Area: e.Area, Item: e.Item, Head: item.Head, Cause: causeEvent, Title: e.Title, First: e.Day,
		Last: e.Day, State: DutyOpen, Version: 1}
	d.ID = d.Shard + "-" + db.NewID(ctx)
	d.Period = e.Day + "#" + strings.TrimPrefix(d.ID, d.Shard+"-")
	var err error
	if d.Due, d.Very, d.DueYear, err = s.days(e.Day, item.Limit); err != nil {
		return d, err
	}
	tx.Record(audit.Entry{Action: permDuty, Area: d.Area, Subject: subjectDuty, SubjectID: d.ID,
		After: map[string]any{"item": d.Item, "title": d.Title, "day": d.Last, "due": d.Due}})
	_, err = tx.Exec(ctx, `INSERT INTO disclosure_duty (`+DutyColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		d.Shard, d.ID, d.Area, d.Item, d.Head, d.Period, d.Cause, d.Title, d.First, d.Last, d.Due, d.Very, d.DueYear, d.State, d.Entry,
		d.PostedOn, d.Version)
	return d, err
}

// DutyFilter narrows a list of duties.
type DutyFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"open,late,very_late,soon,posted,unknown" doc:"Open ones that are late, due soon, or whose day is not known yet; posted ones"`
	Head   string `query:"head" enum:"party,government,affairs,finance"`
	Item   string `query:"item" maxLength:"40"`
	Cursor string `query:"cursor" maxLength:"120"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// where writes the conditions of the filter on a day.
func (f *DutyFilter) where(w *db.Where, scopes []string, today, soon string) {
	terms := make([]string, len(scopes))
	for i, area := range scopes {
		terms[i] = w.Term(`area >= %s AND area < %s`, area, authority.PrefixEnd(area))
	}
	w.Any(terms...)
	switch f.State {
	case DutyOpen, DutyPosted:
		w.And(`state = %s`, f.State)
	case Late:
		w.And(`state = 'open' AND due_on <> '' AND due_on < %s`, today)
	case VeryLate:
		w.And(`state = 'open' AND due_on <> '' AND very_on <> '' AND very_on < %s`, today)
	case "soon":
		w.And(`state = 'open' AND due_on >= %s AND due_on <= %s`, today, soon)
	case "unknown":
		w.And(`state = 'open' AND due_on = ''`)
	}
	if f.Head != "" {
		w.And(`head = %s`, f.Head)
	}
	if f.Item != "" {
		w.And(`item = %s`, f.Item)
	}
}

// dutyPage is the statement of one page of duties, the longest due first; those whose day is not known come last.
func dutyPage(w *db.Where, limit int) string {
	return `SELECT ` + DutyColumns + ` FROM disclosure_duty` + w.String() + ` ORDER BY due_on, id LIMIT ` + w.Arg(limit)
}

// Duties is one page of the duties in the actor's areas. Error: Malformed "cursor".
func (s *Service) Duties(ctx context.Context, f DutyFilter) ([]Duty, string, error) {
	return s.DutiesIn(ctx, f, authority.Narrow(authority.From(ctx).Scope(permRead), f.Area))
}

// DutiesIn is Duties of given areas, whoever asks: what is due and late is public.
func (s *Service) DutiesIn(ctx context.Context, f DutyFilter, scopes []string) ([]Duty, string, error) {
	var w db.Where
	today := clock.Day(clock.Now(ctx))
	f.where(&w, scopes, today, daysAfter(today, s.Rules.Int(ruleSoon, today)))
	if f.Cursor != "" {
		var day, id string
		if err := db.ReadCursor(f.Cursor, &day, &id); err != nil {
			return nil, "", err
		}
		w.And(`(due_on, id) > (%s, %s)`, day, id)
	}
	all, err := db.All(ctx, s.Log.DB, ScanDuty, dutyPage(&w, f.Limit+1), w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].Due, all[f.Limit-1].ID)
	}
	return all, next, err
}

// SetBusy says whether a community's accounts are busy: its accounts are then due monthly from the running month on, instead of
// quarterly. Errors: NotFound; Stale; Forbidden.
func (s faces) SetBusy(ctx context.Context, area string, busy bool, version int64) error {
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permSet, area); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE disclosure_community SET busy = $1, version = version + 1 WHERE area = $2 AND version = $3`,
			db.Bool(busy), area, version)
		if err == nil && n == 0 {
			err = errs.StaleOf(errs.Record{Subject: "disclosure.community", ID: area})
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permSet, Area: area, Subject: "disclosure.community", SubjectID: area, After: map[string]any{"busy": busy}})
		// What is due of the other kind and has not ended yet is due no more.
		other := map[bool]string{true: forCalm, false: forBusy}[busy]
		for _, item := range s.Catalogue() {
			if item.For != other {
				continue
			}
			if _, err := tx.Exec(ctx, `DELETE FROM disclosure_duty WHERE area = $1 AND item = $2 AND state = 'open' AND entry_id = ''
				AND last_on >= $3`, area, item.Code, clock.Day(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Open(ctx)
}

// Community is what disclosure knows of a community.
type Community struct {
	Area    string `json:"area"`
	Kind    string `json:"kind" enum:"residents,villagers"`
	Busy    bool   `json:"busy" doc:"Its accounts are due monthly"`
	Since   string `json:"since" doc:"First day from which its duties count"`
	Version int64  `json:"version"`
}

func findCommunity(ctx context.Context, r db.Reader, area string) (Community, error) {
	c, err := db.One(ctx, r, func(sc db.Scanner) (c Community, err error) {
		return c, sc.Scan(&c.Area, &c.Kind, db.YesNo(&c.Busy), &c.Since, &c.Version)
	}, `SELECT area, kind, busy, since, version FROM disclosure_community WHERE area = $1`, area)
	return c, found(err)
}

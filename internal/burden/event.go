package burden

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// orderedWays are the ways in the order in which they are shown.
var orderedWays = func() []string {
	out := make([]string, len(gate.Ways))
	for i, w := range gate.Ways {
		out[i] = string(w)
	}
	return out
}()

// EventFilter narrows the events: those of one community, of one body, or of one number.
type EventFilter struct {
	Area   string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
	From   string `query:"from" maxLength:"7" doc:"First month, YYYY-MM"`
	To     string `query:"to" maxLength:"7" doc:"Last month, YYYY-MM"`
	Way    string `query:"way" enum:"task,form,inspection,meeting,certificate,part,redirect"`
	By     string `query:"body" maxLength:"50" doc:"Required for an area above a community"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// EventView is an event with the names of who asked and who was asked.
type EventView struct {
	Event
	BodyName string `json:"bodyName"`
	AreaName string `json:"areaName"`
}

// Events is one page of the events behind a figure, the newest first, and the cursor of the next. Errors: Forbidden
// outside the actor's areas; Invalid "area" for one above a community without a body; Malformed "cursor".
func (s *Service) Events(ctx context.Context, f EventFilter) ([]EventView, string, error) {
	if err := authority.Require(ctx, permRead, f.Area); err != nil {
		return nil, "", err
	}
	w, err := f.where()
	if err != nil {
		return nil, "", err
	}
	rows, err := listEvents(ctx, s.Log.DB, &w, f.Limit+1)
	next := ""
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[f.Limit-1]
		next = db.Cursor(last.At, last.ID)
	}
	out := make([]EventView, len(rows))
	for i, e := range rows {
		out[i] = s.eventView(&e, text.From(ctx))
	}
	return out, next, err
}

func (f *EventFilter) where() (db.Where, error) {
	w := db.Where{}
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return w, err
	}
	switch {
	case registry.LevelOf(f.Area) == registry.LevelCommunity:
		w.And("area = %s", f.Area)
	case f.By == "":
		return w, errs.ErrInvalid.At("area", "burden.events_of_one")
	default:
		w.And("area >= %s AND area < %s", f.Area, authority.PrefixEnd(f.Area))
	}
	if f.By != "" {
		w.And("body = %s", f.By)
	}
	if f.Way != "" {
		w.And("way = %s", f.Way)
	}
	if f.From != "" && f.To != "" && f.To < f.From {
		return w, errs.ErrInvalid.At("to", "burden.order")
	}
	for _, end := range []struct {
		name, month, term string
		later             int
	}{{"from", f.From, "at >= %s", 0}, {"to", f.To, "at < %s", 1}} {
		if end.month == "" {
			continue
		}
		first, err := time.ParseInLocation("2006-01", end.month, clock.City)
		if err != nil {
			return w, errs.ErrInvalid.At(end.name, "burden.month")
		}
		w.And(end.term, clock.Millis(first.AddDate(0, end.later, 0)))
	}
	w.And("(at, id) < (%s, %s)", at, id)
	return w, nil
}

func (s *Service) eventView(e *Event, lang text.Lang) EventView {
	v := EventView{Event: *e, BodyName: cmp.Or(s.Registry.BodyName(e.Body), e.Body), AreaName: e.Area}
	if a, ok := s.Registry.Area(e.Area); ok {
		v.AreaName = registry.NameIn(a, lang)
	}
	return v
}

// Comparison is what was asked before and after a day, over as many days on both sides.
type Comparison struct {
	Area   string  `json:"area"`
	Day    string  `json:"day" doc:"First day of the time after"`
	Days   int     `json:"days" doc:"On each side; fewer where the time after has not passed yet"`
	Before Figures `json:"before"`
	After  Figures `json:"after"`
}

// Compare counts the days before a day and as many from it on, none of them later than yesterday. Errors: Forbidden
// outside the actor's areas; Invalid "day", "days".
func (s *Service) Compare(ctx context.Context, area, day string, days int) (Comparison, error) {
	c := Comparison{Area: area, Day: day}
	if err := authority.Require(ctx, permRead, area); err != nil {
		return c, err
	}
	today := clock.Day(clock.Now(ctx))
	if most := s.Rules.Int(ruleCompare, today); days < 1 || days > most {
		return c, errs.ErrInvalid.At("days", "burden.compare_days", "most", most).By(ruleCompare)
	}
	at, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	if err != nil || day >= today {
		return c, errs.ErrInvalid.At("day", "burden.compare_day")
	}
	now, _ := time.ParseInLocation(time.DateOnly, today, clock.City)
	c.Days = min(days, int(now.Sub(at)/(24*time.Hour)))
	from, to := at.AddDate(0, 0, -c.Days), at.AddDate(0, 0, c.Days)
	if c.Before, err = sumDays(ctx, s.Log.DB, area, from, at); err == nil {
		c.After, err = sumDays(ctx, s.Log.DB, area, at, to)
	}
	return c, err
}

// sumDays are the figures from one midnight to another: of a county and the city from the sums by day, below from the
// events, of which a street has few.
func sumDays(ctx context.Context, r db.Reader, area string, from, to time.Time) (Figures, error) {
	sum := `SELECT CAST(COALESCE(SUM(asked), 0) AS BIGINT), CAST(COALESCE(SUM(answered), 0) AS BIGINT),
		CAST(COALESCE(SUM(fields), 0) AS BIGINT), CAST(COALESCE(SUM(prefilled), 0) AS BIGINT),
		CAST(COALESCE(SUM(declared), 0) AS BIGINT), CAST(COALESCE(SUM(measured), 0) AS BIGINT), `
	scan := func(sc db.Scanner) (f Figures, err error) { return f, sc.Scan(f.destinations()...) }
	if level := levelOf(area); level < registry.LevelCommunity {
		return db.One(ctx, r, scan, sum+`CAST(COALESCE(SUM(timed), 0) AS BIGINT) FROM burden_day
			WHERE level = $1 AND area = $2 AND day >= $3 AND day < $4`, level, area, clock.Day(from), clock.Day(to))
	}
	return db.One(ctx, r, scan, sum+`CAST(COALESCE(SUM(CASE WHEN measured > 0 THEN answered ELSE 0 END), 0) AS BIGINT) FROM burden_event
		WHERE area >= $1 AND area < $2 AND at >= $3 AND at < $4`, area, authority.PrefixEnd(area), clock.Millis(from), clock.Millis(to))
}

// PassFigures stand the minutes that a department declared for a number beside those that answering took.
type PassFigures struct {
	Pass     string `json:"pass"`
	Title    string `json:"title" doc:"Of what was sent last"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Declared int    `json:"declared" doc:"Minutes, all communities and times together"`
	Timed    int    `json:"timed" doc:"Answers whose time is known"`
	Measured int    `json:"measured" doc:"Minutes of these together"`
	Median   int    `json:"median" doc:"Minutes of the middle one; 0 where none is timed"`
}

// mostTimed bounds the answers that a median is taken of: the newest.
const mostTimed = 20_000

// passEvents are the newest events of a number in an area; the index of numbers has all that it reads.
const passEvents = `SELECT asked, answered, declared, measured FROM burden_event WHERE pass = $1 AND area >= $2 AND area < $3
	ORDER BY at DESC LIMIT $4`

// Pass is what an admission or listed duty caused in an area; nothing where nothing was sent. Error: Forbidden outside the
// actor's areas.
func (s *Service) Pass(ctx context.Context, area, pass string) (PassFigures, error) {
	p := PassFigures{Pass: pass}
	if err := authority.Require(ctx, permRead, area); err != nil {
		return p, err
	}
	args := []any{pass, area, authority.PrefixEnd(area)}
	rows, err := db.All(ctx, s.Log.DB, func(sc db.Scanner) (e Event, err error) {
		return e, sc.Scan(&e.Asked, &e.Answered, &e.Declared, &e.Measured)
	}, passEvents, append(args, db.Few(mostTimed))...)
	if err != nil || len(rows) == 0 {
		return p, err
	}
	p.Title, err = db.Value[string](ctx, s.Log.DB, `SELECT title FROM burden_event WHERE pass = $1 AND area >= $2 AND area < $3
		ORDER BY at DESC LIMIT 1`, args...)
	if err != nil {
		return p, err
	}
	var took []int
	for _, e := range rows {
		p.Asked, p.Answered, p.Declared = p.Asked+e.Asked, p.Answered+e.Answered, p.Declared+e.Declared
		if e.Answered > 0 && e.Measured > 0 {
			took = append(took, e.Measured)
			p.Timed, p.Measured = p.Timed+e.Answered, p.Measured+e.Measured
		}
	}
	if slices.Sort(took); len(took) > 0 {
		p.Median = (took[(len(took)-1)/2] + took[len(took)/2]) / 2
	}
	return p, nil
}

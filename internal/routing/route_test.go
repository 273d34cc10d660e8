package routing

import (
	"errors"
	"testing"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

func TestRouteHoldsAtItsTimes(t *testing.T) {
	t.Parallel()
	base := Route{ValidFrom: "2026-03-01", Enabled: true}
	with := func(change func(*Route)) Route { r := base; change(&r); return r }
	workday := func(day string) (bool, error) {
		if day >= "2027" {
			return false, errors.New("not loaded")
		}
		return day != "2026-03-07", nil
	}
	night := with(func(r *Route) { r.HourFrom, r.HourTo = "22:00", "06:00" })
	off := with(func(r *Route) { r.Days = RouteOff })
	for name, c := range map[string]struct {
		route Route
		at    string
		want  string
	}{
		"first day":              {base, "2026-03-01 00:00", ""},
		"the day before":         {base, "2026-02-28 23:59", passedEarly},
		"last day":               {with(func(r *Route) { r.ValidTo = "2026-03-07" }), "2026-03-07 23:59", ""},
		"after the last":         {with(func(r *Route) { r.ValidTo = "2026-03-07" }), "2026-03-08 00:00", passedOver},
		"switched off":           {with(func(r *Route) { r.Enabled = false }), "2026-03-02 10:00", passedOff},
		"begin of the hours":     {with(func(r *Route) { r.HourFrom, r.HourTo = "08:30", "17:30" }), "2026-03-02 08:30", ""},
		"end of the hours":       {with(func(r *Route) { r.HourFrom, r.HourTo = "08:30", "17:30" }), "2026-03-02 17:30", passedHours},
		"before midnight":        {night, "2026-03-02 22:00", ""},
		"after midnight":         {night, "2026-03-03 05:59", ""},
		"morning":                {night, "2026-03-03 06:00", passedHours},
		"day off":                {off, "2026-03-07 10:00", ""},
		"working day":            {off, "2026-03-06 10:00", passedDays},
		"on working days":        {with(func(r *Route) { r.Days = RouteWork }), "2026-03-06 10:00", ""},
		"a year not decreed yet": {off, "2027-03-06 10:00", passedYear},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, clock.City)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.route.at(at, workday); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Two routes clash only when nothing in the declared order tells them apart and some instant is
// of both.
func TestRoutesClash(t *testing.T) {
	t.Parallel()
	base := Route{ID: "1", Kind: "incident", Subject: "0101", Area: "320703", ValidFrom: "2026-01-01", Enabled: true}
	with := func(change func(*Route)) Route { r := base; r.ID = "2"; change(&r); return r }
	hours := func(from, to string) func(*Route) { return func(r *Route) { r.HourFrom, r.HourTo = from, to } }
	for name, c := range map[string]struct {
		a, b Route
		want bool
	}{
		"the same":             {base, with(func(*Route) {}), true},
		"itself":               {base, base, false},
		"later, without end":   {base, with(func(r *Route) { r.ValidFrom = "2030-01-01" }), true},
		"until a day":          {base, with(func(r *Route) { r.ValidTo = "2026-12-31" }), false},
		"off":                  {base, with(func(r *Route) { r.Enabled = false }), false},
		"another area":         {base, with(func(r *Route) { r.Area = "320706" }), false},
		"below":                {base, with(func(r *Route) { r.Area = "320703001" }), false},
		"its class":            {base, with(func(r *Route) { r.Subject = "01" }), false},
		"another kind":         {base, with(func(r *Route) { r.Kind = "application" }), false},
		"on working days":      {base, with(func(r *Route) { r.Days = RouteWork }), false},
		"work and off":         {with(func(r *Route) { r.ID, r.Days = "3", RouteOff }), with(func(r *Route) { r.Days = RouteWork }), false},
		"hours beside hours":   {with(func(r *Route) { r.ID = "3"; hours("08:00", "12:00")(r) }), with(hours("12:00", "18:00")), false},
		"hours over hours":     {with(func(r *Route) { r.ID = "3"; hours("08:00", "12:01")(r) }), with(hours("12:00", "18:00")), true},
		"night over morning":   {with(func(r *Route) { r.ID = "3"; hours("22:00", "06:00")(r) }), with(hours("05:00", "08:00")), true},
		"night beside the day": {with(func(r *Route) { r.ID = "3"; hours("22:00", "06:00")(r) }), with(hours("06:00", "22:00")), false},
		"periods that follow": {with(func(r *Route) { r.ID, r.ValidTo = "3", "2026-06-30" }),
			with(func(r *Route) { r.ValidFrom, r.ValidTo = "2026-07-01", "2026-12-31" }), false},
		"periods that overlap": {with(func(r *Route) { r.ID, r.ValidTo = "3", "2026-07-01" }),
			with(func(r *Route) { r.ValidFrom, r.ValidTo = "2026-07-01", "2026-12-31" }), true},
		"different bodies only": {base, with(func(r *Route) { r.Body = "b" }), true},
	} {
		if got, back := c.a.clashes(&c.b), c.b.clashes(&c.a); got != c.want || back != c.want {
			t.Errorf("%s: %v and back %v, want %v", name, got, back, c.want)
		}
	}
}

func TestRouteCheck(t *testing.T) {
	t.Parallel()
	base := Route{ValidFrom: "2026-01-01", Department: "water", Level: 3}
	for name, c := range map[string]struct {
		spoil func(*Route)
		field string
	}{
		"right":               {func(*Route) {}, ""},
		"a body":              {func(r *Route) { r.Body, r.Department, r.Level = "b", "", 0 }, ""},
		"a body and one more": {func(r *Route) { r.Body = "b" }, "department"},
		"nobody":              {func(r *Route) { r.Department = "" }, "department"},
		"unknown department":  {func(r *Route) { r.Department = "magic" }, "department"},
		"department below":    {func(r *Route) { r.Level = 5 }, "department"},
		"station above":       {func(r *Route) { r.Department = "station" }, "department"},
		"no such day":         {func(r *Route) { r.ValidFrom = "2026-02-30" }, "validFrom"},
		"ends first":          {func(r *Route) { r.ValidTo = "2025-12-31" }, "validTo"},
		"one hour":            {func(r *Route) { r.HourFrom = "08:00" }, "hourFrom"},
		"no time at all":      {func(r *Route) { r.HourFrom, r.HourTo = "08:00", "08:00" }, "hourFrom"},
		"hour 24":             {func(r *Route) { r.HourFrom, r.HourTo = "24:00", "08:00" }, "hourFrom"},
		"days":                {func(r *Route) { r.Days = "feast" }, "days"},
	} {
		r := base
		c.spoil(&r)
		err := r.check()
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if fields := errs.Of(err).Fields; len(fields) != 1 || fields[0].Location != c.field {
			t.Errorf("%s: %v %v, want %s", name, err, fields, c.field)
		}
	}
}

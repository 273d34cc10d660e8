package exchange

import (
	"context"
	"maps"
	"time"

	"linli/internal/casework/stats"
	"linli/internal/people"
	"linli/internal/platform/db"
)

// peopleSources count the residents on the rosters. Of a community that keeps no roster nothing is known: it is no zero.
func peopleSources() map[string]source {
	of := func(count func(ctx context.Context, r db.Reader, area string) (map[string]int, error)) source {
		return func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error) {
			rosters, err := people.CountRosters(ctx, r, q.Area)
			if err != nil {
				return nil, err
			}
			counts, err := count(ctx, r, q.Area)
			out := h.counted(q.Area, counts)
			maps.DeleteFunc(out, func(code string, _ Value) bool { return rosters[code] == 0 })
			return out, err
		}
	}
	out := map[string]source{"people.residents": of(people.CountRosters), "people.households": of(people.CountHouseholds)}
	for _, tag := range people.Tags {
		out["people."+tag] = of(func(ctx context.Context, r db.Reader, area string) (map[string]int, error) {
			return people.CountTagged(ctx, r, area, tag)
		})
	}
	return out
}

// Kinds of cases that are counted, by the part of an element's code.
var caseKinds = map[string]string{"applications": "application", "incidents": "incident"}

// periods are the months that an element counts, up to a day.
var periods = map[string]func(day time.Time) (from, to time.Time){
	"month": func(day time.Time) (time.Time, time.Time) { return day, day },
	"last_month": func(day time.Time) (time.Time, time.Time) {
		last := day.AddDate(0, 0, -day.Day())
		return last, last
	},
	"year": func(day time.Time) (time.Time, time.Time) { return day.AddDate(0, 0, 1-day.YearDay()), day },
	"last_year": func(day time.Time) (time.Time, time.Time) {
		last := day.AddDate(0, 0, -day.YearDay())
		return last.AddDate(0, 0, 1-last.YearDay()), last
	},
}

// caseSources sum the counters of cases.
func caseSources() map[string]source {
	out := map[string]source{}
	for name, kind := range caseKinds {
		for period, months := range periods {
			for _, measure := range []string{"received", "closed"} {
				out["case."+name+"."+measure+"."+period] = func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error) {
					day, err := time.Parse(time.DateOnly, q.Day)
					if err != nil {
						return nil, err
					}
					from, to := months(day)
					figures, err := stats.CountMonths(ctx, r, q.Area, kind, from.Format("2006-01"), to.Format("2006-01"))
					counts := map[string]int{}
					for area, f := range figures {
						if counts[area] = f.Received; measure == "closed" {
							counts[area] = f.Closed
						}
					}
					return h.counted(q.Area, counts), err
				}
			}
		}
	}
	return out
}

package demo

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"sync/atomic"
	"time"

	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// plan is a case to come: when, where, what, and by which channel.
type plan struct {
	number    int // in the order of the year
	at        time.Time
	community registry.Area
	incident  bool
	subject   string // code of item or category
	channel   string
	twin      *plan // of an incident: who tells it again
}

// Shares in a hundred.
const (
	incidents  = 55
	dayOff     = 30 // of a working day's cases
	latestLong = 25 // of the latest applications, for the service that takes longest
)

// The visitor's community: one case in sixty, half of them of the last days, so that whoever
// signs in finds work.
const (
	homeShare  = 60
	homeLatest = 12 // days
	leastHome  = 16 // cases, however small the demo
)

// parts is in how many steps the progress of the year is told.
const parts = 20

// yearBegins and yearEnds are the shares of the whole, in percent, between which the year is made.
const yearBegins, yearEnds = 17, 95

// latest is how long ago the latest applications came in.
const latest = 6 * 24 * time.Hour

// loadYear makes the cases. Those of one county and day are made one after another, so that
// their running numbers are the same each time; counties and days go on side by side.
func (l *load) loadYear(ctx context.Context) error {
	for _, raw := range makePhotos() {
		k, err := l.Files.Store.Take(ctx, bytes.NewReader(raw))
		if err != nil {
			return err
		}
		l.photos = append(l.photos, k)
	}
	plans := l.plans()
	groups := byDay(plans)
	began := l.wall()
	var done, told atomic.Int64
	err := all(ctx, len(groups), func(ctx context.Context, g int) error {
		for _, p := range groups[g] {
			if err := l.tell(ctx, p); err != nil {
				return fmt.Errorf("case %d (%s): %w", p.number, p.subject, err)
			}
			n := done.Add(1)
			if p.twin != nil {
				n = done.Add(1)
			}
			if n*parts/int64(l.Cases) > told.Load() {
				told.Store(n * parts / int64(l.Cases))
				l.Progress(fmt.Sprintf("%d of %d cases", n, l.Cases), yearBegins+int(n)*(yearEnds-yearBegins)/l.Cases)
			}
		}
		return nil
	})
	if took := l.wall().Sub(began).Seconds(); err == nil && took > 0 {
		slog.InfoContext(ctx, "demo city", "steps", l.writes.Load(), "a second", int(float64(l.writes.Load())/took))
	}
	return err
}

// byDay cuts the plans, which are in order, where county or day change.
func byDay(plans []plan) [][]plan {
	var out [][]plan
	from := 0
	for i := range plans {
		if i+1 == len(plans) || dayOf(plans[i+1]) != dayOf(plans[i]) {
			out = append(out, plans[from:i+1])
			from = i + 1
		}
	}
	return out
}

// dayOf is what running numbers count in: a county's day.
func dayOf(p plan) string { return clock.Day(p.at) + db.Shard(p.community.Code) }

// plans draws the year, in order of day and county.
func (l *load) plans() []plan {
	r := l.dice("year", 0)
	days := l.days()
	places := l.places(r)
	items, categories, longest := l.items(), l.categories(), l.longest()
	out := make([]plan, l.Cases)
	homes := max(l.Cases/homeShare, min(leastHome, l.Cases/2))
	for i := range out {
		p := plan{incident: chance(r, incidents), community: drawn(r, places)}
		if i < homes {
			p.community, _ = l.Registry.Area(home)
			p.incident = i%2 == 0
		}
		p.channel = drawChannel(r, p.incident)
		recent := i < homes && i%4 < 2
		for p.at = l.instant(r, days, p.channel, recent); !p.at.Before(l.Now); {
			p.at = l.instant(r, days, p.channel, recent)
		}
		switch {
		case p.incident:
			p.subject = drawn(r, categories)
		case l.Now.Sub(p.at) < latest && chance(r, latestLong):
			p.subject = longest
		default:
			p.subject = drawn(r, items)
		}
		if i%4 == 1 && i < min(homes, leastHome) { // handed in at the window just now
			p.subject, p.channel = longest, casework.ChannelWindow
			p.at = l.office.at(l.office.of(l.Now) - workhour - r.IntN(workday))
		}
		out[i] = p
	}
	slices.SortStableFunc(out, func(a, b plan) int {
		return cmp.Or(cmp.Compare(dayOf(a), dayOf(b)), a.at.Compare(b.at))
	})
	for i := range out {
		out[i].number = i
	}
	return l.pair(out)
}

// weighted is a choice in which some come up more often.
type weighted[T any] struct {
	values []T
	sums   []float64
}

func (w *weighted[T]) add(v T, weight float64) {
	sum := weight
	if n := len(w.sums); n > 0 {
		sum += w.sums[n-1]
	}
	w.values, w.sums = append(w.values, v), append(w.sums, sum)
}

func drawn[T any](r *rand.Rand, w *weighted[T]) T {
	x := r.Float64() * w.sums[len(w.sums)-1]
	return w.values[min(sort.SearchFloat64s(w.sums, x), len(w.values)-1)]
}

// days weighs the days of the year: fewer cases on days off, more in summer and towards now.
func (l *load) days() *weighted[time.Time] {
	out := &weighted[time.Time]{}
	whole := l.Now.Sub(l.start).Hours()
	for day := l.start; day.Before(l.Now); day = day.AddDate(0, 0, 1) {
		season := 1 + 0.18*math.Sin(2*math.Pi*float64(day.YearDay()-100)/365)
		weight := season * (0.9 + 0.2*day.Sub(l.start).Hours()/whole)
		if !isWorkday(l.Casework.Calendar.Now(), day) {
			weight *= dayOff / 100.0
		}
		out.add(day, weight)
	}
	return out
}

// places weighs the communities: some are busy, those in town more than villages.
func (l *load) places(r *rand.Rand) *weighted[registry.Area] {
	out := &weighted[registry.Area]{}
	for _, a := range l.Registry.Below(cityCode, registry.LevelCommunity) {
		weight := 0.15 + r.ExpFloat64()
		if a.Urban() {
			weight *= 1.8
		}
		out.add(a, weight)
	}
	return out
}

// items weighs what is applied for: what people need often comes up more often.
func (l *load) items() *weighted[string] {
	often := map[string]float64{"residence_permit": 3, "medical_insurance_enrolment": 3, "old_age_allowance": 2.5, "senior_card": 2.5,
		"pension_enrolment": 2, "unemployment_registration": 1.6, "subsistence_allowance": 1.5, "extreme_poverty_support": 0.5}
	out := &weighted[string]{}
	for _, item := range l.Hall.Catalogue() {
		if item.Enabled {
			out.add(item.Code, max(often[item.Code], 1))
		}
	}
	return out
}

// longest is the service with the longest statutory limit: what is applied for now runs, near the
// end of a year, into one whose working days are not decreed yet.
func (l *load) longest() string {
	var found hall.Item
	for _, item := range l.Hall.Catalogue() {
		if item.Enabled && item.Statutory.Unit == calendar.Workday && item.Statutory.Amount > found.Statutory.Amount {
			found = item
		}
	}
	return found.Code
}

func (l *load) categories() *weighted[string] {
	out := &weighted[string]{}
	for i, c := range l.Grid.List() {
		if !c.IsClass() {
			out.add(c.Code, 1+2*math.Abs(math.Sin(float64(i)*1.7)))
		}
	}
	return out
}

func drawChannel(r *rand.Rand, incident bool) string {
	switch x := r.IntN(100); {
	case incident && x < 45:
		return casework.ChannelField
	case incident && x < 80, !incident && x < 55:
		return casework.ChannelPortal
	}
	return casework.ChannelWindow
}

// instant draws when a case comes in: at a window within opening hours, in the portal and in
// the field from morning to night.
func (l *load) instant(r *rand.Rand, days *weighted[time.Time], channel string, recent bool) time.Time {
	day := drawn(r, days)
	if recent {
		day = midnight(l.Now).AddDate(0, 0, -r.IntN(homeLatest))
	}
	second := opensAt + r.IntN(closesAt-opensAt)
	switch channel {
	case casework.ChannelWindow:
		return l.office.at(l.office.of(day) + r.IntN(workday-workhour/2))
	case casework.ChannelPortal:
		second = 7*3600 + r.IntN(15*3600)
	}
	return day.Add(time.Duration(second) * time.Second)
}

// kind is the kind of case that the spine knows.
func (p plan) kind() string {
	if p.incident {
		return grid.KindIncident
	}
	return hall.KindApplication
}

package stats

import (
	"context"
	"fmt"
	"slices"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Difference is a counter that is not what its cases and events say.
type Difference struct {
	Counter string // tally, count, events or number
	Where   string // area, kind and month; or case; or county and day
	Figure  string
	Kept    int64
	Counted int64

	apply func(ctx context.Context, tx *audit.Tx) error
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s %s: kept %d, counted %d", d.Counter, d.Where, d.Figure, d.Kept, d.Counted)
}

const permRecount = "casework.tally.rebuild" // the platform itself

// CheckCounters counts every counter anew and lists those that differ, while others write: what is
// kept and what it is counted from are read by one statement, so of one moment.
func (s *Service) CheckCounters(ctx context.Context) ([]Difference, error) {
	if err := authority.Require(ctx, permRecount, ""); err != nil {
		return nil, err
	}
	areas, err := s.countedAreas(ctx)
	if err != nil {
		return nil, err
	}
	var out []Difference
	for _, area := range areas {
		found, err := s.checkTally(ctx, area)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		if found, err = s.checkCounts(ctx, area); err != nil {
			return nil, err
		}
		out = append(out, found...)
		if len(area) == casework.CommunityDigits {
			if found, err = s.checkEvents(ctx, area); err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	found, err := s.checkNumbers(ctx)
	return append(out, found...), err
}

// RebuildCounters puts every counter right and tells what differs still. A tally is changed by what
// it differs, not set: what is counted meanwhile stays counted.
func (s *Service) RebuildCounters(ctx context.Context) ([]Difference, error) {
	found, err := s.CheckCounters(ctx)
	if err != nil {
		return nil, err
	}
	for len(found) > 0 {
		n := min(len(found), 100)
		err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
			if err := tx.Require(permRecount, ""); err != nil {
				return err
			}
			if err := tx.Settle(ctx); err != nil {
				return err
			}
			said := make([]string, n)
			for i, d := range found[:n] {
				if err := d.apply(ctx, tx); err != nil {
					return err
				}
				said[i] = d.String()
			}
			tx.Record(audit.Entry{Action: permRecount, Subject: "casework.tally", Detail: map[string]any{"differences": said}})
			return nil
		})
		if err != nil {
			return nil, err
		}
		found = found[n:]
	}
	return s.CheckCounters(ctx)
}

// countedAreas are the counties and communities that have cases or counters.
func (s *Service) countedAreas(ctx context.Context) ([]string, error) {
	areas, err := db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (code string, err error) { err = sc.Scan(&code); return code, err },
		`SELECT DISTINCT substr(area, 1, 12) FROM casework_case UNION SELECT DISTINCT area FROM casework_tally UNION SELECT DISTINCT area
			FROM casework_count`)
	for _, area := range areas {
		if len(area) > casework.CountyDigits {
			areas = append(areas, area[:casework.CountyDigits])
		}
	}
	slices.Sort(areas)
	return slices.Compact(areas), err
}

var figureNames = []string{"received", "closed", "on_time", "late", "rated", "good", "points"}

func (n counts) figures() [7]int64 {
	return [7]int64{int64(n.received), int64(n.closed), int64(n.onTime), int64(n.late), int64(n.rated), int64(n.good), int64(n.points)}
}

// counter names a counter of one area.
type counter struct{ kind, month string }

// countedIn is the level at which an area's counters are kept, and the condition that a case c lies in
// the area, as the index of its level has it.
func countedIn(area string) (level int, within string) {
	if len(area) == casework.CountyDigits {
		return registry.LevelCounty, "substr(c.area, 1, 6)"
	}
	return registry.LevelCommunity, "substr(c.area, 1, 12)"
}

// checkTally compares the counters of a county or community with its cases.
func (s *Service) checkTally(ctx context.Context, area string) ([]Difference, error) {
	level, within := countedIn(area)
	kept, counted := map[counter]counts{}, map[counter]counts{}
	rows, err := s.Cases.Log.DB.Query(ctx, `SELECT 1, kind, month, received, closed, on_time, late, rated, good, points FROM casework_tally
		WHERE level = $1 AND area = $2
		UNION ALL SELECT 2, c.kind, '', c.reported_at, COALESCE(c.closed_at, -1), c.late, COALESCE(r.level, 0), COALESCE(r.at, -1), 0, 0
		FROM casework_case c LEFT JOIN casework_rating r ON `+countedOf+` WHERE `+within+` = $3`, level, area, area)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var what int
		var k counter
		var v [7]int64
		if err := rows.Scan(&what, &k.kind, &k.month, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6]); err != nil {
			return nil, err
		}
		if what == 1 {
			kept[k] = kept[k].plus(counts{int(v[0]), int(v[1]), int(v[2]), int(v[3]), int(v[4]), int(v[5]), int(v[6])})
			continue
		}
		for month, n := range caseFrom(v).months() {
			at := counter{k.kind, month}
			counted[at] = counted[at].plus(n)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return s.differences(area, level, kept, counted), nil
}

// caseFrom is a case as the statement of [Service.checkTally] reads it.
func caseFrom(v [7]int64) *countedCase {
	c := &countedCase{reported: v[0], late: int(v[2])}
	if v[1] >= 0 {
		c.closed = &v[1]
	}
	if rating := int(v[3]); rating > 0 && v[4] >= 0 {
		c.rating, c.ratedAt = &rating, &v[4]
	}
	return c
}

func (s *Service) differences(area string, level int, kept, counted map[counter]counts) []Difference {
	var keys []counter
	for k := range kept {
		keys = append(keys, k)
	}
	for k := range counted {
		if _, both := kept[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b counter) int { return slices.Compare([]string{a.month, a.kind}, []string{b.month, b.kind}) })
	origin := area
	if a, ok := s.Cases.Registry.Area(area); ok && level == registry.LevelCommunity {
		origin = a.ID
	}
	var out []Difference
	for _, k := range keys {
		have, want := kept[k].figures(), counted[k].figures()
		missing := counted[k].plus(kept[k].negative())
		for i, name := range figureNames {
			if have[i] == want[i] {
				continue
			}
			d := Difference{Counter: "tally", Where: area + " " + k.kind + " " + k.month, Figure: name, Kept: have[i], Counted: want[i]}
			add := missing // the first difference of a counter puts all of it right
			missing = counts{}
			d.apply = func(ctx context.Context, tx *audit.Tx) error {
				return addTally(ctx, tx.Tx, tallyKey{db.Shard(area), origin, area, k.kind, k.month, level}, add)
			}
			out = append(out, d)
		}
	}
	return out
}

// checkEvents compares how many steps the cases of a community say they have with their timelines.
func (s *Service) checkEvents(ctx context.Context, area string) ([]Difference, error) {
	return db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (d Difference, err error) {
		var shard, id string
		err = sc.Scan(&shard, &id, &d.Where, &d.Kept, &d.Counted)
		d.Counter, d.Figure = "events", "events"
		d.apply = func(ctx context.Context, tx *audit.Tx) error {
			return casework.RecountEvents(ctx, tx.Tx, shard, id)
		}
		return d, err
	}, `SELECT c.shard, c.id, c.number, c.events, COALESCE(MAX(e.seq), 0) FROM casework_case c LEFT JOIN casework_event e ON e.shard = c.shard
		AND e.case_id = c.id
		WHERE substr(c.area, 1, 12) = $1 GROUP BY c.shard, c.id, c.number, c.events HAVING c.events <> COALESCE(MAX(e.seq), 0) ORDER BY c.id`,
		area)
}

// checkNumbers finds the days whose last number lies below one that was given out: the next case of
// the day would be refused.
func (s *Service) checkNumbers(ctx context.Context) ([]Difference, error) {
	return db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (d Difference, err error) {
		var shard, day string
		err = sc.Scan(&shard, &day, &d.Kept, &d.Counted)
		d.Counter, d.Where, d.Figure = "number", shard+" "+day, "last"
		last := d.Counted
		d.apply = func(ctx context.Context, tx *audit.Tx) error {
			return casework.RaiseNumber(ctx, tx.Tx, shard, day, last)
		}
		return d, err
	}, `SELECT n.shard, n.day, n.last, given.last FROM casework_number n JOIN
		(SELECT shard, substr(number, 1, 8) AS day, MAX(CAST(substr(number, 17) AS INTEGER)) AS last FROM casework_case GROUP BY shard,
		substr(number, 1, 8)) AS given
		ON given.shard = n.shard AND given.day = replace(n.day, '-', '') WHERE n.last < given.last ORDER BY n.shard, n.day`)
}

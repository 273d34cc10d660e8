package stats

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/casework/rating"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// measureKey names a counter of the indicators in one area.
type measureKey struct{ kind, month, measure string }

// What a row of the statement of [Service.checkCounts] is.
const (
	rowKept = iota + 1
	rowEvent
	rowRating
	rowFollowUp
)

// measuredRow is one such row: a counter that is kept, or something that a case adds.
type measuredRow struct {
	what, seq int
	id, kind  string
	number    [4]int64
	text      [3]string
	data      string
}

// measuredRows is the statement for one area; %[1]s bounds cases to it, as the index of its level has it.
const measuredRows = `SELECT 1, '', kind, 0, n, 0, 0, 0, month, measure, '', '' FROM casework_count WHERE level = $1 AND area = $2
	UNION ALL SELECT 2, c.id, c.kind, e.seq, e.at, 0, 0, 0, e.verb, e.from_state || ' ' || e.to_state, e.actor_role, e.data
		FROM casework_case c JOIN casework_event e ON e.shard = c.shard AND e.case_id = c.id WHERE %[1]s = $3
	UNION ALL SELECT 3, c.id, c.kind, r.seq, r.at, r.level, COALESCE(r.solved, -1), COALESCE(x.at, -1), '', '', '', ''
		FROM casework_case c JOIN casework_rating r ON r.shard = c.shard AND r.case_id = c.id
		LEFT JOIN casework_exclusion x ON x.shard = r.shard AND x.case_id = r.case_id AND x.seq = r.seq WHERE %[1]s = $3
	UNION ALL SELECT 4, c.id, c.kind, f.seq, f.opened_at, COALESCE(f.contacted_at, -1), COALESCE(f.rectified_at, -1), COALESCE(f.revisited_at,
	-1), COALESCE(CAST(f.contacted_late AS TEXT), ''), COALESCE(CAST(f.rectified_late AS TEXT), ''), '', ''
		FROM casework_case c JOIN casework_followup f ON f.shard = c.shard AND f.case_id = c.id WHERE f.state <> 'dropped' AND %[1]s = $3
	ORDER BY 1, 2, 4`

func scanMeasured(s db.Scanner) (v measuredRow, err error) {
	n, t := &v.number, &v.text
	err = s.Scan(&v.what, &v.id, &v.kind, &v.seq, &n[0], &n[1], &n[2], &n[3], &t[0], &t[1], &t[2], &v.data)
	return v, err
}

// checkCounts compares the counters of the indicators of a county or community with the steps,
// ratings and follow-ups of its cases. One case after another is held in memory.
func (s *Service) checkCounts(ctx context.Context, area string) ([]Difference, error) {
	level, within := countedIn(area)
	rows, err := s.Cases.Log.DB.Query(ctx, fmt.Sprintf(measuredRows, within), level, area, area)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kept, counted := map[measureKey]int{}, map[measureKey]int{}
	var of []measuredRow // one case, or several of one thing
	flush := func() error {
		added, err := s.measuresOf(ctx, of)
		for month, measures := range added {
			for m, n := range measures {
				counted[measureKey{of[0].kind, month, string(m)}] += n
			}
		}
		of = of[:0]
		return err
	}
	for rows.Next() {
		v, err := scanMeasured(rows)
		if err != nil {
			return nil, err
		}
		if v.what == rowKept {
			kept[measureKey{v.kind, v.text[0], v.text[1]}] += int(v.number[0])
			continue
		}
		if len(of) > 0 && (of[0].id != v.id || of[0].what != v.what) {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		of = append(of, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return s.countDifferences(area, level, kept, counted), nil
}

// measuresOf are what the steps of one case have added, or its ratings, or its follow-ups.
func (s *Service) measuresOf(ctx context.Context, of []measuredRow) (casework.Monthly, error) {
	out := casework.Monthly{}
	if len(of) == 0 || s.Cases.Matters[of[0].kind] == nil {
		return out, nil
	}
	var events []casework.Event
	var ratings []rating.Rating
	for i := range of {
		v := &of[i]
		switch v.what {
		case rowEvent:
			from, to, _ := strings.Cut(v.text[1], " ")
			e := casework.Event{Seq: v.seq, At: v.number[0], Verb: flow.Verb(v.text[0]), From: flow.State(from),
				To: flow.State(to), ActorRole: v.text[2]}
			if err := json.Unmarshal([]byte(v.data), &e.Data); err != nil {
				return nil, err
			}
			events = append(events, e)
		case rowRating:
			r := rating.Rating{Seq: v.seq, At: v.number[0], Level: int(v.number[1]), Excluded: known(v.number[3])}
			if solved := int(v.number[2]); solved >= 0 {
				r.Solved = &solved
			}
			ratings = append(ratings, r)
		case rowFollowUp:
			f := rating.FollowUp{OpenedAt: v.number[0], ContactedAt: known(v.number[1]),
				RectifiedAt: known(v.number[2]), RevisitedAt: known(v.number[3]),
				ContactLate: judged(v.text[0]), RectifyLate: judged(v.text[1])}
			out.Add(f.OpenedAt, 1, s.Rating.FollowUpMeasures(&f)...)
		}
	}
	s.addSteps(out, of[0].kind, events)
	if counts := rating.CountedRating(ratings); counts != nil {
		out.Add(counts.At, 1, s.Rating.RatingMeasures(ctx, counts)...)
	}
	return out, nil
}

// judged is whether a step was late, 1 or 0, or nil for one that was not judged.
func judged(s string) *int {
	if s == "" {
		return nil
	}
	late, _ := strconv.Atoi(s)
	return &late
}

// known is an instant, or nil for -1.
func known(ms int64) *int64 {
	if ms < 0 {
		return nil
	}
	return &ms
}

func (s *Service) countDifferences(area string, level int, kept, counted map[measureKey]int) []Difference {
	var keys []measureKey
	for k, n := range kept {
		if counted[k] != n {
			keys = append(keys, k)
		}
	}
	for k, n := range counted {
		if _, both := kept[k]; !both && n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b measureKey) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.kind, b.kind), cmp.Compare(a.measure, b.measure))
	})
	origin := area
	if a, ok := s.Cases.Registry.Area(area); ok && level == registry.LevelCommunity {
		origin = a.ID
	}
	out := make([]Difference, len(keys))
	for i, k := range keys {
		missing := counted[k] - kept[k]
		out[i] = Difference{Counter: "count", Where: area + " " + k.kind + " " + k.month, Figure: k.measure,
			Kept: int64(kept[k]), Counted: int64(counted[k]),
			apply: func(ctx context.Context, tx *audit.Tx) error {
				return addCount(ctx, tx.Tx, tallyKey{db.Shard(area), origin, area, k.kind, k.month, level}, casework.Counter(k.measure), missing)
			}}
	}
	return out
}

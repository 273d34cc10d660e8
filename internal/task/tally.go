package task

import (
	"context"
	"maps"
	"slices"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// figures are what a write adds to the counters of the department that asks, by measure.
type figures map[string]int

// Measures of a department. Those of the ways are sent_task, sent_inspection, sent_meeting and sent_certificate.
const (
	measureSent      = "sent" // communities asked
	measureDeclared  = "declared"
	measureAnswered  = "answered"
	measureOnTime    = "on_time"
	measureLate      = "late"
	measureReturned  = "returned"
	measureRefusedN  = "refused"
	measureUpheldN   = "upheld" // silence included
	measureLapsed    = "lapsed"
	measureOverruled = "overruled"
	measureReminded  = "reminded"
	measureEnded     = "ended"
	measureMeasured  = "measured"
	measureTold      = "told"
)

// sum is what the writes of one commit add, written in the order of its keys so that two processes never wait for each other in a circle.
type sum map[tallyKey]int

type tallyKey struct{ shard, body, area, month, measure string }

// Flush adds the sums to the counters.
func (s sum) Flush(ctx context.Context, tx *db.Tx) error {
	keys := slices.SortedFunc(maps.Keys(s), tallyKey.compare)
	for _, k := range keys {
		if err := tx.Send(ctx, `INSERT INTO task_tally (shard, body_id, origin, month, measure, area, n) VALUES ($1,$2,$3,$4,$5,$6,$7)
			ON CONFLICT (shard, body_id, origin, month, measure) DO UPDATE SET n = task_tally.n + excluded.n`,
			k.shard, k.body, k.area, k.month, k.measure, k.area, s[k]); err != nil {
			return err
		}
	}
	return nil
}

func (k tallyKey) compare(o tallyKey) int {
	for _, pair := range [][2]string{{k.shard, o.shard}, {k.body, o.body}, {k.area, o.area}, {k.month, o.month}, {k.measure, o.measure}} {
		switch {
		case pair[0] < pair[1]:
			return -1
		case pair[0] > pair[1]:
			return 1
		}
	}
	return 0
}

// count adds figures of a share to those of the department, in the county of the community and the month of now.
func (s *Service) count(_ context.Context, tx *audit.Tx, share *Share, f figures) error {
	if len(f) == 0 {
		return nil
	}
	all, err := db.Share(tx.Tx, "task.sum", func() (sum, error) { return sum{}, nil })
	if err != nil {
		return err
	}
	county := share.Area[:min(casework.CountyDigits, len(share.Area))]
	for measure, n := range f {
		if n != 0 {
			all[tallyKey{share.Shard, share.Body, county, clock.Month(tx.Now), measure}] += n
		}
	}
	return nil
}

// DepartmentFigures are the figures of one department in an area and a period.
type DepartmentFigures struct {
	Body      string `json:"body"`
	Name      string `json:"name"`
	Sent      int    `json:"sent" doc:"Communities asked"`
	Answered  int    `json:"answered"`
	OnTime    int    `json:"onTime"`
	Late      int    `json:"late"`
	Returned  int    `json:"returned" doc:"Times that an answer was sent back"`
	Refused   int    `json:"refused"`
	Upheld    int    `json:"upheld" doc:"Refusals upheld, by silence too"`
	Lapsed    int    `json:"lapsed" doc:"Of these, by silence"`
	Overruled int    `json:"overruled"`
	Reminded  int    `json:"reminded"`
	Ended     int    `json:"ended" doc:"Communities that need not answer any more, because the task ended"`
	Declared  int    `json:"declared" doc:"Minutes that the department declared"`
	Measured  int    `json:"measured" doc:"Minutes from beginning to sending, by the clock"`
	Told      int    `json:"told" doc:"Minutes as whoever answered says"`

	Ways map[string]int `json:"ways" doc:"Communities asked, by way"`
}

func (d *DepartmentFigures) add(measure string, n int) {
	into := map[string]*int{measureSent: &d.Sent, measureDeclared: &d.Declared, measureAnswered: &d.Answered, measureOnTime: &d.OnTime,
		measureLate: &d.Late, measureReturned: &d.Returned, measureRefusedN: &d.Refused, measureUpheldN: &d.Upheld, measureLapsed: &d.Lapsed,
		measureOverruled: &d.Overruled, measureReminded: &d.Reminded, measureEnded: &d.Ended, measureMeasured: &d.Measured,
		measureTold: &d.Told}[measure]
	if into != nil {
		*into += n
		return
	}
	for _, w := range ways {
		if measure == "sent_"+string(w) {
			d.Ways[string(w)] += n
		}
	}
}

// Figures are those of the departments in an area, the one that asked most first; of one's own departments alone for a department.
// Error: Forbidden.
func (s *Service) Figures(ctx context.Context, area, from, to string) ([]DepartmentFigures, error) {
	a := authority.From(ctx)
	if err := authority.Require(ctx, permFigure, area); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("area >= %s AND area < %s", area, authority.PrefixEnd(area))
	w.And("month >= %s AND month <= %s", from, to)
	if !overseen(a, area) {
		w.And("body_id IN " + w.In(a.Bodies()))
	}
	type one struct {
		body, measure string
		n             int
	}
	rows, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (v one, err error) { return v, r.Scan(&v.body, &v.measure, &v.n) },
		`SELECT body_id, measure, CAST(SUM(n) AS BIGINT) FROM task_tally`+w.String()+` GROUP BY body_id, measure`, w.List...)
	by := map[string]*DepartmentFigures{}
	for _, r := range rows {
		if by[r.body] == nil {
			by[r.body] = &DepartmentFigures{Body: r.body, Name: s.Registry.BodyName(r.body), Ways: map[string]int{}}
		}
		by[r.body].add(r.measure, r.n)
	}
	out := []DepartmentFigures{}
	for _, d := range by {
		out = append(out, *d)
	}
	slices.SortFunc(out, func(x, y DepartmentFigures) int {
		if x.Sent != y.Sent {
			return y.Sent - x.Sent
		}
		return tallyKey{body: x.Body}.compare(tallyKey{body: y.Body})
	})
	return out, err
}

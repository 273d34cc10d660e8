package casework

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Stages of alerts. Those of the deadline are declared in ladder; the others come of a measure.
const (
	stageSoon       = "soon"
	stageDue        = "due"
	stageLate       = "late"
	stageGrave      = "grave"
	stageLong       = "long"       // suspended for long
	stageSupervised = "supervised" // an officer urges
	stageUnanswered = "unanswered" // and was not answered in time
	stageAnswered   = "answered"
	StageAppealed   = "appealed" // an appeal against a rating is to be decided
)

// rung is one step from the first warning to the highest office.
type rung struct {
	stage  string
	rule   string // how many units before or after the deadline; "" at the deadline itself
	before bool
	hours  bool // of limits in working hours; else of those in days
	all    bool // of limits of every unit
	to     func(c *Case) Holder
}

// ladder is who hears of a deadline, and when: the handler before, the unit's head at it, then the
// offices above. The rules' values are the city's.
var ladder = []rung{
	{stage: stageSoon, rule: "casework.alert.soon.hours", before: true, hours: true, to: (*Case).toHandler},
	{stage: stageSoon, rule: "casework.alert.soon.workdays", before: true, to: (*Case).toHandler},
	{stage: stageDue, all: true, to: (*Case).toHead},
	{stage: stageLate, rule: "casework.alert.late.workdays", all: true, to: (*Case).toStreet},
	{stage: stageGrave, rule: "casework.alert.grave.workdays", all: true, to: (*Case).toCounty},
}

// Posts to which alerts go. A post of an office above is named as the role that holds it.
const (
	postAccount = "account"
	postUnit    = "unit"
	postHead    = "head"
	PostStreet  = string(registry.RoleSubdistrictOfficer)
	PostCounty  = string(registry.RoleCountyOfficer)
	PostCity    = string(registry.RoleCityOfficer)
)

// Holder is a post and the account, body or area that it is of.
type Holder struct{ Post, Of string }

func (c *Case) toHandler() Holder {
	if c.Handler != "" {
		return Holder{postAccount, c.Handler}
	}
	return c.toUnit()
}

func (c *Case) toUnit() Holder {
	if c.Unit == "" { // a community that has no station yet
		return c.toStreet()
	}
	return Holder{postUnit, c.Unit}
}

func (c *Case) toHead() Holder {
	if c.Unit == "" {
		return c.toStreet()
	}
	return Holder{postHead, c.Unit}
}

func (c *Case) toStreet() Holder { return Holder{PostStreet, c.Area[:min(streetDigits, len(c.Area))]} }

func (c *Case) toCounty() Holder { return Holder{PostCounty, c.Area[:min(CountyDigits, len(c.Area))]} }

// alertBatch bounds the alerts of one write.
const alertBatch = 200

// RaiseAlerts is the job that tells posts of deadlines near and past, each once, and tells how many
// it raised. It may run twice or on two machines at once: an alert's key is its case, deadline
// and stage.
func (s *Service) RaiseAlerts(ctx context.Context) (int, error) {
	now, raised := clock.Now(ctx), 0
	for _, r := range ladder {
		from, to := s.window(now, r)
		for {
			cases, err := s.unalerted(ctx, r, from, to)
			if err != nil {
				return raised, err
			}
			if len(cases) == 0 {
				break
			}
			n, err := s.raiseAll(ctx, r.stage, cases, r.to)
			if err != nil {
				return raised, err
			}
			raised += n
			if len(cases) < alertBatch || n == 0 {
				break
			}
		}
	}
	n, err := s.remind(ctx)
	if err != nil {
		return raised, err
	}
	m, err := s.raiseUnanswered(ctx)
	if raised += n + m; raised > 0 {
		slog.InfoContext(ctx, "alerts raised", "alerts", raised)
	}
	return raised, err
}

// window bounds the deadlines that a rung is about, in milliseconds: after from, up to to.
func (s *Service) window(now time.Time, r rung) (from, to int64) {
	n := 0
	if r.rule != "" {
		n = s.Rules.Int(r.rule, clock.Day(now))
	}
	limit := calendar.Workdays(n)
	if r.hours {
		limit = calendar.Workhours(n)
	}
	switch {
	case !r.before && n > 0:
		return 0, clock.Millis(s.workdaysBack(now, n))
	case !r.before:
		return 0, clock.Millis(now) - 1
	}
	until := now.AddDate(0, 0, n) // where the calendar does not reach
	if t, err := s.Calendar.Now().Deadline(now, limit); err == nil {
		until = t
	}
	return clock.Millis(now) - 1, clock.Millis(until)
}

// unalerted are open cases in a window, read from the index of deadlines, that have no alert yet.
func (s *Service) unalerted(ctx context.Context, r rung, from, to int64) ([]Case, error) {
	unit := ""
	switch {
	case r.hours:
		unit = ` AND limit_promised LIKE '% workhour'`
	case !r.all:
		unit = ` AND limit_promised NOT LIKE '% workhour'`
	}
	return db.All(ctx, s.Log.DB, ScanCase, SelectCase+` WHERE open = 1 AND `+ByDeadline+` > $1 AND `+ByDeadline+` <= $2`+unit+` AND NOT EXISTS
		(SELECT 1 FROM casework_alert a WHERE a.shard = casework_case.shard AND a.case_id = casework_case.id AND a.about = casework_case.due_at AND a.stage = $3)
		ORDER BY `+ByDeadline+` LIMIT $4`, from, to, r.stage, alertBatch)
}

// raiseAll raises one stage for many cases in one write.
func (s *Service) raiseAll(ctx context.Context, stage string, cases []Case, to func(*Case) Holder) (int, error) {
	raised := 0
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		raised = 0
		if err := s.judgeAlerts(tx, stage, len(cases)); err != nil {
			return err
		}
		for i := range cases {
			c := &cases[i]
			n, err := raiseDue(ctx, tx, c, stage, to(c))
			if err != nil {
				return err
			}
			raised += int(n)
		}
		return nil
	})
	return raised, err
}

// judgeAlerts is the authority and the record of a batch of alerts.
func (s *Service) judgeAlerts(tx *audit.Tx, stage string, n int) error {
	city, _ := s.Registry.City()
	tx.Record(audit.Entry{Action: permAlert, Area: city.Code, Subject: "casework.alert", SubjectID: stage, Detail: map[string]any{"stage": stage, "cases": n}})
	return tx.Require(permAlert, city.Code)
}

// remind tells the head of a unit that a case has been suspended for long.
func (s *Service) remind(ctx context.Context) (int, error) {
	now := clock.Now(ctx)
	since := clock.Millis(s.workdaysBack(now, s.Rules.Int("casework.suspend.remind", clock.Day(now))))
	type long struct {
		shard, id string
		seq       int
		from      int64
	}
	rows, err := db.All(ctx, s.Log.DB, func(sc db.Scanner) (l long, err error) {
		err = sc.Scan(&l.shard, &l.id, &l.seq, &l.from)
		return l, err
	}, `SELECT shard, case_id, seq, from_at FROM casework_suspension WHERE until_at IS NULL AND reminded = 0 AND from_at <= $1 ORDER BY from_at LIMIT $2`, since, alertBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := s.judgeAlerts(tx, stageLong, len(rows)); err != nil {
			return err
		}
		for _, l := range rows {
			c, err := FindCase(ctx, tx, l.id)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE casework_suspension SET reminded = 1 WHERE shard = $1 AND case_id = $2 AND seq = $3`, l.shard, l.id, l.seq); err != nil {
				return err
			}
			if !c.Clock.Suspended() {
				continue
			}
			if err := raise(ctx, tx, &c, stageLong, l.from, c.toHead()); err != nil {
				return err
			}
		}
		return nil
	})
}

// raiseUnanswered tells the unit's head, and the officer who asked, that an answer is missing.
func (s *Service) raiseUnanswered(ctx context.Context) (int, error) {
	rows, err := db.All(ctx, s.Log.DB, scanSupervision, supervisionColumns+` WHERE answered_at IS NULL AND due_at < $1 AND NOT EXISTS
		(SELECT 1 FROM casework_alert a WHERE a.shard = casework_supervision.shard AND a.case_id = casework_supervision.case_id
			AND a.about = casework_supervision.due_at AND a.stage = $2)
		AND EXISTS (SELECT 1 FROM casework_case c WHERE c.shard = casework_supervision.shard AND c.id = casework_supervision.case_id AND c.open = 1)
		ORDER BY due_at, case_id LIMIT $3`,
		clock.Millis(clock.Now(ctx)), stageUnanswered, alertBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := s.judgeAlerts(tx, stageUnanswered, len(rows)); err != nil {
			return err
		}
		for _, v := range rows {
			c, err := FindCase(ctx, tx, v.caseID)
			if err != nil {
				return err
			}
			if err := raise(ctx, tx, &c, stageUnanswered, *v.due, Holder{postAccount, v.account}); err != nil {
				return err
			}
			if err := raise(ctx, tx, &c, stageUnanswered+".head", *v.due, c.toHead()); err != nil {
				return err
			}
		}
		return nil
	})
}

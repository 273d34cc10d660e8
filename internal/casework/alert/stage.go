package alert

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/casework"
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
	StageLong       = "long"       // suspended for long
	StageSupervised = "supervised" // an officer urges
	StageUnanswered = "unanswered" // and was not answered in time
	StageAnswered   = "answered"
	StageUrged      = "urged"    // who asked reminds
	StageAppealed   = "appealed" // an appeal against a rating is to be decided
)

// rung is one step from the first warning to the highest office.
type rung struct {
	stage  string
	rule   string // how many units before or after the deadline; "" at the deadline itself
	before bool
	hours  bool // of limits in working hours; else of those in days
	all    bool // of limits of every unit
	to     func(c *casework.Case) Holder
}

// ladder is who hears of a deadline, and when: the handler before, the unit's head at it, then the
// offices above. The rules' values are the city's.
var ladder = []rung{
	{stage: stageSoon, rule: "casework.alert.soon.hours", before: true, hours: true, to: toHandler},
	{stage: stageSoon, rule: "casework.alert.soon.workdays", before: true, to: toHandler},
	{stage: stageDue, all: true, to: ToHead},
	{stage: stageLate, rule: "casework.alert.late.workdays", all: true, to: toStreet},
	{stage: stageGrave, rule: "casework.alert.grave.workdays", all: true, to: toCounty},
}

// Posts to which alerts go. A post of an office above is named as the role that holds it.
const (
	PostAccount = "account"
	postUnit    = "unit"
	postHead    = "head"
	PostStreet  = string(registry.RoleSubdistrictOfficer)
	PostCounty  = string(registry.RoleCountyOfficer)
	PostCity    = string(registry.RoleCityOfficer)
)

// Holder is a post and the account, body or area that it is of.
type Holder struct{ Post, Of string }

func toHandler(c *casework.Case) Holder {
	if c.Handler != "" {
		return Holder{PostAccount, c.Handler}
	}
	return ToUnit(c)
}

// ToUnit tells the unit that is responsible, or the street of a community without a station.
func ToUnit(c *casework.Case) Holder {
	if c.Unit == "" { // a community that has no station yet
		return toStreet(c)
	}
	return Holder{postUnit, c.Unit}
}

// ToHead tells the head of the unit that is responsible, or the street of a community without a station.
func ToHead(c *casework.Case) Holder {
	if c.Unit == "" {
		return toStreet(c)
	}
	return Holder{postHead, c.Unit}
}

func toStreet(c *casework.Case) Holder {
	return Holder{PostStreet, c.Area[:min(casework.StreetDigits, len(c.Area))]}
}

func toCounty(c *casework.Case) Holder {
	return Holder{PostCounty, c.Area[:min(casework.CountyDigits, len(c.Area))]}
}

// AlertBatch bounds the alerts of one write.
const AlertBatch = 200

// Remind registers what else the job raises, and how many it raised, once at start.
func (s *Service) Remind(raise func(context.Context) (int, error)) {
	s.reminders = append(s.reminders, raise)
}

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
			if len(cases) < AlertBatch || n == 0 {
				break
			}
		}
	}
	for _, remind := range s.reminders {
		n, err := remind(ctx)
		if err != nil {
			return raised, err
		}
		raised += n
	}
	if raised > 0 {
		slog.InfoContext(ctx, "alerts raised", "alerts", raised)
	}
	return raised, nil
}

// window bounds the deadlines that a rung is about, in milliseconds: after from, up to to.
func (s *Service) window(now time.Time, r rung) (from, to int64) {
	n := 0
	if r.rule != "" {
		n = s.Cases.Rules.Int(r.rule, clock.Day(now))
	}
	limit := calendar.Workdays(n)
	if r.hours {
		limit = calendar.Workhours(n)
	}
	switch {
	case !r.before && n > 0:
		return 0, clock.Millis(s.Cases.Calendar.Now().DaysBack(now, n))
	case !r.before:
		return 0, clock.Millis(now) - 1
	}
	until := now.AddDate(0, 0, n) // where the calendar does not reach
	if t, err := s.Cases.Calendar.Now().Deadline(now, limit); err == nil {
		until = t
	}
	return clock.Millis(now) - 1, clock.Millis(until)
}

// unalerted are open cases in a window, read from the index of deadlines, that have no alert yet.
func (s *Service) unalerted(ctx context.Context, r rung, from, to int64) ([]casework.Case, error) {
	unit := ""
	switch {
	case r.hours:
		unit = ` AND limit_promised LIKE '% workhour'`
	case !r.all:
		unit = ` AND limit_promised NOT LIKE '% workhour'`
	}
	return db.All(ctx, s.Cases.Log.DB, casework.ScanCase, casework.SelectCase+` WHERE open = 1 AND `+casework.ByDeadline+` > $1 AND `+casework.ByDeadline+` <= $2`+unit+` AND NOT EXISTS
		(SELECT 1 FROM casework_alert a WHERE a.shard = casework_case.shard AND a.case_id = casework_case.id AND a.about = casework_case.due_at
		AND a.stage = $3)
		ORDER BY `+casework.ByDeadline+` LIMIT $4`, from, to, r.stage, AlertBatch)
}

// raiseAll raises one stage for many cases in one write.
func (s *Service) raiseAll(ctx context.Context, stage string, cases []casework.Case, to func(*casework.Case) Holder) (int, error) {
	raised := 0
	err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		raised = 0
		if err := s.JudgeAlerts(tx, stage, len(cases)); err != nil {
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

// JudgeAlerts is the authority and the record of a batch of alerts.
func (s *Service) JudgeAlerts(tx *audit.Tx, stage string, n int) error {
	city, _ := s.Cases.Registry.City()
	tx.Record(audit.Entry{Action: permAlert, Area: city.Code, Subject: "casework.alert", SubjectID: stage,
		Detail: map[string]any{"stage": stage, "cases": n}})
	return tx.Require(permAlert, city.Code)
}

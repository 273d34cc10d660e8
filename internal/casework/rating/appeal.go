package rating

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Appeals (申诉) against low ratings: the head of the unit that was rated asks that a rating be
// excluded as false or malicious; an office above the unit decides. Whoever did the work neither
// sees the rating here nor appeals. The rating itself is never changed.
const (
	permAppealRead   = "casework.appeal.read"
	permAppealAsk    = "casework.appeal.ask"
	permAppealDecide = "casework.appeal.decide"

	ruleAppealAsk    = "casework.appeal.ask.workdays"
	ruleAppealDecide = "casework.appeal.decide.workdays"
	ruleAppealApart  = "casework.appeal.apart"
)

const (
	appealRated    flow.State = "rated"    // 可申诉
	appealAsked    flow.State = "asked"    // 待复核
	appealUpheld   flow.State = "upheld"   // 申诉成立
	appealDeclined flow.State = "declined" // 申诉不成立

	verbAsk     flow.Verb = "ask"
	verbUphold  flow.Verb = "uphold"
	verbDecline flow.Verb = "decline"
)

// Grounds on which a rating is excluded.
var appealGrounds = []string{"false", "malicious"}

// Appeal is a low rating with what the unit that was rated says against it. Every low rating of a
// unit has one, which begins without being asked: so there is one for each rating.
type Appeal struct {
	Case      casework.Case
	Seq       int // of the rating
	Level     int
	RatedAt   int64
	Unit      string // body that was rated
	Area      string // of the body
	State     flow.State
	Ground    string
	Reason    string
	AskedAt   *int64
	AskedBy   string // account
	AskedName string
	Decision  string
	DecidedAt *int64
	Decider   string // name
	DeciderID string // account
	Version   int64

	rated    ratedBy    // who had a hand in what was rated and in what followed
	excluded bool       // the rating is, by an officer and not by this appeal
	askBy    *time.Time // nil while the calendar does not reach
	now      time.Time
}

// appealFlow is the table of 申诉.
var appealFlow = (&flow.Flow[*Appeal]{
	Name: "casework.appeal", Start: appealRated,
	Nodes: []flow.StateNode{{State: appealRated}, {State: appealAsked, Open: true}, {State: appealUpheld}, {State: appealDeclined}},
	Transitions: []flow.Transition[*Appeal]{
		{From: []flow.State{appealRated}, Verb: verbAsk, To: appealAsked, Permissions: []string{permAppealAsk}, Danger: true,
			Guards: []flow.Guard[*Appeal]{appealHead, appealValid, appealInTime},
			Fields: []flow.Field{{Name: "choice", Kind: flow.Choice, Required: true, Options: appealGrounds},
				{Name: "note", Kind: flow.Text, Required: true, Max: 2000}}},
		appealDecision(verbUphold, appealUpheld),
		appealDecision(verbDecline, appealDeclined),
	},
	StateOf: func(a *Appeal) flow.State { return a.State },
	AreaOf:  func(a *Appeal) string { return a.Case.Area },
	CaseOf:  func(*Appeal) string { return "" },
}).Check()

var (
	appealHead = flow.Guard[*Appeal]{Key: "casework.appeal.not_head", Rule: ruleAppealApart,
		Holds: func(a *Appeal, actor *authority.Actor) bool { return a.mayAsk(actor) }}
	appealValid = flow.Guard[*Appeal]{Key: "casework.excluded_already", Rule: "casework.appeal",
		Holds: func(a *Appeal, _ *authority.Actor) bool { return !a.excluded }}
	appealInTime = flow.Guard[*Appeal]{Key: "casework.appeal.late", Rule: ruleAppealAsk,
		Holds: func(a *Appeal, _ *authority.Actor) bool { return a.askBy == nil || !a.now.After(*a.askBy) }}
	appealAbove = flow.Guard[*Appeal]{Key: "casework.appeal.level", Rule: ruleAppealApart,
		Holds: func(a *Appeal, actor *authority.Actor) bool { return actor.Can(permAppealDecide, a.office()) }}
	appealApart = flow.Guard[*Appeal]{Key: "casework.appeal.own_unit", Rule: ruleAppealApart,
		Holds: func(a *Appeal, actor *authority.Actor) bool {
			return !actor.In(a.Unit) && !a.rated.has(actor.ID, ratedWorker, ratedFollower, ratedAsker)
		}}
)

func appealDecision(verb flow.Verb, to flow.State) flow.Transition[*Appeal] {
	return flow.Transition[*Appeal]{From: []flow.State{appealAsked}, Verb: verb, To: to, Permissions: []string{permAppealDecide}, Danger: true,
		Guards: []flow.Guard[*Appeal]{appealAbove, appealApart},
		Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}}
}

// office is the area whose officers decide: the one above the unit's, or the city itself.
func (a *Appeal) office() string {
	above := a.Area
	for _, n := range casework.AreaDigits {
		if n >= casework.CityDigits && n < len(a.Area) {
			above = a.Area[:n]
		}
	}
	return above
}

// mayAsk tells whether the actor heads the unit that was rated and did not do the work.
func (a *Appeal) mayAsk(actor *authority.Actor) bool {
	return !a.rated.has(actor.ID, ratedWorker) && slices.ContainsFunc(actor.Grants, func(g authority.Grant) bool {
		return heads(g) && g.Body == a.Unit && strings.HasPrefix(a.Case.Area, g.Area)
	})
}

// heads tells whether a grant makes its holder the head of a body: of a department, or of the
// service station.
func heads(g authority.Grant) bool {
	return g.Body != "" && (g.Role == registry.RoleDepartmentHead || g.Role == registry.RoleDispatcher)
}

const selectAppeal = `SELECT a.case_id, a.seq, a.level, a.rated_at, a.unit_id, a.area, a.state, a.ground, a.reason, a.asked_at, a.asked_by,
	a.asked_name,
	a.decision, a.decided_at, a.decided_name, a.decided_by, a.version,
	CASE WHEN EXISTS (SELECT 1 FROM casework_exclusion x WHERE x.shard = a.shard AND x.case_id = a.case_id AND x.seq = a.seq) THEN 1 ELSE 0 END
	FROM casework_appeal a`

func scanAppeal(s db.Scanner) (a Appeal, err error) {
	err = s.Scan(&a.Case.ID, &a.Seq, &a.Level, &a.RatedAt, &a.Unit, &a.Area, &a.State, &a.Ground,
		&a.Reason, &a.AskedAt, &a.AskedBy, &a.AskedName,
		&a.Decision, &a.DecidedAt, &a.Decider, &a.DeciderID, &a.Version, db.YesNo(&a.excluded))
	return a, err
}

// openAppeal lets the head of the unit that was rated low appeal. A unit that is no more has none.
func (s *Service) openAppeal(ctx context.Context, tx *audit.Tx, c *casework.Case, r *Rating, unit string) error {
	if unit == "" {
		return nil
	}
	b, err := s.Cases.Registry.Body(ctx, tx, unit)
	if err == errs.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO casework_appeal (shard, case_id, seq, level, rated_at, unit_id, area, state, ground, reason, asked_at,
		asked_by, asked_name, decision, decided_at, decided_name, decided_by, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'','',NULL,'','','',NULL,'','',1)`,
		c.Shard, c.ID, r.Seq, r.Level, r.At, unit, b.Area, string(appealRated))
	return err
}

// appealBy is by when a head appeals, or an appeal is decided; nil where the calendar does not reach.
func (s *Service) appealBy(from int64, rule string) *time.Time {
	began := clock.Instant(from)
	t, err := s.Cases.Calendar.Now().Deadline(began, calendar.Workdays(s.Cases.Rules.Int(rule, clock.Day(began))))
	if err != nil {
		return nil
	}
	return &t
}

// considerAppeal gives an appeal what its guards ask.
func (s *Service) considerAppeal(ctx context.Context, r db.Reader, a *Appeal, c casework.Case, now time.Time) (err error) {
	a.Case, a.now, a.askBy = c, now, s.appealBy(a.RatedAt, ruleAppealAsk)
	a.rated, err = readRated(ctx, r, &c, a.Seq)
	return err
}

func findAppeal(ctx context.Context, r db.Reader, c *casework.Case, seq int) (Appeal, error) {
	a, err := db.One(ctx, r, scanAppeal, selectAppeal+` WHERE a.shard = $1 AND a.case_id = $2 AND a.seq = $3`, c.Shard, c.ID, seq)
	if db.IsNone(err) {
		return a, errs.ErrNotFound
	}
	return a, err
}

// MoveAppeal takes one step of an appeal. Errors: NotFound for who neither heads the unit nor
// oversees the area; what flow.Take refuses; Stale.
func (s *Service) MoveAppeal(ctx context.Context, id string, seq int, verb flow.Verb, in casework.StepInput) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		c, err := casework.FindCase(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err := findAppeal(ctx, tx, &c, seq)
		if err != nil {
			return err
		}
		if err := s.considerAppeal(ctx, tx, &a, c, tx.Now); err != nil {
			return err
		}
		if !a.mayAsk(tx.Actor) && !tx.Actor.Can(permAppealDecide, c.Area) {
			return errs.ErrNotFound
		}
		t, err := take(tx, appealFlow, &a, &a.Case, a.Version, verb, &in)
		if err != nil {
			return err
		}
		return s.moveAppeal(ctx, tx, &a, t, &in.Input)
	})
}

func (s *Service) moveAppeal(ctx context.Context, tx *audit.Tx, a *Appeal, t *flow.Transition[*Appeal], in *flow.Input) error {
	now, from := clock.Millis(tx.Now), a.State
	a.State = t.After(from)
	if t.Verb == verbAsk {
		a.Ground, a.Reason, a.AskedAt, a.AskedBy, a.AskedName = in.Choice, in.Note, &now, tx.Actor.ID, tx.Actor.Name
	} else {
		a.Decision, a.DecidedAt, a.Decider, a.DeciderID = in.Note, &now, tx.Actor.Name, tx.Actor.ID
	}
	n, err := tx.Exec(ctx, `UPDATE casework_appeal SET state = $1, ground = $2, reason = $3, asked_at = $4, asked_by = $5, asked_name = $6,
		decision = $7, decided_at = $8, decided_name = $9, decided_by = $10,
		version = version + 1 WHERE shard = $11 AND case_id = $12 AND seq = $13 AND version = $14`,
		string(a.State), a.Ground, a.Reason, a.AskedAt, a.AskedBy, a.AskedName, a.Decision, a.DecidedAt, a.Decider, a.DeciderID,
		a.Case.Shard, a.Case.ID, a.Seq, a.Version)
	if err == nil && n == 0 {
		err = casework.StaleStep(appealFlow.Name, &a.Case)
	}
	if err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: appealFlow.Name + "." + string(t.Verb), Area: a.Case.Area, Subject: "casework.case", SubjectID: a.Case.ID,
		Detail: map[string]any{"rating": a.Seq, "ground": a.Ground}, Before: map[string]any{"state": from},
		After: map[string]any{"state": a.State}})
	switch t.Verb {
	case verbAsk:
		return alert.RaiseFor(ctx, tx, &a.Case, alert.StageAppealed, now, a.toOffice(), 1)
	case verbUphold:
		err = s.exclude(ctx, tx, &a.Case, a.Seq, in.Note)
	}
	if err != nil {
		return err
	}
	return alert.LowerAppealed(ctx, tx, &a.Case, *a.AskedAt)
}

// toOffice is the post that hears of an appeal.
func (a *Appeal) toOffice() alert.Holder {
	office := a.office()
	switch {
	case len(office) > casework.CountyDigits:
		return alert.Holder{Post: alert.PostStreet, Of: office}
	case len(office) > casework.CityDigits:
		return alert.Holder{Post: alert.PostCounty, Of: office}
	}
	return alert.Holder{Post: alert.PostCity, Of: office}
}

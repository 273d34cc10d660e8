package rating

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/duplicate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const (
	permFollowRead = "casework.followup.read"
	permFollow     = "casework.followup.handle"

	ruleContact = "casework.followup.contact.workdays"
	ruleRectify = "casework.followup.rectify.workdays"
)

const (
	followOpened    flow.State = "opened"    // 待联系
	followContacted flow.State = "contacted" // 整改中
	followRectified flow.State = "rectified" // 待回访
	followRevisited flow.State = "revisited" // 已回访
	followDropped   flow.State = "dropped"   // 评价已剔除

	verbContact flow.Verb = "contact"
	verbRectify flow.Verb = "rectify"
	verbRevisit flow.Verb = "revisit"
	verbRedo    flow.Verb = "redo"
	verbDrop    flow.Verb = "drop" // the platform's own, when the rating is excluded
)

// FollowUp is what a low rating sets going, with a clock of its own: who rated is called, what was
// wrong is put right, and they are asked again. It is never in the hands of who was rated.
type FollowUp struct {
	Case        casework.Case
	Seq         int // of the rating
	Level       int
	Unit        string // body that was rated
	State       flow.State
	OpenedAt    int64
	ContactedAt *int64
	RectifiedAt *int64
	RevisitedAt *int64
	Version     int64

	Rated ratedBy // who had a hand in what was rated and in what followed

	// How the two steps were judged when they were taken; nil before they are, and for those that
	// were taken before it was kept.
	ContactLate, RectifyLate *int
}

// followUpFlow is the table of 差评整改.
var followUpFlow = (&flow.Flow[*FollowUp]{
	Name: "casework.followup", Start: followOpened,
	Nodes: []flow.StateNode{{State: followOpened, Open: true}, {State: followContacted, Open: true}, {State: followRectified, Open: true},
		{State: followRevisited}, {State: followDropped}},
	Transitions: []flow.Transition[*FollowUp]{
		followStep(verbContact, followContacted, true, followOpened),
		followStep(verbRectify, followRectified, true, followContacted),
		followStep(verbRedo, followContacted, true, followRectified),
		followStep(verbRevisit, followRevisited, true, followRectified),
		{From: []flow.State{followOpened, followContacted, followRectified, followRevisited}, Verb: verbDrop,
			To: followDropped, Permissions: []string{flow.System}},
	},
	StateOf: func(f *FollowUp) flow.State { return f.State },
	AreaOf:  func(f *FollowUp) string { return f.Case.Area },
	CaseOf:  func(*FollowUp) string { return "" },
}).Check()

func followStep(verb flow.Verb, to flow.State, note bool, from ...flow.State) flow.Transition[*FollowUp] {
	t := flow.Transition[*FollowUp]{From: from, Verb: verb, To: to, Permissions: []string{permFollow},
		Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: note, Max: 2000}},
		Guards: []flow.Guard[*FollowUp]{{Key: "casework.followup.own_unit", Rule: "casework.followup.apart",
			Holds: func(f *FollowUp, a *authority.Actor) bool {
				return !a.In(f.Unit) && !f.Rated.has(a.ID, ratedWorker, ratedAsker, ratedDecider)
			}}}}
	if verb == verbRevisit {
		t.Fields = append(t.Fields, flow.Field{Name: "choice", Kind: flow.Choice, Required: true,
			Options: []string{"satisfied", "unsatisfied", "unreached"}})
	}
	return t
}

const selectFollowUp = `SELECT f.case_id, f.seq, f.level, f.unit_id, f.state, f.opened_at, f.contacted_at, f.rectified_at, f.revisited_at,
	f.version, f.contacted_late, f.rectified_late FROM casework_followup f`

func scanFollowUp(s db.Scanner) (f FollowUp, err error) {
	err = s.Scan(&f.Case.ID, &f.Seq, &f.Level, &f.Unit, &f.State, &f.OpenedAt, &f.ContactedAt, &f.RectifiedAt, &f.RevisitedAt,
		&f.Version, &f.ContactLate, &f.RectifyLate)
	return f, err
}

// ListFollowUps reads the follow-ups of a case, the first one first.
func ListFollowUps(ctx context.Context, r db.Reader, c *casework.Case) ([]FollowUp, error) {
	return db.All(ctx, r, scanFollowUp, selectFollowUp+` WHERE f.shard = $1 AND f.case_id = $2 ORDER BY f.seq`, c.Shard, c.ID)
}

// openFollowUp sets a follow-up going, unless one of the case is still open.
func (s *Service) openFollowUp(ctx context.Context, tx *audit.Tx, c *casework.Case, r *Rating, unit string) error {
	there, err := ListFollowUps(ctx, tx, c)
	if err != nil || slices.ContainsFunc(there, func(f FollowUp) bool { return followUpFlow.IsOpen(f.State) }) {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO casework_followup (shard, case_id, seq, level, unit_id, state, opened_at, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,1)`,
		c.Shard, c.ID, r.Seq, r.Level, unit, string(followOpened), r.At); err != nil {
		return err
	}
	opened := casework.Monthly{}
	opened.Add(r.At, 1, casework.FollowUps)
	return s.Cases.Counters.Add(ctx, tx, c, opened)
}

// worked is the body that was responsible when the work was last done; of a case on which no work was
// done, the body that is now. The work on a merged case is that on its main case.
func (s *Service) worked(ctx context.Context, r db.Reader, c *casework.Case) (unit string, err error) {
	main, err := duplicate.MainOf(ctx, r, c)
	if err != nil {
		return "", err
	}
	if main.ID != "" {
		c = &main
	}
	events, err := casework.ListEvents(ctx, r, c)
	if err != nil {
		return "", err
	}
	f := s.Cases.Matters[c.Kind].Flow
	for i := len(events) - 1; i > 0; i-- {
		if t, ok := f.Find(events[i].From, events[i].Verb); ok && t.Works {
			return events[i-1].Data.Unit, nil
		}
	}
	return c.Unit, nil
}

// due is by when something of a follow-up is to be done; nil when the calendar does not reach.
func (s *Service) followDue(f *FollowUp, rule string) *int64 {
	opened := clock.Instant(f.OpenedAt)
	t, err := s.Cases.Calendar.Now().Deadline(opened, calendar.Workdays(s.Cases.Rules.Int(rule, clock.Day(opened))))
	if err != nil {
		return nil
	}
	ms := clock.Millis(t)
	return &ms
}

// late judges a step that is taken now, as the calendar stands: 1 past its day, else 0. It is kept,
// so that what was counted holds when a year is loaded or corrected.
func (s *Service) late(f *FollowUp, done int64, rule string) *int {
	late := 0
	if due := s.followDue(f, rule); due != nil && done > *due {
		late = 1
	}
	return &late
}

func (s *Service) inTime(f *FollowUp, done *int64, late *int, rule string) bool {
	if done == nil {
		return false
	}
	if late == nil {
		late = s.late(f, *done, rule)
	}
	return *late == 0
}

// followUpMeasures are what a follow-up has added to the counters of the month it was opened in;
// nothing for one whose rating was excluded, above or below the line.
func (s *Service) FollowUpMeasures(f *FollowUp) []casework.Counter {
	if f.State == followDropped {
		return nil
	}
	out := []casework.Counter{casework.FollowUps}
	if s.inTime(f, f.ContactedAt, f.ContactLate, ruleContact) {
		out = append(out, casework.FollowContacted)
	}
	if s.inTime(f, f.RectifiedAt, f.RectifyLate, ruleRectify) {
		out = append(out, casework.FollowRectified)
	}
	if f.RevisitedAt != nil {
		out = append(out, casework.FollowRevisited)
	}
	return out
}

// MoveFollowUp takes one step of a follow-up. Errors: NotFound outside the actor's areas; what
// flow.Take refuses; Stale.
func (s *Service) MoveFollowUp(ctx context.Context, id string, seq int, verb flow.Verb, in casework.StepInput) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		c, err := casework.FindCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if !tx.Actor.Can(permFollowRead, c.Area) {
			return errs.ErrNotFound
		}
		f, err := db.One(ctx, tx, scanFollowUp, selectFollowUp+` WHERE f.shard = $1 AND f.case_id = $2 AND f.seq = $3`, c.Shard, c.ID, seq)
		if db.IsNone(err) {
			return errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		f.Case = c
		if f.Rated, err = readRated(ctx, tx, &c, seq); err != nil {
			return err
		}
		t, err := take(tx, followUpFlow, &f, &f.Case, f.Version, verb, &in)
		if err != nil {
			return err
		}
		return s.moveFollowUp(ctx, tx, &f, t, &in.Input)
	})
}

func (s *Service) moveFollowUp(ctx context.Context, tx *audit.Tx, f *FollowUp, t *flow.Transition[*FollowUp], in *flow.Input) error {
	changed, now, from := casework.Monthly{}, clock.Millis(tx.Now), f.State
	changed.Add(f.OpenedAt, -1, s.FollowUpMeasures(f)...)
	f.State = t.After(f.State)
	switch t.Verb {
	case verbContact:
		f.ContactedAt, f.ContactLate = &now, s.late(f, now, ruleContact)
	case verbRectify:
		f.RectifiedAt, f.RectifyLate = &now, s.late(f, now, ruleRectify)
	case verbRedo:
		f.RectifiedAt, f.RectifyLate = nil, nil
	case verbRevisit:
		f.RevisitedAt = &now
	}
	changed.Add(f.OpenedAt, 1, s.FollowUpMeasures(f)...)
	n, err := tx.Exec(ctx, `UPDATE casework_followup SET state = $1, contacted_at = $2, rectified_at = $3, revisited_at = $4,
		contacted_late = $5, rectified_late = $6, version = version + 1
		WHERE shard = $7 AND case_id = $8 AND seq = $9 AND version = $10`,
		string(f.State), f.ContactedAt, f.RectifiedAt, f.RevisitedAt, f.ContactLate, f.RectifyLate, f.Case.Shard, f.Case.ID, f.Seq, f.Version)
	if err == nil && n == 0 {
		err = casework.StaleStep(followUpFlow.Name, &f.Case)
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO casework_followup_step (shard, case_id, seq, step, at, verb, actor_id, actor_name, note, choice)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		f.Case.Shard, f.Case.ID, f.Seq, f.Version, now, string(t.Verb), tx.Actor.ID, tx.Actor.Name, in.Note, in.Choice); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: followUpFlow.Name + "." + string(t.Verb), Area: f.Case.Area, Subject: "casework.case", SubjectID: f.Case.ID,
		Detail: map[string]any{"rating": f.Seq}, Before: map[string]any{"state": from}, After: map[string]any{"state": f.State}})
	return s.Cases.Counters.Add(ctx, tx, &f.Case, changed)
}

package rating

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// FollowUpStep is a step that was taken on a follow-up.
type FollowUpStep struct {
	At     int64  `json:"at"`
	Verb   string `json:"verb"`
	By     string `json:"by"`
	Note   string `json:"note"`
	Choice string `json:"choice,omitempty"`
}

// FollowUpView is a follow-up as its list shows it.
type FollowUpView struct {
	Case       casework.Summary `json:"case"`
	Seq        int              `json:"seq" doc:"Of the rating"`
	Level      int              `json:"level"`
	Comment    string           `json:"comment"`
	Unit       *casework.Named  `json:"unit,omitempty" doc:"Body that was rated"`
	State      flow.State       `json:"state" enum:"opened,contacted,rectified,revisited,dropped"`
	OpenedAt   int64            `json:"openedAt"`
	ContactDue *int64           `json:"contactDue" nullable:"true" doc:"Null while the calendar does not reach"`
	RectifyDue *int64           `json:"rectifyDue" nullable:"true"`
	Late       bool             `json:"late" doc:"What is due next is overdue"`
	Steps      []FollowUpStep   `json:"steps"`
	Allowed    []casework.Move  `json:"allowed"`
	Version    int64            `json:"version"`
}

// ListFollowUps is one page of follow-ups of the areas in which the actor reads them, open ones
// with the oldest first or done ones with the newest first, and the cursor of the next page. Who was
// rated reads neither the level nor the words: what is about the actor's own unit or work is left out.
func (s *Service) ListFollowUps(ctx context.Context, area string, done bool, cursor string, limit int) ([]FollowUpView, string, error) {
	actor := authority.From(ctx)
	var (
		at     int64
		id     string
		w      db.Where
		within []string
	)
	if err := db.ReadCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	}
	for _, a := range authority.Narrow(actor.Scope(permFollowRead), area) {
		within = append(within, w.Term(`c.area >= %s AND c.area < %s`, a, authority.PrefixEnd(a)))
	}
	w.Any(within...)
	state, after, order := `f.state <> 'revisited' AND f.state <> 'dropped'`, ">", ""
	if done {
		state, after, order = `f.state IN ('revisited', 'dropped')`, "<", " DESC"
	}
	w.And(state)
	w.And(notRated("f", "%s"), actor.ID)
	for _, body := range actor.Bodies() {
		w.And(`f.unit_id <> %s`, body)
	}
	if cursor != "" {
		w.And(`(f.opened_at, f.case_id) `+after+` (%s, %s)`, at, id)
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, scanFollowUp, selectFollowUp+
		` JOIN casework_case c ON c.shard = f.shard AND c.id = f.case_id`+w.String()+
		` ORDER BY f.opened_at`+order+`, f.case_id`+order+` LIMIT `+w.Arg(limit+1), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = db.Cursor(rows[limit-1].OpenedAt, rows[limit-1].Case.ID)
	}
	out := []FollowUpView{}
	for i := range rows {
		v, err := s.viewFollowUp(ctx, &rows[i])
		if err != nil {
			return nil, "", err
		}
		out = append(out, v)
	}
	return out, next, nil
}

func (s *Service) viewFollowUp(ctx context.Context, f *FollowUp) (FollowUpView, error) {
	c, err := casework.FindCase(ctx, s.Cases.Log.DB, f.Case.ID)
	if err != nil {
		return FollowUpView{}, err
	}
	f.Case = c
	if f.Rated, err = readRated(ctx, s.Cases.Log.DB, &c, f.Seq); err != nil {
		return FollowUpView{}, err
	}
	v := FollowUpView{Case: s.Cases.Summarise(ctx, &c), Seq: f.Seq, Level: f.Level, Unit: s.Cases.Unit(f.Unit),
		State: f.State, OpenedAt: f.OpenedAt,
		ContactDue: s.followDue(f, ruleContact), RectifyDue: s.followDue(f, ruleRectify), Allowed: []casework.Move{}, Version: f.Version}
	now := clock.Millis(clock.Now(ctx))
	switch f.State {
	case followOpened:
		v.Late = v.ContactDue != nil && now > *v.ContactDue
	case followContacted, followRectified:
		v.Late = v.RectifyDue != nil && now > *v.RectifyDue
	}
	for _, t := range followUpFlow.Allowed(f, authority.From(ctx)) {
		v.Allowed = append(v.Allowed, casework.Move{Verb: t.Verb, To: t.After(f.State), Danger: t.Danger, Aside: t.Aside, Fields: t.Fields})
	}
	ratings, err := ListRatings(ctx, s.Cases.Log.DB, &c)
	for _, r := range ratings {
		if r.Seq == f.Seq {
			v.Comment = r.Comment
		}
	}
	if err != nil {
		return v, err
	}
	v.Steps, err = db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (t FollowUpStep, err error) {
		err = r.Scan(&t.At, &t.Verb, &t.By, &t.Note, &t.Choice)
		return t, err
	}, `SELECT at, verb, actor_name, note, choice FROM casework_followup_step WHERE shard = $1 AND case_id = $2 AND seq = $3 ORDER BY step`,
		c.Shard, c.ID, f.Seq)
	if v.Steps == nil {
		v.Steps = []FollowUpStep{}
	}
	return v, err
}

package worklist

import (
	"context"

	"linli/internal/casework"
)

// View is a list that a worker opens.
type View string

const (
	ViewWaiting View = "waiting" // open, and the actor may take a step that carries it on
	ViewMine    View = "mine"    // taken by me, open
	ViewUnit    View = "unit"    // of my units, open
	ViewSoon    View = "soon"    // due within a working day
	ViewOverdue View = "overdue" // past due, open
	ViewOpen    View = "open"    // every open case of my areas
	ViewAll     View = "all"     // closed ones too, newest first
	ViewPending View = "pending" // deadline waits for a calendar year

	ViewSuspended  View = "suspended"  // put aside: the clock stands still
	ViewSupervised View = "supervised" // an officer's urging waits for an answer
)

// Inbox counts the views of work of the actor, each up to [countMost].
type Inbox struct {
	Waiting    int `json:"waiting" doc:"Open, and the reader may take a step that carries it on"`
	Mine       int `json:"mine" doc:"Open, and the reader took the last step"`
	Unit       int `json:"unit"`
	Helping    int `json:"helping" doc:"On which the reader's units are asked for a part"`
	Soon       int `json:"soon"`
	Overdue    int `json:"overdue"`
	Suspended  int `json:"suspended" doc:"Put aside: their clock stands still"`
	Supervised int `json:"supervised" doc:"An officer's urging waits for an answer"`
	Alerts     int `json:"alerts" doc:"Unread warnings, 100 at most"`
	Pending    struct {
		Count int   `json:"count"`
		Years []int `json:"years" doc:"Calendar years that are not loaded"`
	} `json:"pending" doc:"Deadlines that wait for a calendar year"`
}

// Inbox tells how much waits in each view of the actor.
func (s *Service) Inbox(ctx context.Context, area string) (Inbox, error) {
	var in Inbox
	for _, count := range []struct {
		view View
		n    *int
	}{{ViewWaiting, &in.Waiting}, {ViewMine, &in.Mine}, {ViewUnit, &in.Unit}, {ViewHelping, &in.Helping}, {ViewSoon, &in.Soon},
		{ViewOverdue, &in.Overdue}, {ViewPending, &in.Pending.Count}, {ViewSuspended, &in.Suspended}, {ViewSupervised, &in.Supervised}} {
		l, err := s.listing(ctx, Filter{View: count.view, Area: area})
		if err != nil {
			return in, err
		}
		if count.view == ViewWaiting {
			*count.n, err = s.countWaiting(ctx, l)
		} else {
			*count.n, err = l.count(ctx, s.Cases.Log.DB)
		}
		if err != nil {
			return in, err
		}
	}
	var err error
	if in.Alerts, err = s.Alerts.CountAlerts(ctx); err != nil {
		return in, err
	}
	in.Pending.Years = []int{}
	if in.Pending.Count == 0 {
		return in, nil
	}
	l, err := s.listing(ctx, Filter{View: ViewPending, Area: area})
	if err != nil {
		return in, err
	}
	in.Pending.Years, err = l.years(ctx, s.Cases.Log.DB)
	return in, err
}

// cursorAt stands at a case of a list.
func cursorAt(c *casework.Case, byDeadline bool) casework.Cursor {
	k := casework.Cursor{At: c.ReportedAt, ID: c.ID}
	if byDeadline {
		k.At = casework.Never
		if c.Clock.Due != nil {
			k.At = *c.Clock.Due
		}
	}
	return k
}

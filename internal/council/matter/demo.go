package matter

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/council/meeting"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/threshold"
)

//go:embed demo.json
var demoJSON []byte

type demoText struct {
	Subjects                                                                                          []struct{ Title, Body string }
	Parties, Invitees, Steps, Opinions                                                                []string
	Place, Minutes, Joint, Disagree, Returned, Accepted, Board, Executor, Who, Finding, Answer, Check string
	Cleared, Result, Withdrawn, Meeting, MeetingMinutes                                               string
}

const (
	demoHome     = "320703001007" // urban community of the demo's accounts
	demoCommon   = 96             // matters before a decision, over the city
	demoOfVotes  = 8              // matters of a community whose committee has voted
	demoVoting   = 4              // communities whose committees have voted
	demoDaysBack = 60
)

// demoCity makes the matters of the demo.
type demoCity struct{ *Service }

// early and late are the states at which the demo's matters stand, in turn.
var (
	early = at(stateGathering, stateProposed, stateReturned, stateAccepted, stateDeliberating, stateUnresolved, stateAgreed, stateReferred,
		stateWithdrawn, stateGathering, stateProposed, stateConsulted)
	late = at(stateDecided, stateAnnounced, stateExecuting, stateExecuted, stateSupervised, stateDisclosed, stateAppraised, stateExecuting)
)

// fill makes matters over the city in every state, by the steps of the lifecycle; those of a community in one write, since nobody waits
// between them.
func (s demoCity) fill(ctx context.Context, city module.Demo) error {
	var d demoText
	if err := json.Unmarshal(demoJSON, &d); err != nil {
		return err
	}
	all := s.Registry.Below("3207", registry.LevelCommunity)
	if len(all) == 0 {
		return nil
	}
	home := slices.IndexFunc(all, func(a registry.Area) bool { return a.Code == demoHome })
	then := city.Now.AddDate(0, 0, -demoDaysBack)
	as := func(at time.Time) (context.Context, error) {
		return authority.With(clock.With(ctx, at), authority.SystemActor("demo")), nil
	}
	for n := range demoCommon {
		a := all[n*len(all)/demoCommon]
		turn := n
		if n%8 == 7 && home >= 0 {
			a, turn = all[home], n/8
		}
		if err := s.demoOne(as, then.AddDate(0, 0, n%50), &d, a, turn, early[turn%len(early)], nil); err != nil {
			return fmt.Errorf("matter %d: %w", n, err)
		}
	}
	voted := 0
	for i := range all {
		a := all[(max(home, 0)+i)%len(all)]
		c, err := s.Council.Registry.Bodies(ctx, a.Code)
		if err != nil {
			return err
		}
		if voted == demoVoting {
			break
		}
		if !slices.ContainsFunc(c, func(b registry.Body) bool { return b.Kind == registry.BodyCommittee && len(b.Members) > 2 }) ||
			voted%2 == 1 == a.Urban() { // villages and urban communities in turn
			continue
		}
		voted++
		if err := s.demoVoted(as, then, &d, a, voted); err != nil {
			return fmt.Errorf("%s: %w", a.Code, err)
		}
	}
	return nil
}

// demoVoted makes the matters of a community on which its committee has voted.
func (s demoCity) demoVoted(as func(time.Time) (context.Context, error), then time.Time, d *demoText, a registry.Area, voted int) error {
	c := meeting.MeetingContent{Body: meeting.Committee, Mode: threshold.Members, Title: d.Meeting, Place: d.Place,
		Day: clock.Day(then.AddDate(0, 0, 20)), Time: "19:00", Called: "committee"}
	for n := range demoOfVotes {
		c.Items = append(c.Items, meeting.AgendaItem{ID: "i" + itoa(n+1), Title: d.title(voted*demoOfVotes + n), Public: true, Decides: true})
	}
	m, votes, err := s.Meetings.Hold(a.Code, c, then, false, d.MeetingMinutes, as)
	if err != nil {
		return err
	}
	for n := range demoOfVotes {
		v := votes[n]
		if err := s.demoOne(as, then, d, a, voted*demoOfVotes+n, late[n], &Ballot{Meeting: m.ID, Vote: v.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (d *demoText) title(n int) string {
	return strings.ReplaceAll(d.Subjects[n%len(d.Subjects)].Title, "{n}", itoa(n%9+1))
}

// demoStep is a step on the way of a demo's matter: what is sent, and how many days after the one before.
type demoStep struct {
	verb flow.Verb
	days int
	sent Sent
}

// way is how a matter comes to a state.
func (d *demoText) way(a registry.Area, to flow.State, b *Ballot) []demoStep {
	sits := &Sitting{Form: []string{"council", "hearing", "talk"}[len(a.Name)%3], Place: d.Place, Parties: d.Parties, Invitees: d.Invitees}
	posting := &Posting{Place: d.Board}
	if to == stateReturned {
		return []demoStep{{verbReturn, 3, Sent{Note: d.Returned}}}
	}
	if to == stateWithdrawn {
		return []demoStep{{verbWithdraw, 3, Sent{Note: d.Withdrawn}}}
	}
	out := []demoStep{{verbAccept, 3, Sent{Note: d.Accepted}}}
	if !a.Urban() {
		out = append(out, demoStep{verbConsult, 2, Sent{Note: d.Joint}})
	}
	out = append(out, demoStep{verbDeliberate, 3, Sent{Deliberation: sits}})
	switch to {
	case stateUnresolved:
		return append(out, demoStep{verbDisagree, 1, Sent{Note: d.Disagree}})
	case stateReferred:
		return append(out, demoStep{verbRefer, 1, Sent{Note: d.Minutes}})
	}
	return append(out, []demoStep{{verbImplement, 1, Sent{Note: d.Minutes}}, {verbDecide, 14, Sent{Ballot: b}},
		{verbAnnounce, 1, Sent{Posting: posting}}, {verbPlan, 1, Sent{}}, {verbBegin, 1, Sent{}},
		{verbProgress, 5, Sent{Item: "p1", Spent: 80_00}}, {verbFind, 1, Sent{Note: d.Finding}},
		{verbAnswer, 2, Sent{Item: "f1", Note: d.Answer}}, {verbProgress, 4, Sent{Item: "p2", Spent: 9_650_00}},
		{verbProgress, 1, Sent{Item: "p3"}}, {verbComplete, 1, Sent{}}, {verbCheck, 1, Sent{Note: d.Check}}, {verbClear, 1, Sent{Note: d.Cleared}},
		{verbDisclose, 1, Sent{Posting: &Posting{Place: d.Board, Text: d.Result}}}, {verbConclude, 16, Sent{}}}...)
}

// demoOne makes one matter and takes it to a state, by the rows of the lifecycle, in a single write.
func (s demoCity) demoOne(as func(time.Time) (context.Context, error), then time.Time, d *demoText, a registry.Area, n int, to flow.State,
	b *Ballot) error {
	ctx, err := as(then)
	if err != nil {
		return err
	}
	if to == stateConsulted && a.Urban() {
		to = stateAccepted
	}
	origin := []string{FromCommittee, FromParty, FromResident, FromDisclosure}[n%4]
	if to == stateGathering {
		origin = FromResident
	} else if origin == FromResident {
		origin = FromCommittee
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		subject := d.Subjects[n%len(d.Subjects)]
		m, err := s.raise(ctx, tx, New{Area: a.Code, Origin: origin, Ref: "GK2026-" + itoa(n+1),
			Content: Content{Code: Ordinary, Title: d.title(n), Body: subject.Body}})
		if err != nil {
			return err
		}
		for i := range n % 4 {
			if err := s.insertOpinion(ctx, tx, &m, d.Opinions[i%len(d.Opinions)], []string{online, paper}[i%2]); err != nil {
				return err
			}
		}
		if to == stateGathering {
			for i := range 3 + n%20 {
				if err := s.supported(ctx, tx, &m, fmt.Sprintf("demo %d", i), []string{online, paper}[i%2]); err != nil {
					return err
				}
			}
			return s.settled(ctx, tx, &m)
		}
		return s.demoWalk(ctx, tx, &m, d.way(a, to, b), to, d)
	})
}

// demoWalk takes the steps of a way until a matter stands where it is wanted. Each is judged as it would be at its hour.
func (s demoCity) demoWalk(ctx context.Context, tx *audit.Tx, m *Matter, way []demoStep, to flow.State, d *demoText) error {
	now := tx.Now
	defer func() { tx.Now = now }()
	for _, w := range way {
		if m.State == to {
			return nil
		}
		tx.Now = tx.Now.AddDate(0, 0, w.days)
		if w.verb == verbPlan {
			plan := []Piece{}
			for i, title := range d.Steps {
				plan = append(plan, Piece{Title: title, Who: d.Who, Due: clock.Day(tx.Now.AddDate(0, 0, 7*(i+1))),
					Planned: int64(i%2)*10_000_00 + 100_00})
			}
			var err error
			if m.Record.Plan, err = planned(nil, plan); err != nil {
				return err
			}
			continue
		}
		if w.sent.Posting != nil {
			w.sent.Posting.Day = clock.Day(tx.Now)
		}
		if w.sent.Deliberation != nil {
			w.sent.Deliberation.Day = clock.Day(tx.Now)
		}
		if err := s.loaded(ctx, tx, m, tx.Now); err != nil {
			return err
		}
		t, err := lifecycle.Take(m, w.verb, tx.Actor)
		if err != nil {
			return fmt.Errorf("%s: %w", w.verb, err)
		}
		if err := s.take(clock.With(ctx, tx.Now), tx, m, t, w.verb, w.sent); err != nil {
			return fmt.Errorf("%s: %w", w.verb, err)
		}
	}
	return nil
}

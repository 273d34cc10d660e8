package election

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/council/ballot"
	"linli/internal/council/bundle"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/threshold"
)

// Service keeps elections.
type Service struct {
	Ballots *ballot.Service
	Bodies  *body.Service
}

func (s *Service) log() *audit.Log { return s.Ballots.Log }

func (e *Election) record() map[string]any {
	return map[string]any{"state": e.State, "day": e.Plan.Day, "mode": e.Plan.Mode, "round": e.Plan.Round, "candidates": len(e.Plan.Candidates)}
}

// judged is an election that the actor may see, for a step or, with verb "", for a change by who runs it in one of the states.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, version int64, states ...flow.State) (Election, error) {
	e, err := find(ctx, tx, id)
	if err != nil || !tx.Actor.Can(permRead, e.Area) {
		tx.Judged()
		return e, errs.ErrNotFound
	}
	if err := tx.Require(permRun, e.Area); err != nil {
		return e, err
	}
	if version != 0 && version != e.Version {
		return e, errs.StaleOf(errs.Record{Subject: subject, ID: id})
	}
	if !slices.Contains(states, e.State) {
		return e, errs.New(errs.Conflict, "council.election.not_from").With("state", errs.Key("council.election.state."+string(e.State)))
	}
	return e, nil
}

// change runs a change by who runs an election, with its poll, and keeps both.
func (s *Service) change(ctx context.Context, id string, version int64, verb flow.Verb,
	do func(tx *audit.Tx, e *Election, p *ballot.Poll) error, states ...flow.State) error {
	return s.log().Do(ctx, func(tx *audit.Tx) error {
		e, err := s.judged(ctx, tx, id, version, states...)
		if err != nil {
			return err
		}
		p, err := ballot.Find(ctx, tx, e.Poll)
		if err != nil {
			return err
		}
		before := e.record()
		if err := do(tx, &e, &p); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permRun, Area: e.Area, Subject: subject, SubjectID: id, Before: before, After: e.record(),
			Detail: map[string]any{"verb": verb}})
		if err := insertEvent(ctx, tx, &e, verb, ""); err != nil {
			return err
		}
		return update(ctx, tx, &e)
	})
}

// Begin makes a community's election as a draft. It takes permBegin. Errors: Invalid for what is no community and by field of the
// plan; Conflict "council.election.exists" while another one goes on; Forbidden.
func (s *Service) Begin(ctx context.Context, area string, p Plan) (Election, error) {
	p.tidy()
	p.Candidates, p.Objections, p.Elected, p.Dropped, p.Round = []Candidate{}, []Objection{}, []Elected{}, []DroppedSeat{}, 1
	a, ok := s.Ballots.Registry.Area(area)
	if !ok || a.Level != registry.LevelCommunity {
		return Election{}, errs.ErrInvalid.At("area", "field.community")
	}
	var out Election
	err := s.log().Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permBegin, area); err != nil {
			return err
		}
		e := Election{Area: area, Law: ballot.KindOf(a), State: stateDraft, Plan: p, Version: 1, shard: db.Shard(area)}
		e.ID = e.shard + "-" + db.NewID(ctx)
		if err := e.check(); err != nil {
			return err
		}
		others, err := list(ctx, tx, []string{area}, "", "", 20)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(others, func(o Election) bool {
			return o.Area == area && lifecycle.IsOpen(o.State) && o.State != stateConcluded
		}) {
			return errs.New(errs.Conflict, "council.election.exists")
		}
		poll, err := s.Ballots.Create(ctx, tx, s.poll(&e, a, "election"), p.Online)
		if err != nil {
			return err
		}
		e.Poll = poll.ID
		tx.Record(audit.Entry{Action: permBegin, Area: area, Subject: subject, SubjectID: e.ID, After: e.record()})
		if err := insert(ctx, tx, &e); err != nil {
			return err
		}
		out = e
		return insertEvent(ctx, tx, &e, verbBegin, "")
	})
	return out, err
}

// poll is what an election asks the ballots to hold.
func (s *Service) poll(e *Election, a registry.Area, matter string) bundle.Poll {
	title := s.Ballots.Texts.T(text.Chinese, "council.election.title."+e.Plan.Kind+"."+e.Law, "community", a.Name, "year", e.Plan.Day[:4])
	return bundle.Poll{Area: e.Area, Title: title, Matter: matter, Kind: e.Law, Mode: e.Plan.Mode, Day: e.Plan.Day, Ref: e.ID}
}

// Write sets the plan of a draft. Errors: those of Begin; Stale; Conflict in another state.
func (s *Service) Write(ctx context.Context, id string, version int64, p Plan) error {
	p.tidy()
	return s.change(ctx, id, version, "change", func(tx *audit.Tx, e *Election, poll *ballot.Poll) error {
		p := p
		p.Candidates, p.Objections, p.Elected, p.Dropped, p.Round = e.Plan.Candidates, e.Plan.Objections, e.Plan.Elected, e.Plan.Dropped, 1
		e.Plan = p
		if err := e.check(); err != nil {
			return err
		}
		a, _ := s.Ballots.Registry.Area(e.Area)
		return s.Ballots.Plan(ctx, tx, poll, s.poll(e, a, "election"), p.Online)
	}, stateDraft)
}

// Fill registers everybody who may vote by the community's roster. Errors: those of change.
func (s *Service) Fill(ctx context.Context, id string) (f ballot.Filled, err error) {
	err = s.change(ctx, id, 0, "fill", func(tx *audit.Tx, _ *Election, p *ballot.Poll) (err error) {
		f, err = s.Ballots.Fill(ctx, tx, p)
		return err
	}, stateDraft)
	return f, err
}

// Roll adds and removes persons; with a reason once it is posted. Errors: those of ballot.Change.
func (s *Service) Roll(ctx context.Context, id string, add []ballot.Entrant, remove []int, reason string) error {
	return s.change(ctx, id, 0, "roll", func(tx *audit.Tx, _ *Election, p *ballot.Poll) error {
		return s.Ballots.Change(ctx, tx, p, add, remove, reason)
	}, stateDraft, statePosted, stateReady, statePolling)
}

// Nominate proposes somebody on the roll for a post: by the Party branch, or jointly by voters, of whom the law of the day asks a number.
// Errors: Invalid by field; Conflict for who is proposed for another post already, or too few who nominate, with the article.
func (s *Service) Nominate(ctx context.Context, id string, c Candidate) error {
	return s.change(ctx, id, 0, "nominate", func(tx *audit.Tx, e *Election, p *ballot.Poll) error {
		rows, err := s.Ballots.Rows(ctx, tx, p, 0, false)
		if err != nil {
			return err
		}
		c := c
		on := map[int]ballot.RollRow{}
		for _, r := range rows {
			on[r.Number] = r
		}
		who, stands := on[c.Number]
		refused := errs.ErrInvalid
		if !stands {
			return refused.At("number", "council.roll.none")
		}
		if !slices.ContainsFunc(e.Plan.Seats, func(x Seat) bool { return x.Post == c.Post }) {
			return refused.At("post", "field.choice")
		}
		slices.Sort(c.Voters)
		c.Voters = slices.Compact(c.Voters)
		for i, n := range c.Voters {
			if _, there := on[n]; !there {
				return refused.At(fmt.Sprintf("voters[%d]", i), "council.roll.none")
			}
		}
		if slices.ContainsFunc(e.Plan.Candidates, func(o Candidate) bool { return o.Number == c.Number && o.State != "withdrawn" }) {
			return errs.New(errs.Conflict, "council.election.nominated").With("name", who.Name)
		}
		if c.By == "voters" {
			if err := enough(e, len(c.Voters)); err != nil {
				return err
			}
		} else {
			c.Voters = []int{}
		}
		c.ID, c.Name, c.Woman = db.NewID(ctx), who.Name, who.Sex == "female"
		c.State, c.Checks, c.Nominated = "nominated", []Check{}, clock.Day(tx.Now)
		if len(e.Plan.Candidates) >= 60 {
			return refused.At("number", "council.election.many")
		}
		e.Plan.Candidates = append(e.Plan.Candidates, c)
		return nil
	}, statePosted)
}

// enough asks the law whether so many voters may nominate jointly; a village's law asks no number, and one is needed.
func enough(e *Election, n int) error {
	d, err := threshold.Decide(threshold.Question{Matter: "nomination.joint", Kind: e.Law, Mode: string(bundle.Voters), On: e.Plan.Day,
		Counts: threshold.Counts{Yes: &n}})
	switch {
	case err == nil && !d.Passes:
		return errs.New(errs.Conflict, "council.election.joint").With("need", d.Short[0].Need).By(d.Rule)
	case err != nil && n == 0:
		return errs.ErrInvalid.At("voters", "field.required")
	}
	return nil
}

// Examine keeps what was found of the grounds on which nobody may stand; all of them clear somebody, one that exists bars. Or the candidate
// withdraws. Errors: NotFound; Invalid.
func (s *Service) Examine(ctx context.Context, id, candidate string, checks []Check, withdraw bool) error {
	return s.change(ctx, id, 0, "examine", func(tx *audit.Tx, e *Election, _ *ballot.Poll) error {
		i := slices.IndexFunc(e.Plan.Candidates, func(c Candidate) bool { return c.ID == candidate })
		if i < 0 {
			return errs.ErrNotFound
		}
		e.Plan.Candidates = slices.Clone(e.Plan.Candidates)
		c := &e.Plan.Candidates[i]
		if withdraw {
			c.State = "withdrawn"
			return nil
		}
		made := []Check{}
		found := false
		for _, bar := range Bars {
			k := slices.IndexFunc(checks, func(x Check) bool { return x.Bar == bar })
			if k < 0 || fold.Line(checks[k].Source) == "" {
				return errs.ErrInvalid.At("checks", "council.election.unchecked", "name", c.Name).By("council." + e.Law + ".election.bars")
			}
			x := checks[k]
			x.Source, x.By, x.On = fold.Line(x.Source), tx.Actor.Name, clock.Day(tx.Now)
			found = found || x.Found
			made = append(made, x)
		}
		c.Checks, c.State = made, "cleared"
		if found {
			c.State = "barred"
		}
		return nil
	}, statePosted)
}

// Object takes an objection against the posted roll within the law's days. Errors: Conflict "council.election.objection_late"; Invalid.
func (s *Service) Object(ctx context.Context, id, about string) error {
	about = fold.Line(about)
	if about == "" || !fold.Within(about, 300) {
		return errs.ErrInvalid.At("text", "field.required")
	}
	return s.change(ctx, id, 0, "object", func(tx *audit.Tx, e *Election, p *ballot.Poll) error {
		today := clock.Day(tx.Now)
		if f, ok := threshold.FigureOf("list.objection", e.Law, "", e.Plan.Day); ok && today > after(p.Posted, f.Max) {
			return errs.New(errs.Conflict, "council.election.objection_late").With("days", f.Max, "last", after(p.Posted, f.Max)).By(f.Key)
		}
		days := 3
		if f, ok := threshold.FigureOf("list.decision", e.Law, "", e.Plan.Day); ok {
			days = f.Max
		}
		if len(e.Plan.Objections) >= 100 {
			return errs.ErrInvalid.At("text", "council.election.many")
		}
		e.Plan.Objections = append(e.Plan.Objections, Objection{ID: db.NewID(ctx), On: today, Text: about, Due: after(today, days)})
		return nil
	}, statePosted)
}

// Answer decides an objection; what follows for the roll is a change of its own. Errors: NotFound; Invalid; Conflict once it is decided.
func (s *Service) Answer(ctx context.Context, id, objection string, upheld bool, answer string) error {
	answer = fold.Line(answer)
	if answer == "" || !fold.Within(answer, 300) {
		return errs.ErrInvalid.At("answer", "field.required")
	}
	return s.change(ctx, id, 0, "answer", func(tx *audit.Tx, e *Election, _ *ballot.Poll) error {
		i := slices.IndexFunc(e.Plan.Objections, func(o Objection) bool { return o.ID == objection })
		if i < 0 {
			return errs.ErrNotFound
		}
		e.Plan.Objections = slices.Clone(e.Plan.Objections)
		o := &e.Plan.Objections[i]
		if o.Decided != "" {
			return errs.New(errs.Conflict, "council.election.decided")
		}
		o.Decided, o.Upheld, o.Answer = clock.Day(tx.Now), upheld, answer
		return nil
	}, statePosted, stateReady)
}

// after is the day some days after another.
func after(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// Delegate keeps a written delegation. Errors: those of ballot.Delegate.
func (s *Service) Delegate(ctx context.Context, id string, x ballot.Proxy) error {
	return s.change(ctx, id, 0, "delegate", func(tx *audit.Tx, e *Election, p *ballot.Poll) error {
		return s.Ballots.Delegate(ctx, tx, p, x, func(n int) bool {
			return slices.ContainsFunc(e.Plan.Candidates, func(c Candidate) bool {
				return c.Number == n && (c.State == "cleared" || c.State == "nominated")
			})
		})
	}, statePosted, stateReady)
}

// Revoke takes a delegation back. Errors: those of ballot.Revoke.
func (s *Service) Revoke(ctx context.Context, id string, principal int) error {
	return s.change(ctx, id, 0, "revoke", func(tx *audit.Tx, _ *Election, p *ballot.Poll) error {
		return s.Ballots.Revoke(ctx, tx, p, principal)
	}, statePosted, stateReady)
}

// StepInput is what a step may ask for beside its fields.
type StepInput struct {
	Day     string        // of the run-off
	Note    string        //
	Dropped []DroppedSeat // who has the votes and takes no seat, for verbConclude
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; those of the ballots.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in StepInput) error {
	return s.log().Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		e, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := ballot.Find(ctx, tx, e.Poll)
		if err != nil {
			return err
		}
		e.valid = p.Snapshot != nil && p.Snapshot.Valid
		if _, err := lifecycle.Judge(&e, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: id},
			Version: e.Version,
			By:      version}); err != nil {
			return err
		}
		t, _ := lifecycle.Find(e.State, verb)
		input := flow.Input{Note: in.Note, Day: in.Day}
		if err := flow.CheckInput(t.Fields, &input); err != nil {
			return err
		}
		before := e.record()
		if err := s.effect(ctx, tx, &e, &p, verb, in); err != nil {
			return err
		}
		e.State = t.After(e.State)
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: e.Area, Subject: subject, SubjectID: id, Before: before, After: e.record(),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		if err := insertEvent(ctx, tx, &e, verb, in.Note); err != nil {
			return err
		}
		return update(ctx, tx, &e)
	})
}

// effect does what a verb means beside the change of state.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, e *Election, p *ballot.Poll, verb flow.Verb, in StepInput) error {
	switch verb {
	case verbPost:
		if err := e.check(); err != nil {
			return err
		}
		return s.Ballots.Post(ctx, tx, p)
	case verbFinal:
		if err := e.final(); err != nil {
			return err
		}
		if i := slices.IndexFunc(e.Plan.Objections, func(o Objection) bool { return o.Decided == "" }); i >= 0 {
			return errs.New(errs.Conflict, "council.election.undecided").With("due", e.Plan.Objections[i].Due).
				By("threshold." + e.Law + ".list.decision")
		}
		word := func(post string) string { return s.Ballots.Texts.T(text.Chinese, "registry.post."+post) }
		return s.Ballots.Print(ctx, tx, p, e.paper(word), e.Plan.Boxes)
	case verbOpen:
		return s.Ballots.Begin(ctx, tx, p)
	case verbEnd:
		return s.Ballots.End(ctx, tx, p)
	case verbAnnounce:
		if err := s.Ballots.Close(ctx, tx, p); err != nil {
			return err
		}
		if p.Snapshot.Valid {
			e.Plan.take(&p.Poll, p.Snapshot)
		}
	case verbRunoff:
		return s.runoff(ctx, tx, e, p, in.Day)
	case verbConclude:
		return s.conclude(ctx, tx, e, in.Dropped)
	}
	return nil
}

// runoff begins the vote for what is still open, on a day within the days of the province where it sets some, with the roll as it stands.
func (s *Service) runoff(ctx context.Context, tx *audit.Tx, e *Election, p *ballot.Poll, day string) error {
	today := clock.Day(tx.Now)
	if day < today {
		return errs.ErrInvalid.At("day", "council.poll.day", "day", today)
	}
	if last := after(p.Day, 15); day > last {
		return errs.ErrInvalid.At("day", "council.election.runoff_late", "last", last).By("council.election.runoff.within")
	}
	paper := again(&p.Poll, p.Snapshot)
	if len(paper.Questions) == 0 {
		return errs.New(errs.Conflict, "council.election.nobody")
	}
	e.Plan.Round++
	a, _ := s.Ballots.Registry.Area(e.Area)
	next := s.poll(e, a, "runoff")
	next.Day, next.Of = day, p.Root
	poll, err := s.Ballots.Again(ctx, tx, p, next, paper)
	e.Poll = poll.ID
	return err
}

// conclude writes members and terms into the register, and sets the last day of the handover.
func (s *Service) conclude(ctx context.Context, tx *audit.Tx, e *Election, dropped []DroppedSeat) error {
	for i, d := range dropped {
		d.Name, d.Reason = fold.Line(d.Name), fold.Line(d.Reason)
		if d.Reason == "" || !slices.ContainsFunc(e.Plan.Elected, func(x Elected) bool { return x.Name == d.Name }) {
			return errs.ErrInvalid.At(fmt.Sprintf("dropped[%d].name", i), "field.choice")
		}
		e.Plan.Dropped = append(e.Plan.Dropped, d)
	}
	seated := e.Plan.seated()
	if f, ok := threshold.FigureOf("members", e.Law, "", e.Plan.Day); ok && e.Plan.Kind == Term && len(seated) < f.Min {
		return errs.New(errs.Conflict, "council.election.few").With("min", f.Min).By(f.Key)
	}
	from, until := clock.Day(tx.Now), e.Plan.TermTo
	if e.Plan.Kind == Term {
		until = ""
		if f, ok := threshold.FigureOf("term", e.Law, "", e.Plan.Day); ok {
			if t, err := time.Parse(time.DateOnly, from); err == nil {
				until = t.AddDate(f.Max, 0, -1).Format(time.DateOnly)
			}
		}
	}
	days := 10
	if f, ok := threshold.FigureOf("handover", e.Law, "", e.Plan.Day); ok {
		days = f.Max
	}
	e.Due = after(from, days)
	members := []registry.Member{}
	for _, x := range seated {
		members = append(members, registry.Member{Name: x.Name, Post: x.Post, TermFrom: from, TermTo: until, Duty: []registry.Hours{}})
	}
	return s.Bodies.Seat(ctx, tx, e.Area, bodyOf, members, e.Plan.Kind == Term)
}

// follower moves elections with their communities; what was posted keeps its code in the chain.
func (s *Service) follower() registry.Follower {
	return registry.Follower{What: "elections",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "council_election", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			found, err := list(ctx, r, []string{area}, "", "", 1000)
			return len(found), err
		}}
}

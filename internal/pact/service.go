package pact

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/pact/review"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Service keeps conventions.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Texts    *text.Catalogue
	Limits   *limit.Limiter
	Votes    Votes // nil while no module of meetings is connected
}

// checked brings a content into form and refuses one that is wrong: Invalid.
func (s *Service) checked(c *Content) error {
	c.tidy()
	a, known := s.Registry.Area(c.Area)
	return c.check(a, known)
}

// Begin asks for opinions on a new convention, or begins it with a text. Errors: Invalid; Forbidden.
func (s *Service) Begin(ctx context.Context, c Content) (Edition, error) {
	if err := s.checked(&c); err != nil {
		return Edition{}, err
	}
	e := Edition{Seq: 1, State: string(stateCollecting), Content: c, Version: 1, latest: true, Shard: db.Shard(c.Area)}
	e.ID = e.Shard + "-" + db.NewID(ctx)
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, c.Area); err != nil {
			return err
		}
		e.sign(tx)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: e.ID, After: e.record()})
		if err := insertEdition(ctx, tx, &e); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &e, verbBegin, "")
	})
	return e, err
}

func (e *Edition) sign(tx *audit.Tx) {
	e.writer, e.WriterName, e.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
}

// judge refuses a verb that state, authority and guards do not allow, and an edition that has changed since.
func judge(tx *audit.Tx, e *Edition, verb flow.Verb, version int64) (*flow.Transition[*Edition], error) {
	tx.Judged()
	return lifecycle.Judge(e, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: e.ID},
		Version: e.Version, By: version})
}

// Change sets title and clauses of a draft; area and kind stay. Errors: those of Begin; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := latest(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := judge(tx, &e, verbChange, version); err != nil {
			return err
		}
		c := c
		c.Area, c.Kind = e.Content.Area, e.Content.Kind
		if err := s.checked(&c); err != nil {
			return err
		}
		before := e.record()
		e.Content = c
		e.sign(tx)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: id, Before: before, After: e.record()})
		if err := updateEdition(ctx, tx, &e); err != nil {
			return err
		}
		if err := replaceClauses(ctx, tx, &e); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &e, verbChange, "")
	})
}

// Taken is what a face sends with a verb.
type Taken struct {
	Note    string
	Meeting *Meeting // with adopt
	Filing  *Filing  // with file
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; Conflict "pact.votes_short"
// with the counts that were short, "pact.by_representatives"; Invalid for a day or an office that is wrong.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in Taken) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		find := latest
		if onPublished(verb) {
			find = inForceOf
		}
		e, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		t, err := judge(tx, &e, verb, version)
		if err != nil {
			return err
		}
		input := flow.Input{Note: in.Note}
		if err := flow.CheckInput(t.Fields, &input); err != nil {
			return err
		}
		before := e.record()
		e.State = string(t.After(flow.State(e.State)))
		in := in
		in.Note = input.Note
		if err := s.effect(ctx, tx, &e, verb, in); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: e.Content.Area, Subject: subject, SubjectID: id, Before: before, After: e.record(),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		return insertEvent(ctx, tx, &e, verb, in.Note)
	})
}

// effect does what a verb means beside the change of state.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, e *Edition, verb flow.Verb, in Taken) error {
	now := clock.Millis(tx.Now)
	switch verb {
	case verbSubmit:
		e.ReviewedAt = now
		if err := insertFindings(ctx, tx, e, s.review(&e.Content, tx.Now).Findings); err != nil {
			return err
		}
	case verbAdopt:
		m, err := s.voted(ctx, e, in.Meeting, tx.Now)
		if err != nil {
			return err
		}
		e.Meeting = m
	case verbFile:
		if err := s.filed(e, in.Filing, tx.Now); err != nil {
			return err
		}
		e.Filing = in.Filing
	case verbReopen: // what was decided on the old text counts no longer
		e.Meeting, e.Filing = nil, nil
	case verbPublish:
		if err := s.replace(ctx, tx, e); err != nil {
			return err
		}
		e.PublishedAt = now
	case verbRevise:
		return s.revise(ctx, tx, e, in.Note)
	case verbOrder:
		e.OrderedAt, e.OrderedBy, e.OrderReason = now, tx.Actor.Name, in.Note
		due := tx.Now.AddDate(0, 0, s.Rules.Int(ruleAlert, clock.Day(tx.Now)))
		e.CorrectBy, e.correctDue = clock.Day(due), clock.Millis(due)
	case verbDiscard:
		e.EndedAt = now
		if e.Seq > 1 {
			return s.handBack(ctx, tx, e)
		}
	}
	return updateEdition(ctx, tx, e)
}

// review reads a content by the law of a day.
func (s *Service) review(c *Content, on time.Time) review.Report {
	a, _ := s.Registry.Area(c.Area)
	e := Edition{Content: *c}
	o := review.Options{Kind: c.Kind, On: on, Village: a.Level == registry.LevelCommunity && village(a)}
	if a.Level == registry.LevelCommunity {
		o.Name = a.Name
	}
	return review.CheckClauses(e.reviewed(), o)
}

// voted judges the counts of a meeting by the law of its day.
func (s *Service) voted(ctx context.Context, e *Edition, m *Meeting, now time.Time) (*Meeting, error) {
	if m == nil {
		return nil, errs.ErrInvalid.At("meeting", "field.required")
	}
	out := *m
	if out.Vote != "" && s.Votes != nil {
		v, err := s.Votes.Vote(ctx, out.Vote)
		if err != nil {
			return nil, err
		}
		v.Vote = out.Vote
		out = v
	}
	day, ok := fold.Day(out.Day)
	if out.Day = fold.KeepDay(out.Day); !ok || day > clock.Day(now) {
		return nil, errs.ErrInvalid.At("meeting.day", "pact.day_past")
	}
	area, _ := s.Registry.Area(e.Content.Area)
	matter, kind := "assembly.passed", threshold.Residents
	if village(area) {
		kind = threshold.Villagers
	}
	switch {
	case e.Content.Kind == review.Citizens:
		out = Meeting{Body: "office", Mode: "none", Day: out.Day}
		return &out, nil
	case out.Body == "office":
		return nil, errs.New(errs.Conflict, "pact.not_by_office").By(ruleAdopted)
	case e.Content.Kind == review.Group:
		matter, out.Body = "group.passed", "group"
	case out.Body == "representatives" && (kind == threshold.Villagers || out.Day < "2026-01-01"):
		return nil, errs.New(errs.Conflict, "pact.by_representatives").By(ruleAdopted)
	case out.Body == "representatives":
		matter, out.Mode = "representatives.passed", threshold.Representatives
	default:
		out.Body = "assembly"
	}
	d, err := threshold.Decide(threshold.Question{Matter: matter, Kind: kind, Mode: out.Mode, On: out.Day,
		Counts: threshold.Counts{Entitled: &out.Entitled, Present: &out.Present, Yes: &out.Yes}})
	if err != nil {
		return nil, err
	}
	out.Rule, out.Citation = d.Rule, d.Law+d.Article
	if d.Passes {
		return &out, nil
	}
	short := d.Short[0]
	return nil, errs.New(errs.Conflict, "pact.votes_short").With("count", errs.Key("threshold.count."+string(short.Count)), "have", short.Have,
		"need", short.Need, "law", short.Law+short.Article).By(short.Rule)
}

// filed refuses an office that the law of the branch does not name, and a day that is none or lies before the vote.
func (s *Service) filed(e *Edition, f *Filing, now time.Time) error {
	if f == nil {
		return errs.ErrInvalid.At("filing", "field.required")
	}
	area, _ := s.Registry.Area(e.Content.Area)
	branch := threshold.Residents
	if village(area) {
		branch = threshold.Villagers
	}
	f.Number = fold.Line(f.Number)
	day, ok := fold.Day(f.Day)
	f.Day = fold.KeepDay(f.Day)
	refused := errs.ErrInvalid
	offices, _ := s.Rules.On(ruleFiled+branch, clock.Day(now))
	if e.Content.Kind != review.Citizens && !slices.Contains(strings.Fields(offices.Value), f.Office) {
		refused = refused.At("filing.office", "pact.office_"+branch).By(ruleFiled + branch)
	}
	if !ok || day > clock.Day(now) || e.Meeting != nil && day < e.Meeting.Day {
		refused = refused.At("filing.day", "pact.filing_day")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// replace ends the edition in force that a new one takes the place of.
func (s *Service) replace(ctx context.Context, tx *audit.Tx, by *Edition) error {
	if by.Seq == 1 {
		return nil
	}
	old, err := inForceOf(ctx, tx, by.ID)
	if err != nil || old.Seq == by.Seq {
		return err
	}
	if _, err := lifecycle.Take(&old, verbReplace, authority.SystemActor("pact")); err != nil {
		return err
	}
	old.State, old.EndedAt = string(stateReplaced), clock.Millis(tx.Now)
	return updateEdition(ctx, tx, &old)
}

// revise begins the next edition, as a draft, with the text in force.
func (s *Service) revise(ctx context.Context, tx *audit.Tx, e *Edition, reason string) error {
	last, err := db.Value[int](ctx, tx, `SELECT MAX(seq) FROM pact_edition WHERE shard = $1 AND id = $2`, e.Shard, e.ID)
	if err != nil {
		return err
	}
	e.latest = false
	if err := updateEdition(ctx, tx, e); err != nil {
		return err
	}
	next := Edition{Shard: e.Shard, ID: e.ID, Seq: last + 1, State: string(stateDrafting), Content: e.Content, Reason: reason, Version: 1,
		latest: true}
	next.sign(tx)
	return insertEdition(ctx, tx, &next)
}

// handBack ends a draft that is given up; the text in force is the newest again.
func (s *Service) handBack(ctx context.Context, tx *audit.Tx, e *Edition) error {
	e.latest = false
	if err := updateEdition(ctx, tx, e); err != nil {
		return err
	}
	old, err := inForceOf(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	old.latest = true
	return updateEdition(ctx, tx, &old)
}

// Decide settles a finding with a reason. Errors: NotFound; Conflict in another state, or for the writer; Invalid; Stale.
func (s *Service) Decide(ctx context.Context, id, finding, decision, reason string) error {
	reason = fold.Line(reason)
	switch {
	case !isDecision(decision):
		return errs.ErrInvalid.At("decision", "field.choice")
	case reason == "":
		return errs.ErrInvalid.At("reason", "field.required")
	case !fold.Within(reason, maxNote):
		return errs.ErrInvalid.At("reason", "field.too_long", "max", maxNote)
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := latest(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		if !tx.Actor.Can(permRead, e.Content.Area) {
			return errs.ErrNotFound
		}
		if err := tx.Require(permReview, e.Content.Area); err != nil {
			return err
		}
		switch {
		case e.State != string(stateReviewing):
			return errs.New(errs.Conflict, "pact.not_reviewing").By(ruleReview)
		case !bySecond.Holds(&e, tx.Actor):
			return errs.New(errs.Conflict, bySecond.Key).By(bySecond.Rule)
		}
		n, err := tx.Exec(ctx, `UPDATE pact_finding SET decision = $5, reason = $6, decided_by = $7, decided_at = $8
			WHERE shard = $1 AND pact_id = $2 AND seq = $3 AND id = $4`, e.Shard, e.ID, e.Seq, finding, decision, reason, tx.Actor.Name,
			clock.Millis(tx.Now))
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permReview, Area: e.Content.Area, Subject: subject, SubjectID: id,
			Detail: map[string]any{"verb": verbDecide, "finding": finding, "decision": decision, "reason": reason}})
		return insertEvent(ctx, tx, &e, verbDecide, reason)
	})
}

// Sources of an opinion.
const (
	fromPortal = "portal"
	fromPaper  = "paper"
)

// Tell adds an opinion to a convention whose opinions are collected: a resident's on the portal, or one on paper that a member of
// staff enters. Errors: NotFound; Conflict once they are no longer collected; Invalid; TooMany.
func (s *Service) Tell(ctx context.Context, id, body string, paper bool) error {
	body = strings.TrimSpace(body)
	switch {
	case body == "":
		return errs.ErrInvalid.At("body", "field.required")
	case !fold.Within(body, maxOpinion):
		return errs.ErrInvalid.At("body", "field.too_long", "max", maxOpinion)
	}
	if !paper {
		if err := s.Limits.Take(ctx, limit.PactOpinion, limit.Address(ctx)); err != nil {
			return err
		}
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := latest(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		source, by := fromPortal, ""
		if paper {
			source, by = fromPaper, tx.Actor.Name
			if !tx.Actor.Can(permRead, e.Content.Area) {
				return errs.ErrNotFound
			}
			if err := tx.Require(permWrite, e.Content.Area); err != nil {
				return err
			}
		}
		if e.State != string(stateCollecting) {
			return errs.New(errs.Conflict, "pact.not_collecting")
		}
		tx.Record(audit.Entry{Action: "pact.convention.opinion", Area: e.Content.Area, Subject: subject, SubjectID: id,
			Detail: map[string]any{"source": source}})
		_, err = tx.Exec(ctx, `INSERT INTO pact_opinion (shard, pact_id, id, seq, source, body, at, entered_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			e.Shard, e.ID, db.NewID(ctx), e.Seq, source, body, clock.Millis(tx.Now), by)
		return err
	})
}

// follower moves conventions with their communities.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "conventions",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "pact_edition", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM pact_edition WHERE latest = 1 AND area >= $1 AND area < $2`,
				area, authority.PrefixEnd(area))
		},
	}
}

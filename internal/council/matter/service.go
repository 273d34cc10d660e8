package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"linli/internal/council"
	"linli/internal/council/meeting"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Service keeps matters.
type Service struct {
	Council  *council.Service
	Meetings *meeting.Service
	Registry *registry.Service
	Log      *audit.Log
	Rules    *rule.Cache
	Ring     *seal.Ring
	Limits   *limit.Limiter
	Texts    *text.Catalogue
	Visitors Visitors
	Cases    Cases
}

const subject = "council.matter"

// Refusals.
var (
	errRequest   = errs.New(errs.Conflict, "council.matter.request")    // too few have asked
	errSource    = errs.New(errs.Invalid, "council.matter.source")      // no such incident in this community
	errOrigin    = errs.New(errs.Conflict, "council.matter.origin")     // whoever raises is not of the body that raises
	errBody      = errs.New(errs.Conflict, "council.matter.body")       // the body may not decide this
	errReserved  = errs.New(errs.Conflict, "council.matter.reserved")   // reserved by law, with the article
	errElsewhere = errs.New(errs.Conflict, "council.matter.elsewhere")  // the vote was taken in another community
	errEarlier   = errs.New(errs.Conflict, "council.matter.earlier")    // the vote was taken before the deliberation ended
	errUsed      = errs.New(errs.Conflict, "council.matter.vote_used")  // another matter rests on the vote
	errParty     = errs.New(errs.Conflict, "council.matter.party_vote") // no vote of a Party members' meeting
	errPassed    = errs.New(errs.Conflict, "council.matter.passed")     // the vote has passed: nothing is rejected
	errPosting   = errs.New(errs.Conflict, "council.matter.posting")    // the day lies before the step or ahead
	errExecutor  = errs.New(errs.Conflict, "council.matter.executor")   // what is watched is carried out by somebody
)

func itoa(n int) string { return strconv.Itoa(n) }

// number is the running number in an id of the record, e.g. 3 of "p3"; 0 for none.
func number(id string) int {
	if id == "" {
		return 0
	}
	n, _ := strconv.Atoi(id[1:])
	return n
}

// trace is what the audit log keeps of a matter.
func (m *Matter) trace() map[string]any {
	out := map[string]any{"number": m.Number, "state": m.State, "title": m.Title, "code": m.Code, "supporters": m.Supporters}
	if d := m.Record.Decision; d != nil {
		out["vote"] = d.Vote
	}
	return out
}

// New is a matter to be raised.
type New struct {
	Area    string
	Origin  string
	Content Content
	Request *Request // of residents or representatives
	Ref     string   // of an incident or a disclosure
	owner   string   // of a resident on the portal
}

// origins say what raising a matter from each origin needs.
var origins = map[string]string{FromParty: permReview, FromCommittee: permExecute, FromResidents: permRaise, FromRepresentatives: permRaise,
	FromResident: permRaise, FromIncident: permRaise, FromDisclosure: permRaise}

// Raise begins a matter for a member of staff. Errors: Invalid by field; Forbidden; Conflict "council.matter.origin" for who is not of the
// body that raises, "council.matter.request" with the article where too few have asked.
func (s *Service) Raise(ctx context.Context, n New) (Matter, error) {
	var out Matter
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permRaise, n.Area); err != nil {
			return err
		}
		if need := origins[n.Origin]; need == "" {
			return errs.ErrInvalid.At("origin", "field.choice")
		} else if !tx.Actor.Can(need, n.Area) {
			return errOrigin
		}
		var err error
		out, err = s.raise(ctx, tx, n)
		return err
	})
	return out, err
}

func (s *Service) raise(ctx context.Context, tx *audit.Tx, n New) (Matter, error) {
	m := Matter{Area: n.Area, Origin: n.Origin, Content: n.Content, Ref: fold.Compact(n.Ref), owner: n.owner, State: stateProposed, Version: 1,
		Record: Record{Rounds: []Deliberation{}, Plan: []PlanStep{}, Findings: []Finding{}, Checks: []MatterCheck{}, Grades: map[string]int{}}}
	a, ok := s.Registry.Area(n.Area)
	if !ok || a.Level != registry.LevelCommunity {
		return m, errs.ErrInvalid.At("area", "field.community")
	}
	today := clock.Day(tx.Now)
	m.Kind = kindOf(a)
	m.tidy()
	if err := m.Content.check(reservations(s.Rules, m.Kind, today)); err != nil {
		return m, err
	}
	switch n.Origin {
	case FromResidents, FromRepresentatives:
		r, err := s.requested(ctx, tx, &m, n.Request, today)
		if err != nil {
			return m, err
		}
		m.Record.Request = r
	case FromIncident:
		if err := s.Cases.In(ctx, tx, m.Ref, n.Area); err != nil {
			return m, errSource
		}
	case FromDisclosure:
		if m.Ref == "" {
			return m, errs.ErrInvalid.At("ref", "field.required")
		}
	case FromResident:
		m.State, m.Needed = stateGathering, s.Rules.Int(ruleSupporters, today)
	}
	m.Shard = db.Shard(n.Area)
	m.ID = m.Shard + "-" + db.NewID(ctx)
	m.RaisedAt, m.ChangedAt = clock.Millis(tx.Now), clock.Millis(tx.Now)
	s.term(&m, tx.Now)
	prefix := fmt.Sprintf("YT%d-%s-", tx.Now.In(clock.City).Year(), n.Area)
	count, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM council_matter WHERE shard = $1 AND number LIKE $2`, m.Shard, prefix+"%")
	if err != nil {
		return m, err
	}
	m.Number = prefix + itoa(count+1)
	tx.Record(audit.Entry{Action: permRaise, Area: m.Area, Subject: subject, SubjectID: m.ID, After: m.trace()})
	if err := insert(ctx, tx, &m); err != nil {
		return m, err
	}
	return m, s.event(ctx, tx, &m, verbRaise, "")
}

// requested judges whether enough have asked for a matter, by the numbers of the law that let them call an assembly.
func (s *Service) requested(ctx context.Context, r db.Reader, m *Matter, q *Request, today string) (*Request, error) {
	if q == nil {
		return nil, errs.ErrInvalid.At("request", "field.required")
	}
	out := *q
	out.CountedBy = fold.Line(q.CountedBy)
	b := bounds{errs.ErrInvalid}
	b.text("request.countedBy", out.CountedBy, 50, true)
	modes := []string{threshold.Voters, threshold.Households}
	if m.Origin == FromRepresentatives {
		modes = []string{threshold.Representatives}
	}
	b.choice("request.mode", out.Mode, modes...)
	if out.Asked > out.Entitled {
		b.refused = b.refused.At("request.asked", "field.choice")
	}
	if err := b.err(); err != nil {
		return nil, err
	}
	d, err := s.Council.Decide(ctx, r, threshold.Question{Matter: "assembly.call", Kind: m.Kind, Mode: out.Mode, On: today,
		Counts: threshold.Counts{Entitled: &out.Entitled, Yes: &out.Asked}})
	if err != nil {
		return nil, err
	}
	if !d.Passes {
		return nil, errRequest.With("have", out.Asked, "need", d.Short[0].Need, "basis", d.Law, "article", d.Article).By(d.Rule)
	}
	out.Rule, out.Citation = d.Rule, d.Law+d.Article
	return &out, nil
}

// term sets when the next step of a matter is due.
func (s *Service) term(m *Matter, now time.Time) {
	m.Due = 0
	if name := terms[m.State]; name != "" {
		m.Due = endOf(now.AddDate(0, 0, s.Rules.Int(name, clock.Day(now))))
	}
	if m.State == stateExecuting {
		for _, p := range m.Record.Plan {
			if at, err := time.ParseInLocation(time.DateOnly, p.Due, clock.City); err == nil && p.DoneAt == 0 && (m.Due == 0 || endOf(at) < m.Due) {
				m.Due = endOf(at)
			}
		}
	}
	for _, f := range m.Record.Findings {
		if f.AnswerAt == 0 && (m.Due == 0 || f.Due < m.Due) {
			m.Due = f.Due
		}
	}
}

// endOf is the last millisecond of a day in city time.
func endOf(at time.Time) int64 {
	at = at.In(clock.City)
	return clock.Millis(time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, clock.City))
}

// loaded completes a matter by what its guards ask: its reservation of the day, the bodies of its community, and whether the appraisal is
// over.
func (s *Service) loaded(ctx context.Context, r db.Reader, m *Matter, now time.Time) error {
	m.reserved = reservedOn(s.Rules, m.Kind, m.Code, clock.Day(now))
	m.appraised = m.State == stateDisclosed && m.Due > 0 && clock.Millis(now) > m.Due
	seated, err := registry.ListSeated(ctx, r, m.Area, registry.BodyCouncil)
	for _, x := range seated {
		m.council = m.council || x.Area == m.Area && x.InTerm(clock.Day(now))
	}
	return err
}

// judged is a matter that the actor may read, for a verb that state, authority and guards allow.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Matter, *row, error) {
	tx.Judged()
	m, err := find(ctx, tx, id)
	if err == nil {
		err = s.loaded(ctx, tx, &m, tx.Now)
	}
	if err != nil {
		return m, nil, err
	}
	t, err := lifecycle.Judge(&m, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: m.ID},
		Version: m.Version, By: version})
	if e := errs.Of(err); err != nil && e.Key == free.Key {
		err = errReserved.With("subject", errs.Key("council.matter.ui.code."+m.Code), "basis", m.reserved.Basis, "article",
			m.reserved.Article).By(m.reserved.key)
	}
	return m, t, err
}

// Change writes what was returned anew. Errors: Invalid; those of flow.Judge.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) error {
	c.tidy()
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, _, err := s.judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		if err := c.check(reservations(s.Rules, m.Kind, clock.Day(tx.Now))); err != nil {
			return err
		}
		before := m.trace()
		m.Content = c
		return s.keep(ctx, tx, &m, verbChange, "", before)
	})
}

// Plan sets the pieces of the execution. What is done stays. Errors: Invalid; those of flow.Judge.
func (s *Service) Plan(ctx context.Context, id string, version int64, plan []Piece) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, _, err := s.judged(ctx, tx, id, verbPlan, version)
		if err != nil {
			return err
		}
		before := m.trace()
		if m.Record.Plan, err = planned(m.Record.Plan, plan); err != nil {
			return err
		}
		s.term(&m, tx.Now)
		if terms[m.State] != "" { // a plan does not put off the announcement
			m.Due = endOf(clock.Instant(m.DecidedAt).AddDate(0, 0, s.Rules.Int(terms[m.State], clock.Day(tx.Now))))
		}
		return s.keep(ctx, tx, &m, verbPlan, "", before)
	})
}

// keep writes a matter with its audit record and its event.
func (s *Service) keep(ctx context.Context, tx *audit.Tx, m *Matter, verb flow.Verb, words string, before map[string]any) error {
	m.ChangedAt = clock.Millis(tx.Now)
	action := permRaise
	for _, t := range lifecycle.Transitions {
		if t.Verb == verb && t.Permissions[0] != flow.System {
			action = t.Permissions[0]
		}
	}
	tx.Record(audit.Entry{Action: action, Area: m.Area, Subject: subject, SubjectID: m.ID, Before: before, After: m.trace(),
		Detail: map[string]any{"verb": verb, "note": words}})
	if err := update(ctx, tx, m); err != nil {
		return err
	}
	return s.event(ctx, tx, m, verb, words)
}

// Sent is what a face sends with a verb.
type Sent struct {
	Note         string
	Item         string   // id of a piece of the plan, a finding or an opinion
	Spent        int64    // fen, with progress
	Executor     string   // with monitor
	Barred       bool     // with check
	Deliberation *Sitting // with deliberate
	Ballot       *Ballot  // with examine, decide, reject
	Posting      *Posting // with announce, disclose
}

// Step takes a verb of the lifecycle. Errors: those of flow.Judge and flow.CheckInput, and of what the verb demands.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in Sent) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, t, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		return s.take(ctx, tx, &m, t, verb, in)
	})
}

// take does a verb that was judged.
func (s *Service) take(ctx context.Context, tx *audit.Tx, m *Matter, t *flow.Transition[*Matter], verb flow.Verb, in Sent) error {
	words := flow.Input{Note: in.Note}
	if err := flow.CheckInput(t.Fields, &words); err != nil {
		return err
	}
	in.Note = words.Note
	before := m.trace()
	if e := effects[verb]; e != nil {
		if err := e(s, ctx, tx, m, &in); err != nil {
			return err
		}
	}
	m.State = t.After(m.State)
	if t.To != flow.Stay || verb == verbProgress || verb == verbFind || verb == verbAnswer {
		due := m.Due
		if s.term(m, tx.Now); t.To == flow.Stay && terms[m.State] != "" {
			m.Due = due
		}
	}
	return s.keep(ctx, tx, m, verb, in.Note, before)
}

// event writes a step into the history: who, for which body of the register, in which state it left the matter.
func (s *Service) event(ctx context.Context, tx *audit.Tx, m *Matter, verb flow.Verb, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_matter_event (shard, matter_id, id, verb, state, at, actor_id, actor_name, actor_body, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, m.Shard, m.ID, db.NewID(ctx), string(verb), string(m.State), clock.Millis(tx.Now), tx.Actor.ID,
		tx.Actor.Name, s.bodyOf(tx.Actor, m, verb), words)
	return err
}

// bodies are the kinds of bodies for which verbs are taken, by the permission of their rows.
var bodies = map[string]string{permReview: registry.BodyParty, permExecute: registry.BodyCommittee, permCouncil: registry.BodyCouncil,
	permSupervise: registry.BodySupervisory}

// bodyOf is the kind of body for which an actor takes a verb: that of the row, or of a deliberation the 议事会 where its members keep it.
func (s *Service) bodyOf(a *authority.Actor, m *Matter, verb flow.Verb) string {
	for _, t := range lifecycle.Transitions {
		if t.Verb != verb {
			continue
		}
		if t.Permissions[0] == permDeliberate {
			if m.council {
				return registry.BodyCouncil
			}
			return registry.BodyCommittee
		}
		if b := bodies[t.Permissions[0]]; b != "" {
			return b
		}
	}
	if verb == verbRaise {
		return map[string]string{FromParty: registry.BodyParty, FromCommittee: registry.BodyCommittee}[m.Origin]
	}
	for _, p := range []string{permCouncil, permExecute, permReview, permSupervise} {
		if !a.System && a.Can(p, m.Area) {
			return bodies[p]
		}
	}
	return ""
}

// MatterEvent is a step in the history of a matter.
type MatterEvent struct {
	Verb  string     `json:"verb"`
	State flow.State `json:"state"`
	At    int64      `json:"at"`
	By    string     `json:"by"`
	Body  string     `json:"body" doc:"Kind of the body for which it was taken; empty for none"`
	Note  string     `json:"note"`
}

func encoded(r *Record) (string, error) {
	raw, err := json.Marshal(r)
	return string(raw), err
}

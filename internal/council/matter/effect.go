package matter

import (
	"context"
	"strings"

	"linli/internal/council/meeting"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
)

type effect func(s *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error

// effects are what verbs do beside the change of state.
var effects = map[flow.Verb]effect{
	verbConsult: func(_ *Service, _ context.Context, _ *audit.Tx, m *Matter, in *Sent) error {
		m.Record.Joint = in.Note
		return nil
	},
	verbDeliberate: sit,
	verbImplement:  outcome(verbImplement),
	verbMonitor:    outcome(verbMonitor),
	verbRefer:      outcome(verbRefer),
	verbDisagree:   outcome(verbDisagree),
	verbExamine:    examine,
	verbDecide:     decide,
	verbReject:     reject,
	verbAnnounce:   announce,
	verbProgress:   progress,
	verbFind:       object,
	verbAnswer:     answer,
	verbCheck:      record,
	verbDisclose:   disclose,
	verbDrop:       ended,
	verbWithdraw:   ended,
	verbLapse:      ended,
	verbReturn:     ended,
	verbResubmit: func(_ *Service, _ context.Context, _ *audit.Tx, m *Matter, _ *Sent) error {
		m.Record.EndReason = ""
		return nil
	},
	verbWithhold: withhold,
	verbRestore:  restore,
}

func ended(_ *Service, _ context.Context, _ *audit.Tx, m *Matter, in *Sent) error {
	m.Record.EndReason = in.Note
	return nil
}

// sit begins a round of deliberation. Error: Invalid by field.
func sit(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	if in.Deliberation == nil {
		return errs.ErrInvalid.At("deliberation", "field.required")
	}
	d := Deliberation{Sitting: *in.Deliberation}
	if err := d.check(); err != nil {
		return err
	}
	m.Record.Rounds = append(m.Record.Rounds, d)
	return nil
}

// outcome writes minutes and outcome into the round under way. Error: Conflict "council.matter.executor" for what is watched without
// naming who carries it out.
func outcome(verb flow.Verb) effect {
	return func(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
		r := m.round()
		r.Executor = ""
		if verb == verbMonitor {
			if r.Executor = fold.Line(in.Executor); r.Executor == "" || !fold.Within(r.Executor, 100) {
				return errExecutor.By(ruleDeliberated)
			}
		}
		if r.Day > clock.Day(tx.Now) {
			return errPosting.With("day", r.Day)
		}
		r.Minutes, r.Outcome, r.At = in.Note, string(verb), clock.Millis(tx.Now)
		return nil
	}
}

// rests reads the vote on which something rests. passes says whether it must have passed. Errors: NotFound; Conflict of an unsigned
// meeting, a vote of another community, one taken before the deliberation ended, or one that went the other way.
func (s *Service) rests(ctx context.Context, tx *audit.Tx, m *Matter, asked *Ballot, passes bool) (*Ballot, error) {
	if asked == nil || asked.Meeting == "" || asked.Vote == "" {
		return nil, errs.ErrInvalid.At("ballot", "field.required")
	}
	mt, v, err := s.Meetings.Passed(ctx, tx, asked.Meeting, asked.Vote)
	failed := err != nil && errs.Of(err).Key == meeting.VoteFailed
	switch {
	case err != nil && (passes || !failed):
		return nil, err
	case err == nil && !passes:
		return nil, errPassed.With("number", mt.Number)
	case mt.Area != m.Area:
		return nil, errElsewhere.By(ruleDecided)
	}
	if r := m.round(); r != nil && (mt.Day < r.Day || v.At < r.At && mt.Day <= r.Day) {
		return nil, errEarlier.With("day", mt.Day, "deliberated", r.Day).By(ruleOrder)
	}
	return &Ballot{Meeting: mt.ID, Vote: v.ID, Number: mt.Number, Body: mt.Body, Day: mt.Day, Question: v.Question, Entitled: v.Entitled,
		Present: v.Present, Yes: v.Yes, No: v.No, Abstain: v.Abstain, Passes: v.Passes, Citation: v.Decision.Basis + v.Decision.Article,
		Digest: mt.Digest}, nil
}

// examine keeps the vote of the Party members' meeting of a village.
func examine(s *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	b, err := s.rests(ctx, tx, m, in.Ballot, true)
	if err == nil && b.Body != meeting.Party {
		err = errParty.By(ruleExamined)
	}
	m.Record.Examined = b
	return err
}

// decide rests a decision on a vote of a body that may take it.
func decide(s *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	return s.resolve(ctx, tx, m, in.Ballot, true)
}

// reject rests the end of a matter on a vote that did not pass.
func reject(s *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	if err := s.resolve(ctx, tx, m, in.Ballot, false); err != nil {
		return err
	}
	m.Record.EndReason = m.Record.Decision.Number
	return nil
}

func (s *Service) resolve(ctx context.Context, tx *audit.Tx, m *Matter, asked *Ballot, passes bool) error {
	b, err := s.rests(ctx, tx, m, asked, passes)
	if err != nil {
		return err
	}
	if e := m.Record.Examined; e != nil && b.Day < e.Day {
		return errEarlier.With("day", b.Day, "deliberated", e.Day).By(ruleExamined)
	}
	reserved := reservedOn(s.Rules, m.Kind, m.Code, b.Day)
	delegated, err := s.delegated(ctx, tx, m.Area, m.Code, b.Day)
	if err != nil {
		return err
	}
	if !s.MayDecide(m.Kind, m.Code, b.Day, b.Body, m.State != stateAgreed, delegated) {
		if reserved.key != "" {
			return errReserved.With("subject", errs.Key("council.matter.ui.code."+m.Code), "basis", reserved.Basis, "article",
				reserved.Article).By(reserved.key)
		}
		return errBody.With("body", errs.Key("council.ui.organ."+m.Kind+"."+b.Body)).By(ruleDecided)
	}
	used, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM council_matter WHERE shard = $1 AND decision_vote = $2`, m.Shard, b.Vote)
	if err != nil {
		return err
	}
	if used > 0 {
		return errUsed.By(ruleDecided)
	}
	m.Record.Decision, m.DecidedAt = b, clock.Millis(tx.Now)
	return nil
}

// posted is a posting whose day lies between the step that it follows and today.
func posted(p *Posting, tx *audit.Tx, after string, words bool) (*Posting, error) {
	if p == nil {
		return nil, errs.ErrInvalid.At("posting", "field.required")
	}
	out := *p
	if err := out.check(words); err != nil {
		return nil, err
	}
	if out.Day < after || out.Day > clock.Day(tx.Now) {
		return nil, errPosting.With("day", after)
	}
	out.At = clock.Millis(tx.Now)
	return &out, nil
}

func announce(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) (err error) {
	m.Record.Announced, err = posted(in.Posting, tx, m.Record.Decision.Day, false)
	return err
}

func disclose(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) (err error) {
	m.Record.Result, err = posted(in.Posting, tx, m.Record.Announced.Day, true)
	return err
}

// progress notes that a piece of the plan is done, what it has cost and how. Error: NotFound.
func progress(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	for i := range m.Record.Plan {
		p := &m.Record.Plan[i]
		if p.ID != in.Item || p.DoneAt > 0 {
			continue
		}
		words := fold.Line(in.Note)
		if !fold.Within(words, maxNote) || in.Spent < 0 {
			return errs.ErrInvalid.At("note", "field.too_long", "max", maxNote)
		}
		p.DoneAt, p.Spent, p.Note = clock.Millis(tx.Now), in.Spent, words
		in.Note = strings.TrimSpace(p.Title + " " + words)
		return nil
	}
	return errs.ErrNotFound
}

// object keeps a finding of the supervisory body, which the committee has to answer.
func object(s *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	m.Record.Findings = append(m.Record.Findings, Finding{ID: "f" + itoa(len(m.Record.Findings)+1), Text: in.Note, By: tx.Actor.Name,
		At: clock.Millis(tx.Now), Due: endOf(tx.Now.AddDate(0, 0, s.Rules.Int(ruleAnswer, clock.Day(tx.Now))))})
	return nil
}

// answer answers a finding once. Error: NotFound for one that is answered or none.
func answer(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	for i := range m.Record.Findings {
		if f := &m.Record.Findings[i]; f.ID == in.Item && f.AnswerAt == 0 {
			f.Answer, f.AnswerBy, f.AnswerAt = in.Note, tx.Actor.Name, clock.Millis(tx.Now)
			return nil
		}
	}
	return errs.ErrNotFound
}

// record keeps whether near relatives of the committee are among the supervisors, and of whom it was asked.
func record(_ *Service, _ context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	result := "clear"
	if in.Barred {
		result = "barred"
	}
	m.Record.Checks = append(m.Record.Checks, MatterCheck{What: checkedRelatives, Result: result, Source: in.Note, By: tx.Actor.Name,
		At: clock.Millis(tx.Now)})
	return nil
}

// withhold takes the words of a matter, or of the opinion that is named, from the page; the reason stands in their place.
func withhold(_ *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	if in.Item == "" {
		m.Withheld = in.Note
		return nil
	}
	return setWithheld(ctx, tx, m, in.Item, in.Note)
}

func restore(_ *Service, ctx context.Context, tx *audit.Tx, m *Matter, in *Sent) error {
	if in.Item == "" {
		m.Withheld = ""
		return nil
	}
	return setWithheld(ctx, tx, m, in.Item, "")
}

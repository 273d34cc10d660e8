package casework

import (
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// Outcome is what was decided of a case. The step that decides declares it (flow.Transition.Outcome);
// a case that is opened again has none until the next decision.
type Outcome string

const (
	Granted   Outcome = "granted"   // 准予办理
	Denied    Outcome = "denied"    // 不予办理
	Refused   Outcome = "refused"   // 不予受理
	Completed Outcome = "completed" // 已办结
	Dismissed Outcome = "dismissed" // 不予立案
	Withdrawn Outcome = "withdrawn" // 已撤回
)

// Outcomes lists them all.
var Outcomes = []Outcome{Granted, Denied, Refused, Completed, Dismissed, Withdrawn}

// OutcomeTone is how an outcome reads for who asked: what was wanted, what was not, or neither.
var OutcomeTone = map[Outcome]string{Granted: "good", Completed: "good", Denied: "bad",
	Refused: "bad", Dismissed: "bad", Withdrawn: "neutral"}

// Remedy is something that the reporter can do about an outcome.
type Remedy string

const (
	RemedyReview  Remedy = "review"  // 行政复议
	RemedySuit    Remedy = "suit"    // 行政诉讼
	RemedyAnew    Remedy = "anew"    // apply or report again
	RemedyHotline Remedy = "hotline" // 12345
)

// remedies of each outcome, those of administrative law first: they stand for decisions of an
// authority alone (Matter.Authority).
var remedies = map[Outcome][]Remedy{
	Denied:    {RemedyReview, RemedySuit, RemedyHotline},
	Refused:   {RemedyReview, RemedySuit, RemedyAnew, RemedyHotline},
	Dismissed: {RemedyAnew, RemedyHotline},
	Withdrawn: {RemedyAnew},
}

// Rules of the remedies: the time in which they are open, from the day on which the decision was told.
const (
	ruleReviewDays = "casework.remedy.review"
	ruleSuitMonths = "casework.remedy.suit"
)

// OutcomeView is what was decided, by whom, why, and what can be done about it.
type OutcomeView struct {
	Kind     Outcome      `json:"kind" enum:"granted,denied,refused,completed,dismissed,withdrawn"`
	Tone     string       `json:"tone" enum:"good,bad,neutral" doc:"How it reads for who asked"`
	At       int64        `json:"at"`
	By       *Named       `json:"by,omitempty" doc:"Body that decided, as it was called then"`
	Reason   string       `json:"reason" doc:"What the decision said to the reporter"`
	ToldAt   *int64       `json:"toldAt" nullable:"true" doc:"When the decision was delivered; absent while it is under way"`
	Remedies []RemedyView `json:"remedies"`
}

// RemedyView is one thing that can be done, by when and by which article.
type RemedyView struct {
	Kind  Remedy `json:"kind" enum:"review,suit,anew,hotline"`
	Until string `json:"until,omitempty" doc:"Last day, YYYY-MM-DD; none is set where empty"`
	Rule  string `json:"rule,omitempty" doc:"Citation"`
}

// outcome reads from the timeline what the case's row says was decided; nil while nothing is.
func (s *Service) outcome(m *Matter, c *Case, events []EventView) *OutcomeView {
	if c.Outcome == "" {
		return nil
	}
	v := &OutcomeView{Kind: c.Outcome, Tone: OutcomeTone[c.Outcome], Remedies: []RemedyView{}}
	for _, e := range events {
		t, ok := m.Flow.Find(e.From, e.Verb)
		switch {
		case ok && t.Outcome == string(c.Outcome):
			v.At, v.By, v.Reason, v.ToldAt = e.At, e.By, e.Note, nil
			if !m.Flow.IsOpen(e.To) {
				v.ToldAt = &e.At
			}
		case v.At != 0 && v.ToldAt == nil && !m.Flow.IsOpen(e.To):
			v.ToldAt = &e.At
		}
	}
	for _, kind := range remedies[c.Outcome] {
		if r, open := s.remedy(m, c, kind, v); open {
			v.Remedies = append(v.Remedies, r)
		}
	}
	return v
}

// remedy is one remedy with its last day. Days are counted as the law counts them: the day on which
// the decision was told is not one of them, and a last day that is no working day moves to the next.
func (s *Service) remedy(m *Matter, c *Case, kind Remedy, v *OutcomeView) (RemedyView, bool) {
	r := RemedyView{Kind: kind}
	rule := map[Remedy]string{RemedyReview: ruleReviewDays, RemedySuit: ruleSuitMonths}[kind]
	if rule == "" {
		return r, true
	}
	if m.Authority == nil || !m.Authority(c.Subject) {
		return r, false
	}
	told := clock.Instant(v.At)
	if v.ToldAt != nil {
		told = clock.Instant(*v.ToldAt)
	}
	n := s.Rules.Int(rule, clock.Day(told))
	last := told.AddDate(0, n, 0)
	if kind == RemedyReview {
		last = told.AddDate(0, 0, n)
	}
	r.Until = s.Calendar.Now().WorkdayFrom(last)
	if cited, ok := s.Rules.On(rule, clock.Day(told)); ok {
		r.Rule = strings.TrimSpace(cited.Basis + " " + cited.Article)
	}
	return r, true
}

// Decide keeps what a step decides.
func (c *Case) Decide(t *flow.Transition[*Case]) {
	if t.Outcome != "" {
		c.Outcome = Outcome(t.Outcome)
	}
}

package form

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	fields "linli/internal/platform/form"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Pass is what lets a form through: its number and end stand on every form that is shown and printed.
type Pass struct {
	Number string `json:"number" doc:"Of the admission, or code of the listed duty"`
	Title  string `json:"title"`
	Until  string `json:"until" doc:"Last day on which communities need to answer; empty for a duty without end"`
	Duty   bool   `json:"duty" doc:"It rests on a listed duty"`
	Live   bool   `json:"live" doc:"Communities need to answer; false: nobody need fill this in"`
	Cause  string `json:"cause" enum:",closed,ended,money,review,decision" doc:"Why it is not live; the last three: suspended"`
}

// SendingView is a sending as lists show it.
type SendingView struct {
	ID         string `json:"id"`
	Form       string `json:"form" doc:"Id of the form as it was designed"`
	Title      string `json:"title"`
	State      string `json:"state" enum:"preparing,open,ended"`
	Body       string `json:"body" doc:"Name of the department's body"`
	Area       string `json:"area"`
	Places     string `json:"places" doc:"Name of the smallest area that holds all communities asked"`
	Pass       Pass   `json:"pass"`
	DueOn      string `json:"dueOn"`
	Total      int    `json:"total" doc:"Communities asked"`
	Prepared   int    `json:"prepared" doc:"Of these, that have it"`
	Wanted     int    `json:"wanted" doc:"Fields, of all communities that have it"`
	Prefilled  int    `json:"prefilled" doc:"Of these, filled in before: so many need not be typed"`
	Saved      int    `json:"saved" doc:"Minutes that this saves, by the tariff exchange.field.minutes"`
	SentAt     int64  `json:"sentAt"`
	Sender     string `json:"sender"`
	RemindedAt int64  `json:"remindedAt"`
	EndedAt    int64  `json:"endedAt"`
	PassEnded  bool   `json:"passEnded" doc:"It ended with its admission or duty, not by the department"`
	Carrier    string `json:"carrier" doc:"Id of the task that it goes with, which reminds, takes and returns; empty for one sent by itself"`
	EndReason  string `json:"endReason" doc:"As the department said, or why its admission ended; may be empty"`
	Version    int64  `json:"version"`
}

func (s *Service) pass(of *Sending, day string) Pass {
	p := Pass{Number: of.Pass.Number, Title: of.Pass.Title, Until: of.Pass.Until, Duty: of.Duty, Live: of.Live(day) && !of.Halted()}
	switch _, passEnded := of.ended(); {
	case of.Halted():
		p.Cause = cmp.Or(of.standing.Cause, "decision")
	case of.State == string(stateEnded) && !passEnded:
		p.Cause = "closed"
	case !p.Live:
		p.Cause = reasonEnded
	}
	return p
}

func (s *Service) sendingView(ctx context.Context, of *Sending) SendingView {
	lang, day := text.From(ctx), clock.Day(clock.Now(ctx))
	why, passEnded := of.ended()
	return SendingView{ID: of.ID, Form: of.Form, Title: of.Title.In(lang), State: of.State, Body: s.Registry.BodyName(of.Body), Area: of.Area,
		Places: s.Registry.PathIn(of.Area, lang), Pass: s.pass(of, day), DueOn: of.DueOn, Total: of.Total, Prepared: of.Prepared,
		Wanted: of.Wanted, Prefilled: of.Prefilled, Saved: s.saved(of.Prefilled, day), SentAt: of.SentAt, Sender: of.Sender,
		RemindedAt: of.RemindedAt, EndedAt: of.EndedAt, PassEnded: passEnded, EndReason: why,
		Carrier: of.Carrier, Version: of.Version}
}

// saved are the minutes that fields which were filled in before save, by the tariff of a day.
func (s *Service) saved(prefilled int, day string) int {
	return prefilled * s.Rules.Int(ruleTariff, day) / 10
}

// SendingCount is how far an area has come.
type SendingCount struct {
	Area      string `json:"area"`
	Name      string `json:"name"`
	Asked     int    `json:"asked" doc:"Waits for the community"`
	Submitted int    `json:"submitted" doc:"Waits for the department"`
	Returned  int    `json:"returned"`
	Accepted  int    `json:"accepted"`
	Lapsed    int    `json:"lapsed"`
	Late      int    `json:"late" doc:"Of those that wait for the community, past the deadline"`
}

func (c *SendingCount) add(state string, n, late int) {
	switch state {
	case string(stateAsked):
		c.Asked += n
		c.Late += late
	case string(stateReturned):
		c.Returned += n
		c.Late += late
	case string(stateSubmitted):
		c.Submitted += n
	case string(stateAccepted):
		c.Accepted += n
	case string(stateLapsed):
		c.Lapsed += n
	}
}

// SendingMove is a step that the reader may take now.
type SendingMove struct {
	Verb   string `json:"verb"`
	Danger bool   `json:"danger"`
	Note   bool   `json:"note" doc:"It needs a reason"`
}

// SendingDetail is a sending with its progress and what it took.
type SendingDetail struct {
	SendingView
	Purpose  string         `json:"purpose"`
	Fields   []fields.View  `json:"fields"`
	Counties []SendingCount `json:"counties"`
	Streets  []SendingCount `json:"streets"`
	Measured Measured       `json:"measured"`
	Declared int            `json:"declared" doc:"Minutes that the department declared for each community"`
	Allowed  []SendingMove  `json:"allowed"`
}

// Measured is how long answering took, as far as it was done.
type Measured struct {
	Answers int `json:"answers" doc:"Answers that were sent"`
	Minutes int `json:"minutes" doc:"All together"`
	Median  int `json:"median" doc:"Minutes"`
}

// Show is a sending with its progress by county and street. Errors: NotFound.
func (s *Service) Show(ctx context.Context, id string) (SendingDetail, error) {
	of, err := findSending(ctx, s.Log.DB, id)
	if err != nil {
		return SendingDetail{}, err
	}
	by := authority.From(ctx)
	if !seesSending(by, &of) {
		return SendingDetail{}, errs.ErrNotFound
	}
	if err := s.stand(ctx, s.Log.DB, &of); err != nil {
		return SendingDetail{}, err
	}
	lang, day := text.From(ctx), clock.Day(clock.Now(ctx))
	d := SendingDetail{SendingView: s.sendingView(ctx, &of), Purpose: of.Purpose.In(lang), Fields: fields.Views(of.plain(), lang, day),
		Declared: of.Minutes, Allowed: []SendingMove{}}
	for _, t := range sendings.Allowed(&of, by) {
		d.Allowed = append(d.Allowed, SendingMove{Verb: string(t.Verb), Danger: t.Danger, Note: len(t.Fields) > 0})
	}
	if d.Counties, d.Streets, err = progress(s, ctx, &of, day); err != nil {
		return d, err
	}
	d.Measured, err = measured(s, ctx, &of)
	return d, err
}

// levels are those by which progress is shown.
const (
	countyDigits = 6
	streetDigits = 9
)

func progress(s *Service, ctx context.Context, of *Sending, day string) (counties, streets []SendingCount, err error) {
	type part struct {
		street, state string
		n, late       int
	}
	parts, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (p part, err error) { return p, r.Scan(&p.street, &p.state, &p.n, &p.late) },
		fmt.Sprintf(`SELECT SUBSTR(area, 1, %d) AS street, state, COUNT(*), SUM(CASE WHEN due_on < $1 THEN 1 ELSE 0 END) FROM exchange_answer
		WHERE sending_id = $2 GROUP BY SUBSTR(area, 1, %d), state ORDER BY street`, streetDigits, streetDigits), day, of.ID)
	add := func(all []SendingCount, code string, p *part) []SendingCount {
		if of.Halted() {
			p.late = 0
		}
		if n := len(all); n == 0 || all[n-1].Area != code {
			all = append(all, SendingCount{Area: code, Name: nameOf(s, ctx, code)})
		}
		all[len(all)-1].add(p.state, p.n, p.late)
		return all
	}
	counties, streets = []SendingCount{}, []SendingCount{}
	for i := range parts {
		p := &parts[i]
		streets = add(streets, p.street, p)
		counties = add(counties, p.street[:min(len(p.street), countyDigits)], p)
	}
	return counties, streets, err
}

func nameOf(s *Service, ctx context.Context, code string) string {
	a, ok := s.Registry.Area(code)
	if !ok {
		return code
	}
	return registry.NameIn(a, text.From(ctx))
}

func measured(s *Service, ctx context.Context, of *Sending) (m Measured, err error) {
	all, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (n int, err error) {
		var a Answer
		err = r.Scan(&a.Spent, &a.Minutes)
		return a.Measured(), err
	}, `SELECT spent, minutes FROM exchange_answer WHERE sending_id = $1 AND submitted_at > 0`, of.ID)
	slices.Sort(all)
	for _, n := range all {
		m.Minutes += n
	}
	if m.Answers = len(all); m.Answers > 0 {
		m.Median = all[(m.Answers-1)/2]
	}
	return m, err
}

// AnswerSummary is an answer as lists show it.
type AnswerSummary struct {
	ID          string `json:"id"`
	Sending     string `json:"sending" doc:"Id"`
	Title       string `json:"title"`
	Body        string `json:"body" doc:"Name of the department's body"`
	Area        string `json:"area"`
	AreaName    string `json:"areaName"`
	State       string `json:"state" enum:"asked,submitted,returned,accepted,lapsed"`
	DueOn       string `json:"dueOn"`
	Late        bool   `json:"late" doc:"It waits for the community, and the deadline has passed"`
	Reminded    bool   `json:"reminded" doc:"The department has asked for it once more"`
	Wanted      int    `json:"wanted" doc:"Fields"`
	Prefilled   int    `json:"prefilled" doc:"Of these, filled in before"`
	Minutes     int    `json:"minutes" doc:"That it took so far"`
	SubmittedAt int64  `json:"submittedAt"`
	Pass        Pass   `json:"pass"`
	Carrier     string `json:"carrier" doc:"Id of the task that it goes with; empty for one sent by itself"`
	Version     int64  `json:"version"`
}

func answerSummary(s *Service, ctx context.Context, a *Answer, of *Sending) AnswerSummary {
	day, lang := clock.Day(clock.Now(ctx)), text.From(ctx)
	waits := (a.State == string(stateAsked) || a.State == string(stateReturned)) && !of.Halted()
	return AnswerSummary{ID: a.ID, Sending: a.Sending, Title: of.Title.In(lang), Body: s.Registry.BodyName(of.Body), Area: a.Area,
		AreaName: nameOf(s, ctx, a.Area), State: a.State, DueOn: a.DueOn, Late: waits && a.DueOn < day, Reminded: waits && a.RemindedAt > 0,
		Wanted: a.Wanted, Prefilled: a.Prefilled, Minutes: a.Measured(), SubmittedAt: a.SubmittedAt, Pass: s.pass(of, day),
		Carrier: of.Carrier, Version: a.Version}
}

// HeldView is a value that was filled in before.
type HeldView struct {
	Value  fields.Answer `json:"value" doc:"Of what is personal the masked words"`
	Words  string        `json:"words" doc:"As people read it; masked where it is personal"`
	Source string        `json:"source"`
	AsOf   string        `json:"asOf" doc:"YYYY-MM-DD"`
}

// QuestionView is a question with what is known and what was answered.
type QuestionView struct {
	Field  fields.View   `json:"field"`
	Masked bool          `json:"masked" doc:"Personal: shown whole for a purpose alone"`
	Held   *HeldView     `json:"held,omitempty" doc:"Filled in before"`
	Mark   string        `json:"mark" enum:",confirmed,disputed"`
	Why    string        `json:"why" doc:"Of what was disputed"`
	Answer fields.Answer `json:"answer" doc:"Typed; whoever fills it in reads it whole until it is sent"`
	Words  string        `json:"words" doc:"What was answered, as people read it; masked where it is personal"`
	Reason string        `json:"reason" doc:"Why it was returned"`
}

// AnswerDetail is an answer with its form.
type AnswerDetail struct {
	AnswerSummary
	Purpose   string         `json:"purpose"`
	Questions []QuestionView `json:"questions"`
	Files     []File         `json:"files"`
	Events    []AnswerEvent  `json:"events"`
	Disputes  []DisputeView  `json:"disputes"`
	Submitter string         `json:"submitter"`
	Judge     string         `json:"judge"`
	Allowed   []string       `json:"allowed" doc:"Verbs that the reader may take now"`
}

// View is an answer as its reader sees it. Error: NotFound.
func (s *Service) View(ctx context.Context, id string) (AnswerDetail, error) {
	a, err := s.answer(ctx, s.Log.DB, id)
	if err != nil {
		return AnswerDetail{}, err
	}
	by, lang := authority.From(ctx), text.From(ctx)
	if !seesAnswer(by, &a) {
		return AnswerDetail{}, errs.ErrNotFound
	}
	d := AnswerDetail{AnswerSummary: answerSummary(s, ctx, &a, a.of), Purpose: a.of.Purpose.In(lang), Submitter: a.Submitter, Judge: a.Judge,
		Questions: []QuestionView{}, Allowed: []string{}}
	for _, t := range answers.Allowed(&a, by) {
		d.Allowed = append(d.Allowed, string(t.Verb))
	}
	if d.Files, err = listFiles(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	typing := slices.Contains(d.Allowed, string(verbSave))
	for i := range a.of.Questions {
		d.Questions = append(d.Questions, questionView(s, &a, &a.of.Questions[i], lang, d.Files, typing))
	}
	if d.Events, err = listEvents(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	d.Disputes, _, err = s.Disputes(ctx, DisputeFilter{answer: id, Limit: fields.MaxFields + 1})
	return d, err
}

func questionView(s *Service, a *Answer, q *Question, lang text.Lang, files []File, typing bool) QuestionView {
	name := namer(s, lang, files)
	v := QuestionView{Field: fields.Views([]fields.Field{q.Field}, lang, a.today)[0], Masked: q.Masked(), Mark: a.Marks[q.Key],
		Why:    a.Why[q.Key],
		Reason: a.Reasons[q.Key], Words: q.Mask(a.given(q.Key), lang, name)}
	if h, ok := a.Held[q.Key]; ok {
		v.Held = &HeldView{Value: h.Value, Words: q.Mask(h.Value, lang, name), Source: h.Source.In(lang), AsOf: h.AsOf}
		if v.Masked {
			v.Held.Value = fields.One(v.Held.Words)
		}
		if v.Mark == "" {
			v.Words = "" // nobody has said yet that it is right
		}
	}
	if typing || !v.Masked {
		v.Answer = a.Answers[q.Key]
	}
	return v
}

// DisputeView is a dispute as its readers see it.
type DisputeView struct {
	ID        string `json:"id"`
	Answer    string `json:"answer" doc:"Id"`
	Field     string `json:"field"`
	Label     string `json:"label"`
	Element   string `json:"element"`
	Area      string `json:"area"`
	AreaName  string `json:"areaName"`
	Body      string `json:"body" doc:"Name of the body that answers for the element"`
	Held      string `json:"held" doc:"In words; masked where it is personal"`
	Claim     string `json:"claim" doc:"What the community says instead, likewise"`
	Source    string `json:"source"`
	AsOf      string `json:"asOf"`
	Reason    string `json:"reason"`
	State     string `json:"state" enum:"claimed,corrected,upheld"`
	At        int64  `json:"at"`
	By        string `json:"by"`
	DueOn     string `json:"dueOn" doc:"Empty while the working days of that year are not known"`
	Late      bool   `json:"late"`
	DecidedAt int64  `json:"decidedAt"`
	Decider   string `json:"decider"`
	Decision  string `json:"decision"`
	Decidable bool   `json:"decidable" doc:"By the reader, now"`
	Version   int64  `json:"version"`
}

func disputeView(s *Service, ctx context.Context, d *Dispute, q *Question) DisputeView {
	lang, day := text.From(ctx), clock.Day(clock.Now(ctx))
	v := DisputeView{ID: d.ID, Answer: d.Answer, Field: d.Field, Label: d.Label.In(lang), Element: d.Element, Area: d.Area,
		AreaName: nameOf(s, ctx, d.Area), Body: s.Registry.BodyName(d.Body), Source: d.Held.Source.In(lang), AsOf: d.Held.AsOf, Reason: d.Reason,
		State: d.State, At: d.At, By: d.By, DueOn: d.DueOn, DecidedAt: d.DecidedAt, Decider: d.Decider, Decision: d.Decision, Version: d.Version}
	v.Late = d.State == string(stateClaimed) && d.DueOn != "" && d.DueOn < day
	v.Held, v.Claim = q.Mask(d.Held.Value, lang, namer(s, lang, nil)), q.Mask(d.Claim, lang, namer(s, lang, nil))
	if t, ok := disputes.Find(stateClaimed, verbCorrect); ok {
		v.Decidable = disputes.Offers(t, d, authority.From(ctx))
	}
	return v
}

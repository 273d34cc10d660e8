package form

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
)

//go:embed demo.json
var demoSendings []byte

// demoSending is one of demo.json: a form of the demo's department, sent so many days before the end of the demo's year, and
// what each community of the street does with it, in the order of their codes.
type demoSending struct {
	Form    string // Chinese title
	Days    int
	Minutes int
	Fates   []string                   // one of demoFates a community
	Values  map[string][]fields.Answer // by question; each community takes the next
	Claims  map[string]fields.Answer   // of what is disputed
	Why     string
	Verdict string            // of the owner
	Reasons map[string]string // of what is returned
	Again   fields.Answers    // what is answered then
	Close   string            // why it is closed; "": it goes on
}

// Logins of the demo, the street whose communities are asked, and the community whose dispatcher has a login of their own.
const (
	demoSender, demoOwner = "clerk", "head"
	demoStreet            = "320703001"
	demoHome              = "320703001007"
)

// demo sends the forms that rest on an admission. One is finished: returned once and disputed once on the way; another goes on,
// with communities that are late.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []demoSending
	if err := json.Unmarshal(demoSendings, &all); err != nil {
		return err
	}
	ids, err := s.Forms.All(ctx)
	if err != nil {
		return err
	}
	forms := map[string]string{}
	for _, id := range ids {
		d, err := s.Forms.Sendable(ctx, s.Log.DB, id)
		if err != nil {
			return err
		}
		if d.Admission != "" {
			forms[d.Title.In(text.Chinese)] = id
		}
	}
	for i := range all {
		if id := forms[all[i].Form]; id != "" {
			if err := s.demoSend(ctx, city, &all[i], id); err != nil {
				return fmt.Errorf("%s: %w", all[i].Form, err)
			}
		}
	}
	return nil
}

func (s *Service) demoSend(ctx context.Context, city module.Demo, d *demoSending, id string) error {
	p := player{s: s, city: city, d: d, at: demoHour(city.Now.AddDate(0, 0, -d.Days), 9, 30)}
	by, err := city.As(ctx, demoSender, p.at)
	if err != nil {
		return err
	}
	of, err := s.Send(by, NewSending{Form: id, Areas: []string{demoStreet}, Minutes: d.Minutes})
	if k := errs.Of(err).Kind; err != nil && (k == errs.Conflict || k == errs.Invalid) { // at the turn of a year the calendar ends
		slog.InfoContext(ctx, "a form of the demo is not sent", "form", d.Form, "refusal", errs.Of(err).Key)
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.Prepare(authority.With(clock.With(ctx, p.at), authority.SystemActor("demo"))); err != nil {
		return err
	}
	rows, err := db.All(ctx, s.Log.DB, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer WHERE sending_id = $1 ORDER BY area`, of.ID)
	for i := range rows {
		if err == nil && i < len(d.Fates) {
			err = p.play(ctx, rows[i].ID, rows[i].Area, i)
		}
	}
	if err != nil {
		return err
	}
	return p.end(ctx, of.ID)
}

func demoHour(day time.Time, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, clock.City)
}

// player plays one sending.
type player struct {
	s    *Service
	city module.Demo
	d    *demoSending
	at   time.Time // when it was sent
}

// end closes the sending, or asks once more for what is late.
func (p *player) end(ctx context.Context, id string) error {
	at := p.at.AddDate(0, 0, p.d.Days-2)
	if p.d.Close != "" {
		at = p.at.AddDate(0, 0, 30)
	}
	by, err := p.city.As(ctx, demoSender, at)
	switch {
	case err != nil:
		return err
	case p.d.Close != "":
		return p.s.Close(by, id, 0, p.d.Close)
	}
	return p.s.Remind(by, id, 0)
}

// demoFates are the steps of a community and of the department on its answer.
var demoFates = map[string][]string{
	"accept": {"submit", "accept"}, "again": {"submit", "return", "resubmit", "accept"}, "dispute": {"dispute", "correct", "accept"},
	"claim": {"dispute"}, "submit": {"submit"}, "return": {"submit", "return"}, "draft": {"draft"},
}

// play has one community do what it does; each step is a day after the one before.
func (p *player) play(ctx context.Context, id, area string, i int) error {
	filler := "dispatcher-" + area
	if area == demoHome {
		filler = "dispatcher"
	}
	for n, step := range demoFates[p.d.Fates[i]] {
		at := demoHour(p.at.AddDate(0, 0, 1+i%3+n), 9+i%7, 5*i%60)
		if at.After(p.city.Now) {
			return nil
		}
		login := filler
		switch step {
		case "accept", "return":
			login = demoSender
		case "correct":
			login = demoOwner
		}
		by, err := p.city.As(ctx, login, at)
		if err == nil {
			err = p.step(by, id, step, i)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", area, step, err)
		}
	}
	return nil
}

func (p *player) step(by context.Context, id, step string, i int) error {
	a, err := p.s.answer(by, p.s.Log.DB, id)
	if err != nil {
		return err
	}
	switch step {
	case "accept":
		return p.s.Accept(by, id, a.Version)
	case "return":
		return p.s.Return(by, id, a.Version, p.d.Reasons)
	case "correct":
		dispute, err := db.One(by, p.s.Log.DB, scanDispute,
			`SELECT `+disputeColumns+` FROM exchange_dispute WHERE shard = $1 AND answer_id = $2`, a.Shard, a.ID)
		if err != nil {
			return err
		}
		return p.s.Decide(by, dispute.ID, dispute.Version, flow.Verb(step), p.d.Verdict)
	}
	if err := p.s.Open(by, id); err != nil {
		return err
	}
	later := clock.With(by, clock.Now(by).Add(time.Duration(4+i*5%7)*time.Minute))
	filled := p.filled(&a, step, i)
	if step == "draft" {
		return p.s.Save(later, id, a.Version, filled)
	}
	return p.s.Submit(later, id, a.Version, filled)
}

// filled is what a community answers: what is held is confirmed, but for what it disputes.
func (p *player) filled(a *Answer, step string, i int) Filled {
	f := Filled{Answers: fields.Answers{}, Marks: map[string]string{}, Why: map[string]string{}}
	for n := range a.of.Questions {
		q := &a.of.Questions[n]
		values, claim := p.d.Values[q.Key], p.d.Claims[q.Key]
		if _, held := a.Held[q.Key]; held {
			if f.Marks[q.Key] = markConfirmed; step == "dispute" && !claim.Empty() {
				f.Marks[q.Key], f.Answers[q.Key], f.Why[q.Key] = markDisputed, claim, p.d.Why
			}
		} else if len(values) > 0 && (step != "draft" || n%2 == 0) {
			f.Answers[q.Key] = values[i%len(values)]
		}
		if again := p.d.Again[q.Key]; step == "resubmit" && !again.Empty() {
			f.Answers[q.Key] = again
		}
	}
	return f
}

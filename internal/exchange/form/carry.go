package form

import (
	"context"
	"strings"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
)

// A task that is answered by a form carries a sending: the same rows, filled in before in the same way. What becomes of an answer
// then follows the community's case; the room itself neither reminds of it nor judges it.

// Carrier lets tasks carry forms; it implements [gate.Forms].
type Carrier struct{ *Service }

var _ gate.Forms = Carrier{}

// Carriable is the title of a form that a body may let a task carry; see [gate.Forms].
func (s Carrier) Carriable(ctx context.Context, r db.Reader, form, body, admission string) (text.Pair, error) {
	d, err := s.carriable(ctx, r, form, body, admission)
	return d.Title, err
}

func (s Carrier) carriable(ctx context.Context, r db.Reader, form, body, admission string) (Definition, error) {
	d, err := s.Forms.Sendable(ctx, r, form)
	switch {
	case err != nil && errs.Of(err).Kind == errs.NotFound, err == nil && d.Body != body:
		return d, errs.ErrInvalid.At("form", "exchange.carried.form").By(ruleCarried)
	case err == nil && d.Admission != admission:
		return d, errs.ErrInvalid.At("form", "exchange.carried.admission").By(ruleCarried)
	}
	return d, err
}

// Offered are the forms that a body may let a task carry; see [gate.Forms].
func (s Carrier) Offered(ctx context.Context, r db.Reader, body, admission string) (map[string]text.Pair, error) {
	ids, err := s.Forms.All(ctx)
	out := map[string]text.Pair{}
	for _, id := range ids {
		if d, err := s.carriable(ctx, r, id, body, admission); err == nil {
			out[id] = d.Title
		}
	}
	return out, err
}

// Carry begins a sending of a form with a task; see [gate.Forms].
func (s Carrier) Carry(ctx context.Context, tx *audit.Tx, c gate.Carried) (string, error) {
	admission := c.Pass.Number
	if c.Duty {
		admission = ""
	}
	d, err := s.carriable(ctx, tx, c.Form, c.Body, admission)
	if err != nil {
		return "", err
	}
	communities, chosen, err := s.communities(c.Areas)
	if err != nil {
		return "", err
	}
	of, err := s.begin(ctx, tx, &d, &NewSending{DueOn: c.DueOn, Carrier: c.Carrier, CarrierWay: c.Way}, chosen, len(communities), c.Pass)
	return of.ID, err
}

// answerIn is the answer of a community to a sending; one without id where it has none.
func (s Carrier) answerIn(ctx context.Context, r db.Reader, sending, area string) (Answer, error) {
	a, err := db.One(ctx, r, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer WHERE sending_id = $1 AND area = $2
		ORDER BY id LIMIT 1`, sending, area)
	if db.IsNone(err) {
		return Answer{}, nil
	}
	return a, err
}

// Given is how a community's answer to a carried form stands; see [gate.Forms].
func (s Carrier) Given(ctx context.Context, r db.Reader, sending, area string) (gate.Given, error) {
	a, err := s.answerIn(ctx, r, sending, area)
	if err != nil || a.ID == "" {
		return gate.Given{}, err
	}
	return gate.Given{ID: a.ID, State: a.State, Whole: a.State == string(stateSubmitted) || a.State == string(stateAccepted),
		Minutes: a.Measured(), Wanted: a.Wanted, Prefilled: a.Prefilled}, nil
}

// Settle lets an answer follow the community's case; see [gate.Forms].
func (s Carrier) Settle(ctx context.Context, tx *audit.Tx, sending, area string, v gate.Verdict, note, due string) error {
	a, err := s.answerIn(ctx, tx, sending, area)
	if err != nil || a.ID == "" {
		return err
	}
	t, ok := answers.Find(flow.State(a.State), flow.Verb(v))
	if !ok {
		return nil
	}
	a.State = string(t.After(flow.State(a.State)))
	switch v {
	case gate.Accepted, gate.Returned:
		a.JudgedAt, a.Judge = clock.Millis(tx.Now), tx.Actor.Name
	}
	if v == gate.Returned && due != "" {
		a.DueOn = due
	}
	if err := updateAnswer(ctx, tx, &a); err != nil {
		return err
	}
	return insertEvent(ctx, tx, a.ID, flow.Verb(v), note)
}

// EndCarried ends a sending with its task; see [gate.Forms].
func (s Carrier) EndCarried(ctx context.Context, tx *audit.Tx, sending, why string) error {
	of, err := findSending(ctx, tx, sending)
	if err != nil || of.State == string(stateEnded) {
		return err
	}
	of.EndReason = strings.TrimSpace(why)
	if err := lapse(s.Service, ctx, tx, &of); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: permSend, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
		After: map[string]any{"state": of.State}, Detail: map[string]any{"verb": verbEnd, "note": why, "carrier": of.Carrier}})
	return updateSending(ctx, tx, &of)
}

// Questions are the labels of a sending's questions; see [gate.Forms].
func (s Carrier) Questions(ctx context.Context, r db.Reader, sending string, lang text.Lang) ([]string, error) {
	of, err := findSending(ctx, r, sending)
	out := make([]string, len(of.Questions))
	for i := range of.Questions {
		out[i] = of.Questions[i].Label.In(lang)
	}
	return out, err
}

// Words are what communities answered, personal values masked; see [gate.Forms].
func (s Carrier) Words(ctx context.Context, r db.Reader, sending string, areas []string, lang text.Lang) (map[string][]string, error) {
	of, err := findSending(ctx, r, sending)
	if err != nil || len(areas) == 0 {
		return nil, err
	}
	list, args := db.In([]any{sending}, areas)
	all, err := db.All(ctx, r, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer WHERE sending_id = $1 AND area IN `+list+`
		AND state IN ('submitted', 'accepted')`, args...)
	if err != nil {
		return nil, err
	}
	out, name := map[string][]string{}, namer(s.Service, lang, nil)
	for i := range all {
		a := &all[i]
		if err := s.unseal(a); err != nil {
			return nil, err
		}
		for n := range of.Questions {
			q := &of.Questions[n]
			out[a.Area] = append(out[a.Area], q.Mask(a.given(q.Key), lang, name))
		}
	}
	return out, nil
}

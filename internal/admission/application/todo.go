package application

import (
	"context"
	"time"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// shownDays is for how many days a refusal stands in the inbox of the department that applied.
const shownDays = 30

// todo is what waits in the inbox: for the community-building body, for streets and residents' representatives, for whoever confirms
// money, and for the department that applied.
type todo struct {
	*Service
	ctx   context.Context
	actor *authority.Actor
	out   []worklist.Todo
	err   error
}

// todo is what waits for the actor of the context.
func (s register) todo(ctx context.Context) ([]worklist.Todo, error) {
	t := todo{Service: s.Service, ctx: ctx, actor: authority.From(ctx)}
	t.decide()
	t.opine()
	t.receive()
	t.department()
	return t.out, t.err
}

// add counts what a condition finds. Day is a column with the last day, due one with the last instant; either may be "".
func (t *todo) add(kind, day, due string, query map[string]string, w *db.Where) {
	if t.err != nil {
		return
	}
	earliest := due
	if earliest == "" {
		earliest = "0"
	}
	v, one, err := worklist.CountTodo(t.ctx, t.Log.DB, "admission_application a", "a.id", earliest, w)
	if err == nil && day != "" && v.Count > 0 {
		v.Due, err = t.earliest(day, w)
	}
	v.Kind, v.Page, v.Query, t.err = kind, "admission-applications", query, err
	if v.Count == 1 {
		v.Page, v.ID, v.Query = "admission-application", one, nil
	}
	t.out = append(t.out, v)
}

// earliest is the last instant of the earliest day in a column.
func (t *todo) earliest(day string, w *db.Where) (int64, error) {
	first, err := db.Value[string](t.ctx, t.Log.DB, `SELECT COALESCE(MIN(`+day+`), '') FROM admission_application a`+w.String()+
		` AND `+day+` <> ''`, w.List...)
	if err != nil || first == "" {
		return 0, err
	}
	d, err := time.ParseInLocation(time.DateOnly, first, clock.City)
	return clock.Millis(d.AddDate(0, 0, 1)) - 1, err
}

func (t *todo) decide() {
	scopes := t.actor.Scope(permDecide)
	if len(scopes) == 0 {
		return
	}
	var w db.Where
	t.concerns(&w, scopes)
	w.And(`a.state IN ` + w.In(openStates))
	t.add("admission.todo.decide", "", "CASE WHEN a.due_at > 0 THEN a.due_at ELSE 0 END", map[string]string{"state": "open"}, &w)
	var e db.Where
	t.concerns(&e, scopes)
	e.And(`a.state = 'provisional'`)
	t.add("admission.todo.ratify", "a.ratify_by", "", map[string]string{"state": string(stateProvisional)}, &e)
}

// opine finds what waits for the opinion of a street, or of any of the residents' representatives.
func (t *todo) opine() {
	scopes := t.actor.Scope(permOpine)
	if len(scopes) == 0 {
		return
	}
	var w db.Where
	t.concerns(&w, scopes)
	w.And(`a.state IN ('evaluating', 'hearing') AND a.opinions_by >= %s`, clock.Day(clock.Now(t.ctx)))
	if len(scopes[0]) == streetDigits {
		w.And(`NOT EXISTS (SELECT 1 FROM admission_application_opinion o WHERE o.shard = a.shard AND o.application_id = a.id
			AND o.side = 'street' AND o.area = %s)`, scopes[0])
	} else {
		w.And(`NOT EXISTS (SELECT 1 FROM admission_application_opinion o WHERE o.shard = a.shard AND o.application_id = a.id
			AND o.side = 'residents')`)
	}
	t.add("admission.todo.opinions", "a.opinions_by", "", map[string]string{"state": string(stateEvaluating)}, &w)
}

// receive finds money that is said to be paid and that nobody of the actor's areas has confirmed.
func (t *todo) receive() {
	scopes := t.actor.Scope(permReceive)
	if len(scopes) == 0 {
		return
	}
	var w db.Where
	t.concerns(&w, scopes)
	w.And(`EXISTS (SELECT 1 FROM admission_application_instalment p WHERE p.shard = a.shard AND p.application_id = a.id AND p.state = 'paid'
		AND NOT EXISTS (SELECT 1 FROM admission_application_receipt r WHERE r.shard = p.shard AND r.application_id = p.application_id
		AND r.seq = p.seq AND r.received = 1 AND r.area = substr(%s, 1, length(r.area))))`, scopes[0])
	t.add("admission.todo.receipts", "", "", map[string]string{"money": "true"}, &w)
}

// department finds what the departments of the actor have to do, and what was refused to them lately.
func (t *todo) department() {
	bodies := t.actor.Bodies()
	if len(bodies) == 0 || !t.actor.CanAnywhere(permWrite) {
		return
	}
	of := func(terms string, args ...any) *db.Where {
		var w db.Where
		w.And(`a.body_id IN ` + w.In(bodies))
		w.And(terms, args...)
		return &w
	}
	in := func(state string) map[string]string { return map[string]string{"state": state} }
	if t.actor.CanAnywhere(permSign) {
		t.add("admission.todo.sign", "", "", in(string(stateSigning)), of(`a.state = 'signing'`))
		t.add("admission.todo.unfunded", "", "", in(string(stateUnfunded)), of(`a.state = 'unfunded'`))
	}
	t.add("admission.todo.returned", "", "", in(string(stateReturned)), of(`a.state = 'returned'`))
	today := clock.Day(clock.Now(t.ctx))
	t.add("admission.todo.pay", "(SELECT MIN(i.due_on) FROM admission_application_instalment i WHERE i.shard = a.shard AND i.application_id = a.id"+
		" AND i.state = 'due')", "", map[string]string{}, of(`a.state IN ('active', 'suspended') AND EXISTS (SELECT 1
		FROM admission_application_instalment p WHERE p.shard = a.shard AND p.application_id = a.id AND p.state = 'due' AND p.due_on <= %s)`,
		daysAfter(today, t.Rules.Int(ruleGrace, today))))
	since := clock.Millis(clock.Now(t.ctx).AddDate(0, 0, -shownDays))
	t.add("admission.todo.refused", "", "", in(string(stateRefused)), of(`a.state = 'refused' AND a.ended_at > %s`, since))
}

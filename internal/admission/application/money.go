package application

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/admission/proposal"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/money"
	"linli/internal/registry"
)

// An instalment is due by a day; the department records that it has paid, and the communities' side that it has arrived, or
// that it has not. Once it has arrived everywhere in the scope it is confirmed. What is not paid the days of the rule
// admission.money.grace after its day suspends the admission; paid and confirmed, it is active again.

const (
	stateDue       flow.State = "due"
	statePaid      flow.State = "paid" // says the department
	stateConfirmed flow.State = "confirmed"

	verbPay     flow.Verb = "pay"
	verbConfirm flow.Verb = "confirm"
	verbDeny    flow.Verb = "deny"
	verbClose   flow.Verb = "close" // confirmed by the whole scope
)

// Payment is an instalment with what became of it.
type Payment struct {
	Seq       int
	Amount    int64  // fen
	Due       string // day
	State     string
	PaidOn    string // day on which the department says that it paid; ""
	Reference string // of the transfer
	Version   int64
	Receipts  []AdmissionReceipt

	of *Application
	at string // where the actor acts
}

// AdmissionReceipt is what a community, or a street for its communities, says of an instalment.
type AdmissionReceipt struct {
	Area     string `json:"area"`
	Received bool   `json:"received"`
	Note     string `json:"note"`
	By       string `json:"by" doc:"Name of the account"`
	At       int64  `json:"at"`
}

type moneyGuard = flow.Guard[*Payment]

var (
	payer = moneyGuard{Key: "admission.application.not_yours", Rule: ruleApplicant,
		Holds: func(p *Payment, a *authority.Actor) bool { return a.System || a.In(p.of.Body) }}
	payee = moneyGuard{Key: "admission.application.own_department", Rule: ruleSeparate,
		Holds: func(p *Payment, a *authority.Actor) bool { return a.System || !a.In(p.of.Body) }}
)

// instalments is the table of an instalment.
var instalments = (&flow.Flow[*Payment]{
	Name: "admission.instalment", Start: stateDue,
	Nodes: []flow.StateNode{{State: stateDue, Open: true}, {State: statePaid, Open: true}, {State: stateConfirmed}},
	Transitions: []flow.Transition[*Payment]{
		{From: []flow.State{stateDue}, Verb: verbPay, To: statePaid, Permissions: []string{permWrite}, Guards: []moneyGuard{payer},
			Fields: []flow.Field{{Name: "day", Kind: flow.Day, Required: true}, {Name: "note", Kind: flow.Text, Required: true, Max: proposal.MaxLine}}},
		{From: []flow.State{statePaid}, Verb: verbConfirm, To: flow.Stay, Permissions: []string{permReceive}, Guards: []moneyGuard{payee},
			Fields: remarkShort},
		{From: []flow.State{statePaid}, Verb: verbDeny, To: stateDue, Permissions: []string{permReceive}, Guards: []moneyGuard{payee},
			Fields: note, Danger: true},
		{From: []flow.State{statePaid}, Verb: verbClose, To: stateConfirmed, Permissions: []string{flow.System}},
	},
	StateOf: func(p *Payment) flow.State { return flow.State(p.State) },
	AreaOf:  func(p *Payment) string { return p.at },
	CaseOf:  func(*Payment) string { return "" },
}).Check()

var remarkShort = []flow.Field{{Name: "note", Kind: flow.Text, Max: proposal.MaxLine}}

// moneySteps are the verbs of an instalment that a face sends.
var moneySteps = []step{{verbPay, permWrite}, {verbConfirm, permReceive}, {verbDeny, permReceive}}

// Pay takes a verb on an instalment of an admission. Errors: NotFound; those of flow.Take and flow.CheckInput; Stale.
func (s *Service) Pay(ctx context.Context, id string, seq int, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		tx.Judged()
		e, err := s.find(ctx, tx, id)
		if err == nil && !visible(tx.Actor, &e) {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		p, t, err := s.judgedPayment(ctx, tx, &e, seq, verb)
		if err != nil {
			return err
		}
		if version != p.Version {
			return errs.StaleOf(errs.Record{Subject: subject, ID: e.ID})
		}
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		if err := s.payment(ctx, tx, p, verb, in); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: e.Area, Subject: subject, SubjectID: e.ID,
			Detail: map[string]any{"verb": verb, "instalment": seq, "amount": p.Amount, "area": p.at, "note": in.Note, "on": in.Day}})
		if err := insertEvent(ctx, tx, &e, verb, said(s.Registry, p, verb, in)); err != nil {
			return err
		}
		return s.settled(ctx, tx, &e)
	})
}

// said is what the history of the application keeps of a step of money.
func said(r *registry.Service, p *Payment, verb flow.Verb, in flow.Input) string {
	if verb == verbPay {
		return fmt.Sprintf("%d · %s · %s", p.Seq, money.Yuan(p.Amount), in.Note)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d · %s · %s", p.Seq, r.AreaName(p.at), in.Note), " · ")
}

// judgedPayment is an instalment for a verb that the actor may take on it.
func (s *Service) judgedPayment(ctx context.Context, tx *audit.Tx, e *Application, seq int, verb flow.Verb) (*Payment,
	*flow.Transition[*Payment], error) {
	all, err := listPayments(ctx, tx, e)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(p Payment) bool { return p.Seq == seq })
	if i < 0 {
		return nil, nil, errs.ErrNotFound
	}
	p := &all[i]
	p.stand(tx.Actor, verb)
	t, err := instalments.Take(p, verb, tx.Actor)
	return p, t, err
}

// stand says in which area the actor takes a verb.
func (p *Payment) stand(a *authority.Actor, verb flow.Verb) {
	p.at = p.of.Area
	if verb != verbPay {
		if at := standing(a, permReceive, p.of); at != "" {
			p.at = at
		}
	}
}

func (s *Service) payment(ctx context.Context, tx *audit.Tx, p *Payment, verb flow.Verb, in flow.Input) error {
	switch verb {
	case verbPay:
		if day, _ := fold.Day(in.Day); day > p.of.today {
			return errs.ErrInvalid.At("day", "admission.application.paid_future")
		}
		p.State, p.PaidOn, p.Reference = string(statePaid), in.Day, in.Note
		if err := deleteReceipts(ctx, tx, p); err != nil {
			return err
		}
	case verbConfirm, verbDeny:
		if err := putReceipt(ctx, tx, p, verb == verbConfirm, in.Note); err != nil {
			return err
		}
		p.Receipts = append(p.Receipts, AdmissionReceipt{Area: p.at, Received: verb == verbConfirm})
		if verb == verbDeny {
			p.State, p.PaidOn = string(stateDue), ""
		} else if arrived(s.Registry, p) {
			t, err := instalments.Take(p, verbClose, authority.SystemActor("admission"))
			if err != nil {
				return err
			}
			p.State = string(t.To)
		}
	}
	return updatePayment(ctx, tx, p)
}

// arrived tells whether the money is confirmed for the whole scope: each community by itself, or by its street.
func arrived(r *registry.Service, p *Payment) bool {
	for _, area := range p.of.Areas {
		for _, c := range append(r.Below(area, registry.LevelCommunity), registry.Area{Code: area}) {
			if len(c.Code) < len(area) || c.Code == area && registry.LevelOf(area) != registry.LevelCommunity {
				continue
			}
			if !slices.ContainsFunc(p.Receipts, func(r AdmissionReceipt) bool { return r.Received && strings.HasPrefix(c.Code, r.Area) }) {
				return false
			}
		}
	}
	return true
}

// settled makes an admission active again that was suspended for money, once none is owed.
func (s *Service) settled(ctx context.Context, tx *audit.Tx, e *Application) error {
	if e.State != string(stateSuspended) || e.Cause != causeMoney {
		return nil
	}
	owed, err := s.owes(ctx, tx, e)
	if err != nil || owed {
		return err
	}
	e.owed = false
	t, err := lifecycle.Take(e, verbSettle, authority.SystemActor("admission"))
	if err != nil {
		return err
	}
	return s.take(ctx, tx, e, t, flow.Input{})
}

// owes tells whether money is overdue; of what is suspended for money, also while it is paid and not confirmed.
func (s *Service) owes(ctx context.Context, r db.Reader, e *Application) (bool, error) {
	states := []string{string(stateDue)}
	if e.Cause == causeMoney {
		states = append(states, string(statePaid))
	}
	in, args := db.In([]any{e.Shard, e.ID, s.overdueBefore(e.today)}, states)
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM admission_application_instalment WHERE shard = $1 AND application_id = $2
		AND due_on < $3 AND state IN `+in, args...)
	return n > 0, err
}

// overdueBefore is the day before which an instalment must have been due to be overdue today.
func (s *Service) overdueBefore(today string) string {
	return daysAfter(today, -s.Rules.Int(ruleGrace, today))
}

func insertInstalments(ctx context.Context, tx *audit.Tx, e *Application) error {
	for i, p := range e.Money.Instalments {
		if _, err := tx.Exec(ctx, `INSERT INTO admission_application_instalment (shard, application_id, seq, area, amount, due_on, state, paid_on,
			reference, version) VALUES ($1,$2,$3,$4,$5,$6,$7,'','',1)`,
			e.Shard, e.ID, i+1, e.Area, p.Amount, p.Due, string(stateDue)); err != nil {
			return err
		}
	}
	return nil
}

func listPayments(ctx context.Context, r db.Reader, e *Application) ([]Payment, error) {
	all, err := db.All(ctx, r, func(row db.Scanner) (p Payment, err error) {
		err = row.Scan(&p.Seq, &p.Amount, &p.Due, &p.State, &p.PaidOn, &p.Reference, &p.Version)
		p.of, p.at = e, e.Area
		return p, err
	}, `SELECT seq, amount, due_on, state, paid_on, reference, version FROM admission_application_instalment
		WHERE shard = $1 AND application_id = $2 ORDER BY seq`, e.Shard, e.ID)
	if err != nil || len(all) == 0 {
		return all, err
	}
	_, err = db.All(ctx, r, func(row db.Scanner) (o AdmissionReceipt, err error) {
		var seq int
		err = row.Scan(&seq, &o.Area, db.YesNo(&o.Received), &o.Note, &o.By, &o.At)
		for i := range all {
			if all[i].Seq == seq {
				all[i].Receipts = append(all[i].Receipts, o)
			}
		}
		return o, err
	}, `SELECT seq, area, received, note, actor_name, at FROM admission_application_receipt WHERE shard = $1 AND application_id = $2
		ORDER BY seq, at, area`, e.Shard, e.ID)
	return all, err
}

func updatePayment(ctx context.Context, tx *audit.Tx, p *Payment) error {
	n, err := tx.Exec(ctx, `UPDATE admission_application_instalment SET state = $4, paid_on = $5, reference = $6, version = version + 1
		WHERE shard = $1 AND application_id = $2 AND seq = $3 AND version = $7`,
		p.of.Shard, p.of.ID, p.Seq, p.State, p.PaidOn, p.Reference, p.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: p.of.ID})
	}
	return err
}

func deleteReceipts(ctx context.Context, tx *audit.Tx, p *Payment) error {
	_, err := tx.Exec(ctx, `DELETE FROM admission_application_receipt WHERE shard = $1 AND application_id = $2 AND seq = $3`,
		p.of.Shard, p.of.ID, p.Seq)
	return err
}

func putReceipt(ctx context.Context, tx *audit.Tx, p *Payment, received bool, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_application_receipt (shard, application_id, seq, area, received, note, actor_name, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (shard, application_id, seq, area) DO UPDATE SET received = excluded.received,
		note = excluded.note, actor_name = excluded.actor_name, at = excluded.at`,
		p.of.Shard, p.of.ID, p.Seq, p.at, db.Bool(received), note, tx.Actor.Name, clock.Millis(tx.Now))
	return err
}

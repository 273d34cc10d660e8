package application

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"linli/internal/admission/proposal"
	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoApplications []byte

// demoCase is one application of demo.json: on which day it is handed in, counted from the end of the demo's year, and
// what becomes of it.
type demoCase struct {
	At                                           int
	Name, En, Text, Document, Article, Line, End string
	Own, Source, Street, Council, Refusal, Why   string
	Amount                                       int64 // fen
	Paid                                         int   // instalments that are paid and confirmed
	Emergency                                    bool
}

// demoCouncil speaks for the residents.
const demoCouncil = "council"

// demoArea is the street whose communities the demo's applications are for.
const demoArea = "320703001"

// demo is a year of applications of the demo's department of civil affairs, in every state: admitted and paid, admitted and
// unpaid, without a budget line, refused, refused by silence, an emergency that nobody ratified, evaluated, and a draft.
func demo(s *Service) func(context.Context, module.Demo) error {
	return func(ctx context.Context, city module.Demo) error {
		var all []demoCase
		if err := json.Unmarshal(demoApplications, &all); err != nil {
			return err
		}
		for i := range all {
			if err := s.demoCase(ctx, city, &all[i]); err != nil && !uncounted(err) {
				return fmt.Errorf("%s: %w", all[i].Name, err)
			}
		}
		return s.Watch(authority.With(clock.With(ctx, city.Now), authority.SystemActor("demo")))
	}
}

// uncounted tells whether working days of a year are not known: at the turn of a year the demo leaves out what needs them.
func uncounted(err error) bool {
	e := errs.Of(err)
	return e.Key == "admission.application.calendar" ||
		slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Key == "admission.check.calendar" })
}

func (d *demoCase) proposal(day string) proposal.Proposal {
	from := daysAfter(day, 62)
	if d.Emergency {
		from = day
	}
	until := daysAfter(from, 300)
	p := proposal.Proposal{Name: d.Name, NameEn: d.En, Ways: []string{string(gate.Task), string(gate.Form), string(gate.Part)},
		Basis: proposal.AdmissionBasis{Document: d.Document, Article: d.Article, Certainty: "V"}, Areas: []string{demoArea},
		Text: d.Text, Role: proposal.RoleAssist, From: from, Until: until, Exit: until,
		Frequency: 4, Minutes: 60, OwnStaff: d.Own, Assessment: proposal.NoAssessment, Emergency: d.Emergency,
		Money: proposal.AdmissionMoney{Amount: d.Amount, Source: d.Source, Line: d.Line, Instalments: []proposal.AdmissionInstalment{
			{Amount: d.Amount / 2, Due: daysAfter(from, 20)}, {Amount: d.Amount - d.Amount/2, Due: daysAfter(from, 250)}}}}
	if d.Emergency {
		p.Why = d.Why
	}
	return p
}

// demoCase plays one application.
func (s *Service) demoCase(ctx context.Context, city module.Demo, d *demoCase) error {
	start := city.Now.AddDate(0, 0, d.At)
	as := func(login string, days int) (context.Context, error) {
		return city.As(ctx, login, start.AddDate(0, 0, days))
	}
	by, err := as("clerk", 0)
	if err != nil {
		return err
	}
	e, err := s.Write(by, d.proposal(clock.Day(start)), "")
	take := func(login string, days int, verb flow.Verb, in flow.Input) {
		if err != nil {
			return
		}
		// Posts, not grants, give councillors their role: what they say is entered for them.
		by := authority.With(clock.With(ctx, start.AddDate(0, 0, days)), authority.SystemActor(demoCouncil))
		if login != demoCouncil {
			by, err = as(login, days)
		}
		if err == nil {
			if err = s.Step(by, e.ID, verb, e.Version, in); err == nil {
				e.Version++
			}
		}
	}
	if d.End == string(stateDraft) {
		return err
	}
	take("clerk", 0, verbSubmit, flow.Input{})
	if d.Emergency {
		take("head", 0, verbDeclare, flow.Input{})
		return err
	}
	take("head", 1, verbSign, flow.Input{})
	if d.End == string(verbLapse) {
		return err
	}
	take("builder", 2, verbAccept, flow.Input{})
	take("street", 4, verbOpine, flow.Input{Choice: stanceSupport, Note: d.Street})
	take(demoCouncil, 5, verbOpine, flow.Input{Choice: stanceAmend, Note: d.Council})
	switch d.End {
	case string(verbRefuse):
		take("builder", 8, verbRefuse, flow.Input{Note: d.Refusal})
	case string(stateActive), string(stateUnfunded):
		take("builder", 8, verbAdmit, flow.Input{})
	}
	if err != nil || d.Paid == 0 {
		return err
	}
	return s.demoPay(ctx, city, &e, start.AddDate(0, 0, 70))
}

// demoPay has the first instalment paid and confirmed.
func (s *Service) demoPay(ctx context.Context, city module.Demo, e *Application, at time.Time) error {
	for version, st := range []struct {
		login string
		verb  flow.Verb
	}{{"clerk", verbPay}, {"street", verbConfirm}} {
		by, err := city.As(ctx, st.login, at.AddDate(0, 0, version))
		if err != nil {
			return err
		}
		in := flow.Input{Day: clock.Day(at), Note: e.Money.Line}
		if err := s.Pay(by, e.ID, 1, st.verb, int64(version+1), in); err != nil {
			return err
		}
	}
	return nil
}

package agreement

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoJSON []byte

// demoText is what the demo's agreements say: terms over entries that ship, why the community changes them, and what is
// said of what was not paid.
type demoText struct {
	Terms          Terms
	Change, Unpaid string
}

func readDemo() (t demoText, err error) {
	err = json.Unmarshal(demoJSON, &t)
	return t, err
}

// demoAgreement is one community's year in the demo.
type demoAgreement struct {
	area, street, committee, council string // area and the logins of those who act
	ahead, days                      int    // years after the demo's; days before its end on which it is begun
	to                               flow.State
}

// demo makes agreements in different states: a year that is over and rated, with something that was not provided; the year
// in force; the next one, negotiated with a change by the community; and other communities' next years, signed, proposed
// and drafted.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	const home, other = "320703001007", "320703001009"
	for _, d := range []demoAgreement{
		{area: home, street: "street", committee: "committee", council: "council", ahead: -1, days: 358, to: stateForce},
		{area: home, street: "street", committee: "committee", days: 340, to: stateForce},
		{area: home, street: "street", committee: "committee", ahead: 1, days: 12, to: stateNegotiating},
		{area: other, street: "street", committee: "committee-" + other, ahead: 1, days: 9, to: stateForce},
		{area: "320703001001", street: "street", ahead: 1, days: 5, to: stateNegotiating},
		{area: "320703001006", street: "street", ahead: 1, days: 2, to: stateDraft},
	} {
		if _, there := s.Lists.Registry.Area(d.area); !there {
			continue
		}
		if err := s.demoYear(ctx, city, d); err != nil {
			return fmt.Errorf("%s %+d: %w", d.area, d.ahead, err)
		}
	}
	return s.Turn(authority.With(clock.With(ctx, city.Now), authority.SystemActor("demo")))
}

func (s *Service) demoYear(ctx context.Context, city module.Demo, d demoAgreement) error {
	year := city.Now.In(clock.City).Year() + d.ahead
	begun := city.Now.AddDate(0, 0, -d.days)
	if begun.In(clock.City).Year() > year { // in the last days of a year the one before cannot be begun any more
		return nil
	}
	street, err := city.As(ctx, d.street, begun)
	if err != nil {
		return err
	}
	a, err := s.Begin(street, d.area, year)
	if err != nil {
		return err
	}
	said, err := readDemo()
	if err != nil {
		return err
	}
	terms := said.Terms
	terms.Items = nil
	for _, it := range said.Terms.Items {
		if it.Amount > 0 {
			it.PayBy = a.Until()[:5] + "06-30"
		}
		if d.ahead < 0 || it.Code != "P01" { // what was not provided is not agreed again
			terms.Items = append(terms.Items, it)
		}
	}
	if a, err = s.Write(street, a.ID, a.Version, terms, ""); err != nil || d.to == stateDraft {
		return err
	}
	if a, err = s.Step(street, a.ID, verbPropose, a.Version, flow.Input{}, ""); err != nil || d.committee == "" {
		return err
	}
	committee, err := city.As(ctx, d.committee, begun.AddDate(0, 0, 3))
	if err != nil {
		return err
	}
	terms.Items[2].Amount += 300000
	if a, err = s.Write(committee, a.ID, a.Version, terms, said.Change); err != nil || d.to == stateNegotiating {
		return err
	}
	street, err = city.As(ctx, d.street, begun.AddDate(0, 0, 6))
	if err == nil {
		a, err = s.Step(street, a.ID, verbSign, a.Version, flow.Input{}, a.Digest)
	}
	if err != nil {
		return err
	}
	if committee, err = city.As(ctx, d.committee, begun.AddDate(0, 0, 7)); err != nil {
		return err
	}
	if a, err = s.Step(committee, a.ID, verbSign, a.Version, flow.Input{}, a.Digest); err != nil || d.council == "" {
		return err
	}
	return s.demoRatings(ctx, city, d, a)
}

// demoRatings has all sides rate a year, where its last month has come.
func (s *Service) demoRatings(ctx context.Context, city module.Demo, d demoAgreement, a Agreement) error {
	opens, err := time.ParseInLocation(time.DateOnly, a.opens(s.Lists.Rules.Int(ruleOpens, a.Until())), clock.City)
	if err != nil {
		return err
	}
	if at := city.Now.AddDate(0, 0, 10-d.days); opens.Before(at) {
		opens = at
	}
	said, err := readDemo()
	if err != nil {
		return err
	}
	for _, login := range []string{d.street, d.committee, d.council} {
		by, err := city.As(ctx, login, opens.Add(10*time.Hour))
		if err != nil {
			return err
		}
		p := Appraisal{Guidance: "fair", Added: "some"}
		for _, it := range a.Terms.Items {
			m := Mark{Code: it.Code, Done: "met", Paid: "paid", Conditions: "provided"}
			if it.Code == "P01" {
				m.Done, m.Paid, m.Remark = "partly", "unpaid", said.Unpaid
			}
			p.Marks = append(p.Marks, m)
		}
		if a, err = s.Appraise(by, a.ID, a.Version, p); err != nil {
			return err
		}
	}
	return nil
}

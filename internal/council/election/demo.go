package election

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"linli/internal/council/ballot"
	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

//go:embed demo.json
var demoJSON []byte

type demoText struct {
	Names                                         []string
	Committee                                     []Organiser
	Boxes                                         []bundle.Box
	Source, Objection, Answer, Document, Handover string
}

// demoHome is the urban community of the demo's accounts.
const demoHome = "320703001007"

// demoRun is one election on its way: what is done, by days from the end of the demo.
type demoRun struct {
	*Service
	d    demoText
	ctx  context.Context
	now  time.Time
	area string
	id   string
}

// demo makes a finished election in a village and one at the polls in an urban community, each step at its hour.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var d demoText
	if err := json.Unmarshal(demoJSON, &d); err != nil {
		return err
	}
	for _, a := range s.Ballots.Registry.Below("3207", registry.LevelCommunity) {
		if !a.Urban() {
			r := demoRun{Service: s, d: d, ctx: ctx, now: city.Now, area: a.Code}
			if err := r.finished(); err != nil {
				return fmt.Errorf("election of %s: %w", a.Code, err)
			}
			break
		}
	}
	if _, ok := s.Ballots.Registry.Area(demoHome); !ok {
		return nil
	}
	r := demoRun{Service: s, d: d, ctx: ctx, now: city.Now, area: demoHome}
	if err := r.polling(); err != nil {
		return fmt.Errorf("election of %s: %w", demoHome, err)
	}
	return nil
}

// at is the platform on a day, so many from the end of the demo.
func (r *demoRun) at(days int) context.Context {
	return authority.With(clock.With(r.ctx, r.now.AddDate(0, 0, days)), authority.SystemActor("demo"))
}

func (r *demoRun) day(days int) string { return clock.Day(r.now.AddDate(0, 0, days)) }

// begin registers whoever may vote, posts the roll and nominates two for director and five for four seats of members.
func (r *demoRun) begin(start, poll int, chosenBy string) error {
	e, err := r.Begin(r.at(start), r.area, Plan{Kind: Term, Mode: bundle.Voters, Day: r.day(poll), Online: true, WomanSeat: true,
		Seats: []Seat{{"director", 1}, {"member", 4}}, ChosenBy: chosenBy, ChosenOn: r.day(start - 2), Committee: slices.Clone(r.d.Committee),
		Boxes: slices.Clone(r.d.Boxes)})
	if err != nil {
		return err
	}
	r.id = e.ID
	if _, err := r.Fill(r.at(start), r.id); err != nil {
		return err
	}
	if err := r.step(start+1, verbPost, ""); err != nil {
		return err
	}
	rows, err := r.roll(start + 1)
	if err != nil {
		return err
	}
	for i := range min(7, len(rows)) {
		post := "member"
		if i < 2 {
			post = "director"
		}
		if err := r.Nominate(r.at(start+3), r.id, Candidate{Number: rows[i].Number, Post: post, By: "party"}); err != nil {
			return err
		}
	}
	e, err = find(r.at(start+3), r.log().DB, r.id)
	for _, c := range e.Plan.Candidates {
		checks := []Check{}
		for _, bar := range Bars {
			checks = append(checks, Check{Bar: bar, Source: r.d.Source})
		}
		if err == nil {
			err = r.Examine(r.at(start+6), r.id, c.ID, checks, false)
		}
	}
	return err
}

func (r *demoRun) step(days int, verb flow.Verb, note string) error {
	e, err := find(r.at(days), r.log().DB, r.id)
	if err == nil {
		err = r.Step(r.at(days), r.id, verb, e.Version, StepInput{Note: note})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// poll is the present vote.
func (r *demoRun) poll(days int) (ballot.Poll, error) {
	e, err := find(r.at(days), r.log().DB, r.id)
	if err != nil {
		return ballot.Poll{}, err
	}
	return ballot.Find(r.at(days), r.log().DB, e.Poll)
}

func (r *demoRun) roll(days int) ([]ballot.RollRow, error) {
	p, err := r.poll(days)
	if err != nil {
		return nil, err
	}
	return r.Ballots.Rows(r.at(days), r.log().DB, &p, 0, true)
}

// finished is an election of a village that has been handed over, with an objection that was upheld.
func (r *demoRun) finished() error {
	for i, name := range r.d.Names {
		_, err := r.Ballots.People.Add(r.at(-60), people.NewResident{Area: r.area, Household: fmt.Sprintf("%03d", i/2+1),
			Person: people.Person{Name: name, Number: demoNumber(r.area[:6], i)}})
		if err != nil {
			return err
		}
	}
	if err := r.begin(-50, -24, "groups"); err != nil {
		return err
	}
	if err := r.Object(r.at(-46), r.id, r.d.Objection); err != nil {
		return err
	}
	e, err := find(r.at(-46), r.log().DB, r.id)
	if err != nil {
		return err
	}
	if err := r.Answer(r.at(-45), r.id, e.Plan.Objections[0].ID, true, r.d.Answer); err != nil {
		return err
	}
	if err := r.Delegate(r.at(-40), r.id, ballot.Proxy{Principal: 20, Agent: 21, Relation: ballot.Relative,
		Document: r.d.Document}); err != nil {
		return err
	}
	for _, s := range []struct {
		days int
		verb flow.Verb
	}{{-26, verbFinal}, {-24, verbOpen}} {
		if err := r.step(s.days, s.verb, ""); err != nil {
			return err
		}
	}
	p, err := r.poll(-24)
	if err != nil {
		return err
	}
	for n := 1; n <= 26; n++ {
		if n == 20 {
			continue // votes by the agent
		}
		if err := r.Ballots.Issue(r.at(-24), p.ID, "1", n, 0); err != nil {
			return err
		}
	}
	if err := r.Ballots.Issue(r.at(-24), p.ID, "1", 20, 21); err != nil {
		return err
	}
	if err := r.step(-24, verbEnd, ""); err != nil {
		return err
	}
	if err := r.counted(&p); err != nil {
		return err
	}
	for _, s := range []struct {
		days int
		verb flow.Verb
		note string
	}{{-24, verbAnnounce, ""}, {-23, verbConclude, ""}, {-15, verbHandover, r.d.Handover}} {
		if err := r.step(s.days, s.verb, s.note); err != nil {
			return err
		}
	}
	return nil
}

// counted enters the counts: 26 ballots, one of them invalid, in the first box; none in the second.
func (r *demoRun) counted(p *ballot.Poll) error {
	yes := map[string][]int{"director": {17, 6}, "member": {22, 20, 19, 17, 9}}
	for box, valid := range map[string]int{"1": 25, "2": 0} {
		c := bundle.Count{Box: box}
		for _, q := range p.Questions {
			one := bundle.QuestionCount{ID: q.ID, Valid: valid}
			if valid > 0 {
				c.Found, one.Invalid = valid+1, 1
			}
			for i, o := range q.Options {
				n := 0
				if valid > 0 {
					n = yes[q.ID][i]
				}
				one.Options = append(one.Options, bundle.OptionCount{ID: o.ID, Yes: n, Abstain: valid - n})
			}
			c.Questions = append(c.Questions, one)
		}
		if err := r.Ballots.Count(r.at(-24), p.ID, c); err != nil {
			return err
		}
	}
	return nil
}

// polling is an election of the urban community on its polling day: some have marked paper ballots, some voted on the portal.
func (r *demoRun) polling() error {
	if err := r.begin(-24, 0, "assembly"); err != nil {
		return err
	}
	if err := r.step(-2, verbFinal, ""); err != nil {
		return err
	}
	if err := r.step(0, verbOpen, ""); err != nil {
		return err
	}
	p, err := r.poll(0)
	if err != nil {
		return err
	}
	rows, err := r.roll(0)
	if err != nil {
		return err
	}
	for i, row := range rows[:min(len(rows), 30)] {
		if i%3 > 0 {
			err = r.Ballots.Issue(r.at(0), p.ID, "1", row.Number, 0)
		} else {
			_, err = r.Ballots.Cast(r.at(0), row.Code, 0, []ballot.Choice{{Marks: []string{"yn", "ny", "ya"}[i/3%3]}, {Marks: "yyyyn"}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// demoNumber is an invented identity number that is formally right (GB 11643): even places are women's.
func demoNumber(county string, i int) string {
	s := fmt.Sprintf("%s19%02d0%d%02d%03d", county, 50+i, i%9+1, i%28+1, 901+i)
	weights, sum := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for k, w := range weights {
		sum += w * int(s[k]-'0')
	}
	return s + string("10X98765432"[sum%11])
}

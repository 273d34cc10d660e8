package pact

import (
	"context"
	_ "embed"
	"encoding/json"
	"strings"

	"linli/internal/pact/review"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

//go:embed demo.json
var demoConventions []byte

type demoTexts struct {
	Texts, Titles                              map[string]string
	Bad                                        [][2]string
	Opinions                                   []string
	Ordered, OrderedClause, Revised, Dismissed string
}

// probeClause is a clause in which the review finds something.
func probeClause() string {
	var d demoTexts
	if json.Unmarshal(demoConventions, &d) != nil || len(d.Bad) == 0 {
		return ""
	}
	return d.Bad[0][1]
}

// demoCount is how many conventions the demo shows.
const demoCount = 30

// demo writes thirty conventions: most published, some on their way, three with findings, one ordered to be corrected, one revised.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var d demoTexts
	if err := json.Unmarshal(demoConventions, &d); err != nil {
		return err
	}
	written := city.Now.AddDate(0, 0, -40)
	by, err := city.As(ctx, "county", written)
	if err != nil {
		return err
	}
	review2, err := city.As(ctx, "city", written)
	if err != nil {
		return err
	}
	home, _ := s.Registry.Area(demoCounty)
	all := s.Registry.Below(home.Code, registry.LevelCommunity)
	for n := range min(demoCount-1, len(all)) {
		if err := s.demoOne(by, review2, &d, n, all[n]); err != nil {
			return err
		}
	}
	c, _ := s.Registry.City()
	e, err := s.Begin(review2, Content{Area: c.Code, Kind: review.Citizens, Title: c.Name + d.Titles[review.Citizens],
		Clauses: clausesOf(d.Texts[review.Citizens])})
	if err == nil {
		err = s.Tell(review2, e.ID, d.Opinions[0], true)
	}
	return err
}

// demoCounty is where the demo's accounts are at home.
const demoCounty = "320703"

func clausesOf(text string) []Clause {
	_, out := fromText(text)
	return out
}

// demoOne writes the convention of a community.
func (s *Service) demoOne(by, second context.Context, d *demoTexts, n int, a registry.Area) error {
	kind, office := review.Residents, "street"
	if village(a) {
		kind, office = review.Villagers, "township"
		if n%7 == 6 {
			kind = review.Charter
		}
	}
	text := d.Texts[kind]
	to := statePublished
	switch n {
	case 1, 2, 3: // with findings
		to = stateReviewing
		for _, bad := range d.Bad[n-1:] {
			if bad[0] == kind {
				text = bad[1]
				break
			}
		}
	case 4, 5:
		to = stateCollecting
	case 6:
		text += "\n" + d.OrderedClause
	}
	today := clock.Day(clock.Now(by))
	e, err := s.Begin(by, Content{Area: a.Code, Kind: kind, Title: a.Name + d.Titles[kind], Clauses: clausesOf(text)})
	m := &Meeting{Body: "assembly", Mode: "households", Day: today, Entitled: 420 + n, Present: 301 + n, Yes: 276 + n}
	f := &Filing{Office: office, Day: today, Number: "2026-" + strings.TrimLeft(a.Code[6:], "0")}
	for _, w := range way {
		if err != nil || e.State == string(to) {
			break
		}
		who := by
		if w.verb == verbClear {
			if err = s.demoDecide(second, &e, d.Dismissed); err != nil {
				return err
			}
			who = second
		}
		err = s.Step(who, e.ID, w.verb, e.Version, Taken{Meeting: m, Filing: f})
		e.Version, e.State = e.Version+1, string(w.to)
	}
	switch {
	case err != nil:
		return err
	case to == stateCollecting:
		for _, o := range d.Opinions {
			if err := s.Tell(by, e.ID, o, true); err != nil {
				return err
			}
		}
	case n == 6:
		return s.Step(second, e.ID, verbOrder, e.Version, Taken{Note: d.Ordered})
	case n == 8:
		return s.demoRevise(by, e.ID, e.Version, d.Revised)
	}
	return nil
}

// demoDecide dismisses what the review found, as a person would who had reasons.
func (s *Service) demoDecide(ctx context.Context, e *Edition, reason string) error {
	found, err := listFindings(ctx, s.Log.DB, e)
	for _, f := range found {
		if err == nil {
			err = s.Decide(ctx, e.ID, f.ID, Dismissed, reason)
		}
	}
	return err
}

func (s *Service) demoRevise(ctx context.Context, id string, version int64, reason string) error {
	return s.Step(ctx, id, flow.Verb(verbRevise), version, Taken{Note: reason})
}

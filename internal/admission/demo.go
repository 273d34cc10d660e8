package admission

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoLists []byte

// demoEdition is one edition of demo.json: what it drops, adds and rewrites of what is in force. Days are counted from the
// end of the demo's year.
type demoEdition struct {
	Area, By, Published string // Published: who publishes it; "" for one that waits
	Kind                Kind
	Day                 int // on which it is drafted
	From                int // first day
	Draft               bool
	Reason              string
	Drop                []string
	Add                 []Entry
	Rewrite             map[string]Text
}

// demo makes the editions of demo.json.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []demoEdition
	if err := json.Unmarshal(demoLists, &all); err != nil {
		return err
	}
	for _, d := range all {
		if err := s.demoEdition(ctx, city, d); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) demoEdition(ctx context.Context, city module.Demo, d demoEdition) error {
	at := city.Now.AddDate(0, 0, d.Day)
	by, err := city.As(ctx, d.By, at)
	if err != nil {
		return err
	}
	l, err := s.Begin(by, d.Area, d.Kind)
	if err != nil {
		return err
	}
	entries, err := entriesOf(by, s.Log.DB, []List{l}, "")
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return slices.Contains(d.Drop, e.Code) })
	for i := range entries {
		if t, there := d.Rewrite[entries[i].Code]; there {
			entries[i].Text = t
		}
	}
	for _, e := range d.Add {
		e.From = clock.Day(city.Now.AddDate(0, 0, d.From))
		entries = append(entries, e)
	}
	if l, err = s.Save(by, l.ID, l.Version, d.Reason, entries); err != nil || d.Draft {
		return err
	}
	if l, err = s.Step(by, l.ID, verbPropose, l.Version, flow.Input{}); err != nil || d.Published == "" {
		return err
	}
	second, err := city.As(ctx, d.Published, at.Add(time.Hour))
	if err == nil {
		_, err = s.Step(second, l.ID, verbPublish, l.Version, flow.Input{Day: clock.Day(city.Now.AddDate(0, 0, d.From))})
	}
	return err
}

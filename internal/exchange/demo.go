package exchange

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoForms []byte

// demo makes the forms of demo.json: those that rest on an admission are published, so that the room can send them; another holds
// nothing but what is held and stays a draft.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []struct {
		By, Published string // logins
		DaysAgo       int
		Admitted      bool // it rests on the department's first live admission
		Content
	}
	if err := json.Unmarshal(demoForms, &all); err != nil {
		return err
	}
	for _, d := range all {
		at := city.Now.AddDate(0, 0, -d.DaysAgo)
		as, err := city.As(ctx, d.By, at)
		if err != nil {
			return err
		}
		if d.Admitted {
			if d.Admission, err = s.demoAdmission(as); err != nil {
				return err
			}
		}
		f, err := s.Write(as, d.Content)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Title.Zh, err)
		}
		if d.Published == "" {
			continue
		}
		if err := s.Step(as, f.ID, verbCheck, f.Version, flow.Input{}); err != nil {
			return fmt.Errorf("%s: %w", d.Title.Zh, err)
		}
		if as, err = city.As(ctx, d.Published, at.Add(time.Hour)); err != nil {
			return err
		}
		if err := s.Step(as, f.ID, verbPublish, f.Version+1, flow.Input{}); err != nil {
			return fmt.Errorf("%s: %w", d.Title.Zh, err)
		}
	}
	return nil
}

// demoAdmission is the number of the first live admission of the actor's department on which forms may rest; "" without one.
func (s *Service) demoAdmission(ctx context.Context) (string, error) {
	if s.Admissions == nil {
		return "", nil
	}
	for _, body := range authority.From(ctx).Bodies() {
		live, err := s.Admissions.Live(ctx, s.Log.DB, body)
		if err != nil {
			return "", err
		}
		for _, st := range live {
			if slices.Contains(st.Ways, "form") {
				return st.Number, nil
			}
		}
	}
	return "", nil
}

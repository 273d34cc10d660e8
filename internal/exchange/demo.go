package exchange

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoForms []byte

// demo makes the forms of demo.json: one is published, another holds nothing but what is held and stays a draft.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []struct {
		By, Published string // logins
		DaysAgo       int
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

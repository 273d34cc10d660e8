package assessment

import (
	"context"
	_ "embed"
	"encoding/json"

	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoSchemes []byte

// DemoSchemes makes the schemes of demo.json: that of communities, from a survey, and that of departments are published, computed
// and, after their days of appeals, frozen; the others stay drafts, which the rules refuse.
func (s *Service) DemoSchemes(as func(login string, days int) context.Context, city module.Demo, area, survey string) error {
	var all []Content
	if err := json.Unmarshal(demoSchemes, &all); err != nil {
		return err
	}
	for _, c := range all {
		c.Area, c.Year = area, city.Now.Year()
		whole := len(c.Check(s.declared())) == 0
		if whole && c.Subjects == Communities {
			c.Survey = survey
		}
		x, err := s.Write(as("builder", -60), c)
		if err != nil {
			return err
		}
		if !whole {
			continue
		}
		for n, step := range []struct {
			by   string
			days int
			verb flow.Verb
		}{{"builder", -59, verbPropose}, {"builder2", -58, verbPublish}, {"builder", -40, verbCompute}, {"builder", -39, verbOpen},
			{"builder2", -20, verbFreeze}} {
			if err := s.Step(as(step.by, step.days), x.ID, step.verb, x.Version+int64(n), flow.Input{}); err != nil {
				return err
			}
		}
	}
	return nil
}

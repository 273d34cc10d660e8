package survey

import (
	"context"
	"crypto/sha256"
	"fmt"

	"linli/internal/assessment"
	"linli/internal/platform/audit"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// demo asks the residents of the builder's county, publishes what came of it, judges its communities by a scheme, and
// leaves a draft that the rules refuse.
func (s *Service) demo(schemes *assessment.Service) func(context.Context, module.Demo) error {
	return func(ctx context.Context, city module.Demo) error {
		as := func(login string, days int) context.Context {
			c, err := city.As(ctx, login, city.Now.AddDate(0, 0, days))
			if err != nil {
				panic(err) // an account of the demo is not there: a fault of the program
			}
			return c
		}
		x, err := s.demoSurvey(as, city)
		if err != nil {
			return err
		}
		return schemes.DemoSchemes(as, city, x.Content.Area, x.ID)
	}
}

// demoSurvey makes the survey of the county of the demo's community-building body and has it answered.
func (s *Service) demoSurvey(as func(string, int) context.Context, city module.Demo) (Survey, error) {
	day := func(days int) string { return city.Now.AddDate(0, 0, days).Format("2006-01-02") }
	c := Plan{Title: text.Pair{Zh: s.word(text.Chinese), En: s.word(text.English)}, Area: demoCounty, Year: city.Now.Year(), PerCommunity: 60,
		Opens: day(-60), Closes: day(-45)}
	for _, a := range s.Registry.Below(demoCounty, registry.LevelCommunity) {
		d := sha256.Sum256([]byte(a.Code))
		c.Frame = append(c.Frame, Part{Community: a.Code, Ordinary: 400 + 5*int(d[0]), Special: 40 + int(d[1])/2})
	}
	x, err := s.Write(as("builder", -62), c)
	if err == nil {
		err = s.step(as("builder", -60), x.ID, verbDraw, x.Version, fmt.Sprintf("%x", sha256.Sum256([]byte("demo"))))
	}
	for _, p := range c.Frame {
		if err == nil {
			err = s.demoAnswers(as("builder", -50), x.ID, p.Community)
		}
	}
	if err == nil {
		err = s.Step(as("builder", -44), x.ID, verbClose, x.Version+1)
	}
	if err == nil {
		err = s.Step(as("builder2", -43), x.ID, verbPublish, x.Version+2)
	}
	return x, err
}

func (s *Service) word(lang text.Lang) string { return s.Texts.T(lang, "assessment.survey.demo") }

// demoCounty is where the accounts of the demo's community-building body are.
const demoCounty = "320703"

// demoAnswers has the sample of one community answer, refuse or stay away, by chance that its code decides.
func (s *Service) demoAnswers(ctx context.Context, id, community string) error {
	slips, err := listSlips(ctx, s.Log.DB, id, community)
	if err != nil {
		return err
	}
	taste := sha256.Sum256([]byte("taste " + community))
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permCollect, community); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permCollect, Area: demoCounty, Subject: subject, SubjectID: id})
		for i := range slips {
			slip := &slips[i]
			d := sha256.Sum256([]byte(fmt.Sprint(community, slip.Stratum, slip.Number)))
			state := slipAnswered
			if d[0] < 14 {
				state = []string{slipRefused, slipAbsent, slipMoved}[int(d[1])%3]
			}
			if _, err := spend(ctx, tx, id, slip, state, []string{Door, Phone, Code, QR}[int(d[2])%4]); err != nil {
				return err
			}
			if state != slipAnswered {
				continue
			}
			answer := map[string]int{}
			for k, q := range assessment.Questions() {
				answer[q] = demoLevel(int(d[3+k]), int(taste[k])/3)
			}
			if err := count(ctx, tx, id, slip, answer); err != nil {
				return err
			}
		}
		return nil
	})
}

// demoLevel is a level by a die of 0 to 255; the greater unease, the more are not content.
func demoLevel(die, unease int) int {
	switch {
	case die < unease/2:
		return 2
	case die < unease+10:
		return 3
	case die < 140:
		return 4
	}
	return 5
}

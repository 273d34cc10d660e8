package form

import (
	"context"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// The login of the demo that sends forms, and how long before the end of its year.
const (
	demoSender = "clerk"
	demoFirst  = 20 // days before the end of the demo's year
)

// demo sends the forms of the demo's department to its county, as far as the gate lets them through, and has a part of the
// communities answer.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	if s.Gate == nil {
		return nil
	}
	all, err := s.Forms.All(ctx)
	if err != nil {
		return err
	}
	for _, id := range all {
		d, err := s.Forms.Sendable(ctx, s.Log.DB, id)
		if err != nil {
			return err
		}
		by, err := city.As(ctx, demoSender, city.Now.AddDate(0, 0, -demoFirst))
		if err != nil {
			return err
		}
		b, err := s.Registry.Body(ctx, s.Log.DB, d.Body)
		if err != nil {
			return err
		}
		of, err := s.Send(by, NewSending{Form: id, Areas: []string{b.Area}, Minutes: 30})
		if k := errs.Of(err).Kind; err != nil && (k == errs.Conflict || k == errs.Forbidden || k == errs.Invalid) {
			continue // no admission, or another department's
		}
		if err != nil {
			return err
		}
		if err := s.Prepare(by); err != nil {
			return err
		}
		if err := demoAnswers(s, ctx, city, &of); err != nil {
			return err
		}
	}
	return nil
}

// demoAnswers has two of three communities answer, and the department accept most.
func demoAnswers(s *Service, ctx context.Context, city module.Demo, of *Sending) error {
	some, err := db.All(ctx, s.Log.DB, scanAnswer,
		`SELECT `+answerColumns+` FROM exchange_answer WHERE sending_id = $1 ORDER BY area LIMIT 60`, of.ID)
	if err != nil {
		return err
	}
	for i := range some {
		a := &some[i]
		if i%3 == 2 || a.Area == registry.Above(a.Area, registry.LevelStreet)+"007" {
			continue
		}
		at := city.Now.AddDate(0, 0, -demoFirst+2+i%10)
		as := clock.With(ctx, at)
		if err := s.unseal(a); err != nil {
			return err
		}
		if err := s.Open(as, a.ID); err != nil {
			return err
		}
		later := clock.With(ctx, at.Add(time.Duration(4+i%9)*time.Minute))
		if err := s.Submit(later, a.ID, 1, demoFilled(of, a)); err != nil {
			if errs.Of(err).Kind == errs.Invalid {
				continue // what is held does not fill it whole
			}
			return err
		}
		judge, err := city.As(ctx, demoSender, at.Add(24*time.Hour))
		if err != nil {
			return err
		}
		switch i % 4 {
		case 0, 1:
			err = s.Accept(judge, a.ID, 2)
		case 2:
			err = s.Return(judge, a.ID, 2, map[string]string{of.Questions[len(of.Questions)-1].Key: of.Title.Zh})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// demoFilled confirms what is held and answers the rest as simply as its kind allows.
func demoFilled(of *Sending, a *Answer) Filled {
	f := Filled{Answers: fields.Answers{}, Marks: map[string]string{}}
	for i := range of.Questions {
		q := &of.Questions[i]
		if _, held := a.Held[q.Key]; held {
			f.Marks[q.Key] = markConfirmed
			continue
		}
		f.Answers[q.Key] = demoAnswer(&q.Field)
	}
	return f
}

func demoAnswer(q *fields.Field) fields.Answer {
	switch q.Kind {
	case fields.Number:
		return fields.One(itoa(q.Min + (q.Max-q.Min)/100))
	case fields.Date:
		return fields.One("2026-01-15")
	case fields.Choice:
		return fields.One(q.Options[0].Value)
	case fields.Choices:
		return fields.Many(q.Options[0].Value)
	case fields.Table:
		row := fields.Row{}
		for n := range q.Columns {
			c := fields.Field(q.Columns[n])
			row[c.Key] = demoAnswer(&c).One
		}
		return fields.Answer{Rows: []fields.Row{row}}
	case fields.File, fields.Phone, fields.IDNumber, fields.Area:
		return fields.Answer{}
	}
	return fields.One(q.Label.Zh)
}

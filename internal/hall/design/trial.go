package design

import (
	"context"

	"linli/internal/casework"
	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/routing"
)

// Trial is an application that is judged whole and not stored.
type Trial struct {
	Content   hall.Content
	Area      string
	Answers   form.Answers
	Applicant *people.Person // nil: not judged
}

// TrialView is what would happen.
type TrialView struct {
	Answers  []TrialAnswer `json:"answers" doc:"What would be stored, in the order of the form"`
	Skipped  []string      `json:"skipped" doc:"Labels of the questions that are not asked by these answers"`
	Unit     string        `json:"unit" doc:"Body that decides, by the routes of the place; empty where none is found"`
	Receives string        `json:"receives" doc:"Station that takes the application in"`
	AcceptBy int64         `json:"acceptBy" doc:"Last instant to accept it, when it is made now; 0 while the working days of its year are not known"`
	DecideBy int64         `json:"decideBy" doc:"Last instant to decide by the promise, when it is accepted now; 0 likewise"`
	LawBy    int64         `json:"lawBy" doc:"Last instant to decide by law, likewise"`
}

// TrialAnswer is one answer in words.
type TrialAnswer struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Try judges an application under a text that need not be published: the text itself, the answers with their
// conditions, who becomes responsible and by when. Nothing is stored. Errors: those of Publish and of Submit;
// Forbidden.
func (s *Service) Try(ctx context.Context, t Trial) (TrialView, error) {
	out := TrialView{Answers: []TrialAnswer{}, Skipped: []string{}}
	if err := mayDesign(ctx, s); err != nil {
		return out, err
	}
	if err := s.valid(&t.Content); err != nil {
		return out, err
	}
	t.Area = s.Hall.Registry.Resolve(t.Area)
	if _, open := s.Hall.Registry.Area(t.Area); !open {
		return out, errs.ErrInvalid.At("area", "field.community")
	}
	now, lang := clock.Now(ctx), text.From(ctx)
	item := &hall.Item{Content: t.Content}
	if t.Answers == nil {
		t.Answers = form.Answers{}
	}
	var err error
	if t.Applicant == nil {
		err = form.Check(item.Form, t.Answers, s.Hall.FormContext(clock.Day(now)))
	} else {
		err = s.Hall.Check(ctx, item, &hall.Application{Applicant: *t.Applicant, Answers: t.Answers})
	}
	if err != nil {
		return out, err
	}
	asked := form.Asked(item.Form, t.Answers)
	for _, f := range item.Form {
		switch answer := t.Answers[f.Key]; {
		case !asked[f.Key]:
			out.Skipped = append(out.Skipped, f.Label.In(lang))
		case !answer.Empty():
			out.Answers = append(out.Answers, TrialAnswer{f.Label.In(lang), f.Words(answer, lang, s.Hall.AreaName(lang))})
		}
	}
	return out, foresee(ctx, s, &t, &out)
}

// foresee tells who becomes responsible and by when.
func foresee(ctx context.Context, s *Service, t *Trial, out *TrialView) error {
	now, r := clock.Now(ctx), s.Hall.Casework.Log.DB
	station, err := s.Hall.Casework.Station(ctx, r, t.Area)
	if err != nil && errs.Of(err).Kind == errs.Internal {
		return err
	}
	out.Receives = s.Hall.Registry.BodyName(station)
	found, err := s.Hall.Casework.Routing.Find(ctx, r, routing.RouteQuery{Kind: hall.KindApplication, Subject: t.Content.Code,
		Area: t.Area, At: now, Class: string(t.Content.Kind),
		Responsible: &routing.ResponsibleUnit{Department: t.Content.Department, Level: t.Content.Level}})
	if err != nil && errs.Of(err).Kind == errs.Internal {
		return err
	}
	if err == nil {
		out.Unit = s.Hall.Registry.BodyName(found.Unit.ID)
	}
	accept := calendar.Workdays(s.Hall.Rules.Int("hall.accept.days", clock.Day(now)))
	for _, d := range []struct {
		limit calendar.Limit
		into  *int64
	}{{accept, &out.AcceptBy}, {t.Content.Promised, &out.DecideBy}, {t.Content.Statutory, &out.LawBy}} {
		if due, _ := casework.DueBy(s.Hall.Casework.Calendar.Now(), clock.Millis(now), d.limit, nil); due != nil {
			*d.into = *due
		}
	}
	return nil
}

type previewPage struct {
	Name  string
	Pages []previewStep
}

type previewStep struct {
	Heading string
	Fields  []page.Field
}

// Preview is the form as the portal renders it, whole on one page, in a language. Errors: Invalid where the form
// cannot be shown; Forbidden.
func (s *Service) Preview(ctx context.Context, c *hall.Content, lang text.Lang) (string, error) {
	if err := mayDesign(ctx, s); err != nil {
		return "", err
	}
	if s.site == nil {
		return "", errs.ErrNotFound
	}
	asker := s.Hall.Asker(func(key string, pairs ...any) string { return s.Hall.Texts.T(lang, key, pairs...) }, lang)
	inputs := asker.Fields(c.Form)
	v := previewPage{Name: c.Name.In(lang)}
	for _, g := range form.Groups(c.Form) {
		step := previewStep{Heading: g.Fields[0].Group.In(lang)}
		for i, f := range c.Form {
			if f.Group == g.Fields[0].Group {
				step.Fields = append(step.Fields, inputs[i])
			}
		}
		v.Pages = append(v.Pages, step)
	}
	return s.site.Fragment(lang, "hall/preview", v)
}

package casework

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/routing"
)

// sendsOn tells whether a step makes another unit responsible.
func sendsOn(t *flow.Transition[*Case]) bool {
	for _, f := range t.Fields {
		if f.Kind == flow.Unit && t.To != flow.Stay {
			return true
		}
	}
	return false
}

// routedView suggests to whom a case is sent on now; nil where nobody is found, or only the unit
// that has just sent it back.
func (s *Service) routedView(ctx context.Context, c *Case) *routing.RoutedView {
	found, err := s.Routing.Find(ctx, s.Log.DB, routing.RouteQuery{Kind: c.Kind, Subject: c.Subject, Area: c.Area, At: clock.Now(ctx)})
	if err != nil || found.Unit.ID == c.Standing.Objector {
		return nil
	}
	v := s.Routing.View(ctx, &found)
	v.Considered = nil
	return &v
}

// subjects tells routing what cases can be about.
type subjects struct{ *Service }

// Subjects is what routing asks of the matters.
func (s *Service) Subjects() routing.Subjects { return subjects{s} }

func (s subjects) HasKind(kind string) bool { return s.Matters[kind] != nil }

func (s subjects) Knows(kind, subject string) bool {
	m := s.Matters[kind]
	return m != nil && m.Knows(subject)
}

func (s subjects) ClassOf(kind, subject string) string {
	m := s.Matters[kind]
	if m == nil || m.ClassOf == nil {
		return ""
	}
	return m.ClassOf(subject)
}

func (s subjects) ResponsibleFor(kind, subject string) routing.ResponsibleUnit {
	return s.Matters[kind].Responsible(subject)
}

func (s subjects) SubjectName(kind, subject string, lang text.Lang) string {
	return s.Matters[kind].SubjectName(subject, lang)
}

// Sendable is the named body, if a case may be sent to it: it works for the case's place, and where a department asks a
// community's body, the gate lets it through and the ledger counts it; then it is told who asked. Errors: Invalid
// "casework.unit_elsewhere"; those of the gate.
func (s *Service) Sendable(ctx context.Context, tx *audit.Tx, c *Case, to gate.Sending) (registry.Body, gate.Asked,
	error) {
	b, err := s.Registry.Body(ctx, tx, to.Unit)
	if errs.Of(err).Kind == errs.NotFound || err == nil && !routing.WorksFor(c.Area, b.Area) {
		err = errs.ErrInvalid.At("unit", "casework.unit_elsewhere")
	}
	if err != nil {
		return b, gate.Asked{}, err
	}
	to.Subject, to.Title = c.ID, s.Matters[c.Kind].SubjectName(c.Subject, text.Chinese)
	by, err := to.Ask(ctx, tx, s.Gate, s.Ledger, s.Registry, b, c.Unit)
	return b, by, err
}

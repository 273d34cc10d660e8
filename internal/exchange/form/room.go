package form

import (
	"context"

	"linli/internal/exchange"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Room is the room for the module's list.
func Room() exchange.Room {
	return exchange.Room{Texts: Texts, Rules: Rules, Sealed: Sealed,
		Start: func(_ context.Context, s *exchange.Service, d *wiring.Deps) (module.Module, error) {
			return New(spine{s}, spine{s}, d).Manifest(), nil
		}}
}

// spine answers for forms and for what is held.
type spine struct{ *exchange.Service }

// Sendable is a published form; a field whose answer is held is filled in from its element.
func (s spine) Sendable(ctx context.Context, r db.Reader, id string) (Definition, error) {
	f, err := s.Published(ctx, r, id)
	if err != nil {
		return Definition{}, err
	}
	d := Definition{ID: f.ID, Body: f.Body, Title: f.Title, Purpose: f.Purpose, Admission: f.Admission, Days: f.Days}
	report := s.Check(ctx, &f.Content, nil)
	for i := range f.Fields {
		q := Question{Field: f.Fields[i].Field}
		if m := report.Fields[i]; m.Status == statusHeld {
			q.Element = m.Match.Element.Code
		}
		d.Questions = append(d.Questions, q)
	}
	return d, nil
}

// statusHeld is what the check says of a field that is held.
const statusHeld = "held"

// All are the ids of the forms that may be sent, the latest first.
func (s spine) All(ctx context.Context) ([]string, error) {
	running, err := s.Running(ctx, s.Log.DB, "")
	out := make([]string, len(running))
	for i := range running {
		out[i] = running[i].ID
	}
	return out, err
}

// Probe makes a published form of a county's department.
func (s spine) Probe(ctx context.Context, area string) (string, error) { return s.ProbeForm(ctx, area) }

// Values asks for each element once, whatever the number of communities.
func (s spine) Values(ctx context.Context, elements, communities []string) (map[string]map[string]Held, error) {
	var c exchange.Content
	departments := map[string]string{}
	for _, code := range elements {
		e, _ := s.Element(code)
		departments[code] = e.Department
		c.Fields = append(c.Fields, exchange.Field{Field: fields.Field{Key: code, Label: e.Name}, Element: code})
	}
	filled, err := s.Filled(ctx, s.Log.DB, &c, communities, clock.Day(clock.Now(ctx)))
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]Held{}
	for code, values := range filled {
		for area, v := range values {
			if out[area] == nil {
				out[area] = map[string]Held{}
			}
			out[area][code] = Held{Value: fields.One(v.Text), Source: v.Source, AsOf: v.AsOf, Department: departments[code]}
		}
	}
	return out, nil
}

package exchange

import (
	"context"
	"fmt"

	"linli/internal/platform/clock"
	"linli/internal/platform/form"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// Wanted is a datum that somebody wants, by its name, for which the check finds an element.
type Wanted struct {
	Name  string // as it was asked
	Code  string // of the element
	Bound bool   // Linli holds its values; false: the department of the element has them
}

// Wanted tells which of the data of these names are held, or kept by a department, in the order asked.
func (s *Service) Wanted(ctx context.Context, names []string) []Wanted {
	return s.register.Load().matcher.wanted(names, LimitsOn(s.Rules, clock.Day(clock.Now(ctx))))
}

// WantedOfShipped answers as Service.Wanted does, by the elements and rules that ship, without a database.
func WantedOfShipped(names []string, day string) []Wanted {
	return NewMatcher(Elements(), Bound()).wanted(names, LimitsOn(rule.NewCache(Rules()), day))
}

func (m *Matcher) wanted(names []string, limits Limits) []Wanted {
	var c Content
	for i, name := range names {
		c.Fields = append(c.Fields, Field{Field: form.Field{Key: fmt.Sprintf("f%d", i), Label: text.Pair{Zh: name}, Kind: form.Text}})
	}
	var out []Wanted
	report := m.Check(&c, nil, limits)
	for i, f := range report.Fields {
		if f.Status == statusHeld || f.Shared {
			out = append(out, Wanted{Name: names[i], Code: f.Match.Element.Code, Bound: f.Status == statusHeld})
		}
	}
	return out
}

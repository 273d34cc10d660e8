package assessment

import (
	"context"
	"fmt"
	"maps"
	"math"

	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

const ruleDepartment = "assessment.department.least" // ratings below which nothing is said of a department

// declared are the computed indicators that may be chosen.
func (s *Service) declared() Declared {
	d := Declared{Areas: s.Figures.Declared()}
	for _, x := range s.Departments {
		d.Departments = append(d.Departments, x.IndicatorCodes()...)
	}
	return d
}

// ofDepartments are the results of the departments of an area: of its own, not of those below.
func (s *Service) ofDepartments(ctx context.Context, c *Content) (Results, error) {
	from, to := fmt.Sprintf("%d-01", c.Year), fmt.Sprintf("%d-12", c.Year)
	counted := map[string]map[string]gate.Rate{}
	for _, x := range s.Departments {
		rates, err := x.DepartmentRates(ctx, s.Log.DB, c.Area, from, to)
		if err != nil {
			return Results{}, err
		}
		for body, by := range rates {
			if counted[body] == nil {
				counted[body] = map[string]gate.Rate{}
			}
			maps.Copy(counted[body], by)
		}
	}
	bodies, err := s.Registry.Bodies(ctx, c.Area)
	if err != nil {
		return Results{}, err
	}
	least := s.Rules.Int(ruleDepartment, clock.Day(clock.Now(ctx)))
	var inputs []Inputs
	for _, b := range bodies {
		if b.Kind != registry.BodyDepartment {
			continue
		}
		in := Inputs{Area: c.Area, Body: b.ID, Name: s.Registry.BodyName(b.ID), Scores: make([]Score, len(c.Indicators))}
		for i, line := range c.Indicators {
			in.Scores[i] = ofDepartment(counted[b.ID][line.Code], line.Code == saidOfDepartments, least)
		}
		inputs = append(inputs, in)
	}
	return c.Total(from, to, "", inputs), nil
}

// ofDepartment is the score of a rate. What residents say is a sample of those whom the department served: it has an interval,
// and no value where fewer than least said anything.
func ofDepartment(r gate.Rate, said bool, least int) Score {
	out := Score{N: r.N, D: r.D}
	if r.D == 0 || said && r.D < least {
		return out
	}
	v := min(10_000, rounded(r.N*10_000, r.D))
	out.Value = &v
	if said {
		n, p := float64(r.D), float64(r.N)/float64(r.D)
		if r.N == 0 || r.N == r.D { // as Agresti and Coull: a sample that agrees does not show that nobody differs
			p = (float64(r.N) + 2) / (n + 4)
		}
		out.Half = int(math.Round(10_000 * 1.96 * math.Sqrt(p*(1-p)/n)))
	}
	return out
}

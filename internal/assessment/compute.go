package assessment

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"linli/internal/casework/stats"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// compute makes the results of a published scheme from the year's counters and its survey. Errors: Conflict
// "assessment.no_survey"; those of Surveys.
func (s *Service) compute(ctx context.Context, x *Scheme) (Results, error) {
	c := &x.Content
	if c.Subjects == Departments {
		return s.ofDepartments(ctx, c)
	}
	level := map[string]int{Communities: registry.LevelCommunity, Streets: registry.LevelStreet}[c.Subjects]
	if c.Survey == "" || s.Surveys == nil {
		return Results{}, errs.New(errs.Conflict, "assessment.no_survey")
	}
	said, err := s.Surveys.Scores(ctx, c.Survey, c.Area)
	if err != nil {
		return Results{}, err
	}
	from, to := fmt.Sprintf("%d-01", c.Year), fmt.Sprintf("%d-12", c.Year)
	counted, err := s.counted(ctx, c.Area, level, from, to)
	if err != nil {
		return Results{}, err
	}
	var inputs []Inputs
	for _, a := range s.Registry.Below(c.Area, level) {
		in := Inputs{Area: a.Code, Name: a.Name, Scores: make([]Score, len(c.Indicators))}
		for i, line := range c.Indicators {
			if line.Source == FromSurvey {
				in.Scores[i] = s.said(said, a, line.Code)
			} else {
				in.Scores[i] = ofRate(counted[a.Code][line.Code])
			}
		}
		inputs = append(inputs, in)
	}
	return c.Total(from, to, said.Digest, inputs), nil
}

// counted are the rates of every area of a level below one, by code of area and indicator. Counters belong to the
// platform: whoever may compute a scheme need not see every board.
func (s *Service) counted(ctx context.Context, area string, level int, from, to string) (map[string]map[string]stats.Rate, error) {
	ctx = authority.With(ctx, authority.SystemActor("assessment"))
	out := map[string]map[string]stats.Rate{}
	parents := s.Registry.Below(area, level-1)
	if a, _ := s.Registry.Area(area); a.Level == level-1 {
		parents = []registry.Area{a}
	}
	for _, p := range parents {
		t, err := s.Figures.Indicate(ctx, p.Code, "", from, to)
		if err != nil {
			return nil, err
		}
		for _, row := range t.Below {
			out[row.Area] = row.Rates
		}
	}
	return out, nil
}

func ofRate(r stats.Rate) Score {
	out := Score{N: r.N, D: r.D}
	if r.D > 0 {
		v := min(10_000, rounded(r.N*10_000, r.D))
		out.Value = &v
	}
	return out
}

// said is the score of one question: of a community its own, of a wider area that of its communities, each by
// its households.
func (s *Service) said(all SurveyScores, a registry.Area, question string) Score {
	if a.Level == registry.LevelCommunity {
		return all.Communities[a.Code].Questions[question]
	}
	var out Score
	households, value, square := 0, 0, 0.0
	for _, below := range s.Registry.Below(a.Code, registry.LevelCommunity) {
		c := all.Communities[below.Code]
		q := c.Questions[question]
		if q.Value == nil {
			continue
		}
		out.N, out.D = out.N+q.N, out.D+q.D
		households, value = households+c.Households, value+c.Households**q.Value
		square += math.Pow(float64(c.Households*q.Half), 2)
	}
	if households > 0 {
		v := rounded(value, households)
		out.Value, out.Half = &v, int(math.Round(math.Sqrt(square)/float64(households)))
	}
	return out
}

// Results are what a scheme came to; false before it is computed.
func (s *Scheme) Results() (Results, bool) {
	var out Results
	if s.results == "" || json.Unmarshal([]byte(s.results), &out) != nil {
		return out, false
	}
	return out, true
}

// Holds tells whether the results, made again from their inputs, are the same to the byte, and have the digest that was kept.
func (s *Scheme) Holds() bool {
	r, ok := s.Results()
	if !ok {
		return false
	}
	raw, digest := r.Again(&s.Content).Frozen()
	return raw == s.results && digest == s.Digest
}

// judges tells whether an area, or a department of it, has a result.
func (s *Scheme) judges(area, department string) bool {
	r, _ := s.Results()
	return slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Area == area && l.Body == department })
}

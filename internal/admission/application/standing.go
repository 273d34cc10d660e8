package application

import (
	"context"
	"slices"

	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// standings answers how admissions stand.
type standings struct{ *Service }

var _ gate.Admissions = standings{}

// Standings are how admissions stand today, by their numbers; see [gate.Admissions].
func (s standings) Standings(ctx context.Context, r db.Reader, numbers []string) (map[string]gate.Standing, error) {
	out := map[string]gate.Standing{}
	if numbers = slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return n == "" }); len(numbers) == 0 {
		return out, nil
	}
	list, args := db.In(nil, numbers)
	all, err := db.All(ctx, r, scanApplication, `SELECT `+columns+` FROM admission_application WHERE number IN `+list+` AND number <> ''`, args...)
	today := clock.Day(clock.Now(ctx))
	for i := range all {
		out[all[i].Number] = all[i].standing(today)
	}
	return out, err
}

// Live are a body's admissions on which work may rest today; see [gate.Admissions].
func (s standings) Live(ctx context.Context, r db.Reader, body string) ([]gate.Standing, error) {
	all, err := db.All(ctx, r, scanApplication, `SELECT `+columns+` FROM admission_application WHERE body_id = $1
		AND state IN ('active', 'provisional') AND number <> '' ORDER BY number`, body)
	today, out := clock.Day(clock.Now(ctx)), []gate.Standing{}
	for i := range all {
		if st := all[i].standing(today); st.Live {
			out = append(out, st)
		}
	}
	return out, err
}

// standing is how an admission stands on a day, whether or not the job has written down yet that it has ended.
func (e *Application) standing(today string) gate.Standing {
	begun := e.From <= today || e.Emergency
	in := e.State != string(stateProvisional) || today <= e.RatifyBy
	ways := make([]gate.Way, len(e.Ways))
	for i, w := range e.Ways {
		ways[i] = gate.Way(w)
	}
	return gate.Standing{Number: e.Number, Title: e.Name, Until: e.Until, State: e.State, Cause: e.Cause, Ways: ways,
		Live: e.Live() && begun && in && today <= e.Until}
}

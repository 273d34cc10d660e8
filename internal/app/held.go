package app

import (
	"context"

	"linli/internal/admission/application"
	"linli/internal/admission/proposal"
	"linli/internal/exchange"
	"linli/internal/platform/module"
)

// wanted answers the check of applications from the register of data elements.
type wanted func(ctx context.Context, names []string) []exchange.Wanted

func (w wanted) Held(ctx context.Context, fields []string) ([]proposal.HeldField, error) {
	var out []proposal.HeldField
	for _, f := range w(ctx, fields) {
		out = append(out, proposal.HeldField{Field: f.Name, Element: f.Code, Elsewhere: !f.Bound})
	}
	return out, nil
}

// HeldOfShipped is what the elements that ship say of data that an application wants, on a day.
func HeldOfShipped(day string) proposal.Held {
	return wanted(func(_ context.Context, names []string) []exchange.Wanted { return exchange.WantedOfShipped(names, day) })
}

// connect gives modules what they ask of others that start later.
func connect(all []module.Module) {
	module.Of[*application.Service](all).Held = wanted(module.Of[*exchange.Service](all).Wanted)
}

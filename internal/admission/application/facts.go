package application

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// facts are what was admitted into a community, for disclosure.
type facts struct{ *Service }

// FactCode implements [gate.Facts].
func (facts) FactCode() string { return "admission" }

// Facts implements [gate.Facts]: each admission that held in the period, with its department, term and money.
func (f facts) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Words, "admission.fact.number", "admission.fact.name", "admission.fact.body",
		"admission.fact.from", "admission.fact.until", "admission.fact.money", "admission.fact.state")}
	var w db.Where
	w.And(`a.number <> ''`)
	w.And(`a.state IN ` + w.In(publicStates))
	w.And(`a.from_on <= %s AND a.until_on >= %s`, q.To, q.From)
	f.concerns(&w, []string{q.Area})
	all, err := db.All(ctx, r, scanApplication, `SELECT `+columnsOfA+` FROM admission_application a`+w.String()+` ORDER BY a.number LIMIT `+
		w.Arg(gate.MostFacts), w.List...)
	for i := range all {
		e := &all[i]
		out.Rows = append(out.Rows, []string{e.Number, e.Name, f.Registry.BodyName(e.Body), e.From, e.Until, yuan(e.Money.Amount),
			f.Words.T(text.Chinese, "admission.application.state."+e.State)})
	}
	return out, err
}

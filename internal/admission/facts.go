package admission

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/db"
)

// facts are the lists of what may enter a community, for disclosure.
type facts struct{ *Service }

// FactCode implements [gate.Facts].
func (facts) FactCode() string { return "admission" }

// Facts implements [gate.Facts]: the entries in force for the community on the last day of the period.
func (f facts) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Texts, "admission.fact.code", "admission.fact.text", "admission.fact.department",
		"admission.fact.law", "admission.fact.article")}
	all, err := f.Entries(ctx, r, q.Area, q.To)
	for i := range all {
		e := &all[i]
		if len(out.Rows) < gate.MostFacts {
			out.Rows = append(out.Rows, []string{e.Code, e.Text.Zh, e.DepartmentName.Zh, e.Law.Zh, e.Article.Zh})
		}
	}
	return out, err
}

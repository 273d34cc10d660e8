package app

import (
	"fmt"
	"strings"

	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
)

// Lifecycles writes the declared tables of every lifecycle as a document, with their diagrams.
func (a *App) Lifecycles(today string) string {
	var b strings.Builder
	b.WriteString("# Lifecycles\n\nWritten by `make openapi` from the tables that also run the product; do not edit.\n")
	for _, f := range a.Flows() {
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\n%s```\n\n", f.Name, f.Mermaid)
		b.WriteString("| from | step | to | who | only if |\n|---|---|---|---|---|\n")
		for _, t := range f.Transitions {
			a.lifecycleRow(&b, f, t, today)
		}
	}
	return b.String()
}

func (a *App) lifecycleRow(b *strings.Builder, f module.Flow, t module.FlowTransition, today string) {
	word := func(kind, key string) string {
		return fmt.Sprintf("%s `%s`", a.Catalogue.T(text.Chinese, f.Name+"."+kind+"."+key), key)
	}
	var from, guards []string
	for _, s := range t.From {
		from = append(from, word("state", s))
	}
	for _, g := range t.Guards {
		v, _ := a.Rules.On(g.Rule, today)
		guards = append(guards, strings.TrimSpace(fmt.Sprintf("%s (%s %s, %s)", a.Catalogue.T(text.English, "error."+g.Key),
			v.Basis, v.Article, v.Certainty)))
	}
	to := "the same"
	if t.To != string(flow.Stay) {
		to = word("state", t.To)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", strings.Join(from, ", "), word("verb", t.Verb), to,
		"`"+strings.Join(t.Permissions, "`, `")+"`", strings.Join(guards, " "))
}

// FixedDay is the day as of which generated documents cite rules.
const FixedDay = "2026-11-23"

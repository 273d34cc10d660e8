package burden

import (
	"context"
	"fmt"

	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// facts are what departments asked of a community, for disclosure.
type facts struct{ *Service }

// FactCode implements [gate.Facts].
func (facts) FactCode() string { return "burden" }

// Facts implements [gate.Facts]: each request with its way, its basis and the minutes declared.
func (f facts) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Words, "burden.fact.day", "burden.fact.title", "burden.fact.way", "burden.fact.body",
		"burden.fact.pass", "burden.fact.minutes")}
	rows, err := db.All(ctx, r, func(sc db.Scanner) (row []string, err error) {
		var title, way, body, pass string
		var at int64
		var declared int
		err = sc.Scan(&at, &title, &way, &body, &pass, &declared)
		return []string{clock.Day(clock.Instant(at)), title, f.Words.T(text.Chinese, "burden.way."+way), f.Registry.BodyName(body), pass,
			fmt.Sprint(declared)}, err
	}, `SELECT at, title, way, body, pass, declared FROM burden_event WHERE area = $1 AND asked > 0 AND day >= $2 AND day <= $3
		ORDER BY at, id LIMIT $4`, q.Area, q.From, q.To, gate.MostFacts)
	out.Rows = rows
	return out, err
}

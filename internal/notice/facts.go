package notice

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// facts are the notices that were published for a community, for disclosure.
type facts struct {
	*Service
	words Words
}

// FactCode implements [gate.Facts].
func (facts) FactCode() string { return "notice" }

// Facts implements [gate.Facts]: title, kind, day and issuer of each that was published in the period.
func (f facts) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.words, "notice.fact.day", "notice.fact.title", "notice.fact.kind", "notice.fact.issuer")}
	rows, err := db.All(ctx, r, func(sc db.Scanner) (row []string, err error) {
		var title, kind, issuer string
		var at int64
		err = sc.Scan(&at, &title, &kind, &issuer)
		return []string{clock.Day(clock.Instant(at)), title, f.words.T(text.Chinese, "notice.kind."+kind), issuer}, err
	}, `SELECT published_at, title_zh, kind, issuer FROM notice_edition WHERE area = $1 AND latest = 1 AND published_at > 0
		AND from_on >= $2 AND from_on <= $3 ORDER BY published_at, id LIMIT $4`, q.Area, q.From, q.To, gate.MostFacts)
	out.Rows = rows
	return out, err
}

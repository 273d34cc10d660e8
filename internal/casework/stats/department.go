package stats

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Codes of the indicators of departments that cases count.
const (
	codeOnTime    = "cases_on_time"
	codeSatisfied = "cases_satisfied" // what those say whose case the department handled
)

// IndicatorCodes implements [gate.Indicators].
func (s *Service) IndicatorCodes() []string { return []string{codeSatisfied, codeOnTime} }

// DepartmentRates implements [gate.Indicators], from the closed cases of residents that were reported in the months and that a
// department was responsible for last. It reads these cases: for what is computed once, not for a page. Error: Malformed
// for what is no month.
func (s *Service) DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]gate.Rate, error) {
	first, err := time.ParseInLocation("2006-01", from, clock.City)
	last, err2 := time.ParseInLocation("2006-01", to, clock.City)
	if err != nil || err2 != nil {
		return nil, errs.ErrInvalid.At("from", "casework.period")
	}
	l := &casework.Args{}
	content := l.Arg(s.Cases.Rules.Int("casework.rating.satisfied", clock.Day(last)))
	w := l.Term("closed_at IS NOT NULL AND unit_id <> '' AND reported_at >= %s AND reported_at < %s",
		clock.Millis(first), clock.Millis(last.AddDate(0, 1, 0)))
	w += " AND " + l.At(area, false)
	for _, kind := range s.Cases.Apart() {
		w += l.Term(" AND kind <> %s", kind)
	}
	out := map[string]map[string]gate.Rate{}
	_, err = db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
		var body string
		var said, kept gate.Rate
		err = sc.Scan(&body, &kept.D, &kept.N, &said.D, &said.N)
		out[body] = map[string]gate.Rate{codeSatisfied: said, codeOnTime: kept}
		return none, err
	}, `SELECT unit_id, CAST(COUNT(*) AS BIGINT), CAST(SUM(CASE WHEN late = 0 THEN 1 ELSE 0 END) AS BIGINT), CAST(COUNT(rating) AS BIGINT),
		CAST(SUM(CASE WHEN rating >= `+content+` THEN 1 ELSE 0 END) AS BIGINT) FROM casework_case WHERE `+w+` GROUP BY unit_id`, l.List...)
	return out, err
}

package admission

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// paid counts the indicator of departments that the money of admissions is; the room of applications writes what it reads.
type paid struct{}

// codePaid is the indicator of departments that admissions count: instalments that were paid by the day on which they fell
// due and that the communities did not deny.
const codePaid = "paid_on_time"

// IndicatorCodes implements [gate.Indicators].
func (paid) IndicatorCodes() []string { return []string{codePaid} }

// DepartmentRates implements [gate.Indicators]: of the instalments that fell due in the months, and by now.
func (paid) DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]gate.Rate, error) {
	out := map[string]map[string]gate.Rate{}
	_, err := db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
		var body string
		var v gate.Rate
		err = sc.Scan(&body, &v.D, &v.N)
		out[body] = map[string]gate.Rate{codePaid: v}
		return none, err
	}, `SELECT a.body_id, CAST(COUNT(*) AS BIGINT),
		CAST(SUM(CASE WHEN i.state <> 'due' AND i.paid_on <> '' AND i.paid_on <= i.due_on THEN 1 ELSE 0 END) AS BIGINT)
		FROM admission_application_instalment i JOIN admission_application a ON a.shard = i.shard AND a.id = i.application_id
		WHERE i.area >= $1 AND i.area < $2 AND i.due_on >= $3 AND i.due_on <= $4 AND i.due_on < $5 GROUP BY a.body_id`,
		area, authority.PrefixEnd(area), from+"-01", to+"-31", clock.Day(clock.Now(ctx)))
	return out, err
}

package stats

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Codes of the indicators of departments that cases count.
const (
	codeOnTime    = "cases_on_time"
	codeSatisfied = "cases_satisfied" // what those say whose case the department handled
)

// IndicatorCodes implements [gate.Indicators].
func (s *Service) IndicatorCodes() []string { return []string{codeSatisfied, codeOnTime} }

// departmentRoles are those who act for a department.
var departmentRoles = []string{string(registry.RoleDepartmentClerk), string(registry.RoleDepartmentHead)}

// DepartmentRates implements [gate.Indicators], from the closed cases of residents that were reported in the months. A case is that
// of the department that acted on it last, also where another closed it. It reads these cases: for what is computed once,
// not for a page. Error: Invalid for what is no month.
func (s *Service) DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]gate.Rate, error) {
	first, err := time.ParseInLocation("2006-01", from, clock.City)
	last, err2 := time.ParseInLocation("2006-01", to, clock.City)
	if err != nil || err2 != nil {
		return nil, errs.ErrInvalid.At("from", "casework.period")
	}
	l := &casework.Args{}
	w := l.Term("c.closed_at IS NOT NULL AND c.reported_at >= %s AND c.reported_at < %s",
		clock.Millis(first), clock.Millis(last.AddDate(0, 1, 0)))
	w += l.Term(fmt.Sprintf(" AND substr(c.area, 1, %d) = %%s", len(area)), area)
	for _, kind := range s.Cases.Apart() {
		w += l.Term(" AND c.kind <> %s", kind)
	}
	content := s.Cases.Rules.Int("casework.rating.satisfied", clock.Day(last))
	said, kept := map[string]gate.Rate{}, map[string]gate.Rate{}
	_, err = db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
		var late int
		var rating *int
		var data string
		var by struct {
			By string `json:"by"`
		}
		if err := sc.Scan(&late, &rating, &data); err != nil {
			return none, err
		}
		if err := json.Unmarshal([]byte(data), &by); err != nil || by.By == "" {
			return none, err
		}
		count(kept, by.By, late == 0)
		if rating != nil {
			count(said, by.By, *rating >= content)
		}
		return none, nil
	}, `SELECT c.late, c.rating, e.data FROM casework_case c JOIN casework_event e ON e.shard = c.shard AND e.case_id = c.id WHERE `+w+`
		AND e.seq = (SELECT MAX(d.seq) FROM casework_event d WHERE d.shard = c.shard AND d.case_id = c.id
		AND d.actor_role IN `+l.In(departmentRoles)+`)`, l.List...)
	out := map[string]map[string]gate.Rate{}
	for body, v := range kept {
		out[body] = map[string]gate.Rate{codeOnTime: v, codeSatisfied: said[body]}
	}
	return out, err
}

// count adds one to what a body's rate is of, and to what it counts where it is so.
func count(rates map[string]gate.Rate, body string, so bool) {
	v := rates[body]
	v.D++
	if so {
		v.N++
	}
	rates[body] = v
}

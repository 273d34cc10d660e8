package gate

import (
	"context"

	"linli/internal/platform/db"
)

// Rate is one declared indicator of one department: N of D. Where D is 0 nothing was due, and there is no value.
type Rate struct{ N, D int }

// Indicators count declared indicators of departments: what they ask of communities, and how they serve residents. All are
// good when they are high. Modules that count some implement it; assessment asks all of them, once, when a scheme is computed.
type Indicators interface {
	// IndicatorCodes are their codes; their names are texts assessment.department.<code>.
	IndicatorCodes() []string
	// DepartmentRates are the rates of departments in an area from the first month to the last (YYYY-MM), by body and code.
	DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]Rate, error)
}

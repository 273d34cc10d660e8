package casework

import (
	"context"
	"strings"

	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// FollowUpFlow is the lifecycle of follow-ups.
func FollowUpFlow() module.Flow { return module.FlowOf(followUpFlow) }

// MayFollowUp tells whether the table has a row.
func MayFollowUp(state, verb string) (string, bool) {
	t, ok := followUpFlow.Find(flow.State(state), flow.Verb(verb))
	if !ok {
		return "", false
	}
	return string(t.To), true
}

// AppealFlow is the lifecycle of appeals.
func AppealFlow() module.Flow { return module.FlowOf(appealFlow) }

// MayAppeal tells whether the table has a row.
func MayAppeal(state, verb string) (string, bool) {
	t, ok := appealFlow.Find(flow.State(state), flow.Verb(verb))
	if !ok {
		return "", false
	}
	return string(t.To), true
}

// PageQuery is the text and the arguments of the query for a first page of twenty.
func (s *Service) PageQuery(ctx context.Context, f Filter) (string, []any, error) {
	l, err := s.listing(ctx, f)
	if err != nil {
		return "", nil, err
	}
	return l.page(21, false), l.List, nil
}

// Branches is how many scopes the list is read from.
func (s *Service) Branches(ctx context.Context, f Filter) int {
	l, err := s.listing(ctx, f)
	if err != nil {
		return 0
	}
	return len(l.branches)
}

// PartsQuery is the query for the parts of one unit, a first page or one after a cursor.
func PartsQuery(open, after bool) string {
	return (&helped{open: open}).query(after, false, 21)
}

// WholeQuery is the query for the ids of a whole list, "" for one of which nothing may be read.
func (s *Service) WholeQuery(ctx context.Context, f Filter) (string, []any, error) {
	l, err := s.listing(ctx, f)
	if err != nil || len(l.branches) == 0 {
		return "", nil, err
	}
	terms := append(append([]string{"(" + strings.Join(l.branches, " OR ") + ")"}, l.terms...), l.loose...)
	return "SELECT id FROM casework_case WHERE " + strings.Join(terms, " AND ") + l.order(false), l.List, nil
}

// PersonQuery is the query for the cases of a person.
const PersonQuery = selectCase + casesOfPerson

// SettleCases settles some cases.
func (s *Service) SettleCases(ctx context.Context, ids []string) (int, error) {
	return s.settleThese(ctx, ids)
}

// SetSettleBatch bounds what one write settles, until the answer is called.
func SetSettleBatch(n int) (back func()) {
	before := settleBatch
	settleBatch = n
	return func() { settleBatch = before }
}

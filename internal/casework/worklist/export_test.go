package worklist

import (
	"context"
	"strings"
)

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

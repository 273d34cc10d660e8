package casework

import "context"

// PageQuery is the text and the arguments of the query for a first page of twenty.
func (s *Service) PageQuery(ctx context.Context, f Filter) (string, []any, error) {
	l, err := s.listing(ctx, f)
	if err != nil {
		return "", nil, err
	}
	return l.page(21), l.args, nil
}

// Branches is how many scopes the list is read from.
func (s *Service) Branches(ctx context.Context, f Filter) int {
	l, err := s.listing(ctx, f)
	if err != nil {
		return 0
	}
	return len(l.branches)
}

package request

import (
	"context"

	"linli/internal/people"
	"linli/internal/platform/db"
)

// Held is what the person sees of their own data in the portal: masked, because a code may be
// found, with who saw it and what was asked for.
type Held struct {
	Person   people.Masked
	Known    bool
	State    people.State
	Looks    []people.Look
	Requests []Request
}

// HeldFor reads what is held of the person of a case for its reporter, whose code was judged.
func (s *Service) HeldFor(ctx context.Context, r db.Reader, id string) (h Held, err error) {
	if id == "" {
		return h, nil
	}
	p, err := s.People.FindRecord(ctx, r, id)
	if err != nil {
		return h, err
	}
	h = Held{Person: p.Mask(), Known: true, State: p.State}
	if h.Looks, err = s.People.LooksOf(ctx, id, false); err != nil {
		return h, err
	}
	h.Requests, err = s.listRequestsOf(ctx, r, id)
	return h, err
}

package access

import "context"

// Standing reads an account's authority as every request does.
func (s *Service) Standing(ctx context.Context, id string) (Account, error) {
	a, _, err := s.standing(ctx, id)
	return a, err
}

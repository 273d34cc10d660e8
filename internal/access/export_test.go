package access

import "context"

// Standing reads an account's authority as every request does.
func (s *Service) Standing(ctx context.Context, id string) (Account, error) {
	a, _, err := s.standing(ctx, id)
	return a, err
}

// BeginInEpoch begins a session of an account that showed its proof in an epoch.
func (s *Service) BeginInEpoch(ctx context.Context, id string, epoch int64) error {
	_, err := s.begin(ctx, Proven{id, epoch}, WayPassword)
	return err
}

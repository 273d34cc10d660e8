package people

import (
	"context"
	"io"
)

// WriteRoster writes the roster of an area.
func (s *Service) WriteRoster(ctx context.Context, to io.Writer, area string) error {
	return s.writeRoster(ctx, to, area, "")
}

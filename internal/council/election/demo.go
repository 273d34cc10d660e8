package election

import (
	"context"

	"linli/internal/platform/module"
)

// demo makes nothing yet.
func (s *Service) demo(context.Context, module.Demo) error { return nil }

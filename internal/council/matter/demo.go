package matter

import (
	"context"

	"linli/internal/platform/module"
)

// demo makes matters over the city.
func (s *Service) demo(context.Context, module.Demo) error { return nil }

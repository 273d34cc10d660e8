package task

import (
	"context"

	"linli/internal/platform/module"
)

func (s *Service) demo(ctx context.Context, city module.Demo) error { return nil }

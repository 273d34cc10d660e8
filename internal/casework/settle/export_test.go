package settle

import (
	"context"
)

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

package gate

import (
	"context"
	"errors"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
)

// gone are the refusals of a gate that say that a duty is on the lists no more.
var gone = []string{"admission.gate.unlisted", "admission.gate.certificate", "admission.gate.lead"}

// errAsked ends a write that only asked the gate.
var errAsked = errors.New("the gate was asked")

// Holds tells whether what rests on a listed duty may go on: the lists still name the duty, for the same department, in all areas
// asked. Nothing is written. An error is one of the gate itself.
func Holds(ctx context.Context, log *audit.Log, g Gate, r Request) (bool, error) {
	var refused error
	err := log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // nothing is changed
		_, refused = g.Pass(ctx, tx, r)
		return errAsked
	})
	switch {
	case !errors.Is(err, errAsked):
		return true, err
	case refused != nil && errs.Of(refused).Kind == errs.Internal:
		return true, refused
	}
	return refused == nil || !slices.Contains(gone, errs.Of(refused).Key), nil
}

package worklist

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// bulkMost bounds how many cases one call moves.
const bulkMost = 100

// Bulk is one step to be taken on many cases, each by itself: what one refuses stops no other.
type Bulk struct {
	Verb  flow.Verb
	Cases []CaseVersion
	flow.Input
}

// CaseVersion is a case as the actor saw it.
type CaseVersion struct {
	ID      string `json:"id" maxLength:"50"`
	Version int64  `json:"version,omitempty" minimum:"0" doc:"The version that the user saw; 0 takes whatever is there"`
}

// BulkResult is what became of one case of many: its number, as far as the actor may read it, and why
// the step was refused.
type BulkResult struct {
	ID      string
	Number  string
	State   flow.State
	Refused error // nil when the step was taken
}

// MoveAll takes the same step on many cases, one after the other, and tells what became of each.
// Errors: Invalid for none or too many, and for a step that carries files.
func (s *Service) MoveAll(ctx context.Context, b Bulk) ([]BulkResult, error) {
	if n := len(b.Cases); n == 0 || n > bulkMost {
		return nil, errs.ErrInvalid.At("cases", "field.too_long", "max", bulkMost)
	}
	if len(b.Files) > 0 {
		return nil, errs.ErrInvalid.At("files", "field.choice")
	}
	out := make([]BulkResult, 0, len(b.Cases))
	seen := map[string]bool{}
	for _, one := range b.Cases {
		if seen[one.ID] {
			continue
		}
		seen[one.ID] = true
		if err := ctx.Err(); err != nil { // the caller has left: what is not begun stays
			return out, err
		}
		out = append(out, s.moveOne(ctx, &b, one))
	}
	return out, nil
}

func (s *Service) moveOne(ctx context.Context, b *Bulk, one CaseVersion) BulkResult {
	c, err := s.Cases.Find(ctx, one.ID)
	if err != nil {
		return BulkResult{ID: one.ID, Refused: err}
	}
	moved, err := s.Cases.Move(ctx, c.Kind, casework.MoveInput{ID: one.ID, Version: one.Version, Verb: b.Verb, Input: b.Input})
	if err != nil {
		return BulkResult{ID: c.ID, Number: c.Number, State: c.State, Refused: err}
	}
	return BulkResult{ID: c.ID, Number: c.Number, State: moved.State}
}

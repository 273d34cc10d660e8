package follow

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// Follow turns a code that somebody shows into the context in which its holder acts as reporter of
// that one case. Codes that open nothing are counted by address. Errors: NotFound "casework.code" for
// such a code; TooMany after too many.
func (s *Service) Follow(ctx context.Context, code string) (in context.Context, id string, err error) {
	wrong := func(err error) bool { return errs.Of(err).Kind == errs.NotFound }
	err = s.Cases.Limits.Guard(ctx, limit.FollowCode, limit.Address(ctx), wrong, func() error {
		in, id, err = s.followed(ctx, code)
		return err
	})
	return in, id, err
}

// followed is Follow for a code that the platform itself has kept, which is no try.
func (s *Service) followed(ctx context.Context, code string) (context.Context, string, error) {
	caller, unknown := authority.From(ctx), errs.New(errs.NotFound, "casework.code")
	shard, clean, ok := casework.ParseCode(code)
	if !ok {
		return ctx, "", unknown
	}
	id, err := db.Value[string](ctx, s.Cases.Log.DB, `SELECT id FROM casework_case WHERE shard = $1 AND code_hash IN ($2,$3)`, shard,
		s.Cases.CodeHash(clean), casework.FormerHash(clean))
	if db.IsNone(err) {
		return ctx, "", unknown
	}
	if err != nil {
		return ctx, "", err
	}
	reporter := authority.NewReporter(id)
	reporter.Origin = caller.Origin
	return authority.With(ctx, reporter), id, nil
}

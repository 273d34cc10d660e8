package casework

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// followTries bounds how often one address may try codes: twenty at once, then one in three seconds.
// At that pace finding one code of 60 bits takes longer than the city will stand.
var followTries = struct {
	burst   int
	seconds int
}{20, 3}

// Follow turns a shown code into the context in which its holder acts as reporter of that one
// case. Errors: NotFound "casework.code" for a code that opens nothing; TooMany.
func (s *Service) Follow(ctx context.Context, limit *httpx.Limiter, code string) (context.Context, string, error) {
	caller := authority.From(ctx)
	if limit != nil && !limit.Allow(caller.Origin, clock.Now(ctx)) {
		return ctx, "", errs.ErrTooMany
	}
	unknown := errs.New(errs.NotFound, "casework.code")
	shard, clean, ok := parseCode(code)
	if !ok {
		return ctx, "", unknown
	}
	id, err := db.Value[string](ctx, s.Log.DB, `SELECT id FROM casework_case WHERE shard = $1 AND code_hash IN ($2,$3)`, shard, s.codeHash(clean), formerHash(clean))
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

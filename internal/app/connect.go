package app

import (
	"cmp"
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// lastChange is who changed a record last, in the words of a refusal.
func (a *App) lastChange(ctx context.Context, r errs.Record) (*httpx.LastChange, error) {
	c, ok, err := a.Log.LastChange(ctx, r)
	if err != nil || !ok {
		return nil, err
	}
	if c.ActorID == audit.Reporter {
		c.Name = a.Catalogue.T(text.From(ctx), "changed.reporter")
	}
	return &httpx.LastChange{By: cmp.Or(c.Name, a.Catalogue.T(text.From(ctx), "changed.platform")), At: c.At}, nil
}

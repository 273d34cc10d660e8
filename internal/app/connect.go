package app

import (
	"cmp"
	"context"

	"linli/internal/hall"
	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/portal"
)

// services lets the portal's search find what the hall offers.
type services struct{ hall *hall.Service }

// FindServices lists the services whose name or summary holds the words.
func (s services) FindServices(_ context.Context, words string, lang text.Lang, limit int) ([]portal.Found, error) {
	var out []portal.Found
	for _, item := range s.hall.Find(words) {
		if len(out) == limit {
			break
		}
		v := s.hall.Summary(&item, lang)
		out = append(out, portal.Found{Label: v.Name, Note: v.Summary, Href: "/hall/" + v.Code})
	}
	return out, nil
}

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

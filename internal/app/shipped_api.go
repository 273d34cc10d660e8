package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/shipped"
)

// errUnfinished is told beside a decision that holds.
var errUnfinished = errs.New(errs.Conflict, "shipped.unfinished")

// permShipped lets somebody see where the program ships newer texts than the city's own, and judge them.
const permShipped = "shipped.text.decide"

func (a *App) shippedSets() []*shipped.Set {
	var out []*shipped.Set
	for _, m := range a.Modules {
		out = append(out, m.Shipped...)
	}
	return out
}

// Differences lists what the program ships in a newer form than the one that a person has changed.
func (a *App) Differences(ctx context.Context) ([]shipped.Difference, error) {
	if err := authority.Require(ctx, permShipped, a.cityCode()); err != nil {
		return nil, err
	}
	out := []shipped.Difference{}
	for _, set := range a.shippedSets() {
		found, err := set.Differences(ctx, a.DB)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Decide takes what ships in the place of the city's own, or keeps that. Unfinished is why something that
// follows from it is left to the jobs, such as a deadline that cannot be computed anew: the decision holds all the same.
// Errors: NotFound when nothing differs under the name.
func (a *App) Decide(ctx context.Context, kind, name string, take bool) (unfinished, err error) {
	if err := authority.Require(ctx, permShipped, a.cityCode()); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.shippedSets(), func(s *shipped.Set) bool { return s.Kind == kind })
	if i < 0 {
		return nil, errs.ErrNotFound
	}
	set := a.shippedSets()[i]
	err = a.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permShipped, a.cityCode()); err != nil {
			return err
		}
		d, err := set.Decide(ctx, tx, name, take)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permShipped, Area: a.cityCode(), Subject: kind, SubjectID: name,
			Detail: map[string]any{"take": take, "parts": d.Parts}})
		return nil
	})
	if err != nil || !take {
		return nil, err
	}
	ctx = authority.With(context.WithoutCancel(ctx), authority.SystemActor("shipped")) // the caller may leave
	unfinished = a.Watch.Poll(ctx)                                                     // each process asks again within a second
	if set.Changed != nil {
		unfinished = errors.Join(unfinished, set.Changed(ctx))
	}
	if unfinished != nil {
		slog.ErrorContext(ctx, "what follows from taking a shipped text is left to the jobs", "kind", kind, "name", name, "error", unfinished)
	}
	return unfinished, nil
}

// DecisionView is what came of a decision.
type DecisionView struct {
	Unfinished *httpx.Problem `json:"unfinished,omitempty" doc:"Why something that follows from it, such as a deadline, is left to the jobs; the decision holds"`
}

func (a *App) shippedRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/shipped/differences", Permission: permShipped,
		Summary: "What the program ships in a newer form than the one that the city has changed"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[shipped.Difference], error) {
			found, err := a.Differences(ctx)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/shipped/decisions", Permission: permShipped,
		Summary: "Take what the program ships, or keep the city's own"},
		func(ctx context.Context, in *struct {
			Body struct {
				Kind string `json:"kind" maxLength:"40"`
				Name string `json:"name" maxLength:"200"`
				Take bool   `json:"take" doc:"Take what ships; false keeps the city's own"`
			}
		}) (*httpx.Answer[DecisionView], error) {
			unfinished, err := a.Decide(ctx, in.Body.Kind, in.Body.Name, in.Body.Take)
			if err != nil || unfinished == nil {
				return httpx.NewAnswer(DecisionView{}), err
			}
			return httpx.NewAnswer(DecisionView{api.Problem(ctx, errUnfinished.Because(unfinished))}), nil
		})
}

package main

import (
	"context"
	"fmt"

	"linli/internal/app"
	"linli/internal/casework/stats"
)

type countersVerb struct {
	Check   countersCheckVerb   `cmd:"" help:"Count every counter anew from cases and events and name those that differ."`
	Rebuild countersRebuildVerb `cmd:"" help:"Put right every counter that differs, while the city is served."`
}

type countersCheckVerb struct{ store }

// Run checks, and fails when something differs.
func (v countersCheckVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		found, err := a.Stats.CheckCounters(asOperator(ctx))
		if err != nil {
			return err
		}
		return tellDifferences(found)
	})
}

type countersRebuildVerb struct{ store }

// Run repairs, tells what differed, and checks again.
func (v countersRebuildVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		found, err := a.Stats.CheckCounters(asOperator(ctx))
		if err != nil {
			return err
		}
		for _, d := range found {
			fmt.Println(d)
		}
		if found, err = a.Stats.RebuildCounters(asOperator(ctx)); err != nil {
			return err
		}
		return tellDifferences(found)
	})
}

func tellDifferences(found []stats.Difference) error {
	for _, d := range found {
		fmt.Println(d)
	}
	if n := len(found); n > 0 {
		return fmt.Errorf("%d figures differ from cases and events; linli counters rebuild puts them right", n)
	}
	fmt.Println("every counter equals what cases and events say")
	return nil
}

package main

import (
	"context"
	"fmt"

	"linli/internal/app"
	"linli/internal/grid"
	"linli/internal/platform/module"
)

type drawVerb struct {
	Verify drawVerifyVerb `cmd:"" help:"Repeat the draws from the closings of a day and compare what they pick with what was drawn."`
}

type drawVerifyVerb struct {
	Day day `arg:"" help:"Day of the closings, YYYY-MM-DD."`
	store
}

// Run prints every draw of the day with what it was made from, and fails when one does not hold.
func (v drawVerifyVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		proofs, err := module.Of[*grid.Service](a.Modules).ProveDraw(asOperator(ctx), string(v.Day))
		if err != nil {
			return err
		}
		wrong := 0
		for i := range proofs {
			p := &proofs[i]
			fmt.Println(p)
			if !p.Holds() {
				wrong++
				fmt.Printf("  drawn were %v\n", p.Kept)
			}
		}
		if wrong > 0 {
			return fmt.Errorf("%d of %d draws are not what repeating them picks", wrong, len(proofs))
		}
		fmt.Printf("%d draws hold\n", len(proofs))
		return nil
	})
}

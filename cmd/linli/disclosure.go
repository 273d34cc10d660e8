package main

import (
	"context"
	"fmt"

	"linli/internal/app"
	"linli/internal/disclosure"
	"linli/internal/platform/module"
)

type disclosureVerb struct {
	Verify discloseVerify `cmd:"" help:"Recompute the hash of every posted edition and look for it in the audit log."`
}

type discloseVerify struct{ store }

// Run tells how many editions were checked, and fails with those that do not prove themselves.
func (v discloseVerify) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		out, err := module.Of[*disclosure.Service](a.Modules).Verify(asOperator(ctx))
		if err != nil {
			return err
		}
		fmt.Printf("%d editions checked, %d faults\n", out.Checked, len(out.Findings))
		for _, f := range out.Findings {
			fmt.Printf("%s edition %d: %s\n", f.Entry, f.Edition, f.Kind)
		}
		if len(out.Findings) > 0 {
			return fmt.Errorf("%d editions do not prove themselves", len(out.Findings))
		}
		return nil
	})
}

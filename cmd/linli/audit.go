package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"linli/internal/app"
	"linli/internal/platform/audit"
)

type auditVerb struct {
	Verify auditVerifyVerb `cmd:"" help:"Recompute the sealed log and name every record that was altered, removed or moved."`
	Head   auditHeadVerb   `cmd:"" help:"Print the signed head of the sealed log, to be kept elsewhere."`
	Key    auditKeyVerb    `cmd:"" help:"Print the public key by which heads are checked."`
	Forget auditForgetVerb `cmd:"" help:"Drop records whose time is over; refused for younger ones."`
}

type auditVerifyVerb struct {
	store
	Head string `help:"File of an earlier head that the log must still contain." type:"existingfile"`
}

// Run verifies, and fails when something was found.
func (v auditVerifyVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		earlier, err := readHead(v.Head, a)
		if err != nil {
			return err
		}
		report, err := a.Log.Verify(asOperator(ctx), earlier)
		if err != nil {
			return err
		}
		for _, f := range report.Findings {
			fmt.Println(f)
		}
		fmt.Printf("%d records sealed, root %s; %d wait to be sealed, %d dropped after their time\n",
			report.Head.Size, report.Head.Root, report.Waiting, report.Forgotten)
		if n := len(report.Findings); n > 0 {
			return fmt.Errorf("the audit log was tampered with: %d findings", n)
		}
		if earlier != nil {
			fmt.Printf("it still contains the %d records of the head of %s\n", earlier.Size, earlier.At.Format(time.RFC3339))
		}
		return nil
	})
}

func readHead(path string, a *app.App) (*audit.Head, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	h, err := audit.ParseHead(raw, a.Ring)
	return &h, err
}

type auditHeadVerb struct {
	store
	Out string `help:"File to write; standard output otherwise." type:"path"`
}

// Run seals what waits and writes the head.
func (v auditHeadVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		if _, err := a.Log.Seal(asOperator(ctx)); err != nil {
			return err
		}
		h, err := a.Log.Head(ctx)
		if err != nil {
			return err
		}
		raw, err := h.Sign(a.Ring)
		if err != nil {
			return err
		}
		if v.Out != "" {
			return os.WriteFile(v.Out, raw, 0o600)
		}
		_, err = os.Stdout.Write(raw)
		return err
	})
}

type auditKeyVerb struct{ store }

// Run prints the key.
func (v auditKeyVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		key, err := audit.HeadKey(a.Ring)
		fmt.Println(key)
		return err
	})
}

type auditForgetVerb struct {
	store
	Before day `help:"First day that is kept, YYYY-MM-DD." required:""`
}

// Run drops old records.
func (v auditForgetVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		n, err := a.Audit.Forget(asOperator(ctx), string(v.Before))
		if err == nil {
			fmt.Printf("%d records dropped; their hashes stay in the log\n", n)
		}
		return err
	})
}

// with opens the platform for one command.
func (s store) with(ctx context.Context, do func(*app.App) error) error {
	a, err := app.Open(ctx, s.options())
	if err != nil {
		return err
	}
	words = a.Catalogue
	return errors.Join(do(a), a.Close())
}

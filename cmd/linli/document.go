package main

import (
	"context"
	"fmt"
	"os"

	"linli/internal/app"
)

type openapiVerb struct{}

// Run prints the OpenAPI document of an empty platform.
func (openapiVerb) Run(ctx context.Context) error {
	return onEmpty(ctx, func(a *app.App) error {
		raw, err := a.Document()
		if err == nil {
			_, err = os.Stdout.Write(append(raw, '\n'))
		}
		return err
	})
}

type lifecyclesVerb struct{}

// Run prints the declared lifecycles as a document.
func (lifecyclesVerb) Run(ctx context.Context) error {
	return onEmpty(ctx, func(a *app.App) error {
		_, err := fmt.Print(a.Lifecycles(app.FixedDay))
		return err
	})
}

type authorityVerb struct{}

// Run prints who may see and do what as a document.
func (authorityVerb) Run(ctx context.Context) error {
	return onEmpty(ctx, func(a *app.App) error {
		_, err := fmt.Print(a.AuthorityMatrix())
		return err
	})
}

// onEmpty opens an empty platform that is thrown away afterwards.
func onEmpty(ctx context.Context, do func(*app.App) error) error {
	dir, err := os.MkdirTemp("", "linli-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := app.Open(ctx, app.Options{Data: dir, Version: "1", Relaxed: true})
	if err != nil {
		return err
	}
	defer a.Close()
	return do(a)
}

package main

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/app"
)

type accountVerb struct {
	Recover accountRecoverVerb `cmd:"" help:"End an account's sessions and print a one-time link by which its holder sets a new password; second factors end with its use."`
}

type accountRecoverVerb struct {
	Login code   `arg:"" help:"Login of the account."`
	URL   string `name:"url" help:"Address by which people reach the platform, as in serve." default:"http://127.0.0.1:8080" env:"LINLI_URL"`
	store
}

// Run prints the link. The command needs the data folder with its key file; a city that is served goes on.
func (v accountRecoverVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		token, err := a.Accounts.Recover(asOperator(ctx), string(v.Login))
		if err != nil {
			return err
		}
		fmt.Println("找回账号（24 小时内有效，仅用一次）/ begin again (once, within 24 hours):")
		fmt.Printf("  %s  %s/console/setup?token=%s\n", v.Login, strings.TrimSuffix(v.URL, "/"), token)
		return nil
	})
}

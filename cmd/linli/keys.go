package main

import (
	"context"
	"fmt"

	"linli/internal/app"
	"linli/internal/platform/audit"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/revision"
)

type keysVerb struct {
	List   keysListVerb   `cmd:"" help:"List the keys and which one seals."`
	Rotate keysRotateVerb `cmd:"" help:"Add a key and seal with it from now on; a city that is served goes over to it by itself."`
}

type keysListVerb struct{ store }

// Run lists the keys without their secrets, and the fingerprint of the file.
func (v keysListVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		fmt.Printf("fingerprint\t%s\n", fingerprint.Of(a.Ring))
		for _, k := range a.Ring.Keys() {
			mark := ""
			if k.Current {
				mark = "current"
			}
			fmt.Printf("%s\t%s\t%s\n", k.Name, k.Cipher, mark)
		}
		return nil
	})
}

type keysRotateVerb struct {
	store
	Cipher code `help:"aes (AES-256-GCM) or sm4 (SM4-GCM, GB/T 32907)." enum:"aes,sm4" default:"aes"`
}

// Run rotates and writes down that it did. What older keys sealed is sealed again by a job of
// the serving program; until then, and for older backups, the old keys stay in the file.
func (v keysRotateVerb) Run(ctx context.Context) error {
	return v.store.with(ctx, func(a *app.App) error {
		before := a.Ring.Current()
		name, err := a.Ring.Rotate(string(v.Cipher))
		if err != nil {
			return err
		}
		fmt.Printf("key %s (%s) seals from now on; back the key file up\n", name, v.Cipher)
		city, _ := a.Registry.City()
		return a.Log.Do(asOperator(ctx), func(tx *audit.Tx) error {
			if err := revision.Bump(ctx, tx, app.RevisionKeys); err != nil { // serving processes read the file again
				return err
			}
			tx.Judged() // whoever runs the program's command holds the machine
			tx.Record(audit.Entry{Action: "people.keys.rotate", Area: city.Code, Subject: "people.keys", SubjectID: name,
				Detail: map[string]any{"cipher": v.Cipher}, Before: map[string]any{"key": before}, After: map[string]any{"key": name}})
			return nil
		})
	})
}

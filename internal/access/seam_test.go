package access_test

import (
	"context"
	"errors"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/errs"
)

// When the database cannot be asked who somebody is, they are told that, and not that they are
// nobody: a face would sign them out.
func TestAwayIsNotSignedOut(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		account, err := w.App.Accounts.FindLogin(w.System(), "window")
		if err != nil {
			t.Fatal(err)
		}
		gone, leave := context.WithCancel(w.System())
		leave()
		if _, err := w.App.Access.Standing(gone, account.ID); errs.Of(err).Kind != errs.Internal || !errors.Is(err, context.Canceled) {
			t.Errorf("an account that could not be read: %v", err)
		}
		if _, err := w.App.Access.Standing(w.System(), "nobody"); errs.Of(err).Kind != errs.Unauthenticated {
			t.Errorf("an account that is not there: %v", err)
		}
	})
}

// Nobody gets around showing their password by resetting it as administrator.
func TestNobodyResetsTheirOwnPassword(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		account, err := w.App.Accounts.FindLogin(w.System(), "admin")
		if err != nil {
			t.Fatal(err)
		}
		admin.Do("POST", "/access/accounts/"+account.ID+"/password",
			map[string]any{"password": "Another-2026-beixiang"}).Want(409, "access.password_self")
		w.As("admin")
	})
}

// Accounts are found by their names on either engine, however they are written.
func TestAccountsAreFoundByName(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		admin.Do("POST", "/access/accounts", map[string]any{"login": "q7", "name": "Zhou Wei", "password": "Another-2026-beixiang"}).Want(201)
		for _, words := range []string{"Zhou", "zhou", "WEI"} {
			if got := admin.Do("GET", "/access/accounts?q="+words, nil).Want(200).Items(); len(got) != 1 {
				t.Errorf("%q finds %d accounts", words, len(got))
			}
		}
	})
}

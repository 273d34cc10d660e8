package account_test

import (
	"testing"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// The last administrator of each kind is neither disabled nor taken the role, while others hold it for
// a time only; a second one who holds it for good makes it possible.
func TestTheLastAdministratorStays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		for role, login := range map[authority.Role]string{registry.RoleSystemAdministrator: "admin",
			registry.RoleSecurityAdministrator: "security", registry.RoleAuditor: "auditor"} {
			last, err := w.App.Accounts.FindLogin(ctx, login)
			if err != nil {
				t.Fatal(err)
			}
			try := func() []error {
				_, disabled := w.App.Accounts.Change(ctx, last.ID, last.Name, access.StateDisabled, last.Version)
				return []error{disabled, w.App.Accounts.Revoke(ctx, last.ID, last.Grants[0].ID)}
			}
			for _, other := range []access.Grant{
				{},
				{Role: role, Area: apptest.CityCode, ValidTo: clock.Day(clock.Now(ctx).AddDate(0, 1, 0))},
				{Role: role, Area: apptest.CityCode, ValidFrom: clock.Day(clock.Now(ctx).AddDate(0, 0, 1))},
			} {
				if other.Role != "" {
					grantTo(t, w, "second."+login+other.ValidFrom+other.ValidTo, other)
				}
				for _, err := range try() {
					if errs.Of(err).Key != "access.administrator_last" {
						t.Errorf("%s beside %+v: %v", role, other, err)
					}
				}
			}
			if offers, err := w.App.Accounts.Offers(ctx); len(offers) > 0 || err != nil {
				t.Errorf("links are offered: %v %v", offers, err)
			}
			grantTo(t, w, "third."+login, access.Grant{Role: role, Area: apptest.CityCode})
			if err := w.App.Accounts.Revoke(ctx, last.ID, last.Grants[0].ID); err != nil {
				t.Errorf("%s beside another: %v", role, err)
			}
		}
	})
}

func grantTo(t *testing.T, w *apptest.World, login string, g access.Grant) access.Account {
	t.Helper()
	a, err := w.App.Accounts.Create(w.System(), account.NewAccount{Login: login, Name: login, Hash: "x", Grants: []access.Grant{g}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Of two administrators who take the role from each other at the same time, in two processes, one does.
func TestTwoAdministratorsDoNotRemoveEachOther(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx, other := w.System(), w.Another()
		first, err := w.App.Accounts.FindLogin(ctx, "security")
		if err != nil {
			t.Fatal(err)
		}
		second := grantTo(t, w, "second", access.Grant{Role: registry.RoleSecurityAdministrator, Area: apptest.CityCode})
		done := make(chan error, 2)
		go func() { done <- w.App.Accounts.Revoke(ctx, first.ID, first.Grants[0].ID) }()
		go func() {
			_, err := other.App.Accounts.Change(ctx, second.ID, second.Name, access.StateDisabled, second.Version)
			if errs.Of(err).Key == "stale" {
				now, _ := other.App.Accounts.FindLogin(ctx, "second")
				_, err = other.App.Accounts.Change(ctx, second.ID, second.Name, access.StateDisabled, now.Version)
			}
			done <- err
		}()
		refused := 0
		for range 2 {
			if err := <-done; errs.Of(err).Key == "access.administrator_last" {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if refused != 1 {
			t.Errorf("%d of two were refused, want 1", refused)
		}
	})
}

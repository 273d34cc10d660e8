package access_test

import (
	"fmt"
	"testing"

	"linli/internal/app/apptest"
)

// Passwords that are guessed first are refused, whatever kinds of characters they have.
func TestGuessedPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		try := func(password string) apptest.Answer {
			return admin.Do("POST", "/access/accounts", map[string]any{"login": "zhaoyi", "name": "赵怡", "password": password})
		}
		for _, password := range []string{
			"Password123456", "P@ssw0rd2026", "Qwertyuiop123", "1qaz2wsx3edc", "Abcdefg12345", "Aaaaaaaaaa11", "lianyungang2026", "Zhaoyi202611",
			"iloveyou12345", "zhaoyi-2026-x", "Woaini1314520",
		} {
			if got := try(password); got.Status != 422 {
				t.Errorf("%s was taken: %d", password, got.Status)
			}
		}
		for i, password := range []string{"yuanqian-2026-nanxiang", "kV9-tulip-Hafen", "雨后竹林2026有风"} {
			got := admin.Do("POST", "/access/accounts", map[string]any{"login": fmt.Sprintf("account%d", i), "name": "赵怡", "password": password})
			if got.Status != 201 {
				t.Errorf("%s was refused: %s", password, got.Raw)
			}
		}
	})
}

// One more session than the rule allows ends the oldest, which is told.
func TestOldestSessionMakesRoom(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Rule("access.session.most", "2")
		first, second := w.As("window"), w.As("window")
		second.Do("GET", "/session", nil).Want(200)
		third := w.Nobody()
		got := third.Do("POST", "/session", map[string]any{"login": "window", "password": apptest.Password}).Want(200)
		if got.Text("ended") != "1" {
			t.Errorf("got %s", got.Raw)
		}
		if again := third.Do("GET", "/session", nil).Want(200); again.Text("ended") != "0" {
			t.Error("it is told twice")
		}
		first.Do("GET", "/session", nil).Want(401)
		second.Do("GET", "/session", nil).Want(200)
		rows := w.As("auditor").Do("GET", "/audit/entries?action=access.session.end", nil).Want(200).Items()
		if len(rows) != 1 || rows[0]["actorName"] != "姓名window" {
			t.Errorf("recorded %v", rows)
		}
	})
}

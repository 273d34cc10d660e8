package main

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/council/bundle"
)

// The answer of a verification is its exit status.
func TestVerifyEndsWithItsAnswer(t *testing.T) {
	e, err := bundle.Next(nil, bundle.KindPoll, "2026-11-01T09:00:00+08:00", "", bundle.Poll{ID: "p"})
	if err != nil {
		t.Fatal(err)
	}
	b := bundle.Sign([]bundle.Entry{e}, ed25519.NewKeyFromSeed(make([]byte, 32)))
	folder := t.TempDir()
	keep := func(name string, raw []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	raw := b.Encode()
	whole := keep("whole.json", raw)
	raw[len(raw)/2] ^= 1
	for name, c := range map[string]struct {
		verb               councilVerifyVerb
		failed, unreadable bool
	}{
		"whole":       {verb: councilVerifyVerb{File: whole}},
		"its own":     {verb: councilVerifyVerb{File: whole, Earlier: whole, Key: b.Key}},
		"altered":     {verb: councilVerifyVerb{File: keep("altered.json", raw)}, failed: true},
		"another key": {verb: councilVerifyVerb{File: whole, Key: "00"}, failed: true},
		"missing":     {verb: councilVerifyVerb{File: filepath.Join(folder, "none")}, unreadable: true},
	} {
		for _, format := range []string{"json", "text"} {
			c.verb.Format = format
			err := c.verb.Run()
			if errors.Is(err, errFailed) != c.failed || errors.As(err, new(unreadable)) != c.unreadable || err == nil == (c.failed || c.unreadable) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

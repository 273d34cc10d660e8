package main

import (
	"errors"
	"testing"
)

// The answer of a decision is its exit status.
func TestDecideEndsWithItsAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		verb       councilDecideVerb
		failed     bool
		unreadable bool
	}{
		"pass": {verb: councilDecideVerb{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-03-01", Entitled: "301", Cast: "151"}},
		"fail": {verb: councilDecideVerb{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-03-01", Entitled: "301", Cast: "150"},
			failed: true},
		"missing":  {verb: councilDecideVerb{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-03-01", Cast: "1"}, unreadable: true},
		"barred":   {verb: councilDecideVerb{Matter: "election.valid", Kind: "villagers", Mode: "households", On: "2026-03-01"}, unreadable: true},
		"words":    {verb: councilDecideVerb{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-03-01", Cast: "many"}, unreadable: true},
		"negative": {verb: councilDecideVerb{Matter: "nomination.joint", Kind: "residents", Mode: "voters", On: "2026-03-01", Yes: "-1"}, unreadable: true},
		"format": {verb: councilDecideVerb{Matter: "nomination.joint", Kind: "residents", Mode: "voters", On: "2026-03-01", Yes: "10", Format: "xml"},
			unreadable: true},
	} {
		if c.verb.Format == "" {
			c.verb.Format = "json"
		}
		err := c.verb.Run()
		if errors.Is(err, errFailed) != c.failed || errors.As(err, new(unreadable)) != c.unreadable || err == nil == (c.failed || c.unreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package election

import (
	"context"
	"embed"

	"linli/internal/council"
	"linli/internal/council/ballot"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/wiring"
)

//go:embed texts
var texts embed.FS

//go:embed rules.csv
var rules []byte

// Room is the room of elections.
func Room() council.Room {
	return council.Room{Texts: texts, Rules: func() []rule.Value { return rule.Shipped(rules) },
		Start: func(_ context.Context, _ *council.Service, d *wiring.Deps) (module.Module, error) {
			s := &Service{Ballots: ballot.New(d), Bodies: d.Bodies}
			d.Registry.Follow(s.follower())
			d.Worklist.Bring(s.todo)
			return module.Module{
				Name:        "council/election",
				Tables:      map[string]module.Growth{"council_election": module.Sharded, "council_election_event": module.Sharded},
				Permissions: permissions,
				Service:     s,
				Flows:       []module.Flow{module.FlowOf(lifecycle)},
				Routes:      s.routes,
				Reach:       s.reach(),
				Demo:        s.demo,
			}, nil
		}}
}

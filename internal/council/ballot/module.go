package ballot

import (
	"context"
	"embed"
	"time"

	"linli/internal/council"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/platform/reseal"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/wiring"
)

//go:embed texts
var texts embed.FS

//go:embed templates/*.html
var templates embed.FS

//go:embed rules.csv
var rules []byte

// Permissions of the room.
const (
	permRead = "council.ballot.read" // a poll with its roll
	permRun  = "council.ballot.run"  // hand out ballots, keep counts, explain
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleCouncilMember, registry.RoleSupervisoryMember,
		registry.RoleDispatcher, registry.RoleSubdistrictOfficer}},
	{Name: permRun, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher}},
}

// New makes the service; it keeps nothing in memory, so that other rooms make their own.
func New(d *wiring.Deps) *Service {
	return &Service{Log: d.Log, Registry: d.Registry, People: d.People, Ring: d.Ring, Rules: d.Rules, Limits: d.Limits, Texts: d.Texts,
		URL: d.URL}
}

// Room is the room of ballots.
func Room() council.Room {
	return council.Room{Texts: texts, Rules: func() []rule.Value { return rule.Shipped(rules) },
		Start: func(_ context.Context, _ *council.Service, d *wiring.Deps) (module.Module, error) {
			s := New(d)
			portal := &portal{s}
			d.Registry.Follow(registry.Follower{What: "polls", Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
				return m.Areas.Rewrite(ctx, tx, "council_poll", "area")
			}, Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
				return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_poll WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
			}})
			return module.Module{
				Name: "council/ballot",
				Tables: map[string]module.Growth{"council_poll": module.Sharded, "council_roll": module.Sharded, "council_mark": module.Sharded,
					"council_proxy": module.Sharded, "council_urn": module.Sharded, "council_chain": module.Sharded},
				Permissions: permissions,
				Service:     s,
				Routes:      s.routes,
				Templates:   templates,
				Pages:       portal.pages,
				Jobs:        []module.Job{{Name: "council.ballot.keys", Every: time.Minute, Do: s.reseal}},
				Reach:       s.reach(),
				PageReach:   s.pageReach(),
			}, nil
		}}
}

// reseal seals open urns with the current key.
func (s *Service) reseal(ctx context.Context) error {
	_, err := reseal.All(ctx, s.Log, s.Ring, reseal.Table{Name: "council_urn", Action: "council.ballot.reseal"})
	return err
}

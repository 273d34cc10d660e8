package meeting

import (
	"context"
	"embed"

	"linli/internal/council"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the room of meetings.
func Room() council.Room { return council.Room{Texts: texts, Start: start} }

// New makes the service; it keeps nothing in memory, so that other rooms make their own.
func New(c *council.Service, d *wiring.Deps) *Service {
	return &Service{Council: c, Registry: d.Registry, Log: d.Log, People: d.People, Outbox: d.Outbox, Ring: d.Ring, Texts: d.Texts}
}

func start(_ context.Context, c *council.Service, d *wiring.Deps) (module.Module, error) {
	s := New(c, d)
	d.Registry.Follow(s.follower())
	d.Worklist.Bring(s.todo)
	return module.Module{
		Name: "council/meeting",
		Tables: map[string]module.Growth{"council_meeting": module.Sharded, "council_attendance": module.Sharded,
			"council_vote": module.Sharded, "council_meeting_event": module.Sharded, "council_representative": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       portal{s}.pages,
		Search:      &module.Search{Heading: "council.portal.meetings", Find: portal{s}.search},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach:   s.pageReach(),
	}, nil
}

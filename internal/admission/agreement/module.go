package agreement

import (
	"context"
	"embed"
	"time"

	"linli/internal/admission"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/wiring"
)

//go:embed texts
var texts embed.FS

//go:embed templates/*.html
var templates embed.FS

//go:embed rules.csv
var rules []byte

// Room is the room of agreements.
func Room() admission.Room {
	return admission.Room{Texts: texts, Rules: func() []rule.Value { return rule.Shipped(rules) }, Start: start}
}

// turnEvery is how often the job looks for years that begin or end.
const turnEvery = 10 * time.Minute

func start(_ context.Context, lists *admission.Service, d *wiring.Deps) (module.Module, error) {
	s := &Service{Lists: lists}
	d.Registry.Follow(s.follower())
	d.Worklist.Bring(s.todo)
	return module.Module{
		Name: "admission/agreement",
		Tables: map[string]module.Growth{"admission_agreement": module.Sharded, "admission_agreement_event": module.Sharded,
			"admission_appraisal": module.Sharded, "admission_gap": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Jobs:        []module.Job{{Name: "admission.agreement.turn", Every: turnEvery, Do: s.Turn}},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach: map[string]module.PageReach{
			"GET /communities/{code}/agreements": module.OpenPage(&module.Probe{Names: map[string]string{"code": "{area}"}})},
	}, nil
}

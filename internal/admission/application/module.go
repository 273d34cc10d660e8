package application

import (
	"context"

	"linli/internal/admission"
	"linli/internal/admission/proposal"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/wiring"
)

// Room is the room of applications, and the gate.
func Room() admission.Room { return admission.Room{Texts: Texts, Rules: Rules, Start: New} }

// New makes the room of the lists, gives the gate to the modules that start later, and returns its manifest.
func New(_ context.Context, l *admission.Service, d *wiring.Deps) (module.Module, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Calendar: d.Calendar, Words: d.Texts, Files: d.Files, Lists: l}
	d.Gate, d.Casework.Gate, d.Admissions = s, s, standings{s}
	d.Registry.Follow(s.follower())
	d.Worklist.Bring(register{s}.todo)
	return s.manifest(), nil
}

func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "admission/application",
		Tables: map[string]module.Growth{"admission_application": module.Sharded, "admission_application_area": module.Sharded,
			"admission_application_event": module.Sharded, "admission_application_opinion": module.Sharded,
			"admission_application_file": module.Sharded, "admission_application_number": module.Sharded,
			"admission_application_instalment": module.Sharded, "admission_application_receipt": module.Sharded,
			"admission_application_pass": module.Sharded, "admission_application_use": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle), module.FlowOf(instalments)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       register{s}.pages,
		PageReach:   register{s}.reach(),
		Demo:        demo(s),
		Search:      &module.Search{Heading: "admission.portal.register.heading", Find: register{s}.search},
		Jobs:        []module.Job{{Name: "admission.watch", Every: watchEvery, Do: s.Watch}},
		Holds:       s.holds,
		Reach:       s.reach(),
	}
}

// follower moves applications with the areas that they are for, and lets them name the bodies that took over.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "admissions", Widens: true,
		Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM admission_application WHERE area >= $1 AND area < $2`,
				area, authority.PrefixEnd(area))
		},
	}
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, table := range []string{"admission_application", "admission_application_pass"} {
		if err := m.Bodies.Rewrite(ctx, tx, table, "body_id"); err != nil {
			return err
		}
	}
	if err := m.Areas.Rewrite(ctx, tx, "admission_application_instalment", "area"); err != nil {
		return err
	}
	to := map[string][]string{}
	for _, p := range m.Areas {
		to[p.From] = append(to[p.From], p.To)
	}
	for _, p := range m.Parts { // what was for a divided area is for all its parts
		to[p.From] = append(to[p.From], p.To)
	}
	return s.moveApplications(ctx, tx, to)
}

// moveApplications gives the open ones the areas that came after theirs. What has ended keeps the codes that it had.
func (s *Service) moveApplications(ctx context.Context, tx *audit.Tx, to map[string][]string) error {
	all, err := db.All(ctx, tx, scanApplication, `SELECT `+columns+` FROM admission_application WHERE ended_at = 0`)
	if err != nil {
		return err
	}
	for i := range all {
		e, changed := &all[i], false
		var areas []string
		for _, code := range e.Areas {
			heirs, moves := to[code]
			if areas = append(areas, code); moves {
				areas, changed = append(areas[:len(areas)-1], heirs...), true
			}
		}
		if !changed {
			continue
		}
		e.Areas = areas
		e.Tidy()
		e.Area = proposal.Over(e.Areas)
		if err := updateApplication(ctx, tx, e); err != nil {
			return err
		}
		if err := putAreas(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

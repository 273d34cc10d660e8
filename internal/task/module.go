package task

import (
	"context"

	"linli/internal/casework"
	"linli/internal/casework/stats"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/wiring"
)

// Module are the tasks.
func Module() wiring.Module {
	return wiring.Module{Name: "task", Texts: Texts, Rules: Rules, Start: start}
}

func start(_ context.Context, d *wiring.Deps) (module.Module, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Calendar: d.Calendar, Casework: d.Casework,
		Files: d.Files, Words: d.Texts, Gate: d.Gate, Ledger: d.Ledger, Forms: d.Forms}
	of := shares{s}
	d.Casework.Bring(of.matter())
	d.Casework.Add(casework.Room{Admit: of.admit, Sections: []casework.Section{{Name: sectionTask,
		Doc: "Of a department's task: what is asked, on which basis, until when", Empty: (*View)(nil), Texts: texts}}})
	indicators(d.Stats)
	d.Indicators = append(d.Indicators, s)
	d.Facts = append(d.Facts, facts{s})
	worker{s}.follow(d.Gate)
	d.Worklist.Bring(worker{s}.todo)
	d.Registry.Follow(s.follower())
	return s.manifest(), nil
}

// indicators declares those that tasks alone have.
func indicators(s *stats.Service) {
	one := func(m casework.Counter) []casework.Counter { return []casework.Counter{m} }
	s.Indicator("revisit", stats.Indicator{Code: "task_on_time", Kind: KindTask,
		Over: one(casework.HandledTime), Under: one(casework.Handled)})
	s.Indicator("task_on_time", stats.Indicator{Code: "task_refused", Kind: KindTask, Over: one(measureRefused), Under: one(stats.Received)})
}

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "task",
		Tables: map[string]module.Growth{"task_task": module.Sharded, "task_event": module.Sharded, "task_file": module.Sharded,
			"task_share": module.Sharded, "task_refusal": module.Sharded, "task_tally": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle), s.Casework.FlowOf(KindTask)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Jobs: []module.Job{{Name: "task.work", Every: workEvery, Do: s.Work, Waits: s.workWaits},
			{Name: "task.watch", Every: watchEvery, Do: s.Watch}},
		Holds:     s.holds,
		Demo:      s.demo,
		Reach:     s.reach(),
		PageReach: map[string]module.PageReach{"GET /tasks": module.OpenPage(&module.Probe{Query: "area={area}"})},
	}
}

// follower moves tasks with the areas and bodies that they name. Chosen areas of what was sent keep the codes that they had.
func (s *Service) follower() registry.Follower {
	return registry.Follower{What: "tasks",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			for _, table := range []string{"task_task", "task_share", "task_refusal", "task_tally"} {
				if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
					return err
				}
			}
			for _, table := range []string{"task_task", "task_share", "task_refusal"} {
				if err := m.Bodies.Rewrite(ctx, tx, table, "body_id"); err != nil {
					return err
				}
			}
			return nil
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM task_share WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}

package form

import (
	"context"
	"time"

	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/wiring"
)

// Sealed are the tables with sealed columns.
var Sealed = []fingerprint.Sealed{{Table: "exchange_answer", ID: "id"}, {Table: "exchange_dispute", ID: "id"}}

// New makes the room and connects it.
func New(forms Forms, holdings Holdings, d *wiring.Deps) *Service {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Calendar: d.Calendar, Ring: d.Ring, Texts: d.Texts, Files: d.Files,
		People: d.People, Forms: forms, Holdings: holdings, Gate: d.Gate, Ledger: d.Ledger}
	s.reseal = func(ctx context.Context) error {
		for _, t := range Sealed {
			if _, err := d.People.Reseal(ctx, people.Sealed{Table: t.Table, ID: t.ID}); err != nil {
				return err
			}
		}
		return nil
	}
	s.Admissions = d.Admissions
	if g, ok := d.Gate.(gate.Endings); ok { // what rests on an admission ends with it
		g.Ended(s.ended)
		g.Paused(halting{s}.paused)
	}
	d.Forms = Carrier{s} // tasks carry them
	d.Registry.Follow(s.follower())
	return s
}

// Manifest is what the room brings.
func (s *Service) Manifest() module.Module {
	return module.Module{
		Name: "exchange",
		Tables: map[string]module.Growth{"exchange_sending": module.Sharded, "exchange_answer": module.Sharded,
			"exchange_event": module.Sharded, "exchange_file": module.Sharded, "exchange_dispute": module.Sharded,
		},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(sendings), module.FlowOf(answers), module.FlowOf(disputes)},
		Routes:      s.routes,
		Jobs: []module.Job{{Name: "exchange.prepare", Every: prepareEvery, Do: s.Prepare, Waits: s.prepareWaits},
			{Name: "exchange.end", Every: endEvery, Do: s.End},
			{Name: "exchange.keys", Every: 15 * time.Second, Do: s.reseal}},
		Holds: s.holds,
		Demo:  s.demo,
		Reach: s.reach(),
	}
}

// follower moves sendings, answers and disputes with the areas and bodies that they name.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "answers",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			for _, table := range []string{"exchange_sending", "exchange_answer", "exchange_dispute"} {
				if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
					return err
				}
			}
			for _, table := range []string{"exchange_sending", "exchange_dispute"} {
				if err := m.Bodies.Rewrite(ctx, tx, table, "body"); err != nil {
					return err
				}
			}
			return rewriteChosen(s, ctx, tx, m)
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM exchange_answer WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

// rewriteChosen rewrites the areas that sendings which go on were sent to.
func rewriteChosen(s *Service, ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	to := map[string]string{}
	for _, p := range m.Areas {
		to[p.From] = p.To
	}
	open, err := db.All(ctx, tx, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state IN ('preparing', 'open')`)
	if err != nil {
		return err
	}
	for i := range open {
		of, changed := &open[i], false
		for n, code := range of.Areas {
			if heir, moves := to[code]; moves {
				of.Areas[n], changed = heir, true
			}
		}
		if !changed {
			continue
		}
		of.Areas = authority.Outermost(of.Areas)
		if err := updateSending(ctx, tx, of); err != nil {
			return err
		}
	}
	return nil
}

package app

import (
	"context"
	"fmt"

	"linli/internal/admission"
	"linli/internal/admission/agreement"
	"linli/internal/admission/application"
	"linli/internal/assessment"
	"linli/internal/assessment/survey"
	"linli/internal/burden"
	"linli/internal/casework/file"
	"linli/internal/council"
	"linli/internal/council/ballot"
	"linli/internal/council/election"
	"linli/internal/council/matter"
	"linli/internal/council/meeting"
	"linli/internal/disclosure"
	"linli/internal/disclosure/board"
	"linli/internal/exchange"
	exchangeform "linli/internal/exchange/form"
	exchangeremind "linli/internal/exchange/remind"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/hall/design"
	"linli/internal/manual"
	"linli/internal/notice"
	"linli/internal/pact"
	"linli/internal/platform/module"
	"linli/internal/task"
	"linli/internal/wiring"
)

// modules are the modules in the order in which they start, one line each.
var modules = []wiring.Module{
	hall.Module(design.New),
	grid.Module(),
	manual.Module(),
	notice.Module(),
	burden.Module(),
	admission.Module(application.Room(), agreement.Room()),
	exchange.Module(exchangeform.Room(), exchangeremind.Room()),
	task.Module(),
	assessment.Module(survey.New),
	council.Module(meeting.Room(), matter.Room(), ballot.Room(), election.Room()),
	disclosure.Module(board.Room()),
	pact.Module(),
}

// start starts every module on what stands by then.
func (a *App) start(ctx context.Context) ([]module.Module, error) {
	deps := &wiring.Deps{Log: a.Log, Rules: a.Rules, Limits: a.Limits, Calendar: a.Calendar, Ring: a.Ring, Texts: a.Catalogue,
		Files: a.CaseFiles.Store, Outbox: a.Outbox, Visits: a.Visits, Registry: a.Registry, Bodies: a.Bodies, Communities: a.Communities,
		People: a.People, Routing: a.Routing, Casework: a.Casework, Rooms: a.Rooms, Grants: a.Access, URL: a.URL, Demo: a.isDemo}
	var out []module.Module
	for _, m := range modules {
		started, err := m.Start(ctx, deps)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		out = append(append(out, started), started.Rooms...)
	}
	connect(out)
	return out, nil
}

// hold lets the storage keep what the modules' rows name.
func (a *App) hold() {
	for _, m := range a.Modules {
		if m.Holds != nil {
			a.CaseFiles.Store.Holders = append(a.CaseFiles.Store.Holders, m.Holds)
		}
	}
}

// attached are the contents that cases and the rows of modules name: what a backup copies.
type attached struct{ file.Attached }

// askedAtOnce is of how many contents the holders are asked at once.
const askedAtOnce = 100

// Each tells the digest and the size in bytes of all of them, each once.
func (a attached) Each(ctx context.Context, tell func(digest string, size int64) error) error {
	held, err := a.held(ctx)
	if err != nil {
		return err
	}
	err = a.Attached.Each(ctx, func(digest string, size int64) error {
		delete(held, digest)
		return tell(digest, size)
	})
	for digest, size := range held {
		if err == nil {
			err = tell(digest, size)
		}
	}
	return err
}

// held are the contents that modules name, with their sizes.
func (a attached) held(ctx context.Context) (map[string]int64, error) {
	out, batch := map[string]int64{}, map[string]int64{}
	ask := func() error {
		digests := make([]string, 0, len(batch))
		for digest := range batch {
			digests = append(digests, digest)
		}
		held, err := a.Held(ctx, digests)
		for digest := range held {
			out[digest] = batch[digest]
		}
		clear(batch)
		return err
	}
	if len(a.Holders) == 0 {
		return out, nil
	}
	err := a.Store.Each(ctx, func(digest string, size int64) error {
		if batch[digest] = size; len(batch) < askedAtOnce {
			return nil
		}
		return ask()
	})
	if err == nil && len(batch) > 0 {
		err = ask()
	}
	return out, err
}

package disclosure

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"time"

	"linli/internal/casework/settle"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/wiring"
)

// Room is a room of the module: how it is made once the duties stand. It registers with the deps as a module does.
type Room struct {
	Rules func() []rule.Value // nil for none
	Start func(context.Context, *Service, *wiring.Deps) (module.Module, error)
}

// Module is disclosure with its rooms. It stands after the modules whose facts it discloses.
func Module(rooms ...Room) wiring.Module {
	m := wiring.Module{Name: "disclosure", Texts: Texts}
	m.Rules = func() []rule.Value {
		all := Rules()
		for _, r := range rooms {
			if r.Rules != nil {
				all = append(all, r.Rules()...)
			}
		}
		return all
	}
	m.Start = func(ctx context.Context, d *wiring.Deps) (module.Module, error) {
		s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Calendar: d.Calendar, Words: d.Texts, Files: d.Files}
		s.Sources = append(s.register(), d.Facts...)
		s.shipped = []*shipped.Set{itemSet(), powerSet()}
		for _, set := range s.shipped {
			if _, err := set.Bring(ctx, d.Log.DB); err != nil {
				return module.Module{}, err
			}
		}
		if err := s.Refresh(ctx); err != nil {
			return module.Module{}, err
		}
		d.Registry.Follow(s.follower())
		d.Settle.Follow(settle.Settler{Waiting: s.waiting, Settle: s.Recompute})
		d.Worklist.Bring(faces{s}.todo)
		out := s.manifest()
		for _, r := range rooms {
			room, err := r.Start(ctx, s, d)
			if err != nil {
				return out, err
			}
			out.Rooms = append(out.Rooms, room)
		}
		return out, nil
	}
	return m
}

// openEvery is how often the job looks for periods that have begun.
const openEvery = 6 * time.Hour

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "disclosure",
		Tables: map[string]module.Growth{"disclosure_item": module.Reference, "disclosure_power": module.Reference,
			"disclosure_community": module.Reference, "disclosure_duty": module.Sharded, "disclosure_entry": module.Sharded,
			"disclosure_file": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      faces{s}.routes,
		Jobs:        []module.Job{{Name: "disclosure.open", Every: openEvery, Do: s.Open}},
		Kept:        []revision.Kept{{Name: RevisionCatalogue, Reload: s.Refresh}},
		Shipped:     s.shipped,
		Holds:       faces{s}.holds,
		Demo:        s.demo,
		Reach:       faces{s}.reach(),
	}
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s faces) reach() map[string]module.Reach {
	hidden := func(state flow.State, p module.Probe) module.Reach {
		p.Make = s.Made(state)
		return module.Reach{Outside: module.Hidden, Probe: &p}
	}
	duty := func(p module.Probe) *module.Probe {
		p.Make = s.MadeDuty
		return &p
	}
	item, power := asMap(Items()[0]), asMap(Powers()[0])
	item["version"], power["version"] = "{version}", "{version}"
	months := "area={area}&from=2026-01&to=2026-12"
	out := map[string]module.Reach{
		"GET /disclosure/items":              {Outside: module.Shown, Probe: &module.Probe{}},
		"GET /disclosure/powers":             {Outside: module.Shown, Probe: &module.Probe{}},
		"PUT /disclosure/items/{code}":       {Outside: module.Refused, Probe: &module.Probe{Body: item, Make: s.versions}},
		"PUT /disclosure/powers/{code}":      {Outside: module.Refused, Probe: &module.Probe{Body: power, Make: s.powerVersions}},
		"GET /disclosure/communities/{code}": {Outside: module.Hidden, Probe: duty(module.Probe{Names: map[string]string{"code": "{area}"}})},
		"PUT /disclosure/communities/{code}": {Outside: module.Refused, Probe: &module.Probe{Make: s.madeCommunity,
			Body: map[string]any{"busy": true, "version": "{version}"}}},
		"GET /disclosure/duties":             {Outside: module.Nothing, Probe: duty(module.Probe{List: "id", Query: "area={area}&limit=100"})},
		"GET /disclosure/duties/table":       {Outside: module.Refused, Probe: duty(module.Probe{Query: "area={area}&format=csv"})},
		"GET /disclosure/duties/{id}":        {Outside: module.Hidden, Probe: duty(module.Probe{})},
		"POST /disclosure/duties/{id}/entry": {Outside: module.Hidden, Probe: duty(module.Probe{})},
		"POST /disclosure/duties": {Outside: module.Refused, Probe: &module.Probe{Body: map[string]any{"area": "{area}", "item": "affairs.major",
			"title": "probe", "day": "2026-01-05"}}},
		"GET /disclosure/board":       {Outside: module.Refused, Probe: &module.Probe{Query: months}},
		"GET /disclosure/board/table": {Outside: module.Refused, Probe: &module.Probe{Query: months}},

		"GET /disclosure/entries":      {Outside: module.Nothing, Probe: &module.Probe{List: "id", Query: "limit=100", Make: s.Made(stateDraft)}},
		"GET /disclosure/entries/{id}": hidden(stateDraft, module.Probe{}),
		"PUT /disclosure/entries/{id}": hidden(stateDraft, module.Probe{Body: map[string]any{"title": "probe", "version": "{version}"}}),
		"POST /disclosure/entries/{id}/fill": {Outside: module.Hidden,
			Probe: &module.Probe{Body: map[string]any{"version": "{version}"}, Make: s.madeFillable}},
		"POST /disclosure/entries/{id}/files":          hidden(stateDraft, module.Probe{File: true}),
		"POST /disclosure/entries/{id}/table":          hidden(stateDraft, module.Probe{Sent: &module.Sent{Name: "rows.csv", Content: "a,b\n1,2\n"}}),
		"GET /disclosure/entries/{id}/table":           hidden(stateDraft, module.Probe{Query: "format=csv"}),
		"GET /disclosure/entries/{id}/files/{file}":    hidden(stateDraft, module.Probe{}),
		"DELETE /disclosure/entries/{id}/files/{file}": hidden(stateDraft, module.Probe{}),
	}
	for _, st := range steps {
		out["POST /disclosure/entries/{id}/"+string(st.verb)] = hidden(row(st.verb).From[0],
			module.Probe{Body: map[string]any{"version": "{version}", "note": "probe"}})
	}
	long := out["POST /disclosure/entries/{id}/"+string(verbEnd)] // posted long enough
	made := long.Probe.Make
	long.Probe.Make = func(ctx context.Context, area string) (map[string]string, error) {
		return made(clock.With(ctx, clock.Now(ctx).AddDate(0, 0, -30)), area)
	}
	return out
}

// MadeDuty makes a duty for a community.
func (s *Service) MadeDuty(ctx context.Context, area string) (map[string]string, error) {
	if err := s.Open(ctx); err != nil {
		return nil, err
	}
	d, err := s.OpenEvent(ctx, NewEvent{Area: area, Item: "affairs.major", Title: "probe", Day: clock.Day(clock.Now(ctx))})
	return map[string]string{"id": d.ID}, err
}

// Made makes an entry of a community in a state, as the platform itself.
func (s *Service) Made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		names, err := s.MadeDuty(ctx, area)
		if err != nil {
			return nil, err
		}
		e, err := s.Begin(ctx, names["id"])
		if err == nil {
			e, err = s.Change(ctx, e.ID, e.Version, Content{Title: "probe", Text: "probe"})
		}
		f, failed := faces{s}.attached(ctx, e.ID, err)
		if e.Version++; failed != nil {
			return nil, failed
		}
		for _, verb := range map[flow.State][]flow.Verb{stateSubmitted: {verbSubmit}, StatePosted: {verbSubmit, verbPost}}[state] {
			if err == nil {
				err = s.Step(ctx, e.ID, verb, e.Version, flow.Input{})
				e.Version++
			}
		}
		return map[string]string{"id": e.ID, "file": f.ID, "version": fmt.Sprint(e.Version)}, err
	}
}

// attached puts the least picture with a draft, unless something failed before.
func (s faces) attached(ctx context.Context, id string, err error) (File, error) {
	if err != nil {
		return File{}, err
	}
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes everything
	return s.Attach(ctx, id, "probe.png", &b)
}

// versions name the first item with its version.
func (s faces) versions(context.Context, string) (map[string]string, error) {
	i, _ := s.Item(Items()[0].Code)
	return map[string]string{"code": i.Code, "version": fmt.Sprint(i.Version)}, nil
}

// powerVersions name the first micro-power with its version.
func (s faces) powerVersions(context.Context, string) (map[string]string, error) {
	p := s.Powers()[0]
	return map[string]string{"code": p.Code, "version": fmt.Sprint(p.Version)}, nil
}

// madeFillable is the draft of an entry that the platform can fill.
func (s faces) madeFillable(ctx context.Context, area string) (map[string]string, error) {
	if err := s.Open(ctx); err != nil {
		return nil, err
	}
	const item = "government.assistance"
	d, err := FindDuty(ctx, s.Log.DB, db.Shard(area)+"-"+area+"-"+item+"-"+SpanOf(Quarterly, clock.Day(clock.Now(ctx))).Key)
	if err != nil {
		return nil, err
	}
	var e Entry
	if d.Entry == "" {
		e, err = s.Begin(ctx, d.ID)
	} else {
		e, err = s.latest(ctx, s.Log.DB, d.Entry)
	}
	return map[string]string{"id": e.ID, "version": fmt.Sprint(e.Version)}, err
}

// madeCommunity names a community with its version.
func (s faces) madeCommunity(ctx context.Context, area string) (map[string]string, error) {
	if err := s.Open(ctx); err != nil {
		return nil, err
	}
	c, err := findCommunity(ctx, s.Log.DB, area)
	return map[string]string{"code": area, "version": fmt.Sprint(c.Version)}, err
}

package notice

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
	"linli/internal/wiring"
)

// Module are the notices.
func Module() wiring.Module {
	return wiring.Module{Name: "notice", Texts: Texts, Rules: Rules, Start: start}
}

func start(_ context.Context, d *wiring.Deps) (module.Module, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Files: d.Files,
		Consents: &Consents{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Ring: d.Ring, Words: d.Texts, Outbox: d.Outbox,
			People: d.People, Visitors: visitors{d.Follow}, URL: d.URL}}
	d.Registry.Follow(s.follower())
	d.Facts = append(d.Facts, facts{s, d.Texts})
	d.People.Personal = append(d.People.Personal, people.Personal{Held: s.Consents.held, Erase: s.Consents.erase})
	return s.manifest(), nil
}

// visitors asks the room that knows who has proven which number.
type visitors struct{ room *follow.Service }

func (v visitors) Proven(q *page.Request) (string, bool, error) { return v.room.Proven(q) }
func (v visitors) Prove(q *page.Request, next string) error     { return v.room.Prove(q, next) }

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "notice",
		Tables: map[string]module.Growth{"notice_edition": module.Sharded, "notice_place": module.Sharded,
			"notice_event": module.Sharded, "notice_file": module.Sharded,
			"notice_consent": module.Sharded, "notice_round": module.Sharded, "notice_told": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Jobs: []module.Job{{Name: "notice.expire", Every: expireEvery, Do: s.Expire},
			{Name: "notice.send", Every: sendEvery, Do: s.Consents.Send, Waits: s.Consents.sendWaits},
			{Name: "notice.settle", Every: settleEvery, Do: s.Consents.Settle}},
		Search:    &module.Search{Heading: "notice.page.heading", Find: s.search},
		Holds:     s.holds,
		Demo:      s.demo,
		Reach:     s.reach(),
		PageReach: s.pageReach(),
	}
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	content := map[string]any{"areas": []any{"{area}"}, "kind": "other", "title": map[string]any{"zh": "probe"},
		"body": map[string]any{"zh": "probe"},
		"from": "{today}"}
	changed := map[string]any{"version": "{version}"}
	for name, value := range content {
		changed[name] = value
	}
	draft := func(p module.Probe) *module.Probe {
		p.Make = s.made(stateDraft)
		return &p
	}
	out := map[string]module.Reach{
		"GET /notice/notices":      {Outside: module.Nothing, Probe: draft(module.Probe{List: "id"})},
		"POST /notice/notices":     {Outside: module.Refused, Probe: draft(module.Probe{Body: content})},
		"GET /notice/notices/{id}": {Outside: module.Hidden, Probe: draft(module.Probe{})},
		"PUT /notice/notices/{id}": {Outside: module.Hidden, Probe: draft(module.Probe{Body: changed})},

		"POST /notice/notices/{id}/files":          {Outside: module.Hidden, Probe: draft(module.Probe{File: true})},
		"GET /notice/notices/{id}/files/{file}":    {Outside: module.Hidden, Probe: draft(module.Probe{})},
		"DELETE /notice/notices/{id}/files/{file}": {Outside: module.Hidden, Probe: draft(module.Probe{})},
	}
	for _, st := range steps {
		from := row(st.verb).From[0]
		body := map[string]any{"version": "{version}", "note": "probe"}
		out["POST /notice/notices/{id}/"+string(st.verb)] = module.Reach{Outside: module.Hidden,
			Probe: &module.Probe{Body: body, Make: s.made(from)}}
	}
	return out
}

func (s *Service) pageReach() map[string]module.PageReach {
	shown := &module.Probe{Make: s.made(statePublished)}
	listed := &module.Probe{Query: "area={area}"}
	coded := &module.Probe{Make: s.Consents.probe}
	on := func(p *module.Probe) module.PageReach {
		return module.PageReach{Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn, Probe: p}
	}
	return map[string]module.PageReach{
		"GET /notices":                             module.OpenPage(listed),
		"GET /notices/feed":                        module.OpenPage(listed),
		"GET /notices/calendar.ics":                module.OpenPage(listed),
		"GET /notices/screen":                      module.OpenPage(listed),
		"GET /notices/{id}":                        module.OpenPage(shown),
		"GET /notices/{id}/files/{file}":           module.OpenPage(shown),
		"GET /notices/{id}/files/{file}/thumbnail": module.OpenPage(shown),

		"GET /notices/consent":  on(listed), // to prove a telephone number, or back where no channel is offered
		"POST /notices/consent": on(listed),
		"POST /notices/consents/{id}/stop": {Visitor: module.SentOn, Own: module.Hidden, Another: module.Hidden,
			Probe: coded}, // of another number
		"GET /notices/stop/{code}":     module.OpenPage(coded), // whoever was sent the code
		"GET /notices/confirm/{code}":  module.OpenPage(coded),
		"POST /notices/stop/{code}":    on(coded),
		"POST /notices/confirm/{code}": on(coded),
	}
}

// probe makes a consent for an area and gives the code that opens it.
func (s *Consents) probe(ctx context.Context, area string) (map[string]string, error) {
	n := NewConsent{Area: area, Channels: []string{string(notify.SMS)}, Phone: "19900001111"}
	var u Consent
	err := s.Log.Do(ctx, func(tx *audit.Tx) (err error) {
		tx.Judged()
		tx.Record(audit.Entry{Action: actionConsent, Area: area, Subject: subjectConsent})
		u, err = s.agree(ctx, tx, &n, notify.SMS, nil)
		return err
	})
	return map[string]string{"code": s.code(u.Shard, u.ID), "id": u.ID}, err
}

// made makes a notice for an area with a picture, in a state.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		today := clock.Day(clock.Now(ctx))
		e, err := s.Write(ctx, Content{Areas: []string{area}, Kind: "other", Title: Title{Zh: "probe"}, Body: Body{Zh: "probe"}, From: today})
		if err != nil {
			return nil, err
		}
		f, err := s.Attach(ctx, e.ID, "probe.png", probePicture())
		for _, verb := range map[flow.State][]flow.Verb{stateSubmitted: {verbSubmit}, statePublished: {verbSubmit, verbApprove}}[state] {
			if err == nil {
				err = s.Step(ctx, e.ID, verb, e.Version, flow.Input{})
				e.Version++
			}
		}
		return map[string]string{"id": e.ID, "file": f.ID, "version": fmt.Sprint(e.Version), "today": today}, err
	}
}

//go:embed demo.json
var demoNotices []byte

// demo publishes the notices of demo.json: days are counted from the end of the demo's year.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []struct {
		By, Approved, Kind string
		Areas              []string
		Urgent, Pinned     bool
		From               int
		Until              *int
		Zh, En             []string
	}
	if err := json.Unmarshal(demoNotices, &all); err != nil {
		return err
	}
	for _, n := range all {
		c := Content{Areas: n.Areas, Kind: n.Kind, Urgent: n.Urgent, Pinned: n.Pinned, Title: Title{Zh: n.Zh[0]}, Body: Body{Zh: n.Zh[1]}}
		if n.En != nil {
			c.Title.En, c.Body.En = n.En[0], n.En[1]
		}
		written := city.Now.AddDate(0, 0, n.From)
		if c.From = clock.Day(written); n.Until != nil {
			c.Until = clock.Day(city.Now.AddDate(0, 0, *n.Until))
		}
		by, err := city.As(ctx, n.By, written)
		if err != nil {
			return err
		}
		e, err := s.Write(by, c)
		if err == nil {
			err = s.Step(by, e.ID, verbSubmit, e.Version, flow.Input{})
		}
		if err != nil {
			return err
		}
		if n.Approved == "" {
			continue
		}
		approver, err := city.As(ctx, n.Approved, written)
		if err == nil {
			err = s.Step(approver, e.ID, verbApprove, e.Version+1, flow.Input{})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Title.Zh, err)
		}
	}
	return s.Expire(authority.With(clock.With(ctx, city.Now), authority.SystemActor("demo")))
}

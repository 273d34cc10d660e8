package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	on := func(outside string, state flow.State, body map[string]any) module.Reach {
		return module.Reach{Outside: outside, Probe: &module.Probe{Body: body, Make: s.probed(state)}}
	}
	content := asObject(probeContent())
	changed := asObject(probeContent())
	changed["version"] = "{version}"
	element, fresh := asObject(Elements()[0]), asObject(Elements()[0])
	fresh["code"], fresh["synonyms"], fresh["version"], element["version"] = "{fresh}", []any{}, 1, "{versionElement}"
	out := map[string]module.Reach{
		"GET /exchange/elements":              module.ReachAll,
		"GET /exchange/elements/table":        module.ReachAll,
		"POST /exchange/elements":             on(module.Shown, stateDraft, fresh),
		"GET /exchange/elements/{code}":       on(module.Shown, stateDraft, nil),
		"PUT /exchange/elements/{code}":       on(module.Shown, stateDraft, element),
		"GET /exchange/elements/{code}/value": {Outside: module.Refused, Probe: &module.Probe{Query: "area={area}", Make: s.probed(stateDraft)}},
		"GET /exchange/forms":                 {Outside: module.Nothing, Probe: &module.Probe{List: "id", Make: s.probed(stateDraft)}},
		"POST /exchange/forms":                on(module.Shown, stateDraft, content), // of the actor's own department
		"GET /exchange/forms/{id}":            on(module.Hidden, stateDraft, nil),
		"PUT /exchange/forms/{id}":            on(module.Hidden, stateDraft, changed),
		"POST /exchange/check":                on(module.Shown, stateDraft, content),
	}
	for _, st := range steps {
		from := lifecycle.Transitions[0].From[0]
		for _, t := range lifecycle.Transitions {
			if t.Verb == st.verb {
				from = t.From[0]
			}
		}
		out["POST /exchange/forms/{id}/"+string(st.verb)] = on(module.Hidden, from, map[string]any{"version": "{version}", "note": "probe"})
	}
	return out
}

func (s *Service) pageReach() map[string]module.PageReach {
	published := &module.Probe{Make: s.probed(statePublished)}
	return map[string]module.PageReach{
		"GET /elements":        module.OpenPage(nil),
		"GET /elements/{code}": module.OpenPage(published),
		"GET /forms":           module.OpenPage(nil),
		"GET /forms/{id}":      module.OpenPage(published),
	}
}

func asObject(v any) map[string]any {
	out := map[string]any{}
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err) // of our own values
	}
	return out
}

// probeContent asks for one thing that nobody holds.
func probeContent() Content {
	group := text.Pair{Zh: "probe", En: "probe"}
	return Content{Title: group, Purpose: group, Days: 5, Fields: []Field{{Reason: "probe", Field: form.Field{Key: "probe", Kind: form.Text,
		Label: group, Group: group}}}, Duplicate: "probe"}
}

// probed makes a form of a department in a state: of the county's, whichever community the probe is about.
func (s *Service) probed(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		f := Form{ID: db.NewID(ctx), Area: area[:6], State: string(state), Content: probeContent(), Wanted: 1, Version: 1}
		err := s.Log.Do(ctx, func(tx *audit.Tx) error {
			body, err := registry.FindBodyOf(ctx, tx, f.Area, registry.BodyDepartment, "civil_affairs")
			if err != nil && !db.IsNone(err) {
				return err
			}
			f.Body, f.WrittenAt = body.ID, clock.Millis(tx.Now)
			if state == statePublished {
				f.PublishedAt = f.WrittenAt
			}
			tx.Judged()
			tx.Record(audit.Entry{Action: permWrite, Area: f.Area, Subject: subjectForm, SubjectID: f.ID, After: f.record()})
			return insertForm(ctx, tx, &f)
		})
		e, ok := s.Element(Elements()[0].Code)
		if err == nil && !ok {
			err = errs.ErrNotFound
		}
		return map[string]string{"id": f.ID, "version": "1", "code": e.Code, "versionElement": fmt.Sprint(e.Version),
			"fresh": "probe." + "n" + db.NewID(ctx)[24:]}, err
	}
}

// ProbeForm makes a published form of the county of an area, for the probes of rooms.
func (s *Service) ProbeForm(ctx context.Context, area string) (id string, err error) {
	made, err := s.probed(statePublished)(ctx, area)
	return made["id"], err
}

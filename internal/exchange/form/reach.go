package form

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	hidden := func(state flow.State, p module.Probe) module.Reach {
		p.Make = s.made(state)
		return module.Reach{Outside: module.Hidden, Probe: &p}
	}
	listed := func(state flow.State, p module.Probe) module.Reach {
		p.Make = s.made(state)
		return module.Reach{Outside: module.Nothing, Probe: &p}
	}
	object := func(pairs ...any) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i].(string)] = pairs[i+1]
		}
		return out
	}
	filled := object("version", "{version}", "answers", object("new", "probe"), "marks", object("held", markConfirmed))
	step := object("version", "{version}", "note", "probe")
	reasons := object("version", "{version}", "reasons", object("new", "probe"))
	sending := object("version", "{versionOfSending}", "note", "probe")
	probing := func(ctx context.Context, area string) (map[string]string, error) { return madeForm(s, ctx, area) }
	return map[string]module.Reach{
		"POST /exchange/forms/{id}/send": {Outside: module.Refused, Probe: &module.Probe{Make: probing,
			Body: object("areas", []any{"{area}"}, "clientKey", "{key}")}},
		"GET /exchange/sendings":               listed(stateAsked, module.Probe{Query: "area={area}&limit=100", List: "sending"}),
		"GET /exchange/figures":                {Outside: module.Shown, Probe: &module.Probe{}},
		"GET /exchange/sendings/{id}":          ofSending(s, module.Probe{}),
		"POST /exchange/sendings/{id}/remind":  ofSending(s, module.Probe{Body: sending}),
		"POST /exchange/sendings/{id}/close":   ofSending(s, module.Probe{Body: sending}),
		"GET /exchange/sendings/{id}/answers":  ofSending(s, module.Probe{}),
		"GET /exchange/sendings/{id}/export":   ofSending(s, module.Probe{Query: "format=csv&purpose=service"}),
		"GET /exchange/answers":                listed(stateAsked, module.Probe{Query: "area={area}&limit=100", List: "id"}),
		"GET /exchange/answers/{id}":           hidden(stateAsked, module.Probe{}),
		"POST /exchange/answers/{id}/open":     hidden(stateAsked, module.Probe{}),
		"PUT /exchange/answers/{id}/draft":     hidden(stateAsked, module.Probe{Body: filled}),
		"POST /exchange/answers/{id}/submit":   hidden(stateAsked, module.Probe{Body: filled}),
		"POST /exchange/answers/{id}/time":     hidden(stateSubmitted, module.Probe{Body: object("version", "{version}", "minutes", 5)}),
		"POST /exchange/answers/{id}/accept":   hidden(stateSubmitted, module.Probe{Body: step}),
		"POST /exchange/answers/{id}/return":   hidden(stateSubmitted, module.Probe{Body: reasons}),
		"GET /exchange/disputes":               listed(stateClaimed, module.Probe{Query: "limit=100", List: "dispute"}),
		"POST /exchange/disputes/{id}/correct": ofDispute(s, step),
		"POST /exchange/disputes/{id}/uphold":  ofDispute(s, step),

		"POST /exchange/answers/{id}/fields/{key}/unmask": hidden(stateAsked, module.Probe{Body: object("purpose", "service", "held", true)}),
		"POST /exchange/answers/{id}/fields/{key}/files":  hidden(stateReturned, module.Probe{File: true}),
		"GET /exchange/answers/{id}/files/{file}":         hidden(stateAsked, module.Probe{}),
		"DELETE /exchange/answers/{id}/files/{file}":      hidden(stateAsked, module.Probe{}),
	}
}

// ofSending is the reach of a route of a sending, by its id.
func ofSending(s *Service, p module.Probe) module.Reach {
	make := s.made(stateAsked)
	p.Make = func(ctx context.Context, area string) (map[string]string, error) {
		out, err := make(ctx, area)
		out["id"] = out["sending"]
		return out, err
	}
	return module.Reach{Outside: module.Hidden, Probe: &p}
}

// ofDispute is the reach of a step of a dispute.
func ofDispute(s *Service, body map[string]any) module.Reach {
	make := s.made(stateClaimed)
	return module.Reach{Outside: module.Hidden, Probe: &module.Probe{Body: body,
		Make: func(ctx context.Context, area string) (map[string]string, error) {
			out, err := make(ctx, area)
			out["id"], out["version"] = out["dispute"], "1"
			return out, err
		}}}
}

// probeForm asks one thing that is held and personal, one that is new, and for files.
func probeForm(s *Service, ctx context.Context, area string) (Definition, error) {
	body, err := s.Registry.Responsible(ctx, s.Log.DB, area, "civil_affairs", registry.LevelCounty)
	both := func(s string) text.Pair { return text.Pair{Zh: s, En: s} }
	field := func(key string, kind fields.Kind) fields.Field {
		return fields.Field{Key: key, Kind: kind, Label: both(key), Group: both("probe")}
	}
	held := field("held", fields.Text)
	held.Personal = true
	return Definition{ID: "probe", Body: body.ID, Title: both("probe"), Purpose: both("probe"), Admission: "probe", Days: 5,
		Questions: []Question{{Field: held, Element: "probe"}, {Field: field("new", fields.Text)}, {Field: field("files", fields.File)}}}, err
}

// probeSending keeps a sending of a form to one community, as if the gate had let it through.
func probeSending(s *Service, ctx context.Context, area string, d *Definition, key string) (of Sending, a Answer, err error) {
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		if of, err = s.begin(ctx, tx, d, &NewSending{DueOn: clock.Day(tx.Now), ClientKey: key}, []string{area}, 1,
			gate.Pass{Number: "probe"}); err != nil {
			return err
		}
		held := map[string]Held{"probe": {Value: fields.One("probe"), Department: "civil_affairs"}}
		if a, err = s.fill(ctx, &of, area, held); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permFill, Area: area, Subject: subjectAnswer, SubjectID: a.ID, After: map[string]any{"state": a.State}})
		if err := s.hand(ctx, tx, &of, []Answer{a}); err != nil {
			return err
		}
		of.State = string(stateOpen)
		return updateSending(ctx, tx, &of)
	})
	return of, a, err
}

// madeForm is a form that was sent to an area already, by a key: sending it again asks nothing of the gate.
func madeForm(s *Service, ctx context.Context, area string) (map[string]string, error) {
	id, err := s.Forms.Probe(ctx, area)
	if err != nil {
		return nil, err
	}
	d, err := s.Forms.Sendable(ctx, s.Log.DB, id)
	if err != nil {
		return nil, err
	}
	of, _, err := probeSending(s, ctx, area, &d, "probe-"+d.ID)
	return map[string]string{"id": d.ID, "key": of.ClientKey}, err
}

// made makes an answer of a community in a state, with a file, and a dispute of it where the state is that of one.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		out := map[string]string{}
		d, err := probeForm(s, ctx, area)
		if err != nil {
			return out, err
		}
		of, a, err := probeSending(s, ctx, area, &d, "")
		if err != nil {
			return out, err
		}
		out["sending"], out["versionOfSending"], out["id"], out["key"], out["version"] = of.ID, "2", a.ID, "held", "1"
		if state == stateReturned {
			out["key"] = "files"
			return out, nil
		}
		f, err := s.Attach(ctx, a.ID, "files", "probe.png", probePicture())
		out["file"] = f.ID
		if err != nil || state == stateAsked {
			return out, err
		}
		filled := Filled{Answers: fields.Answers{"new": fields.One("probe")}, Marks: map[string]string{"held": markConfirmed}}
		if state == stateClaimed {
			filled.Marks["held"], filled.Answers["held"], filled.Why = markDisputed, fields.One("other"), map[string]string{"held": "probe"}
		}
		if err := s.Submit(ctx, a.ID, 1, filled); err != nil {
			return out, err
		}
		out["version"] = "2"
		if state == stateClaimed {
			all, _, err := s.Disputes(ctx, DisputeFilter{answer: a.ID, Limit: 1})
			if err != nil || len(all) != 1 {
				return out, fmt.Errorf("%d disputes: %w", len(all), err)
			}
			out["dispute"] = all[0].ID
		}
		return out, nil
	}
}

// probePicture is the least picture.
func probePicture() io.Reader {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes everything
	return &b
}

package application

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"

	"linli/internal/admission/proposal"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	content := probeBody()
	wanted := map[string]any{"content": content}
	hidden := func(state flow.State, body map[string]any) module.Reach {
		return module.Reach{Outside: module.Hidden, Probe: &module.Probe{Body: body, Make: s.made(state)}}
	}
	out := map[string]module.Reach{
		"GET " + base:                           {Outside: module.Nothing, Probe: &module.Probe{List: "id", Make: s.made(stateEvaluating)}},
		"POST " + base:                          {Outside: module.Refused, Probe: &module.Probe{Body: wanted, Make: s.made(stateDraft)}},
		"POST " + base + "/check":               {Outside: module.Shown, Probe: &module.Probe{Body: wanted, Make: s.made(stateDraft)}},
		"GET " + base + "/{id}":                 hidden(stateEvaluating, nil),
		"PUT " + base + "/{id}":                 hidden(stateDraft, map[string]any{"content": content, "version": "{version}"}),
		"DELETE " + base + "/{id}/files/{file}": hidden(stateDraft, nil),
		"GET " + base + "/{id}/files/{file}":    hidden(stateEvaluating, nil),
		"POST " + base + "/{id}/files":          {Outside: module.Hidden, Probe: &module.Probe{File: true, Make: s.made(stateDraft)}},
	}
	for _, path := range []string{"/admission/figures", "/admission/figures/table"} {
		out["GET "+path] = module.Reach{Outside: module.Refused, Probe: &module.Probe{Query: "area={area}&from=2026-01&to=2026-12"}}
	}
	for _, st := range steps {
		out["POST "+base+"/{id}/"+string(st.verb)] = hidden(probeFrom(st.verb), map[string]any{"version": "{version}", "note": "probe",
			"choice": stanceSupport, "day": "{today}"})
	}
	for _, st := range moneySteps {
		state := stateActive
		if st.verb != verbPay {
			state = statePaid
		}
		out["POST "+base+"/{id}/instalments/{seq}/"+string(st.verb)] = hidden(state, map[string]any{"version": "{version_paid}", "note": "probe",
			"day": "{today}"})
	}
	return out
}

// probeFrom is the state from which a verb is probed.
func probeFrom(verb flow.Verb) flow.State {
	switch verb {
	case verbOpine:
		return stateEvaluating
	case verbReview:
		return stateActive
	case verbDeclare:
		return stateUrgent
	}
	return row(verb).From[0]
}

func probeBody() map[string]any {
	return map[string]any{"name": "probe", "ways": []any{"task"},
		"basis": map[string]any{"document": "probe", "article": "1", "certainty": "V"},
		"areas": []any{"{area}"}, "text": "probe probe", "role": proposal.RoleAssist, "from": "2026-01-01", "until": "2026-12-31", "exit": "2026-12-31",
		"frequency": 1, "minutes": 1, "money": map[string]any{"amount": 1, "source": "probe", "instalments": []any{}},
		"ownStaff": "probe probe", "assessment": proposal.NoAssessment}
}

// probeContent is an application that the rules admit, for an area.
func probeContent(area, from string, emergency bool, line string) proposal.Proposal {
	until := daysAfter(from, 30)
	c := proposal.Proposal{Name: "probe", Ways: []string{string(gate.Task)}, Areas: []string{area},
		Basis: proposal.AdmissionBasis{Document: "probe", Article: "1", Certainty: "V"},
		Text:  "probe probe probe", Role: proposal.RoleAssist, From: from, Until: until, Exit: until, Frequency: 1, Minutes: 10,
		Money: proposal.AdmissionMoney{Amount: 100, Source: "probe", Line: line,
			Instalments: []proposal.AdmissionInstalment{{Amount: 100, Due: from}}},
		OwnStaff: "probe probe", Assessment: proposal.NoAssessment, Emergency: emergency}
	if emergency {
		c.Why = "probe probe"
	}
	return c
}

// probeWays are the verbs that bring a draft to a state.
var probeWays = map[flow.State][]flow.Verb{stateSigning: {verbSubmit}, stateSubmitted: {verbSubmit, verbSign},
	stateEvaluating: {verbSubmit, verbSign, verbAccept}, stateReturned: {verbSubmit, verbSign, verbReturn},
	stateHearing: {verbSubmit, verbSign, verbAccept, verbHear}, stateUnfunded: {verbSubmit, verbSign, verbAccept, verbAdmit},
	stateActive:      {verbSubmit, verbSign, verbAccept, verbAdmit},
	statePaid:        {verbSubmit, verbSign, verbAccept, verbAdmit},
	stateSuspended:   {verbSubmit, verbSign, verbAccept, verbAdmit, verbSuspend},
	stateProvisional: {verbSubmit, verbDeclare}, stateUrgent: {verbSubmit}}

// stateUrgent stands for an emergency that waits to be declared.
const stateUrgent flow.State = "urgent"

// made makes an application of the county's civil affairs for an area, with a picture, in a state.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		b, err := s.Registry.BodyFor(ctx, s.Log.DB, area, registry.BodyDepartment, "civil_affairs", registry.LevelCounty)
		if err != nil {
			return nil, err
		}
		today := clock.Day(clock.Now(ctx))
		from, line, emergency := daysAfter(today, 60), "probe", state == stateProvisional || state == stateUrgent
		if emergency {
			from = today
		}
		if state == stateUnfunded {
			line = ""
		}
		c := probeContent(area, from, emergency, line)
		e, err := s.Write(ctx, c, b.ID)
		if err != nil {
			return nil, err
		}
		f, err := s.Attach(ctx, e.ID, "probe.png", probePicture())
		for _, verb := range probeWays[state] {
			if err == nil && verb == verbAdmit {
				err = s.opinionsFor(ctx, e.ID)
			}
			if err == nil {
				err = s.Step(ctx, e.ID, verb, e.Version, flow.Input{Note: "probe", Choice: stanceSupport, Day: today})
				e.Version++
			}
		}
		if err == nil && state == stateEvaluating {
			err = s.opinionsFor(ctx, e.ID)
		}
		paid := "1"
		if err == nil && state == statePaid {
			err, paid = s.Pay(ctx, e.ID, 1, verbPay, 1, flow.Input{Day: today, Note: "probe"}), "2"
		}
		return map[string]string{"id": e.ID, "file": f.ID, "seq": "1", "version": fmt.Sprint(e.Version), "version_paid": paid,
			"number": s.numberOf(ctx, e.ID), "today": today}, err
	}
}

// opinionsFor gives every opinion that an application waits for.
func (s *Service) opinionsFor(ctx context.Context, id string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		e, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permOpine, Area: e.Area, Subject: subject, SubjectID: id})
		for side, area := range map[string]string{sideStreet: e.streets[0], sideResidents: e.Area} {
			if err := insertOpinion(ctx, tx, &e, AdmissionOpinion{Side: side, Area: area, Stance: stanceSupport, Note: "probe"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// numberOf is the number of an admission that was made; "" before it has one.
func (s *Service) numberOf(ctx context.Context, id string) string {
	e, err := s.find(ctx, s.Log.DB, id)
	if err != nil {
		return ""
	}
	return e.Number
}

// probePicture is the least picture.
func probePicture() io.Reader {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes everything
	return &b
}

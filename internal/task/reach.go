package task

import (
	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// probeContent is what a department writes, as one of a version or as a new one.
func probeContent(version any) module.Body {
	out := module.Body{"areas": []any{"{area}"}, "way": "task", "title": "probe", "content": "probe", "ask": "probe", "answer": "text",
		"workdays": 5, "minutes": 10, "admission": "probe"}
	if version != nil {
		out["version"] = version
	}
	return out
}

// probeStates are the states from which the steps of a task are tried, probeShares those of a share.
var (
	probeStates = map[flow.Verb]string{
		verbSubmit: string(stateDraft), verbDiscard: string(stateDraft),
		verbSend: string(stateSubmitted), verbReturn: string(stateSubmitted), verbRecall: string(stateSubmitted),
		verbRemind: string(stateSent), verbWithdraw: string(stateSent),
	}
	probeShares = map[flow.Verb]string{
		verbBegin: string(shareAsked), verbRefuse: string(shareAsked), verbUrge: string(shareAsked),
		verbReply:  string(shareAnswering),
		verbAccept: string(shareAnswered), verbSendBack: string(shareAnswered), verbCorrect: string(shareAnswered),
		verbUphold: string(shareRefused), verbOverrule: string(shareRefused),
	}
)

// reach is what each route answers outside the caller's areas.
func (s *Service) reach() map[string]module.Reach {
	sent := module.Probe{Of: "task", In: string(stateSent)}
	draft := module.Probe{Of: "task", In: string(stateDraft)}
	filed := module.Probe{Of: "task", In: string(stateDraft), With: []string{"task file"}}
	listed := module.Probe{Of: "share", In: string(shareRefused), List: "task"}
	out := map[string]module.Reach{
		"GET /task/tasks":               module.ReachListed.By(listed),
		"POST /task/tasks":              module.ReachRefused.By(module.Probe{Body: probeContent(nil)}),
		"GET /task/tasks/{id}":          module.ReachHidden.By(sent),
		"PUT /task/tasks/{id}":          module.ReachHidden.By(module.Probe{Of: draft.Of, In: draft.In, Body: probeContent(1)}),
		"GET /task/tasks/{id}/progress": module.ReachHidden.By(sent),
		"GET /task/tasks/{id}/shares":   module.ReachHidden.By(sent),
		"GET /task/tasks/{id}/table":    module.ReachHidden.By(sent),
		"POST /task/tasks/{id}/files": module.ReachHidden.By(module.Probe{Of: draft.Of, In: draft.In,
			File: true}),
		"GET /task/tasks/{id}/files/{file}":    module.ReachHidden.By(filed),
		"DELETE /task/tasks/{id}/files/{file}": module.ReachHidden.By(filed),
		"GET /task/refusals":                   module.ReachListed.By(listed),
		"GET /task/figures": module.ReachRefused.By(module.Probe{Of: sent.Of, In: sent.In,
			Query: "area={county}&from=2026-01&to=2026-12"}),
	}
	for _, path := range []string{"/task/figures/months", "/task/figures/table"} {
		out["GET "+path] = module.ReachRefused.By(module.Probe{Of: sent.Of, In: sent.In, Query: "area={county}&from=2026-01&to=2026-12"})
	}
	for _, st := range steps {
		out["POST /task/tasks/{id}/"+string(st.verb)] = module.ReachHidden.By(module.Probe{Of: "task", In: probeStates[st.verb],
			Body: module.Body{"note": "probe"}})
	}
	shares := map[flow.Verb]module.Probe{}
	for _, verb := range s.Casework.Matters[KindTask].Flow.Verbs() {
		shares[verb] = module.Probe{Of: "share", In: probeShares[verb],
			Body: module.Body{"note": "probe", "choice": "unlisted", "number": 5}}
	}
	return casework.StepReach(s.Casework, "/task/shares", KindTask, out, shares)
}

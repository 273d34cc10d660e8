package rating

import (
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// FollowUpFlow is the lifecycle of follow-ups.
func FollowUpFlow() module.Flow { return module.FlowOf(followUpFlow) }

// MayFollowUp tells whether the table has a row.
func MayFollowUp(state, verb string) (string, bool) {
	t, ok := followUpFlow.Find(flow.State(state), flow.Verb(verb))
	if !ok {
		return "", false
	}
	return string(t.To), true
}

// AppealFlow is the lifecycle of appeals.
func AppealFlow() module.Flow { return module.FlowOf(appealFlow) }

// MayAppeal tells whether the table has a row.
func MayAppeal(state, verb string) (string, bool) {
	t, ok := appealFlow.Find(flow.State(state), flow.Verb(verb))
	if !ok {
		return "", false
	}
	return string(t.To), true
}

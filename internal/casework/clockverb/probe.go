package clockverb

import (
	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// Probes are how the test of the matrix calls this room's steps of a kind of case, in a state in which it is worked on;
// reason is one for which it may be suspended.
func Probes(state, reason string) map[flow.Verb]module.Probe {
	out := map[flow.Verb]module.Probe{
		casework.VerbSuspend:   {Body: module.Body{"choice": reason, "note": "probe"}},
		casework.VerbResume:    {},
		casework.VerbExtend:    {Body: module.Body{"note": "probe"}},
		casework.VerbSupervise: {Body: module.Body{"note": "probe", "number": 3}},
		casework.VerbAnswer:    {Body: module.Body{"note": "probe"}},
	}
	for verb, p := range out {
		p.In, p.With = state, []string{string(verb)}
		out[verb] = p
	}
	return out
}

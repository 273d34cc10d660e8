package joint

import (
	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// Probes are how the test of the matrix calls this room's steps of a kind of case, in a state in which it is worked on.
// {office} and {unit} are another body of the place and the caller's own.
func Probes(state string) map[flow.Verb]module.Probe {
	asked := []string{"part"}
	return map[flow.Verb]module.Probe{
		casework.VerbObject:     {In: state, Body: module.Body{"note": "probe"}},
		casework.VerbJoin:       {In: state, Body: module.Body{"unit": "{office}", "note": "probe", "number": 2}},
		casework.VerbContribute: {In: state, With: asked, Body: module.Body{"note": "probe"}},
		casework.VerbRelease:    {In: state, With: asked, Body: module.Body{"unit": "{unit}", "note": "probe"}},
	}
}

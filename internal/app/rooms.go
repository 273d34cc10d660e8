package app

import (
	"io/fs"
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/follow"
	"linli/internal/casework/stats"
	"linli/internal/casework/worklist"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

// Rooms are the packages above the spine of casework.
type Rooms struct {
	Follow   *follow.Service
	Stats    *stats.Service
	Worklist *worklist.Service
}

// openRooms connects the rooms with the spine. What they observe of a case happens in this order.
func openRooms(cases *casework.Service) Rooms {
	r := Rooms{
		Follow:   &follow.Service{Cases: cases},
		Stats:    &stats.Service{Cases: cases},
		Worklist: &worklist.Service{Cases: cases},
	}
	r.Stats.Start()
	r.Follow.Start()
	cases.Start()
	r.Worklist.Start()
	return r
}

func (r Rooms) modules() []module.Module {
	return []module.Module{r.Follow.Module(), r.Stats.Module(), r.Worklist.Module()}
}

// roomTexts are the sentences of the rooms.
var roomTexts = []fs.FS{follow.Texts, stats.Texts, worklist.Texts}

// roomRules are the rules that ship with the rooms.
func roomRules() []rule.Value { return slices.Concat(worklist.Rules()) }

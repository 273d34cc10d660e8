package app

import (
	"io/fs"
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/follow"
	"linli/internal/casework/rating"
	"linli/internal/casework/stats"
	"linli/internal/casework/worklist"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

// Rooms are the packages above the spine of casework.
type Rooms struct {
	Rating   *rating.Service
	Follow   *follow.Service
	Stats    *stats.Service
	Worklist *worklist.Service
}

// openRooms connects the rooms with the spine. What they observe of a case happens in this order.
func openRooms(cases *casework.Service) Rooms {
	r := Rooms{
		Rating:   &rating.Service{Cases: cases},
		Follow:   &follow.Service{Cases: cases},
		Worklist: &worklist.Service{Cases: cases},
	}
	r.Stats = &stats.Service{Cases: cases, Rating: r.Rating}
	r.Rating.Start()
	r.Stats.Start()
	r.Follow.Start()
	cases.Start()
	r.Worklist.Start()
	return r
}

func (r Rooms) modules() []module.Module {
	return []module.Module{r.Rating.Module(), r.Follow.Module(), r.Stats.Module(), r.Worklist.Module()}
}

// roomTexts are the sentences of the rooms.
var roomTexts = []fs.FS{rating.Texts, follow.Texts, stats.Texts, worklist.Texts}

// roomRules are the rules that ship with the rooms.
func roomRules() []rule.Value { return slices.Concat(rating.Rules(), worklist.Rules()) }

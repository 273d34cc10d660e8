package app

import (
	"io/fs"
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/duplicate"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/casework/joint"
	"linli/internal/casework/rating"
	"linli/internal/casework/reporter"
	"linli/internal/casework/settle"
	"linli/internal/casework/stats"
	"linli/internal/casework/worklist"
	"linli/internal/people/request"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/storage"
	"linli/internal/wiring"
)

// openRooms connects the rooms with the spine. What they observe of a case happens in this order.
func openRooms(cases *casework.Service, requests *request.Service, stored *storage.Store) wiring.Rooms {
	r := wiring.Rooms{
		Settle:     &settle.Service{Cases: cases},
		Reporter:   &reporter.Service{Cases: cases},
		Duplicates: &duplicate.Service{Cases: cases},
		Alerts:     &alert.Service{Cases: cases},
	}
	r.CaseFiles = &file.Service{Cases: cases, Reporter: r.Reporter, Store: stored}
	r.Joint = &joint.Service{Cases: cases, Settle: r.Settle, Reporter: r.Reporter}
	r.Rating = &rating.Service{Cases: cases, Reporter: r.Reporter}
	r.Follow = &follow.Service{Cases: cases, Files: r.CaseFiles, Reporter: r.Reporter, Requests: requests}
	r.Clock = &clockverb.Service{Cases: cases, Alerts: r.Alerts, Settle: r.Settle}
	r.Worklist = &worklist.Service{Cases: cases, Alerts: r.Alerts}
	r.Stats = &stats.Service{Cases: cases, Rating: r.Rating}
	r.Reporter.Start()
	r.CaseFiles.Start()
	r.Rating.Start()
	r.Stats.Start()
	r.Follow.Start()
	r.Alerts.Start()
	r.Clock.Start()
	r.Duplicates.Start()
	r.Joint.Start()
	r.Worklist.Start()
	return r
}

func roomModules(r wiring.Rooms) []module.Module {
	return []module.Module{
		r.Settle.Module(), r.Reporter.Module(), r.CaseFiles.Module(),
		r.Duplicates.Module(), r.Clock.Module(), r.Alerts.Module(), r.Joint.Module(),
		r.Rating.Module(), r.Follow.Module(), r.Stats.Module(), r.Worklist.Module(),
	}
}

// roomTexts are the sentences of the rooms.
var roomTexts = []fs.FS{
	file.Texts, duplicate.Texts, clockverb.Texts, alert.Texts, joint.Texts, rating.Texts, follow.Texts, stats.Texts, worklist.Texts,
}

// roomRules are the rules that ship with the rooms.
func roomRules() []rule.Value {
	return slices.Concat(file.Rules(), duplicate.Rules(), clockverb.Rules(), alert.Rules(), joint.Rules(), rating.Rules(),
		worklist.Rules())
}

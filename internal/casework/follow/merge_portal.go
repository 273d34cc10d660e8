package follow

import (
	"linli/internal/casework"
	"linli/internal/casework/duplicate"
	"linli/internal/platform/page"
)

// mainPage is how the main case of a merged one stands, as its follower reads it.
type mainPage struct {
	Number, State, Due, Unit string
	Steps                    []stepView
}

func (s *Service) mainPage(q *page.Request, flow string, d *casework.Detail) *mainPage {
	main := casework.SectionOf[*duplicate.MainView](d, duplicate.SectionMain)
	if main == nil {
		return nil
	}
	v := &mainPage{Number: main.Number, State: q.T(flow + ".state." + string(main.State))}
	if main.DueAt != nil {
		v.Due = s.dueLeft(q, &casework.Summary{Due: main.Due, DueAt: main.DueAt})
	}
	if main.Unit != nil {
		v.Unit = main.Unit.Name
	}
	shown := &casework.Detail{Summary: casework.Summary{Kind: d.Kind}} // of the main case nothing but its public steps
	for _, e := range main.Events {
		v.Steps = append(v.Steps, s.step(q, flow, shown, e, false))
	}
	return v
}

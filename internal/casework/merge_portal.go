package casework

import "linli/internal/platform/page"

// mainPage is how the main case of a merged one stands, as its follower reads it.
type mainPage struct {
	Number, State, Due, Unit string
	Steps                    []stepView
}

func (s *Service) mainPage(q *page.Request, flow string, d *Detail) *mainPage {
	if d.Main == nil {
		return nil
	}
	v := &mainPage{Number: d.Main.Number, State: q.T(flow + ".state." + string(d.Main.State))}
	if d.Main.DueAt != nil {
		v.Due = s.dueLeft(q, &Summary{Due: d.Main.Due, DueAt: d.Main.DueAt})
	}
	if d.Main.Unit != nil {
		v.Unit = d.Main.Unit.Name
	}
	for _, e := range d.Main.Events {
		v.Steps = append(v.Steps, s.step(q, flow, &Detail{}, e, false))
	}
	return v
}

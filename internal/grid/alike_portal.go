package grid

import (
	"slices"

	"linli/internal/casework/worklist"
	"linli/internal/platform/page"
)

// alikeRow is an incident that is told already, as the page asks about it.
type alikeRow struct {
	worklist.Candidate
	State, Area, Away string
}

// renderAlike shows what is told already and asks whether that is it. Where nothing is, or the
// place is not said yet, the page is passed over.
func (s *Service) renderAlike(q *page.Request, status int, d *draft) error {
	known, err := s.Alike(q.Context(), d.incident())
	if err != nil || len(known) == 0 {
		d.Main = "" // it may have ended since it was chosen
		if err := q.KeepDraft(d.Draft, d); err != nil {
			return err
		}
		return q.Redirect(d.Step(stepSend))
	}
	v := stepPage{Action: d.Step(stepAlike), Heading: q.T("grid.page.alike"), Back: d.Step(stepWhere),
		Position: q.T("grid.page.step", "at", slices.Index(reportSteps, stepWhere)+1, "of", len(reportSteps))}
	choice := page.Field{Name: "main", Kind: page.Radios, Label: q.T("grid.page.alike_question"), Required: true,
		Options: []page.Option{{Value: "none", Label: q.T("grid.page.alike_none")}}}
	for _, k := range known {
		row := alikeRow{Candidate: k, State: q.T("grid.incident.state." + string(k.State)),
			Area: s.Registry.PathIn(k.AreaPath[len(k.AreaPath)-1].Code, q.Lang)}
		if k.Metres != nil {
			row.Away = q.T("grid.page.alike_metres", "n", *k.Metres)
		}
		v.Alike = append(v.Alike, row)
		choice.Options = append(choice.Options, page.Option{Value: k.Number, Label: q.T("grid.page.alike_follow", "number", k.Number)})
	}
	v.Fields = q.Fill([]page.Field{choice}, func(string) string { return d.Main })
	return q.Render(status, "grid/report", v)
}

// chosen is the number of the incident to follow instead, if the answer is one that the page asked about; else "".
func (s *Service) chosen(q *page.Request, d *draft, answer string) string {
	known, err := s.Alike(q.Context(), d.incident())
	if err == nil && slices.ContainsFunc(known, func(k worklist.Candidate) bool { return k.Number == answer }) {
		return answer
	}
	return ""
}

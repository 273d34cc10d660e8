package casework

import (
	"context"
)

// FilterInput is a filter as addresses carry it.
type FilterInput struct {
	View    string `query:"view" enum:"mine,unit,soon,overdue,open,all,pending" default:"open"`
	Kind    string `query:"kind" maxLength:"20"`
	State   string `query:"state" maxLength:"20"`
	Subject string `query:"subject" maxLength:"64" doc:"Code of a service item or of a category"`
	Area    string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	Unit    string `query:"unit" maxLength:"64" doc:"Id of the body responsible now"`
	Handler string `query:"handler" maxLength:"64" doc:"Id of the account that took it"`
	Channel string `query:"channel" maxLength:"20"`
	From    string `query:"from" maxLength:"10" doc:"First day of reporting, YYYY-MM-DD"`
	To      string `query:"to" maxLength:"10" doc:"Last day of reporting, YYYY-MM-DD"`
	Overdue bool   `query:"overdue" doc:"Past the deadline and open"`
	Low     bool   `query:"low" doc:"Rated 2 or 1; of the areas whose figures the caller sees"`
	Words   string `query:"q" maxLength:"60" doc:"Beginning of a case number, or words that all stand in it: two neighbouring Chinese characters or the beginning of a Latin word"`
}

// filter reads the input. Error: Invalid.
func (in *FilterInput) filter() (Filter, error) {
	f := Filter{View: View(in.View), Kind: in.Kind, State: in.State, Subject: in.Subject, Area: in.Area, Unit: in.Unit,
		Handler: in.Handler, Channel: in.Channel, Overdue: in.Overdue, Low: in.Low}
	f.ask(in.Words)
	return f, f.days(in.From, in.To)
}

type listInput struct {
	FilterInput
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// CaseList is one page of cases.
type CaseList struct {
	Body struct {
		Items []Summary `json:"items"`
		Next  string    `json:"next" doc:"Cursor of the next page, or empty; a page may hold fewer than asked for and have a next"`
		Prev  string    `json:"prev" doc:"Cursor of the page before, or empty; what is found by words is read forwards only"`
	}
}

func (s *Service) apiList(ctx context.Context, in *listInput) (*CaseList, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Cursor, f.Limit = in.Cursor, in.Limit
	p, err := s.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &CaseList{}
	out.Body.Items, out.Body.Next, out.Body.Prev = make([]Summary, len(p.Cases)), p.Next, p.Prev
	for i := range p.Cases {
		out.Body.Items[i] = s.Summarise(ctx, &p.Cases[i])
	}
	return out, nil
}

package survey

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"linli/internal/assessment"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

func (s *Service) pages(site *page.Site) {
	site.Get("/survey", s.pageEnter)
	site.Post("/survey", s.pageFind)
	site.Get("/survey/{code}", s.pageAsk)
	site.Post("/survey/{code}", s.pageAnswer)
	site.Get("/surveys/{id}", s.pageResults)
}

// title is a survey's title in the reader's language.
func (s *Survey) title(lang text.Lang) string { return s.Content.Title.Given(lang) }

// pageEnter asks for the code of an invitation.
func (s *Service) pageEnter(q *page.Request) error { return s.enter(q, http.StatusOK) }

func (s *Service) enter(q *page.Request, status int) error {
	q.Crumb(q.T("assessment.survey.page.heading"), "")
	fields := q.Fill([]page.Field{{Name: "code", Kind: page.Text, Label: q.T("assessment.survey.page.code"), Required: true, Max: 40,
		Hint: q.T("assessment.survey.page.code_hint")}}, func(string) string { return "" })
	return q.Render(status, "assessment/enter", fields)
}

func (s *Service) pageFind(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	code := compact(f.Code("code"))
	if _, _, err := s.opened(q.Context(), code); err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.enter(q, status)
	}
	return q.Redirect("/survey/" + code)
}

// search finds published results of surveys by their titles.
func (s *Service) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	all, err := listSurveys(ctx, s.Log.DB)
	words := strings.Fields(strings.ToLower(q.Words))
	var out []module.Found
	for i := range all {
		x := &all[i]
		if x.State == statePublished && len(out) < q.Limit &&
			assessment.Named(words, x.Content.Title.Zh, x.Content.Title.En, s.name(x.Content.Area, q.Lang), strconv.Itoa(x.Content.Year)) {
			out = append(out, module.Found{Label: x.title(q.Lang), Href: "/surveys/" + x.ID,
				Note: s.name(x.Content.Area, q.Lang) + " · " + strconv.Itoa(x.Content.Year)})
		}
	}
	return out, err
}

type askPage struct {
	Action, Title, Community string
	Spent, Open              bool
	Opens, Closes            string
	Questions                []page.Field
}

func (s *Service) pageAsk(q *page.Request) error { return s.ask(q, http.StatusOK, nil) }

func (s *Service) ask(q *page.Request, status int, f *page.Form) error {
	slip, x, err := s.opened(q.Context(), compact(q.Path("code")))
	if err != nil {
		return err
	}
	action := "/survey/" + compact(q.Path("code"))
	if q.Query("q") != "" {
		action += "?q=1"
	}
	d := askPage{Action: action, Title: x.title(q.Lang), Community: s.name(slip.Community, q.Lang),
		Spent: slip.State != slipWaiting && slip.State != slipAbsent, Open: x.running(clock.Day(q.Now)) == nil,
		Opens: x.Content.Opens, Closes: x.Content.Closes}
	for _, code := range assessment.Questions() {
		one := page.Field{Name: code, Label: q.T("assessment.ask." + code), Kind: page.Radios, Required: code == "overall"}
		for level := levels; level >= 0; level-- {
			one.Options = append(one.Options, page.Option{Value: strconv.Itoa(level), Label: q.T(fmt.Sprintf("assessment.level.%d", level))})
		}
		d.Questions = append(d.Questions, one)
	}
	d.Questions = q.Fill(d.Questions, func(name string) string {
		if f == nil {
			return ""
		}
		return f.Code(name)
	})
	q.Personal()
	q.Crumb(q.T("assessment.survey.page.heading"), "")
	return q.Render(status, "assessment/ask", d)
}

func (s *Service) pageAnswer(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	answer, channel := map[string]int{}, Code
	for _, code := range assessment.Questions() {
		if level, err := strconv.Atoi(f.Code(code)); err == nil {
			answer[code] = level
		}
	}
	if q.Query("q") != "" {
		channel = QR
	}
	if err := s.Answer(q.Context(), compact(q.Path("code")), channel, answer); err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.ask(q, status, f)
	}
	q.Crumb(q.T("assessment.survey.page.heading"), "")
	q.Personal()
	return q.Render(http.StatusOK, "assessment/thanks", nil)
}

// Row is one community of a page of results, with its interval as a bar of 0 to 100.
type row struct {
	SurveyLine
	Share, From, To, Rate string
	X, Low, Width         string // of the bar
	First                 bool   // of its band
}

type resultsPage struct {
	Survey
	Name, Place string
	Rows        []row
	Results     SurveyResults
}

// pageResults shows a published survey by bands: inside a band by name, for the order says nothing there.
func (s *Service) pageResults(q *page.Request) error {
	x, err := find(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return err
	}
	r, ok := x.Results()
	if !ok || x.State != statePublished {
		return errs.ErrNotFound
	}
	a, _ := s.Registry.Area(x.Content.Area)
	d := resultsPage{Survey: x, Name: x.title(q.Lang), Place: registry.NameIn(a, q.Lang), Results: r}
	d.Rows = s.rows(q, r.Lines)
	q.Crumb(q.T("assessment.page.heading"), "/assessments")
	q.Crumb(d.Name, "")
	return q.Render(http.StatusOK, "assessment/results", d)
}

package app

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// SiteInfo is what a face must know before anybody signs in.
type SiteInfo struct {
	Demo         bool          `json:"demo" doc:"People and cases are invented"`
	ClockShift   int64         `json:"clockShift,omitempty" doc:"Milliseconds by which the program's clock is ahead of the real time: a demo's test clock; shown on every face"`
	DemoAccounts []DemoAccount `json:"demoAccounts,omitempty" doc:"Of a demo only"`
	City         struct {
		Code string `json:"code"`
		Name string `json:"name"`
	} `json:"city"`
	Version   string           `json:"version"`
	Languages []text.Lang      `json:"languages"`
	Identity  string           `json:"identity" doc:"Name of the city's own identity system, or empty: there is none to sign in by"`
	Tell      []notify.Channel `json:"tell" enum:"sms,wecom,mail" doc:"Channels by which whoever reports or applies can be told"`
	MapTiles  string           `json:"mapTiles" doc:"Address of map tiles, or empty: outlines only"`
}

// DemoAccount is an account that a demo offers to try.
type DemoAccount struct {
	Login    string         `json:"login"`
	Name     string         `json:"name"`
	Role     authority.Role `json:"role"`
	Area     string         `json:"area"`
	AreaName string         `json:"areaName"`
	Body     string         `json:"body"`
	Password string         `json:"password"`
}

func (a *App) site() SiteInfo {
	info := a.Site
	if city, ok := a.Registry.City(); ok {
		info.City.Code, info.City.Name = city.Code, city.Name
	}
	info.ClockShift = clock.Shifted().Milliseconds()
	info.Version, info.Languages = a.Version, text.Languages
	info.Tell = a.Outbox.Offered()
	if a.Identity != nil {
		info.Identity = a.Identity.Name
	}
	return info
}

// elsewhere are the words that no face over the API shows: of the portal's own pages and frame, of messages, of the demo's records and
// the command that verifies, and of refusals that the server words, with what it calls the inputs in them.
var elsewhere = regexp.MustCompile(`^(portal\.|input\.label\.|page\.(fault|foot|leave|resume)\.|[a-z]+\.portal\.|[a-z]+\.message\.|[a-z]+\.(demo|verify)\.|error\.[a-z]+\.(check|gate)\.)`)

// sections are the beginnings of keys whose words few pages show; the faces read them with those pages.
var sections = []string{"error", "rule", "audit", "permission", "jobs"}

// section is what a key's word is read with: one of sections, or the module whose own pages show it (module.ui.…,
// module.room.ui.…); "" where every page may show it.
func section(key string) string {
	first, rest, _ := strings.Cut(key, ".")
	if slices.Contains(sections, first) || strings.HasPrefix(rest, "ui.") || strings.Contains(rest, ".ui.") {
		return first
	}
	return ""
}

// words are those of a section, or with none those that every page may show.
func (a *App) words(lang text.Lang, of string) map[string]string {
	words := a.Catalogue.All(lang)
	maps.DeleteFunc(words, func(key, _ string) bool { return section(key) != of || elsewhere.MatchString(key) })
	return words
}

// siteRoutes registers what belongs to no module: the site, its words, rules and calendar.
func (a *App) siteRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/site", Permission: authority.Public, Summary: "What a face must know first"},
		func(context.Context, *struct{}) (*httpx.Answer[SiteInfo], error) {
			return httpx.NewAnswer(a.site()), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/texts/{lang}", Permission: authority.Public,
		Summary: "The platform's words that every page may show: states, steps, roles, kinds"},
		func(_ context.Context, in *struct {
			Lang text.Lang `path:"lang" enum:"zh,en"`
		}) (*httpx.Answer[map[string]string], error) {
			return httpx.NewAnswer(a.words(in.Lang, "")), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/texts/{lang}/{section}", Permission: authority.Public,
		Summary: "Words that few pages show: of refusals, rules, the audit log, permissions, or of a module's own pages"},
		func(_ context.Context, in *struct {
			Lang    text.Lang `path:"lang" enum:"zh,en"`
			Section string    `path:"section" maxLength:"30" pattern:"^[a-z]+$" doc:"error, rule, audit, permission, or a module's name"`
		}) (*httpx.Answer[map[string]string], error) {
			words := a.words(in.Lang, in.Section)
			if len(words) == 0 {
				return nil, errs.ErrNotFound
			}
			return httpx.NewAnswer(words), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/rules", Permission: authority.Public,
		Summary: "Thresholds and limits with their sources"},
		func(context.Context, *struct{}) (*httpx.List[rule.Value], error) {
			return httpx.NewList(a.Rules.All(), ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/flows",
		Permission: authority.Public, Summary: "Lifecycles as tables"},
		func(context.Context, *struct{}) (*httpx.List[module.Flow], error) {
			return httpx.NewList(a.Flows(), ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/calendar/years", Permission: authority.Public,
		Summary: "Years whose working days are loaded"},
		func(context.Context, *struct{}) (*httpx.List[calendar.Year], error) {
			return httpx.NewList(a.Calendar.Now().Years(), ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/calendar/deadline", Permission: authority.Public,
		Summary: "Deadline a number of working days after a day"}, a.apiDeadline)
}

// Flows lists every lifecycle.
func (a *App) Flows() []module.Flow {
	var out []module.Flow
	for _, m := range a.Modules {
		out = append(out, m.Flows...)
	}
	return out
}

// DeadlineView is a day that was computed.
type DeadlineView struct {
	Deadline string `json:"deadline" doc:"YYYY-MM-DD"`
}

func (a *App) apiDeadline(_ context.Context, in *struct {
	From     string `query:"from" required:"true" maxLength:"10" doc:"YYYY-MM-DD; the day itself is not counted"`
	Workdays int    `query:"workdays" required:"true" minimum:"0" maximum:"999"`
}) (*httpx.Answer[DeadlineView], error) {
	day, err := a.Calendar.Now().DeadlineDate(in.From, calendar.Workdays(in.Workdays))
	if err != nil {
		return nil, WordDeadline(err)
	}
	return httpx.NewAnswer(DeadlineView{day}), nil
}

// WordDeadline turns the calendar's refusals into the platform's.
func WordDeadline(err error) error {
	if unknown, ok := asYearNotLoaded(err); ok {
		return errs.New(errs.Conflict, "calendar.year_not_loaded").With("year", unknown.Year).By("casework.calendar")
	}
	return errs.ErrInvalid.At("from", "field.date")
}

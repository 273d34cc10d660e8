package task

import (
	"context"
	"embed"
	"net/http"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// Lengths of what the portal lists.
const (
	perSection = 3
	mostShown  = 200 // of a month
)

func (s *Service) pages(site *page.Site) {
	site.Get("/tasks", s.pageMonth)
	site.Section(page.Community, s.section)
}

// Asked is what everybody may know of a task that a community was asked: who asked what, on which basis. What was answered is not public.
type Asked struct {
	Title, Body, Way, Number, Until string
	At                              int64
	State                           string
}

// askedIn are the tasks that a community was asked in a month (YYYY-MM), the latest first.
func (s *Service) askedIn(ctx context.Context, area, month string) ([]Asked, error) {
	return db.All(ctx, s.Log.DB, func(r db.Scanner) (a Asked, err error) {
		err = r.Scan(&a.Title, &a.Body, &a.Way, &a.Number, &a.Until, &a.At, &a.State)
		a.Body = s.Registry.BodyName(a.Body)
		return a, err
	}, `SELECT t.title, t.body_id, t.way, t.pass_number, t.pass_until, h.opened_at, h.state FROM task_share h
		JOIN task_task t ON t.id = h.task_id WHERE h.area = $1 AND h.month = $2 ORDER BY h.opened_at DESC, h.id LIMIT $3`, area, month, mostShown)
}

func (s *Service) item(q *page.Request, a *Asked) page.Item {
	basis := q.T("task.page.number", "number", a.Number)
	if a.Until != "" {
		basis = q.T("task.page.number_until", "number", a.Number, "until", page.Day(q.Lang, a.Until))
	}
	i := page.Item{Link: page.Link{Label: a.Title}, Note: a.Body + " · " + basis}
	if a.Way != "task" {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("task.way." + a.Way), Tone: "info"})
	}
	if a.State == string(shareReleased) || a.State == string(shareEnded) {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("task.page.need_not"), Tone: "done"})
	}
	return i
}

// section is what the community of a page was asked this month.
func (s *Service) section(q *page.Request, area string) ([]page.Section, error) {
	found, err := s.askedIn(q.Context(), area, clock.Month(clock.Now(q.Context())))
	if err != nil {
		return nil, err
	}
	out := page.Section{ID: "tasks", Heading: q.Count("task.page.count", len(found)), None: q.T("task.page.none"),
		Links: []page.Link{{Label: q.T("task.page.all"), Href: "/tasks?area=" + area}}}
	for i := range found[:min(perSection, len(found))] {
		out.Items = append(out.Items, s.item(q, &found[i]))
	}
	return []page.Section{out}, nil
}

type monthPage struct {
	Name, Month, Count string
	Items              []page.Item
	Prev, Next         string
}

// pageMonth lists what a community was asked in a month: this one, or that of the address.
func (s *Service) pageMonth(q *page.Request) error {
	code := q.Query("area")
	if code == "" {
		code = q.Community()
	}
	a, ok := s.Registry.Area(code)
	if !ok || a.Level != registry.LevelCommunity {
		if code != "" {
			return errs.ErrNotFound
		}
		return q.Redirect("/communities")
	}
	now := clock.Now(q.Context())
	month := now
	if asked, err := time.ParseInLocation("2006-01", q.Query("month"), clock.City); err == nil && asked.Before(now) && asked.Year() > 2000 {
		month = asked
	}
	found, err := s.askedIn(q.Context(), a.Code, clock.Month(month))
	if err != nil {
		return err
	}
	q.Crumb(registry.NameIn(a, q.Lang), "/communities/"+a.Code)
	q.Crumb(q.T("task.page.heading"), "")
	d := monthPage{Name: registry.NameIn(a, q.Lang), Month: clock.Month(month), Count: q.Count("task.page.sum", len(found))}
	first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, clock.City)
	address := func(t time.Time) string { return "/tasks?area=" + a.Code + "&month=" + clock.Month(t) }
	d.Prev = address(first.AddDate(0, -1, 0))
	if next := first.AddDate(0, 1, 0); !next.After(now) {
		d.Next = address(next)
	}
	for i := range found {
		d.Items = append(d.Items, s.item(q, &found[i]))
	}
	return q.Render(http.StatusOK, "task/month", d)
}

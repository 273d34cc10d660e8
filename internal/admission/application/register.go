package application

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/money"
	"linli/internal/platform/page"
)

//go:embed templates/*.html
var templates embed.FS

// register is the public register of admissions: everybody may look up what departments may ask of communities, until when,
// and whether they have paid.
type register struct{ *Service }

const perPage = 20

// publicStates are those that the register shows: what was admitted, and what came of it.
var publicStates = []string{string(stateActive), string(stateProvisional), string(stateUnfunded), string(stateSuspended),
	string(stateExpired), string(stateRevoked), string(stateUnratified)}

func (s register) pages(site *page.Site) {
	site.Get("/admissions", s.pageList)
	site.Get("/admissions/{number}", s.pageOne)
	site.Door("admission.portal.register.door", "/admissions")
}

func (s register) reach() map[string]module.PageReach {
	return map[string]module.PageReach{
		"GET /admissions":          module.OpenPage(&module.Probe{Query: "area={area}"}),
		"GET /admissions/{number}": module.OpenPage(&module.Probe{Make: s.made(stateActive)}),
	}
}

// asked is what a visitor looks for.
type asked struct {
	Words, State, Area string
	Overdue            bool
}

func (s register) find(ctx context.Context, a asked, skip int) ([]Application, error) {
	var w db.Where
	w.And(`a.number <> ''`)
	w.And(`a.state IN ` + w.In(publicStates))
	if slices.Contains(publicStates, a.State) {
		w.And(`a.state = %s`, a.State)
	}
	if words := strings.TrimSpace(a.Words); words != "" {
		w.Any(w.Term(`LOWER(a.name) LIKE %s ESCAPE '\'`, db.Containing(words)), w.Term(`a.number = %s`, words))
	}
	if a.Area != "" {
		s.concerns(&w, []string{a.Area})
	}
	if a.Overdue {
		w.And(`EXISTS (SELECT 1 FROM admission_application_instalment p WHERE p.shard = a.shard AND p.application_id = a.id
			AND p.state = 'due' AND p.due_on < %s)`, s.overdueBefore(clock.Day(clock.Now(ctx))))
	}
	limit, offset := w.Arg(perPage+1), w.Arg(skip)
	return db.All(ctx, s.Log.DB, scanApplication, `SELECT `+columnsOfA+` FROM admission_application a`+w.String()+
		` ORDER BY a.number DESC LIMIT `+limit+` OFFSET `+offset, w.List...)
}

type listPage struct {
	asked
	States     []choice
	Items      []page.Item
	Prev, Next string
}

type choice struct {
	Value, Label string
	Chosen       bool
}

func (s register) pageList(q *page.Request) error {
	a := asked{Words: q.Query("words"), State: q.Query("state"), Area: q.Query("area"), Overdue: q.Query("overdue") != ""}
	if _, ok := s.Registry.Area(a.Area); a.Area != "" && !ok {
		return errs.ErrNotFound
	}
	at, _ := strconv.Atoi(q.Query("page"))
	at = min(max(at, 1), 500)
	found, err := s.find(q.Context(), a, (at-1)*perPage)
	if err != nil {
		return err
	}
	q.Crumb(q.T("admission.portal.register.heading"), "")
	d := listPage{asked: a, States: []choice{{"", q.T("admission.portal.register.any"), a.State == ""}}}
	for _, state := range publicStates {
		d.States = append(d.States, choice{state, q.T("admission.application.state." + state), state == a.State})
	}
	for i := range found[:min(perPage, len(found))] {
		item, err := s.item(q, &found[i])
		if err != nil {
			return err
		}
		d.Items = append(d.Items, item)
	}
	address := func(n int) string {
		v := url.Values{"words": {a.Words}, "state": {a.State}, "area": {a.Area}, "page": {strconv.Itoa(n)}}
		if a.Overdue {
			v.Set("overdue", "1")
		}
		return "/admissions?" + v.Encode()
	}
	if at > 1 {
		d.Prev = address(at - 1)
	}
	if len(found) > perPage {
		d.Next = address(at + 1)
	}
	return q.Render(http.StatusOK, "admission/list", d)
}

// over tells whether communities need not answer any more, or not now.
func (e *Application) over(today string) bool { return !e.Live() || e.Until < today }

func (s register) item(q *page.Request, e *Application) (page.Item, error) {
	i := page.Item{Link: page.Link{Label: e.nameIn(q), Href: "/admissions/" + e.Number}}
	tone := "info"
	if e.over(clock.Day(q.Now)) {
		tone = "late"
	}
	i.Tags = []page.Tag{{Label: q.T("admission.application.state." + e.State), Tone: tone}}
	e.today = clock.Day(q.Now)
	overdue, err := s.overdue(q.Context(), e)
	if overdue > 0 {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("admission.portal.register.overdue_tag", "amount", money.Yuan(overdue)), Tone: "late"})
	}
	i.Note = strings.Join([]string{e.Number, s.Registry.BodyName(e.Body), areaName(s.Registry, e.Area, q.Lang),
		q.T("admission.portal.register.until", "day", page.Day(q.Lang, e.Until))}, " · ")
	return i, err
}

// overdue is the money of an admission that is overdue, in fen.
func (s register) overdue(ctx context.Context, e *Application) (int64, error) {
	return db.Value[int64](ctx, s.Log.DB, `SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM admission_application_instalment
		WHERE shard = $1 AND application_id = $2 AND state = 'due' AND due_on < $3`, e.Shard, e.ID, s.overdueBefore(e.today))
}

// nameIn is the name in the reader's language, Chinese where there is no English.
func (e *Application) nameIn(q *page.Request) string {
	if q.Lang == "en" && e.NameEn != "" {
		return e.NameEn
	}
	return e.Name
}

type onePage struct {
	*Application
	Name, Department, State, Ways, Work string
	Places                              []string
	Over, Ended                         bool
	Money                               []moneyLine
	Total, Paid, Overdue                string
	Streets, Residents                  int
}

type moneyLine struct{ Amount, Due, State string }

func (s register) pageOne(q *page.Request) error {
	e, err := s.byNumber(q.Context(), s.Log.DB, q.Path("number"))
	if err != nil {
		return err
	}
	if !slices.Contains(publicStates, e.State) && e.State != string(stateWithdrawn) {
		return errs.ErrNotFound
	}
	payments, err := listPayments(q.Context(), s.Log.DB, &e)
	if err != nil {
		return err
	}
	today := clock.Day(q.Now)
	d := onePage{Application: &e, Name: e.nameIn(q), Department: s.Registry.BodyName(e.Body),
		State: q.T("admission.application.state." + e.State),
		Over:  e.over(today), Ended: e.EndedAt > 0 || e.Until < today,
		Work: q.T("admission.portal.register.work", "times", e.Frequency, "minutes", e.Minutes)}
	var ways []string
	for _, w := range e.Ways {
		ways = append(ways, q.T("admission.way."+w))
	}
	d.Ways = strings.Join(ways, q.T("admission.portal.register.comma"))
	for _, code := range e.Areas {
		d.Places = append(d.Places, areaName(s.Registry, code, q.Lang))
	}
	for _, o := range e.opinions {
		if o.Side == sideStreet {
			d.Streets++
		} else {
			d.Residents++
		}
	}
	d.money(q, payments, s.overdueBefore(today))
	q.Crumb(q.T("admission.portal.register.heading"), "/admissions")
	q.Crumb(e.Number, "")
	return q.Render(http.StatusOK, "admission/one", d)
}

// money sums up what is paid and what is overdue.
func (d *onePage) money(q *page.Request, payments []Payment, before string) {
	var paid, overdue int64
	for _, p := range payments {
		state := q.T("admission.instalment.state." + p.State)
		if p.State == string(stateDue) && p.Due < before {
			overdue += p.Amount
			state = q.T("admission.portal.register.overdue")
		} else if p.State != string(stateDue) {
			paid += p.Amount
		}
		d.Money = append(d.Money, moneyLine{money.Yuan(p.Amount), page.Day(q.Lang, p.Due), state})
	}
	d.Total, d.Paid = money.Yuan(d.Application.Money.Amount), money.Yuan(paid)
	if overdue > 0 {
		d.Overdue = money.Yuan(overdue)
	}
}

// search are the admissions whose name or number is looked for, for the portal's search.
func (s register) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	found, err := s.find(ctx, asked{Words: q.Words}, 0)
	var out []module.Found
	for _, e := range found[:min(len(found), q.Limit)] {
		name := e.Name
		if q.Lang == "en" && e.NameEn != "" {
			name = e.NameEn
		}
		out = append(out, module.Found{Label: name, Note: fmt.Sprintf("%s · %s", e.Number, s.Registry.BodyName(e.Body)),
			Href: "/admissions/" + e.Number})
	}
	return out, err
}

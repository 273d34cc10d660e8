package matter

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

// Lengths of lists on the portal.
const (
	perPage    = 30
	perSection = 4
)

// portal serves the pages for residents.
type portal struct{ *Service }

func (s portal) pages(site *page.Site) {
	site.Get("/matters", s.pageList)
	site.Get("/matters/new", s.pageNew)
	site.Post("/matters", s.pagePropose)
	site.Get("/matters/{id}", s.pageMatter)
	site.Get("/matters/{id}/resolution", s.pageResolution)
	site.Post("/matters/{id}/support", s.pageSupport)
	site.Post("/matters/{id}/opinions", s.pageTell)
	site.Post("/matters/{id}/grades", s.pageGrade)
	site.Section(page.Community, s.section)
	site.Section(page.Mine, s.mine)
}

// tones mark a state; those without wait.
var tones = map[flow.State]string{stateGathering: "info", stateDeliberating: "info", stateReturned: "soon", stateUnresolved: "soon",
	stateExecuting: "info", stateDisclosed: "info", stateAppraised: "done", stateRejected: "late", stateLapsed: "", stateWithdrawn: ""}

// groups are the states by which residents look for matters.
var groups = map[string][]flow.State{
	"gathering": {stateGathering},
	"discussed": {stateProposed, stateReturned, stateAccepted, stateConsulted, stateDeliberating, stateUnresolved, stateAgreed, stateReferred,
		stateExamined},
	"executing": {stateDecided, stateAnnounced, stateExecuting, stateExecuted, stateSupervised},
	"done":      {stateDisclosed, stateAppraised},
	"ended":     {stateRejected, stateWithdrawn, stateLapsed, stateDropped},
}

// groupNames are the groups in the order in which they are offered.
var groupNames = []string{"gathering", "discussed", "executing", "done", "ended"}

// found are matters of an area, the latest first.
func (s portal) found(ctx context.Context, area, group, words string, most, skip int) ([]Matter, error) {
	var w db.Where
	w.And("area >= %s AND area < %s", area, authority.PrefixEnd(area))
	if states := groups[group]; len(states) > 0 {
		var terms []string
		for _, st := range states {
			terms = append(terms, w.Term("state = %s", string(st)))
		}
		w.Any(terms...)
	}
	if words != "" {
		w.And("withheld = ''")
	}
	matching(&w, words)
	return db.All(ctx, s.Log.DB, scan, `SELECT `+columns+` FROM council_matter`+w.String()+` ORDER BY raised_at DESC, id DESC LIMIT `+
		w.Arg(most)+` OFFSET `+w.Arg(skip), w.List...)
}

func (s portal) item(q *page.Request, m *Matter, place bool) page.Item {
	i := page.Item{Link: page.Link{Label: m.publicTitle(s.Texts, q.Lang), Href: "/matters/" + m.ID},
		Tags: []page.Tag{{Label: q.T("council.matter.state." + string(m.State)), Tone: tones[m.State]}},
		Note: q.T("council.matter.ui.origin." + m.Origin)}
	if m.State == stateGathering {
		i.Note = q.T("council.portal.matter_supporters", "n", m.Supporters, "needed", m.Needed)
	}
	if place {
		a, _ := s.Registry.Area(m.Area)
		i.Note = registry.NameIn(a, q.Lang) + " · " + i.Note
	}
	return i
}

func (s portal) section(q *page.Request, area string) ([]page.Section, error) {
	a, ok := s.Registry.Area(area)
	if !ok || a.Level != registry.LevelCommunity {
		return nil, nil
	}
	found, err := s.found(q.Context(), area, "", "", perSection, 0)
	sec := page.Section{ID: "matters", Heading: q.T("council.portal.matters"), None: q.T("council.portal.no_matters"),
		Links: []page.Link{{Label: q.T("council.portal.all_matters"), Href: "/matters?area=" + area},
			{Label: q.T("council.portal.propose"), Href: "/matters/new?area=" + area}}}
	for i := range found {
		sec.Items = append(sec.Items, s.item(q, &found[i], false))
	}
	return []page.Section{sec}, err
}

// mine are the proposals that the visitor's number has raised.
func (s portal) mine(q *page.Request, _ string) ([]page.Section, error) {
	phone, proven, err := s.Visitors.Proven(q)
	if err != nil || !proven {
		return nil, err
	}
	all, err := db.All(q.Context(), s.Log.DB, scan, `SELECT `+columns+` FROM council_matter WHERE owner = $1 ORDER BY raised_at DESC LIMIT 50`,
		s.phoneMark(phone))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	sec := page.Section{ID: "my-matters", Heading: q.T("council.portal.my_matters")}
	for i := range all {
		sec.Items = append(sec.Items, s.item(q, &all[i], true))
	}
	return []page.Section{sec}, nil
}

// search finds matters by title and number.
func (s portal) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	city, _ := s.Registry.City()
	all, err := s.found(ctx, city.Code, "", q.Words, q.Limit, 0)
	var out []module.Found
	for i := range all {
		a, _ := s.Registry.Area(all[i].Area)
		out = append(out, module.Found{Label: all[i].Title, Note: registry.NameIn(a, q.Lang) + " · " +
			s.Texts.T(q.Lang, "council.matter.state."+string(all[i].State)), Href: "/matters/" + all[i].ID})
	}
	return out, err
}

// asked is the area that the address names, else the visitor's community, else the city. Error: NotFound.
func (s portal) asked(q *page.Request) (registry.Area, error) {
	code := q.Query("area")
	if code == "" {
		code = q.Community()
	}
	a, ok := s.Registry.Area(s.Registry.Resolve(code))
	if code == "" {
		a, ok = s.Registry.City()
	}
	if !ok {
		return a, errs.ErrNotFound
	}
	return a, nil
}

type listPage struct {
	Name, Area, Words, Group string
	Items                    []page.Item
	Groups                   []page.Link
	Prev, Next, Propose      string
}

func (s portal) pageList(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	d := listPage{Name: registry.NameIn(a, q.Lang), Area: a.Code, Words: q.Query("q"), Group: q.Query("state")}
	if groups[d.Group] == nil {
		d.Group = ""
	}
	skip, _ := strconv.Atoi(q.Query("skip"))
	skip = min(max(skip, 0), 10_000)
	found, err := s.found(q.Context(), a.Code, d.Group, d.Words, perPage+1, skip)
	if err != nil {
		return err
	}
	here := func(group string, skip int) string {
		to := "/matters?area=" + a.Code
		if group != "" {
			to += "&state=" + group
		}
		if d.Words != "" {
			to += "&q=" + url.QueryEscape(d.Words)
		}
		if skip > 0 {
			to += "&skip=" + itoa(skip)
		}
		return to
	}
	if len(found) > perPage {
		found = found[:perPage]
		d.Next = here(d.Group, skip+perPage)
	}
	if skip > 0 {
		d.Prev = here(d.Group, max(skip-perPage, 0))
	}
	for i := range found {
		d.Items = append(d.Items, s.item(q, &found[i], a.Level != registry.LevelCommunity))
	}
	for _, g := range append([]string{""}, groupNames...) {
		l := page.Link{Label: q.T("council.portal.group." + g), Href: here(g, 0)}
		if g == "" {
			l.Label = q.T("council.portal.group_all")
		}
		if g == d.Group {
			l.Href = ""
		}
		d.Groups = append(d.Groups, l)
	}
	if a.Level == registry.LevelCommunity {
		d.Propose = "/matters/new?area=" + a.Code
		q.Crumb(d.Name, "/communities/"+a.Code)
	}
	q.Crumb(q.T("council.portal.matters"), "")
	return q.Render(http.StatusOK, "council/matters", d)
}

type newPage struct {
	Name, Area, To string
	Needed, Days   int
	Proven         bool
	Fields         []page.Field
}

func (s portal) pageNew(q *page.Request) error { return s.renderNew(q, nil, http.StatusOK) }

func (s portal) renderNew(q *page.Request, f *page.Form, status int) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	if a.Level != registry.LevelCommunity {
		return q.Redirect("/communities")
	}
	_, proven, err := s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	today := clock.Day(q.Now)
	d := newPage{Name: registry.NameIn(a, q.Lang), Area: a.Code, To: "/matters?area=" + a.Code, Proven: proven,
		Needed: s.Rules.Int(ruleSupporters, today), Days: s.Rules.Int(ruleGathering, today)}
	codes := []page.Option{{Value: Ordinary, Label: q.T("council.matter.ui.code." + Ordinary)}}
	for _, r := range reservations(s.Rules, kindOf(a), today) {
		codes = append(codes, page.Option{Value: r.Code, Label: q.T("council.matter.ui.code." + r.Code), Hint: r.Article})
	}
	kept := func(name string) string {
		if f == nil {
			return map[string]string{"code": Ordinary}[name]
		}
		return f.Get(name)
	}
	d.Fields = q.Fill([]page.Field{
		{Name: "title", Kind: page.Text, Label: q.T("council.portal.title"), Hint: q.T("council.portal.title_hint"), Required: true, Max: maxTitle},
		{Name: "body", Kind: page.Textarea, Label: q.T("council.portal.body_words"), Hint: q.T("council.portal.body_hint"), Required: true, Max: maxBody},
		{Name: "code", Kind: page.Select, Label: q.T("council.portal.code"), Hint: q.T("council.portal.code_hint"), Options: codes}}, kept)
	q.Personal()
	q.Crumb(d.Name, "/communities/"+a.Code)
	q.Crumb(q.T("council.portal.matters"), "/matters?area="+a.Code)
	q.Crumb(q.T("council.portal.propose"), "")
	return q.Render(status, "council/matter_new", d)
}

func (s portal) pagePropose(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	phone, proven, err := s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	if !proven {
		q.Notice("council.portal.prove")
		return s.Visitors.Prove(q, "/matters/new?area="+a.Code)
	}
	m, err := s.Propose(q.Context(), a.Code, phone, Content{Code: f.Code("code"), Title: f.Get("title"), Body: f.Get("body")})
	if err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.renderNew(q, f, status)
	}
	q.Notice("council.portal.proposed")
	return q.Redirect("/matters/" + m.ID)
}

type stageRow struct {
	Name, Body string
	At         int64
	Now, Ahead bool
	Late       bool
	Due        int64
}

type matterPage struct {
	*Matter
	Title, Place, Origin, State, Tone, Now, Subject, Citation string
	Village                                                   bool
	Stages                                                    []stageRow
	Opinions                                                  []Opinion
	History                                                   []historyRow
	Steps                                                     []planRow
	Planned, Spent                                            string
	Supportable, Speaks, Gradable, Proven                     bool
	Round                                                     *roundView
	Rounds                                                    []roundView
	Decided                                                   *ballotView
	Examined                                                  *ballotView
	Grades                                                    []gradeRow
	SupportAction, OpinionAction, GradeAction                 string
	OpinionFields, GradeFields                                []page.Field
	Ended                                                     string
	Requested                                                 string
	RefHref                                                   string
	PrintDay                                                  string
	Resolution                                                string
}

type roundView struct {
	*Deliberation
	FormName, OutcomeName, Parties, Invitees string
}

type ballotView struct {
	*Ballot
	BodyName, Line, Href string
	Verdict              page.Tag
}

type planRow struct {
	*PlanStep
	Planned, Spent string
	Late           bool
}

type gradeRow struct {
	Name string
	N    int
}

type historyRow struct {
	Did, Body, Note string
	At              int64
}

func (s portal) pageMatter(q *page.Request) error { return s.render(q, nil, http.StatusOK) }

func (s portal) render(q *page.Request, f *page.Form, status int) error {
	d, err := s.view(q)
	if err != nil {
		return err
	}
	_, d.Proven, err = s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	value := func(name string) string {
		if f == nil {
			return ""
		}
		return f.Get(name)
	}
	if d.Speaks {
		d.OpinionFields = q.Fill([]page.Field{{Name: "body", Kind: page.Textarea, Label: q.T("council.portal.opinion"), Required: true, Max: maxOpinion,
			Hint: q.T("council.portal.opinion_hint")}}, value)
	}
	if d.Gradable {
		g := page.Field{Name: "grade", Kind: page.Radios, Label: q.T("council.portal.grade"), Required: true}
		for _, o := range grades {
			g.Options = append(g.Options, page.Option{Value: o, Label: q.T("council.matter.ui.grade." + o)})
		}
		d.GradeFields = q.Fill([]page.Field{g}, value)
	}
	q.Crumb(d.Place, "/communities/"+d.Area)
	q.Crumb(q.T("council.portal.matters"), "/matters?area="+d.Area)
	q.Crumb(d.Title, "")
	return q.Render(status, "council/matter", d)
}

// view is what everybody reads of a matter: no names.
func (s portal) view(q *page.Request) (*matterPage, error) {
	m, err := find(q.Context(), s.Log.DB, q.Path("id"))
	if err == nil {
		err = s.loaded(q.Context(), s.Log.DB, &m, q.Now)
	}
	if err != nil {
		return nil, err
	}
	a, _ := s.Registry.Area(m.Area)
	state := string(m.State)
	d := &matterPage{Matter: &m, Title: m.publicTitle(s.Texts, q.Lang), Place: registry.NameIn(a, q.Lang),
		Origin: q.T("council.matter.ui.origin." + m.Origin), State: q.T("council.matter.state." + state), Tone: tones[m.State],
		Now: q.T("council.portal.now." + state), Village: m.village(), Ended: m.Record.EndReason,
		SupportAction: "/matters/" + m.ID + "/support", OpinionAction: "/matters/" + m.ID + "/opinions", GradeAction: "/matters/" + m.ID + "/grades"}
	if m.Withheld != "" && m.Record.EndReason == "" {
		d.Ended = ""
	}
	if m.Code != Ordinary {
		d.Subject = q.T("council.matter.ui.code." + m.Code)
	}
	if m.reserved.key != "" {
		d.Citation = m.reserved.Basis + m.reserved.Article
	}
	if r := m.Record.Request; r != nil {
		d.Requested = q.T("council.portal.requested", "who", q.T("threshold.mode."+r.Mode), "n", r.Asked, "of", r.Entitled, "source", r.Citation)
	}
	events, err := listEvents(q.Context(), s.Log.DB, &m)
	if err != nil {
		return nil, err
	}
	if d.Opinions, err = listOpinions(q.Context(), s.Log.DB, &m); err != nil {
		return nil, err
	}
	s.drawn(q, d, events)
	s.told(q, d)
	d.Supportable = m.State == stateGathering
	_, d.Speaks = lifecycle.Find(m.State, verbOpinion)
	d.Gradable = m.State == stateDisclosed && !m.appraised
	return d, nil
}

// drawn fills in the steps of the way and the history.
func (s portal) drawn(q *page.Request, d *matterPage, events []MatterEvent) {
	reached := false
	stages := d.Matter.drawn(events)
	open := lifecycle.IsOpen(d.Matter.State)
	for _, st := range stages {
		r := stageRow{Name: q.T("council.portal.stage." + string(st.State)), At: st.At, Now: st.Now && open, Ahead: reached || !open && st.At == 0}
		if st.Body != "" {
			r.Body = q.T("council.matter.ui.body." + st.Body)
		}
		if st.Now && open && d.Due > 0 {
			r.Due, r.Late = d.Due, d.Due < clock.Millis(q.Now)
		}
		reached = reached || st.Now && open
		d.Stages = append(d.Stages, r)
	}
	for _, e := range events {
		h := historyRow{Did: q.T("council.matter.verb." + e.Verb), At: e.At}
		if e.Body != "" {
			h.Body = q.T("council.matter.ui.body." + e.Body)
		}
		if !slices.Contains([]string{string(verbSupport), string(verbAppraise)}, e.Verb) {
			h.Note = e.Note
		}
		d.History = append(d.History, h)
	}
}

// told fills in what the steps wrote.
func (s portal) told(q *page.Request, d *matterPage) {
	m := d.Matter
	for i := range m.Record.Rounds {
		r := &m.Record.Rounds[i]
		v := roundView{Deliberation: r, FormName: q.T("council.matter.ui.form." + r.Form), Parties: joined(r.Parties), Invitees: joined(r.Invitees)}
		if r.Outcome != "" {
			v.OutcomeName = q.T("council.matter.ui.outcome." + r.Outcome)
		}
		d.Rounds = append(d.Rounds, v)
	}
	ballot := func(b *Ballot) *ballotView {
		if b == nil {
			return nil
		}
		v := &ballotView{Ballot: b, BodyName: q.T("council.ui.organ." + m.Kind + "." + b.Body), Href: "/meetings/" + b.Meeting,
			Verdict: page.Tag{Label: q.T("council.portal.passed"), Tone: "done"},
			Line:    q.T("council.portal.counts", "entitled", b.Entitled, "present", b.Present, "yes", b.Yes, "no", b.No, "abstain", b.Abstain)}
		if !b.Passes {
			v.Verdict = page.Tag{Label: q.T("council.portal.failed"), Tone: "late"}
		}
		return v
	}
	d.Decided, d.Examined = ballot(m.Record.Decision), ballot(m.Record.Examined)
	if d.Decided != nil && d.Decided.Passes {
		d.Resolution = "/matters/" + m.ID + "/resolution"
	}
	today := clock.Day(q.Now)
	for i := range m.Record.Plan {
		p := &m.Record.Plan[i]
		d.Steps = append(d.Steps, planRow{PlanStep: p, Planned: yuan(p.Planned), Spent: yuan(p.Spent), Late: p.DoneAt == 0 && p.Due < today})
	}
	d.Planned, d.Spent = yuan(m.planned()), yuan(m.spent())
	if m.Record.Result != nil {
		for _, g := range grades {
			d.Grades = append(d.Grades, gradeRow{q.T("council.matter.ui.grade." + g), m.Record.Grades[g]})
		}
	}
}

// pageResolution is the decision as a sheet of A4.
func (s portal) pageResolution(q *page.Request) error {
	d, err := s.view(q)
	if err == nil && d.Resolution == "" {
		err = errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	d.PrintDay = page.Day(q.Lang, d.Record.Decision.Day)
	return q.Alone("council/matter_resolution", d)
}

// proven is the visitor's number; without one they are sent to prove it and come back, and ok is false.
func (s portal) proven(q *page.Request) (phone string, ok bool, err error) {
	phone, ok, err = s.Visitors.Proven(q)
	if err == nil && !ok {
		if _, err = find(q.Context(), s.Log.DB, q.Path("id")); err == nil {
			q.Notice("council.portal.prove")
			err = s.Visitors.Prove(q, "/matters/"+q.Path("id"))
		}
	}
	return phone, ok, err
}

func (s portal) pageSupport(q *page.Request) error {
	if _, err := q.Form(nil); err != nil {
		return err
	}
	phone, ok, err := s.proven(q)
	if err != nil || !ok {
		return err
	}
	return s.said(q, nil, s.Support(q.Context(), q.Path("id"), phone), "council.portal.supported")
}

func (s portal) pageTell(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	return s.said(q, f, s.Tell(q.Context(), q.Path("id"), f.Get("body")), "council.portal.thanks")
}

func (s portal) pageGrade(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	phone, ok, err := s.proven(q)
	if err != nil || !ok {
		return err
	}
	return s.said(q, f, s.Appraise(q.Context(), q.Path("id"), phone, f.Code("grade")), "council.portal.graded")
}

// said goes back to the matter with a notice, or shows it with what was refused.
func (s portal) said(q *page.Request, f *page.Form, err error, notice string) error {
	if err == nil {
		q.Notice(notice)
		return q.Redirect("/matters/" + q.Path("id"))
	}
	status, err := q.Refuse(err)
	if err != nil {
		return err
	}
	return s.render(q, f, status)
}

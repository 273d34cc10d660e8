package task

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Basis is what a task rests on: it stands on every page, print and table of it.
type Basis struct {
	Kind   string `json:"kind" enum:"admission,duty"`
	Number string `json:"number" doc:"Of the admission, or code of the listed duty"`
	Title  string `json:"title" doc:"Of either, in Chinese; empty until the task is sent"`
	Until  string `json:"until" doc:"Last day on which communities need to answer, YYYY-MM-DD; empty without end, and until the task is sent"`
	Live   bool   `json:"live" doc:"Communities owe an answer today"`
	Paused string `json:"paused,omitempty" enum:"money,funding,review,decision" doc:"Why nothing need be answered for now"`
}

func (t *Task) basis(day string) Basis {
	b := Basis{Kind: "admission", Number: t.Admission, Title: t.PassTitle, Until: t.PassUntil, Live: t.live(day),
		Paused: t.Paused}
	if t.Admission == "" {
		b.Kind, b.Number = "duty", t.Duty
	}
	if t.PassNumber != "" {
		b.Number = t.PassNumber
	}
	return b
}

// Listed is a task as lists show it.
type Listed struct {
	ID        string         `json:"id"`
	State     string         `json:"state" enum:"draft,submitted,returned,sending,sent,completed,withdrawn,ended,discarded"`
	Way       string         `json:"way" enum:"task,inspection,meeting,certificate"`
	Title     string         `json:"title"`
	Body      casework.Named `json:"body" doc:"Department that asks"`
	Area      string         `json:"area" doc:"The smallest area that holds all areas that it is for"`
	Places    []string       `json:"places" doc:"Names of the areas that it is for"`
	Basis     Basis          `json:"basis"`
	Total     int            `json:"total" doc:"Communities asked; 0 until it is sent"`
	Done      int            `json:"done" doc:"Of these, those that owe nothing any more"`
	WrittenAt int64          `json:"writtenAt"`
	SentAt    int64          `json:"sentAt" doc:"0 until it is sent"`
}

// Move is a step that the reader may take now.
type Move struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// Detail is a task with its history and what the reader may do.
type Detail struct {
	Listed
	Content     Content `json:"content"`
	Writer      string  `json:"writer"`
	Signer      string  `json:"signer"`
	EndedAt     int64   `json:"endedAt"`
	EndReason   string  `json:"endReason"`
	Reminders   int     `json:"reminders"`
	Stopped     string  `json:"stopped" doc:"Why communities need not answer what was sent; empty while they must"`
	Pending     string  `json:"pending" doc:"What the platform is doing for it: open, remind, pause, resume, close, or nothing"`
	Communities int     `json:"communities" doc:"In the chosen areas today, or asked once it is sent"`
	Files       []File  `json:"files"`
	Events      []Event `json:"events"`
	Allowed     []Move  `json:"allowed"`
	Editable    bool    `json:"editable"`
	Own         bool    `json:"own" doc:"The reader acts for the department that asks"`
	Version     int64   `json:"version"`
}

func (s *Service) summary(t *Task, lang text.Lang, day string) Listed {
	return Listed{ID: t.ID, State: t.State, Way: t.Way, Title: t.Title, Body: casework.Named{ID: t.Body,
		Name: s.Registry.BodyName(t.Body)},
		Area: t.Area, Places: s.places(t.Areas, lang), Basis: t.basis(day), Total: t.Total, Done: t.Done, WrittenAt: t.WrittenAt,
		SentAt: t.SentAt}
}

// places are the names of areas.
func (s *Service) places(areas []string, lang text.Lang) []string {
	out := []string{}
	for _, code := range areas {
		name := code
		if a, ok := s.Registry.Area(code); ok {
			name = registry.NameIn(a, lang)
		}
		out = append(out, name)
	}
	return out
}

// Show is a task for its department and for who oversees an area that it reaches. Error: NotFound.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	t, err := s.find(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	a := authority.From(ctx)
	d := Detail{Listed: s.summary(&t, text.From(ctx), clock.Day(clock.Now(ctx))), Content: t.Content,
		Writer: t.WriterName, Signer: t.SignerName, EndedAt: t.EndedAt, EndReason: t.EndReason, Reminders: t.Reminders,
		Pending: t.Pending, Communities: t.Total, Allowed: []Move{},
		Own: a.In(t.Body), Version: t.Version}
	if t.SentAt > 0 && t.Total > t.Done {
		d.Stopped = t.stopped(s.Words, clock.Day(clock.Now(ctx)), text.From(ctx))
	}
	if t.SentAt == 0 {
		d.Communities = len(s.communities(t.Areas))
	}
	if d.Files, err = listFiles(ctx, s.Log.DB, t.ID); err != nil {
		return d, err
	}
	if d.Events, err = listEvents(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	d.Editable = lifecycle.Offers(row(verbChange), &t, a)
	for _, st := range steps {
		if tr, ok := lifecycle.Find(flow.State(t.State), st.verb); ok && lifecycle.Offers(tr, &t, a) {
			d.Allowed = append(d.Allowed, Move{Verb: string(st.verb), Fields: slices.Clip(append([]flow.Field{}, tr.Fields...)),
				Danger: tr.Danger, Aside: tr.Aside})
		}
	}
	return d, nil
}

// find reads a task that the context's actor may read. Error: NotFound.
func (s *Service) find(ctx context.Context, id string) (Task, error) {
	t, err := findTask(ctx, s.Log.DB, id)
	if err != nil {
		return t, err
	}
	may, err := s.mayRead(ctx, s.Log.DB, authority.From(ctx), &t)
	if err == nil && !may {
		err = errs.ErrNotFound
	}
	return t, err
}

// Filter narrows the list of tasks.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$" doc:"Tasks that reach communities in it"`
	State  string `query:"state" enum:"draft,submitted,returned,sending,sent,completed,withdrawn,ended,discarded"`
	Way    string `query:"way" enum:"task,inspection,meeting,certificate"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// List is one page of the tasks that the actor may read, the last written first, and the cursor of the next. Error: Malformed "cursor".
func (s *Service) List(ctx context.Context, f Filter) ([]Task, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	a := authority.From(ctx)
	var w db.Where
	w.And("(written_at, id) < (%s, %s)", at, id)
	var reads []string
	if bodies := a.Bodies(); len(bodies) > 0 && a.CanAnywhere(permWrite) {
		reads = append(reads, "body_id IN "+w.In(bodies))
	}
	for _, scope := range a.Scope(permRead) {
		if overseen(a, scope) {
			reads = append(reads, reaches(&w, scope))
		}
	}
	w.Any(reads...)
	if f.Area != "" {
		w.Any(reaches(&w, f.Area), w.Term("substr(area, 1, %s) = %s", len(f.Area), f.Area))
	}
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	if f.Way != "" {
		w.And("way = %s", f.Way)
	}
	all, err := db.All(ctx, s.Log.DB, scanTask, `SELECT `+columns+` FROM task_task`+w.String()+` ORDER BY written_at DESC, id DESC LIMIT `+
		w.Arg(f.Limit+1), w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].WrittenAt, all[f.Limit-1].ID)
	}
	return all, next, err
}

// reaches is the condition that a task asks a community of an area.
func reaches(w *db.Where, area string) string {
	return w.Term("EXISTS (SELECT 1 FROM task_share h WHERE h.task_id = task_task.id AND h.area >= %s AND h.area < %s)",
		area, authority.PrefixEnd(area))
}

// View is what a page of a community's case tells of the task.
type View struct {
	ID       string         `json:"id" doc:"Of the task"`
	Body     casework.Named `json:"body" doc:"Department that asks"`
	Way      string         `json:"way"`
	Content  string         `json:"content"`
	Ask      string         `json:"ask"`
	Answer   string         `json:"answer" enum:"text,files,both,form"`
	Form     *FormView      `json:"form,omitempty" doc:"By which it is answered"`
	Period   string         `json:"period"`
	HeldOn   string         `json:"heldOn"`
	Signer   string         `json:"signer"`
	SentAt   int64          `json:"sentAt"`
	Basis    Basis          `json:"basis"`
	Why      string         `json:"why" doc:"Why nothing need be answered any more; empty while it must"`
	Files    []File         `json:"files"`
	Declared int            `json:"declared" doc:"Minutes that the department declared"`
	Measured int            `json:"measured" doc:"Minutes from beginning to sending, by the clock"`
	Told     int            `json:"told" doc:"Minutes as whoever answered says"`
	Returned int            `json:"returned"`
	Reminded int            `json:"reminded"`
	Refusals []RefusalView  `json:"refusals"`
}

const sectionTask = "task"

// texts are its free texts.
func texts(section any) []*string {
	v := section.(*View)
	out := []*string{&v.Content, &v.Ask, &v.Why}
	for i := range v.Refusals {
		out = append(out, &v.Refusals[i].Reason, &v.Refusals[i].Decision)
	}
	return out
}

func (s *Service) describe(ctx context.Context, r db.Reader, c *casework.Case, lang text.Lang, d *casework.Detail) error {
	n := notedOf(c)
	if n == nil {
		return errs.ErrNotFound
	}
	t, share := &n.Task, &n.Share
	v := &View{ID: t.ID, Body: casework.Named{ID: t.Body, Name: s.Registry.BodyName(t.Body)}, Way: t.Way, Content: t.Content.Content,
		Ask: t.Ask, Answer: t.Answer, Period: t.Period, HeldOn: t.HeldOn, Signer: t.SignerName, SentAt: t.SentAt,
		Basis: t.basis(n.day), Declared: t.Minutes,
		Measured: share.Measured, Told: share.Told, Returned: share.Returned, Reminded: share.Reminded, Refusals: []RefusalView{}}
	if c.Open {
		v.Why = t.stopped(s.Words, n.day, lang)
	} else if c.State == shareEnded {
		v.Why = t.EndReason
	}
	var err error
	if v.Files, err = listFiles(ctx, r, t.ID); err != nil {
		return err
	}
	if v.Form, err = (carrying{s}).formView(ctx, r, t, share); err != nil {
		return err
	}
	all, err := refusalsOf(ctx, r, share.ID)
	for i := range all {
		v.Refusals = append(v.Refusals, s.refusalView(&all[i], t, lang))
	}
	d.Sections[sectionTask] = v
	return err
}

// Progress is how far an area's communities have come, and those of the areas directly below.
type Progress struct {
	Area      string     `json:"area"`
	Name      string     `json:"name"`
	Total     int        `json:"total"`
	Waiting   int        `json:"waiting" doc:"No case is opened yet"`
	Asked     int        `json:"asked"`
	Answering int        `json:"answering"`
	Answered  int        `json:"answered" doc:"Waits for the department"`
	Returned  int        `json:"returned"`
	Refused   int        `json:"refused" doc:"Waits to be decided"`
	Accepted  int        `json:"accepted"`
	Released  int        `json:"released" doc:"A refusal was upheld"`
	Ended     int        `json:"ended" doc:"Need not answer any more"`
	Overdue   int        `json:"overdue" doc:"Owe an answer, and its day has passed"`
	Measured  int        `json:"measured" doc:"Minutes, by the clock"`
	Told      int        `json:"told" doc:"Minutes, as told"`
	Below     []Progress `json:"below,omitempty"`

	Path []casework.Named `json:"path,omitempty" doc:"Codes and names of the areas from below the task's own down to this one"`
}

func (p *Progress) add(state string, n, overdue, measured, told int) {
	p.Total += n
	p.Overdue += overdue
	p.Measured += measured
	p.Told += told
	switch flow.State(state) {
	case shareWaiting:
		p.Waiting += n
	case shareAsked:
		p.Asked += n
	case shareAnswering:
		p.Answering += n
	case shareAnswered:
		p.Answered += n
	case shareReturned:
		p.Returned += n
	case shareRefused:
		p.Refused += n
	case shareAccepted:
		p.Accepted += n
	case shareReleased:
		p.Released += n
	case shareEnded, shareVoid:
		p.Ended += n
	}
}

// scopes are the areas of a task in which the actor sees its communities: all for its department, else those overseen.
func (s *Service) scopes(ctx context.Context, t *Task, area string) []string {
	a := authority.From(ctx)
	all := []string{""}
	if !a.In(t.Body) && !a.System {
		all = nil
		for _, scope := range a.Scope(permRead) {
			if overseen(a, scope) {
				all = append(all, scope)
			}
		}
	}
	return authority.Narrow(all, area)
}

// within bounds shares to some areas.
func within(w *db.Where, scopes []string) {
	terms := make([]string, len(scopes))
	for i, scope := range scopes {
		terms[i] = w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope))
	}
	w.Any(terms...)
}

// ProgressOf counts a task's communities in an area, "" for all, by what became of them. Error: NotFound.
func (s *Service) ProgressOf(ctx context.Context, id, area string) (Progress, error) {
	t, err := s.find(ctx, id)
	if err != nil {
		return Progress{}, err
	}
	at := area
	if at == "" {
		at = t.Area
	}
	out := Progress{Area: at, Name: s.Registry.AreaName(at), Below: []Progress{}}
	for _, a := range s.Registry.Path(at) {
		if len(a.Code) > len(t.Area) {
			out.Path = append(out.Path, casework.Named{ID: a.Code, Name: registry.NameIn(a, text.From(ctx))})
		}
	}
	digits := map[bool]int{true: casework.CountyDigits, false: casework.StreetDigits}[len(at) < casework.CountyDigits]
	if len(at) >= casework.StreetDigits {
		digits = casework.CommunityDigits
	}
	type one struct {
		area, state             string
		n, late, measured, told int
	}
	var w db.Where
	below, now := w.Term("substr(area, 1, %s)", digits), clock.Millis(clock.Now(ctx))
	late := w.Term("SUM(CASE WHEN due_at > 0 AND due_at < %s AND state IN ('asked', 'answering', 'returned') THEN 1 ELSE 0 END)", now)
	w.And("task_id = %s", t.ID)
	within(&w, s.scopes(ctx, &t, area))
	rows, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (v one, err error) {
		return v, r.Scan(&v.area, &v.state, &v.n, &v.late, &v.measured, &v.told)
	}, `SELECT `+below+`, state, COUNT(*), CAST(`+late+` AS BIGINT), CAST(SUM(measured) AS BIGINT), CAST(SUM(told) AS BIGINT) FROM task_share`+
		w.String()+` GROUP BY 1, 2 ORDER BY 1`, w.List...)
	owed := t.live(clock.Day(clock.Now(ctx)))
	for _, r := range rows {
		if !owed {
			r.late = 0
		}
		if n := len(out.Below); n == 0 || out.Below[n-1].Area != r.area {
			out.Below = append(out.Below, Progress{Area: r.area, Name: s.Registry.AreaName(r.area)})
		}
		out.Below[len(out.Below)-1].add(r.state, r.n, r.late, r.measured, r.told)
		out.add(r.state, r.n, r.late, r.measured, r.told)
	}
	return out, err
}

// ShareView is one community of a task.
type ShareView struct {
	Case       string `json:"case" doc:"Id of its case; empty until it is opened"`
	Area       string `json:"area"`
	Name       string `json:"name" doc:"With the areas above it"`
	State      string `json:"state" enum:"waiting,asked,answering,answered,returned,refused,accepted,released,ended,void"`
	Due        int64  `json:"due" doc:"0 where nothing is due"`
	Overdue    bool   `json:"overdue"`
	Late       bool   `json:"late" doc:"Was answered after its day"`
	AnsweredAt int64  `json:"answeredAt"`
	Measured   int    `json:"measured"`
	Told       int    `json:"told"`
	Returned   int    `json:"returned"`
	Reminded   int    `json:"reminded"`
	Answer     string `json:"answer" doc:"The latest, in words"`
}

func (s *Service) shareView(h *Share, lang text.Lang, now int64) ShareView {
	owed := slices.Contains([]flow.State{shareAsked, shareAnswering, shareReturned}, flow.State(h.State))
	return ShareView{Case: h.Case, Area: h.Area, Name: s.Registry.PathIn(h.Area, lang), State: h.State, Due: h.Due,
		Overdue: owed && h.Due > 0 && h.Due < now, Late: h.Late, AnsweredAt: h.Answered, Measured: h.Measured, Told: h.Told,
		Returned: h.Returned, Reminded: h.Reminded, Answer: h.Answer}
}

// ShareFilter narrows the communities of a task.
type ShareFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"waiting,asked,answering,answered,returned,refused,accepted,released,ended,void"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// Shares is one page of a task's communities in order of area, and the cursor of the next. Errors: NotFound; Malformed "cursor".
func (s *Service) Shares(ctx context.Context, id string, f ShareFilter) ([]Share, string, error) {
	t, err := s.find(ctx, id)
	if err != nil {
		return nil, "", err
	}
	return s.shares(ctx, &t, f)
}

func (s *Service) shares(ctx context.Context, t *Task, f ShareFilter) ([]Share, string, error) {
	area, last := "", ""
	if err := db.ReadCursor(f.Cursor, &area, &last); err != nil {
		return nil, "", err
	}
	var w db.Where
	w.And("task_id = %s", t.ID)
	w.And("(area, id) > (%s, %s)", area, last)
	within(&w, s.scopes(ctx, t, f.Area))
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	all, err := db.All(ctx, s.Log.DB, scanShare, `SELECT `+shareColumns+` FROM task_share`+w.String()+` ORDER BY area, id LIMIT `+
		w.Arg(f.Limit+1), w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].Area, all[f.Limit-1].ID)
	}
	return all, next, err
}

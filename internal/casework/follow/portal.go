package follow

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/file"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
)

const (
	followed   = "follow" // follow code of the case that the visit shows
	opened     = "opened" // and of one that it has just opened
	followPath = "/track"

	// DonePath is the page of the receipt of a fresh case.
	DonePath = followPath + "/done"

	followLasts = 30 * time.Minute
	openedLasts = time.Hour

	// caseParam names in a form's address the case that the form was shown for: another tab may
	// have opened another one since.
	caseParam = "case"
)

// pages are the reporter's: following a case by its code.
func (s *Service) pages(site *page.Site) {
	site.Get("/track", s.pageTrack)
	site.Post("/track", s.pageShowCode)
	site.Get("/track/case", s.following(s.pageCase))
	site.Get("/track/case/files/{file}", func(q *page.Request) error { return s.pageFile(q, false) })
	site.Get("/track/case/files/{file}/thumbnail", func(q *page.Request) error { return s.pageFile(q, true) })
	site.Get("/track/case/photos/{file}", s.following(s.pagePhoto))
	site.Get("/track/case/withdraw", s.following(s.pageWithdraw))
	site.Get("/track/case/person", s.following(s.pageHeld))
	site.Post("/track/case/person", s.following(s.pageAsk))
	site.Post("/track/case/person/show", s.following(s.pageOwn))
	site.Post("/track/case/tell", s.following(s.pageTell))
	site.Post("/track/case/{verb}", s.following(s.pageStep))
	site.Post("/track/leave", func(q *page.Request) error { return s.Leave(q, followPath) })
	site.Get("/track/done", s.pageDone)
}

type trackPage struct{ Field page.Field }

func (s *Service) pageTrack(q *page.Request) error {
	q.Crumb(q.T("page.door.track"), "")
	var code string
	found, err := q.Recall(followed, &code)
	if err != nil {
		return err
	}
	if found {
		return q.Redirect("/track/case")
	}
	return s.renderTrack(q, http.StatusOK, "")
}

func (s *Service) renderTrack(q *page.Request, status int, code string) error {
	q.Personal()
	q.Open()
	return q.Render(status, "casework/track", trackPage{page.Field{Name: "code", Kind: page.Text, Label: q.T("casework.page.code"),
		Hint: q.T("casework.page.code_hint"), Required: true, Max: 40, Autocomplete: "off", Value: code, Error: q.Refusal().For("code")}})
}

// pageShowCode takes a code by POST, so that it stands in no address and no log.
func (s *Service) pageShowCode(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	code := f.Code("code")
	if err = q.CheckCookies(); err == nil && looksLikeNumber(code) {
		var phone, id string
		if phone, id, err = s.trackNumber(q, code); err == nil {
			return s.Resume(q, phone, id)
		}
	} else if err == nil {
		_, _, err = s.Follow(q.Context(), code)
	}
	if err != nil {
		e := errs.Of(err)
		if e.Kind == errs.NotFound {
			e = errs.ErrInvalid.At("code", e.Key)
		}
		status, err := q.Refuse(e)
		if err != nil {
			return err
		}
		q.Crumb(q.T("page.door.track"), "")
		return s.renderTrack(q, status, code)
	}
	return s.show(q, code)
}

// show makes a case the one that the visit shows, in place of another.
func (s *Service) show(q *page.Request, code string) error {
	if err := q.Forget(opened); err != nil {
		return err
	}
	if err := q.Keep(followed, followLasts, code); err != nil {
		return err
	}
	return q.Redirect("/track/case")
}

// Leave closes the case that the visit shows, and goes on to a page, or where forms wait that were
// not sent to the page that asks whether these are cleared, too.
func (s *Service) Leave(q *page.Request, to string) error {
	if err := q.Forget(followed, opened); err != nil {
		return err
	}
	holds, err := q.Holds()
	if err != nil {
		return err
	}
	if holds {
		to = page.LeavePath
	}
	return q.Redirect(to)
}

// reporter is the case whose code the browser keeps, and the context of its reporter.
func (s *Service) reporter(q *page.Request, kept string) (context.Context, string, error) {
	var code string
	found, err := q.Recall(kept, &code)
	if err != nil {
		return nil, "", err
	}
	if !found {
		return nil, "", errs.ErrUnauthenticated
	}
	return s.followed(q.Context(), code)
}

// lapsed tells whether an error says that there is nothing that the browser follows any more, rather
// than that it could not be looked up.
func lapsed(err error) bool {
	kind := errs.Of(err).Kind
	return err != nil && (kind == errs.NotFound || kind == errs.Unauthenticated)
}

// following is a page of the case that the browser follows, in the context of its reporter. Where
// the time to follow it is over it asks for the code again.
func (s *Service) following(answer func(q *page.Request, ctx context.Context, id string) error) func(*page.Request) error {
	return func(q *page.Request) error {
		ctx, id, err := s.reporter(q, followed)
		if lapsed(err) {
			if err := q.Forget(followed); err != nil {
				return err
			}
			q.Notice("casework.page.lapsed")
			return q.Redirect(followPath)
		}
		if err != nil {
			return err
		}
		if of := q.Query(caseParam); of != "" && of != id {
			q.Notice("casework.page.other_case")
			return q.Redirect("/track/case")
		}
		return answer(q, ctx, id)
	}
}

// pageCase shows the case that the browser follows.
func (s *Service) pageCase(q *page.Request, ctx context.Context, id string) error {
	d, err := s.Cases.Show(ctx, id)
	if err != nil {
		return err
	}
	if err := s.seen(ctx, &d); err != nil {
		return err
	}
	return s.renderCase(q, http.StatusOK, &d, nil)
}

type casePage struct {
	Case     *casework.Detail
	Flow     string // prefix of the lifecycle's texts
	Path     string
	Due      string
	DueClass string
	DueStep  string // of which step the running deadline is, or empty
	Next     string
	Outcome  *outcomePage
	StateTag string // what was decided, or how far it is
	TagClass string
	Steps    []stepView
	Main     *mainPage
	Resubmit *stepForm
	Rate     *stepForm
	Withdraw bool
	Wishes   []wishView
}

type stepView struct {
	Did, Who, Note string
	At             int64
	Lines          []string
	Choice         string // why a case was suspended, and until when
	Level          int
	Photos         []photoView
	Fresh          bool // not yet seen by the reporter
}

type stepForm struct {
	Verb    string
	Fields  []page.Field
	Staged  []string // uploads of an attempt that was refused
	Version int64
	Case    string // its id
}

func (s *Service) renderCase(q *page.Request, status int, d *casework.Detail, sent *page.Form) error {
	q.Personal()
	q.Crumb(q.T("page.door.track"), "/track")
	q.Crumb(d.Number, "")
	name := s.Cases.Matters[d.Kind].Flow.Name
	v := casePage{Case: d, Flow: name, Path: s.Cases.Registry.PathIn(d.Area, q.Lang),
		Due: s.dueWords(q, &d.Summary), DueClass: string(d.Due.State),
		DueStep: s.dueStep(q, &d.Summary),
		Next:    s.nextWords(q, name, d), Outcome: s.outcomePage(q, d.Decided), StateTag: s.StateWords(q, &d.Summary),
		TagClass: s.OutcomeTone(&d.Summary), Wishes: s.wishes(q, d)}
	for _, e := range d.Events {
		v.Steps = append(v.Steps, s.step(q, name, d, e, true))
	}
	v.Main = s.mainPage(q, name, d)
	value := func(name string) string {
		if sent == nil {
			return ""
		}
		return sent.Get(name)
	}
	for _, m := range d.Allowed {
		form := &stepForm{Verb: string(m.Verb), Version: d.Version, Case: d.ID}
		switch m.Verb {
		case casework.VerbRate, casework.VerbRerate:
			form.Fields = q.Fill(s.rateFields(q), value)
			v.Rate = form
		case "resubmit":
			form.Fields = q.Fill(resubmitFields(q), value)
			if sent != nil {
				form.Staged = sent.All("staged")
			}
			v.Resubmit = form
		case "withdraw":
			v.Withdraw = true
		}
	}
	return q.Render(status, "casework/case", v)
}

// step words a step; own tells whether its reporter is the reader.
func (s *Service) step(q *page.Request, name string, d *casework.Detail, e casework.EventView, own bool) stepView {
	v := stepView{Did: s.Cases.Did(q.Lang, d.Kind, e.Verb, &e.Data), At: e.At, Note: e.Note, Lines: e.Data.Lines, Level: e.Data.Level}
	if e.Verb == casework.VerbSuspend {
		v.Choice = q.T("casework.page.reason", "reason", q.T(name+".choice."+e.Data.Choice))
		if e.Data.Day != "" {
			v.Choice += " " + q.T("casework.page.next_back", "day", e.Data.Day)
		}
	}
	v.Who = s.actorWords(q, &e, own)
	v.Photos = photosOf(q, v.Did, d, e.Seq)
	v.Fresh = e.Actor.Role != flow.Reporter && e.Seq > max(1, casework.SectionOf[ToldView](d, SectionTold).Read)
	return v
}

// nextWords says what comes next: of a suspended case, why it stands still.
func (s *Service) nextWords(q *page.Request, name string, d *casework.Detail) string {
	if v := casework.SectionOf[*clockverb.SuspensionView](d, clockverb.SectionSuspension); v != nil {
		words := q.T("casework.page.next_suspended", "day", page.ShortDay(q.Lang, &v.Since, q.Now), "reason", q.T(name+".choice."+v.Reason))
		if v.BackOn != "" {
			words += " " + q.T("casework.page.next_back", "day", v.BackOn)
		}
		return words
	}
	return q.T(name + ".next." + string(d.State))
}

func (s *Service) rateFields(q *page.Request) []page.Field {
	levels := page.Field{Name: "level", Kind: page.Radios, Label: q.T("casework.page.rate_question"), Required: true}
	for l := casework.RatingMost; l >= casework.RatingLeast; l-- {
		n := strconv.Itoa(l)
		levels.Options = append(levels.Options, page.Option{Value: n, Label: q.T("casework.rating." + n)})
	}
	solved := page.Field{Name: "solved", Kind: page.Radios, Label: q.T("casework.page.solved"), Options: []page.Option{
		{Value: "yes", Label: q.T("casework.page.solved_yes")}, {Value: "no", Label: q.T("casework.page.solved_no")}}}
	return []page.Field{levels, solved, {Name: "note", Kind: page.Textarea, Label: q.T("casework.page.rate_note"), Max: 500}}
}

func resubmitFields(q *page.Request) []page.Field {
	return []page.Field{
		{Name: "note", Kind: page.Textarea, Label: q.T("casework.page.resubmit_note"), Max: 2000},
		{Name: "files", Kind: page.Files, Label: q.T("casework.page.files"), Hint: q.T("casework.page.files_hint"), Accept: file.Accept},
	}
}

// pageStep takes a step of the reporter: resubmit, withdraw or rate.
func (s *Service) pageStep(q *page.Request, ctx context.Context, id string) error {
	verb := flow.Verb(q.Path("verb"))
	var staged []file.Staged
	f, err := q.Form(s.Files.Stage(q, &staged))
	in := casework.StepInput{}
	in.Note, in.Files = f.Get("note"), f.Codes("staged")
	in.Version, _ = strconv.ParseInt(f.Code("version"), 10, 64)
	for _, u := range staged {
		in.Files = append(in.Files, u.ID)
	}
	f.Set("staged", in.Files...)
	if err == nil {
		level, _ := strconv.Atoi(f.Code("level"))
		var solved *bool
		if answer := f.Code("solved"); answer != "" {
			yes := answer == "yes"
			solved = &yes
		}
		_, err = s.Cases.StepAs(ctx, id, verb, level, solved, in)
	}
	if err == nil {
		q.Notice("casework.page.did." + string(verb))
		return q.Redirect("/track/case")
	}
	status, err := q.Refuse(err)
	if err != nil {
		return err
	}
	d, err := s.Cases.Show(ctx, id)
	if err != nil {
		return err
	}
	return s.renderCase(q, status, &d, f)
}

// pageWithdraw asks before a case is withdrawn.
func (s *Service) pageWithdraw(q *page.Request, ctx context.Context, id string) error {
	d, err := s.Cases.Show(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range d.Allowed {
		if m.Verb == "withdraw" {
			q.Personal()
			q.Crumb(q.T("page.door.track"), "/track")
			q.Crumb(d.Number, "/track/case")
			return q.Render(http.StatusOK, "casework/withdraw", d)
		}
	}
	return q.Redirect("/track/case")
}

// pageFile answers with a file of the followed case, under its sniffed type and with nothing
// in it allowed to run.
func (s *Service) pageFile(q *page.Request, small bool) error {
	ctx, id, err := s.reporter(q, followed)
	if lapsed(err) {
		return errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	f, content, err := s.Files.OpenFile(ctx, id, q.Path("file"), small)
	if err != nil {
		return err
	}
	defer content.Close()
	return q.Stream(f.MediaType, mime.FormatMediaType("inline", map[string]string{"filename": f.Name}), content)
}

// Done sends the reporter of a fresh case on to its receipt.
func (s *Service) Done(q *page.Request, o casework.Opened) error {
	if err := q.Keep(opened, openedLasts, o.Code); err != nil {
		return err
	}
	return q.Redirect(DonePath)
}

type donePage struct {
	Case *casework.Detail
	Code string
	Path string
	Due  string
	Next string
	Held []string // channels by which the receipt could not be sent
}

// pageDone is the receipt of a fresh case: its number and the code to follow it by.
func (s *Service) pageDone(q *page.Request) error {
	var code string
	found, err := q.Recall(opened, &code)
	if err != nil {
		return err
	}
	if !found {
		return q.Redirect("/track")
	}
	ctx, id, err := s.followed(q.Context(), code)
	if err != nil {
		return err
	}
	d, err := s.Cases.Show(ctx, id)
	if err != nil {
		return err
	}
	q.Personal()
	v := donePage{Case: &d, Code: code, Path: s.Cases.Registry.PathIn(d.Area, q.Lang), Due: s.dueWords(q, &d.Summary),
		Next: s.nextWords(q, s.Cases.Matters[d.Kind].Flow.Name, &d)}
	for _, m := range casework.SectionOf[ToldView](&d, SectionTold).Messages {
		if m.State == notify.Withheld {
			v.Held = append(v.Held, q.T("casework.page.tell_held", "channel", q.T("notify.channel."+string(m.Channel))))
		}
	}
	return q.Render(http.StatusOK, "casework/done", v)
}

// dueWords says how a deadline stands: of which step, how long, and by when.
func (s *Service) dueWords(q *page.Request, c *casework.Summary) string {
	words := s.dueLeft(q, c)
	if step := s.dueStep(q, c); step != "" && c.Due.State != casework.DueNone {
		return q.T("casework.page.due_of", "step", step, "due", words)
	}
	return words
}

// dueStep names what an open case's deadline is for.
func (s *Service) dueStep(q *page.Request, c *casework.Summary) string {
	if c.ClosedAt != nil {
		return ""
	}
	return q.Word(s.Cases.Matters[c.Kind].Flow.Name+".due_for."+string(c.State), "")
}

func (s *Service) dueLeft(q *page.Request, c *casework.Summary) string {
	key := "casework.page.due." + string(c.Due.State)
	switch c.Due.State {
	case casework.DueNone:
		if c.ClosedAt != nil {
			return ""
		}
	case casework.DueOpen:
		return q.T(key, "year", c.Due.Year)
	case casework.DueRunning, casework.DueSoon, casework.DueOverdue:
		date := page.ShortDay(q.Lang, c.DueAt, q.Now)
		if c.Due.Unit == calendar.Workminute && c.DueAt != nil {
			date += " " + clock.Instant(*c.DueAt).Format("15:04")
		}
		if c.Due.Left == 0 {
			return q.T(key+".now", "date", date)
		}
		return q.T(key, "span", span(q, c.Due), "date", date)
	}
	return q.T(key)
}

// span words an amount of working time.
func span(q *page.Request, d casework.Due) string {
	left := max(d.Left, -d.Left)
	if d.Unit != calendar.Workminute {
		return q.Count("casework.page.workdays", left)
	}
	hours, minutes := left/60, left%60
	switch {
	case hours == 0:
		return q.Count("casework.page.workminutes", minutes)
	case minutes == 0:
		return q.Count("casework.page.workhours", hours)
	}
	return q.T("casework.page.workhours_minutes", "hours", hours, "minutes", minutes)
}

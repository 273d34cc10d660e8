package application

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/admission/proposal"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// AdmissionSummary is an application as lists of staff show it.
type AdmissionSummary struct {
	ID        string `json:"id"`
	Number    string `json:"number" doc:"Of the admission; empty before"`
	State     string `json:"state" enum:"draft,signing,submitted,returned,evaluating,hearing,unfunded,active,provisional,suspended,refused,withdrawn,revoked,expired,unratified"`
	Name      string `json:"name"`
	Body      string `json:"body" doc:"Id of the department's body"`
	BodyName  string `json:"bodyName"`
	Area      string `json:"area" doc:"The smallest area that holds its scope"`
	AreaName  string `json:"areaName"`
	From      string `json:"from"`
	Until     string `json:"until"`
	Emergency bool   `json:"emergency"`
	Amount    int64  `json:"amount" doc:"Fen"`
	Frequency int    `json:"frequency"`
	Minutes   int    `json:"minutes"`
	DueAt     int64  `json:"dueAt" doc:"Last instant to decide; 0 while no clock runs"`
	RatifyBy  string `json:"ratifyBy" doc:"Last day to ratify an emergency; empty otherwise"`
	Cause     string `json:"cause" enum:",money,review,decision" doc:"Why it is suspended"`
	WrittenAt int64  `json:"writtenAt"`
	EndedAt   int64  `json:"endedAt"`
}

// AdmissionPayment is an instalment with what became of it.
type AdmissionPayment struct {
	Seq       int                `json:"seq"`
	Amount    int64              `json:"amount" doc:"Fen"`
	Due       string             `json:"due"`
	State     string             `json:"state" enum:"due,paid,confirmed"`
	Overdue   bool               `json:"overdue"`
	PaidOn    string             `json:"paidOn"`
	Reference string             `json:"reference"`
	Receipts  []AdmissionReceipt `json:"receipts"`
	Allowed   []AdmissionMove    `json:"allowed"`
	Version   int64              `json:"version"`
}

// AdmissionMove is a step that the reader may take now.
type AdmissionMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// AdmissionUse is how often communities were asked on an admission in the current year.
type AdmissionUse struct {
	Year  string `json:"year"`
	Times int    `json:"times" doc:"Of the community that was asked most often"`
	Left  int    `json:"left" doc:"Times that every community can still be asked this year"`
}

// AdmissionDetail is an application, whole, with what the reader may do.
type AdmissionDetail struct {
	AdmissionSummary
	Content    proposal.Proposal           `json:"content"`
	Places     []string                    `json:"places" doc:"Names of the areas of its scope"`
	Writer     string                      `json:"writer"`
	Signer     string                      `json:"signer"`
	Decider    string                      `json:"decider"`
	ReceivedAt int64                       `json:"receivedAt"`
	PausedAt   int64                       `json:"pausedAt" doc:"Given back for correction; 0 where it never was"`
	ResumedAt  int64                       `json:"resumedAt"`
	OpinionsBy string                      `json:"opinionsBy" doc:"Last day for opinions"`
	Opinions   []AdmissionOpinion          `json:"opinions"`
	Missing    []string                    `json:"missing" doc:"Streets that have given none, by name"`
	Residents  bool                        `json:"residents" doc:"Residents' representatives have given one"`
	Hears      bool                        `json:"hears" doc:"A hearing is due"`
	HearingOn  string                      `json:"hearingOn"`
	Hearing    string                      `json:"hearing"`
	DecidedAt  int64                       `json:"decidedAt"`
	Silence    bool                        `json:"silence" doc:"Refused because nobody decided in time"`
	Reason     string                      `json:"reason"`
	ReviewBy   string                      `json:"reviewBy"`
	Payments   []AdmissionPayment          `json:"payments"`
	Use        *AdmissionUse               `json:"use,omitempty" doc:"Once it is admitted"`
	Files      []AdmissionFile             `json:"files"`
	Events     []AdmissionEvent            `json:"events"`
	Findings   []proposal.AdmissionFinding `json:"findings" doc:"Of a draft, as the rules judge it today"`
	Allowed    []AdmissionMove             `json:"allowed"`
	Editable   bool                        `json:"editable"`
	Version    int64                       `json:"version"`
}

func (s *Service) summary(e *Application, lang text.Lang) AdmissionSummary {
	name := e.Name
	if lang == text.English && e.NameEn != "" {
		name = e.NameEn
	}
	return AdmissionSummary{ID: e.ID, Number: e.Number, State: e.State, Name: name, Body: e.Body, BodyName: s.Registry.BodyName(e.Body),
		Area: e.Area, AreaName: areaName(s.Registry, e.Area, lang), From: e.From, Until: e.Until, Emergency: e.Emergency, Amount: e.Money.Amount,
		Frequency: e.Frequency, Minutes: e.Minutes, DueAt: e.DueAt, RatifyBy: e.RatifyBy, Cause: e.Cause, WrittenAt: e.WrittenAt,
		EndedAt: e.EndedAt}
}

func areaName(r *registry.Service, code string, lang text.Lang) string {
	if a, ok := r.Area(code); ok {
		return registry.NameIn(a, lang)
	}
	return code
}

// Show is an application for a member of staff. Errors: NotFound where they may not read it.
func (s *Service) Show(ctx context.Context, id string) (AdmissionDetail, error) {
	actor, lang, r := authority.From(ctx), text.From(ctx), db.Reader(s.Log.DB)
	e, err := s.find(ctx, r, id)
	if err == nil && !visible(actor, &e) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return AdmissionDetail{}, err
	}
	d := AdmissionDetail{AdmissionSummary: s.summary(&e, lang), Content: e.Proposal, Writer: e.Writer, Signer: e.Signer, Decider: e.Decider,
		ReceivedAt: e.ReceivedAt, PausedAt: e.PausedAt, ResumedAt: e.ResumedAt, OpinionsBy: e.OpinionsBy,
		Opinions: slices.Clip(append([]AdmissionOpinion{}, e.opinions...)), Missing: []string{}, Hears: e.hears, HearingOn: e.HearingOn,
		Hearing: e.Hearing, DecidedAt: e.DecidedAt, Reason: e.Reason, ReviewBy: e.ReviewBy, Files: []AdmissionFile{},
		Findings: []proposal.AdmissionFinding{}, Payments: []AdmissionPayment{}, Version: e.Version}
	d.Silence = e.State == string(stateRefused) && e.Decider == ""
	streets, residents := e.missing()
	for _, code := range streets {
		d.Missing = append(d.Missing, areaName(s.Registry, code, lang))
	}
	d.Residents = !residents
	for _, code := range e.Areas {
		d.Places = append(d.Places, areaName(s.Registry, code, lang))
	}
	d.Allowed, d.Editable = s.allowed(&e, actor)
	return d, s.attached(ctx, r, &e, &d)
}

// attached adds what stands in rows of its own.
func (s *Service) attached(ctx context.Context, r db.Reader, e *Application, d *AdmissionDetail) (err error) {
	if d.Events, err = listEvents(ctx, r, e); err != nil {
		return err
	}
	files, err := listFiles(ctx, r, e)
	if err != nil {
		return err
	}
	d.Files = append(d.Files, files...)
	payments, err := listPayments(ctx, r, e)
	if err != nil {
		return err
	}
	for i := range payments {
		d.Payments = append(d.Payments, s.paymentView(ctx, &payments[i]))
	}
	if e.draft() || e.State == string(stateReturned) {
		found, err := s.Check(ctx, e.Proposal, e.Body)
		if err != nil {
			return err
		}
		d.Findings = s.findings(found, text.From(ctx), e.today)
	}
	if e.Number != "" {
		d.Use, err = use(ctx, r, e)
	}
	return err
}

func use(ctx context.Context, r db.Reader, e *Application) (*AdmissionUse, error) {
	u := &AdmissionUse{Year: e.today[:4]}
	n, err := db.Value[int](ctx, r, `SELECT COALESCE(MAX(times), 0) FROM admission_application_use WHERE shard = $1 AND application_id = $2
		AND year = $3`, e.Shard, e.ID, u.Year)
	u.Times, u.Left = n, max(0, e.Frequency-n)
	return u, err
}

func (s *Service) paymentView(ctx context.Context, p *Payment) AdmissionPayment {
	actor := authority.From(ctx)
	v := AdmissionPayment{Seq: p.Seq, Amount: p.Amount, Due: p.Due, State: p.State, PaidOn: p.PaidOn, Reference: p.Reference,
		Receipts: slices.Clip(append([]AdmissionReceipt{}, p.Receipts...)), Allowed: []AdmissionMove{}, Version: p.Version,
		Overdue: p.State == string(stateDue) && p.Due < s.overdueBefore(clock.Day(clock.Now(ctx)))}
	for _, st := range moneySteps {
		p.stand(actor, st.verb)
		if t, ok := instalments.Find(flow.State(p.State), st.verb); ok && instalments.Offers(t, p, actor) {
			v.Allowed = append(v.Allowed, AdmissionMove{Verb: string(st.verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger})
		}
	}
	return v
}

// allowed are the steps that an actor may take now, and whether they may change the content.
func (s *Service) allowed(e *Application, actor *authority.Actor) ([]AdmissionMove, bool) {
	out := []AdmissionMove{}
	for _, st := range steps {
		e.stand(actor, st.verb)
		if t, ok := lifecycle.Find(flow.State(e.State), st.verb); ok && lifecycle.Offers(t, e, actor) {
			out = append(out, AdmissionMove{Verb: string(st.verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger, Aside: t.Aside})
		}
	}
	e.at = e.Area
	slices.SortStableFunc(out, func(a, b AdmissionMove) int {
		rank := func(m AdmissionMove) int {
			if m.Aside {
				return 1
			}
			return 0
		}
		return rank(a) - rank(b)
	})
	return out, lifecycle.Offers(row(verbChange), e, actor)
}

// Filter is what a list of applications is asked for.
type Filter struct {
	State  string `query:"state" maxLength:"20" doc:"One state, or open for those that wait for somebody to decide"`
	Unit   string `query:"unit" maxLength:"50" doc:"Id of the department's body"`
	Area   string `query:"area" maxLength:"15"`
	Words  string `query:"words" maxLength:"200" doc:"Of the name, or a number"`
	Money  bool   `query:"money" doc:"Those alone that wait for my confirmation of money"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// openStates are those that wait for a decision.
var openStates = []string{string(stateSubmitted), string(stateEvaluating), string(stateHearing), string(stateProvisional)}

// concerns is the condition that an application is in somebody's areas: its own area lies there, or a part of its scope
// does, or a part of its scope holds them.
func (s *Service) concerns(w *db.Where, scopes []string) {
	var terms []string
	for _, scope := range scopes {
		var above []string
		for _, a := range s.Registry.Path(scope) {
			above = append(above, a.Code)
		}
		inside := w.Term(`s.area >= %s AND s.area < %s`, scope, authority.PrefixEnd(scope))
		terms = append(terms, w.Term(`a.area >= %s AND a.area < %s`, scope, authority.PrefixEnd(scope)),
			`EXISTS (SELECT 1 FROM admission_application_area s WHERE s.shard = a.shard AND s.application_id = a.id
			AND (`+inside+` OR s.area IN `+w.In(above)+`))`)
	}
	w.Any(terms...)
}

// Staff is one page of the applications that the actor may read, the newest first, and the cursor of the next page.
func (s *Service) Staff(ctx context.Context, f Filter) ([]Application, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	actor := authority.From(ctx)
	scopes := authority.Narrow(actor.Scope(permRead), f.Area)
	if actor.System {
		scopes = []string{cmp.Or(f.Area, "")}
	}
	if len(scopes) == 0 {
		return nil, "", nil
	}
	var w db.Where
	s.concerns(&w, scopes)
	w.And(`(a.written_at, a.id) < (%s, %s)`, at, id)
	if !actor.System {
		w.Any(`a.state NOT IN ('draft', 'signing')`, `a.body_id IN `+w.In(actor.Bodies()))
	}
	switch {
	case f.State == "open":
		w.And(`a.state IN ` + w.In(openStates))
	case f.State != "":
		w.And(`a.state = %s`, f.State)
	}
	if f.Unit != "" {
		w.And(`a.body_id = %s`, f.Unit)
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		w.Any(w.Term(`LOWER(a.name) LIKE %s ESCAPE '\'`, db.Containing(words)), w.Term(`a.number = %s`, words))
	}
	if f.Money {
		w.And(`EXISTS (SELECT 1 FROM admission_application_instalment p WHERE p.shard = a.shard AND p.application_id = a.id
			AND p.state = 'paid')`)
	}
	found, err := db.All(ctx, s.Log.DB, scanApplication, `SELECT `+columnsOfA+` FROM admission_application a`+w.String()+
		` ORDER BY a.written_at DESC, a.id DESC LIMIT `+w.Arg(f.Limit+1), w.List...)
	next := ""
	if len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = db.Cursor(last.WrittenAt, last.ID)
	}
	return found, next, err
}

// columnsOfA are the columns of admission_application a.
var columnsOfA = "a." + strings.Join(strings.FieldsFunc(columns, func(r rune) bool { return strings.ContainsRune(", \t\n", r) }), ", a.")

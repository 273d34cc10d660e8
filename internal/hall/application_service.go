package hall

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/casework/joint"
	"linli/internal/casework/reporter"
	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/community"
	"linli/internal/routing"
)

// Service runs the hall.
type Service struct {
	Casework    *casework.Service
	Follow      *follow.Service
	Files       *file.Service
	Reporter    *reporter.Service
	Registry    *registry.Service
	Communities *community.Service
	Rules       *rule.Cache
	Texts       *text.Catalogue

	shipped *shipped.Set
	items   atomic.Pointer[[]Offer]
}

// New reads the catalogue, adding the shipped items that the database lacks, and brings the
// lifecycle of applications to the spine.
func New(ctx context.Context, cases *casework.Service, reg *registry.Service, rules *rule.Cache, texts *text.Catalogue) (*Service, error) {
	s := &Service{Casework: cases, Registry: reg, Rules: rules, Texts: texts, shipped: shippedItems()}
	if _, err := s.shipped.Bring(ctx, cases.Log.DB); err != nil {
		return nil, err
	}
	if err := s.RefreshItems(ctx); err != nil {
		return nil, err
	}
	separate := casework.NotWorker("hall.application.reviewer_decides", "hall.separation")
	apart := separate.Holds
	separate.Holds = func(c *casework.Case, a *authority.Actor) bool {
		v, ok := rules.On("hall.separation", clock.Day(c.Now()))
		return !ok || v.Value == "0" || apart(c, a)
	}
	cases.Bring(&casework.Matter{Kind: KindApplication, Flow: lifecycle(separate, joint.ObjectGuards(cases.Rules)), Opening: verbSubmit,
		Counts: counts, SubjectName: s.itemName, Knows: s.knows, ClassOf: s.classOf, Responsible: s.responsible, Moved: s.moved,
		Extension: s.extension, Describe: s.describe, Held: s.held, Erase: s.erase, Subjects: s.subjects, Authority: s.isAuthority})
	return s, nil
}

// isAuthority tells whether an item is decided by an authority.
func (s *Service) isAuthority(subject string) bool {
	item, ok := s.Item(subject)
	return ok && item.Kind == Government
}

func (s *Service) subjects() []string {
	var codes []string
	for _, item := range s.Catalogue() {
		codes = append(codes, item.Code)
	}
	return codes
}

// Application is what an applicant, or a window worker for one, submits.
type Application struct {
	casework.Intake
	Item      string
	Area      string // community
	Applicant people.Person
	Answers   form.Answers
	Papers    map[string]int // index of the material that a file proves, by the file's id; of others, none
}

// papers are those of the files that came with the application.
func (a *Application) papers() map[string]int {
	out := map[string]int{}
	for _, id := range a.Files {
		if n, ok := a.Papers[id]; ok {
			out[id] = n
		}
	}
	return out
}

// Submit opens an application. Errors: Invalid naming every wrong field; NotFound for an item
// that is not offered; Forbidden for a worker outside the area.
func (s *Service) Submit(ctx context.Context, a Application) (casework.Opened, error) {
	item, ok := s.itemOn(a.Item, clock.Day(clock.Now(ctx)))
	if !ok || !item.Enabled {
		return casework.Opened{}, errs.ErrNotFound
	}
	sent := a
	a.Area = s.Registry.Resolve(a.Area)
	if authority.From(ctx).SignedIn() {
		if err := authority.Require(ctx, permSubmit, a.Area); err != nil {
			return casework.Opened{}, err
		}
	}
	if err := s.Check(ctx, &item, &a); err != nil {
		return casework.Opened{}, err
	}
	day := clock.Day(clock.Now(ctx))
	accept := calendar.Workdays(s.Rules.Int("hall.accept.days", day))
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return casework.Opened{}, err
	}
	station, err := s.Casework.Station(ctx, s.Casework.Log.DB, a.Area)
	if err != nil {
		return casework.Opened{}, err
	}
	return s.Casework.Open(ctx, casework.NewCase{
		Kind: KindApplication, Subject: item.Code, Title: item.Name.In(text.Chinese), Area: a.Area, Unit: station,
		Reporter: a.Applicant, Intake: a.Intake, Promised: accept, Statutory: accept, Sent: sent,
	}, func(tx *audit.Tx, c *casework.Case) error {
		return insertApplication(ctx, tx, c, s.Casework.People.Ring.Seal(answers, c.ID), item.Edition, a.papers())
	})
}

// Check judges an application by an item, applicant and answers, and names every wrong input. Error: Invalid.
func (s *Service) Check(ctx context.Context, item *Item, a *Application) error {
	today := clock.Day(clock.Now(ctx))
	wrong := errs.ErrInvalid
	gather := func(err error) {
		if err != nil {
			wrong = &errs.Error{Kind: wrong.Kind, Key: wrong.Key, Fields: append(wrong.Fields, errs.Of(err).Fields...)}
		}
	}
	gather(a.Applicant.Check(ctx, "applicant"))
	for field, value := range map[string]string{"applicant.name": a.Applicant.Name, "applicant.phone": a.Applicant.Phone,
		"applicant.idNumber": a.Applicant.Number} {
		if strings.TrimSpace(value) == "" {
			wrong = wrong.At(field, "field.required")
		}
	}
	gather(form.Check(item.Form, a.Answers, s.FormContext(today)))
	if slices.ContainsFunc(slices.Collect(maps.Values(a.Papers)), func(n int) bool { return n < 0 || n >= len(item.Materials) }) {
		wrong = wrong.At("papers", "hall.application.material")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// moved sets who is responsible next and by when.
func (s *Service) moved(ctx context.Context, tx *audit.Tx, c *casework.Case,
	t *flow.Transition[*casework.Case], in *flow.Input) (err error) {
	cal, day := s.Casework.Calendar.Now(), clock.Day(tx.Now)
	switch t.Verb {
	case verbAccept, verbDeem:
		row, err := findApplication(ctx, tx, c)
		if err != nil {
			return err
		}
		item, ok := s.made(c.Subject, row.edition)
		if !ok {
			return errs.ErrNotFound
		}
		found, err := s.Casework.Routing.Find(ctx, tx, routing.RouteQuery{Kind: KindApplication, Subject: c.Subject, Area: c.Area, At: tx.Now})
		switch {
		case err == nil:
			c.Unit = found.Unit.ID
		case t.Verb == verbAccept || errs.Of(err).Kind == errs.Internal:
			return err
		} // what the law accepts waits for no department: it stays with the station
		from := tx.Now
		if t.Verb == verbDeem {
			from = clock.Instant(c.Clock.Since) // the day of receipt
		}
		c.Start(cal, from, item.Promised, item.Statutory)
	case casework.VerbObject: // the law's days go on: whose duty it is, is no matter of the applicant's
		c.Unit, err = s.Casework.Station(ctx, tx, c.Area)
		return err
	case verbRedirect:
		body, _, err := s.Casework.Sendable(ctx, tx, c, gate.Sending{Unit: in.Unit, Way: gate.Redirect, Basis: in.Basis})
		if err != nil {
			return err
		}
		if err := joint.CheckResend(c, body.ID, in.Note); err != nil {
			return err
		}
		c.Unit = body.ID
	case verbReturn:
		c.Returned++
		c.Stop(tx.Now) // the applicant's time is not counted
		return writeMissing(ctx, tx, c, in.Lines)
	case verbResubmit:
		accept := calendar.Workdays(s.Rules.Int("hall.accept.days", day))
		c.Start(cal, tx.Now, accept, accept)
	case verbReview:
		return writeOpinion(ctx, tx, c, in.Choice)
	case verbApprove, verbDeny:
		if c.Unit, err = s.Casework.Station(ctx, tx, c.Area); err != nil {
			return err
		}
		deliver := calendar.Workdays(s.Rules.Int("hall.deliver.days", day))
		c.Start(cal, tx.Now, deliver, deliver)
		return writeDecision(ctx, tx, c, string(t.To))
	}
	return nil
}

// describe adds the application's own particulars. What the form says is personal is masked for all:
// the unit that must decide sees one answer at a time, for a purpose.
func (s *Service) describe(ctx context.Context, r db.Reader, c *casework.Case, lang text.Lang, d *casework.Detail) error {
	row, err := findApplication(ctx, r, c)
	if err != nil {
		return err
	}
	item, ok := s.made(c.Subject, row.edition)
	if !ok {
		return errs.ErrNotFound
	}
	answers, err := s.answers(&row, c)
	if err != nil {
		return err
	}
	reader := authority.From(ctx)
	applicant := reader.Case == c.ID
	v := &ApplicationView{Item: item.Code, ItemName: item.Name.In(lang), Edition: row.edition,
		Missing: row.missing, Opinion: row.opinion,
		Decision: row.decision,
		Answers:  []casework.Fact{}, Papers: []casework.Fact{}}
	if applicant { // what is told is the decision
		v.Opinion = ""
	}
	for _, f := range item.Form {
		if a := answers[f.Key]; !a.Empty() {
			v.Answers = append(v.Answers, casework.Fact{Key: f.Key, Label: f.Label.In(lang), Value: f.Mask(a, lang, s.AreaName(lang)),
				Personal: f.Masked()})
		}
	}
	for i, m := range item.Materials {
		for _, f := range file.Of(d) {
			if n, told := row.papers[f.ID]; told && n == i {
				v.Papers = append(v.Papers, casework.Fact{Key: f.ID, Label: m.Name.In(lang), Value: f.Name})
			}
		}
	}
	d.Sections[sectionApplication] = v
	d.Facts, d.Missing = slices.Clone(v.Answers), row.missing
	if c.State == stateSubmitted || c.State == stateReturned {
		d.Then = s.Texts.T(lang, "hall.application.then", "limit",
			page.Count(s.Texts, lang, "hall.page.limit."+string(item.Promised.Unit), item.Promised.Amount))
	}
	return nil
}

func (s *Service) answers(row *applicationRow, c *casework.Case) (answers form.Answers, err error) {
	raw, err := s.Casework.People.Ring.Open(row.sealed, c.ID)
	if err == nil {
		err = json.Unmarshal(raw, &answers)
	}
	return answers, err
}

// held is what an application holds of its applicant beside the person: the answers, in the order
// of the form. Those to questions that the form no longer has stand last, under their key.
func (s *Service) held(ctx context.Context, r db.Reader, c *casework.Case) ([]people.HeldAnswer, error) {
	row, err := findApplication(ctx, r, c)
	if err != nil {
		return nil, err
	}
	answers, err := s.answers(&row, c)
	out := []people.HeldAnswer{}
	if item, ok := s.made(c.Subject, row.edition); ok {
		lang := text.From(ctx)
		for _, f := range item.Form {
			if a := answers[f.Key]; !a.Empty() {
				out = append(out, people.HeldAnswer{Key: f.Key, Label: f.Label.In(lang), Value: f.Words(a, lang, s.AreaName(lang))})
				delete(answers, f.Key)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		out = append(out, people.HeldAnswer{Key: key, Label: key, Value: answers[key].String()})
	}
	return out, err
}

// erase deletes the answers of an application, and what the applicant was told to bring.
func (s *Service) erase(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	if err := writeMissing(ctx, tx, c, []string{}); err != nil {
		return err
	}
	return writeAnswers(ctx, tx, c, s.Casework.People.Ring.Seal([]byte("{}"), c.ID))
}

// Reseal is the job that seals answers with the current key after the keys were rotated.
func (s *Service) Reseal(ctx context.Context) error {
	_, err := s.Casework.People.Reseal(ctx, people.Sealed{Table: "hall_application", ID: "case_id"})
	return err
}

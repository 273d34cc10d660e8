package grid

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/casework/joint"
	"linli/internal/casework/worklist"
	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/community"
	"linli/internal/routing"
)

// Service runs incidents.
type Service struct {
	Casework    *casework.Service
	Follow      *follow.Service
	Files       *file.Service
	Registry    *registry.Service
	Communities *community.Service
	Rules       *rule.Cache
	Worklist    *worklist.Service

	// Chance gives the bits that the closing of a case number brings to the draw of its day; nil for random
	// ones. A demo alone sets it while it is made, so that one seed makes one city.
	Chance func(number string) []byte

	shipped    *shipped.Set
	categories atomic.Pointer[[]Category]
}

// New reads the categories, adding the shipped ones that the database lacks, and brings the
// lifecycle of incidents to the spine.
func New(ctx context.Context, cases *casework.Service, reg *registry.Service, rules *rule.Cache) (*Service, error) {
	s := &Service{Casework: cases, Registry: reg, Rules: rules, shipped: shippedCategories()}
	if _, err := s.shipped.Bring(ctx, cases.Log.DB); err != nil {
		return nil, err
	}
	if err := s.RefreshCategories(ctx); err != nil {
		return nil, err
	}
	cases.Bring(&casework.Matter{Kind: KindIncident, Flow: lifecycle(joint.ObjectGuards(cases.Rules)), Opening: verbReport, Counts: counts,
		SubjectName: s.categoryName, Knows: s.knows, ClassOf: s.classOf, Responsible: s.responsible, Moved: s.moved, Extension: s.extension,
		Stand: s.stand, Describe: s.describe, Words: s.words, Subjects: s.subjects,
		Held: s.held, Erase: s.erase})
	return s, nil
}

// Incident is what somebody reports.
type Incident struct {
	casework.Intake
	Category    string // sub-class
	Description string // 1…2000 characters
	Place       casework.Location
	Area        string // community or grid; found by the point when empty
	Reporter    people.Person
	Main        string // number of the case that tells the same already and is followed instead
}

// Report opens an incident. Errors: Invalid naming every wrong field; Forbidden for a worker
// outside the area.
func (s *Service) Report(ctx context.Context, in Incident) (casework.Opened, error) {
	in.Description = strings.TrimSpace(in.Description)
	sent := in
	in.Area = s.Registry.Resolve(in.Area)
	category, err := s.check(ctx, &in)
	if err != nil {
		return casework.Opened{}, err
	}
	if authority.From(ctx).SignedIn() {
		if err := authority.Require(ctx, permReport, in.Area); err != nil {
			return casework.Opened{}, err
		}
	}
	station, err := s.Casework.Station(ctx, s.Casework.Log.DB, in.Area)
	if err != nil {
		return casework.Opened{}, err
	}
	return s.Casework.Open(ctx, casework.NewCase{
		Kind: KindIncident, Subject: category.Code, Title: in.Description, Area: in.Area, Unit: station,
		Reporter: in.Reporter, Intake: in.Intake, Place: in.Place, Sent: sent, Words: in.Description, Main: in.Main,
		Promised: s.hours(ctx, "grid.establish.hours"),
	}, func(tx *audit.Tx, c *casework.Case) error {
		return insertIncident(ctx, tx, c, in.Description)
	})
}

func (s *Service) check(ctx context.Context, in *Incident) (Category, error) {
	wrong := errs.ErrInvalid
	category, ok := s.Category(in.Category)
	if !ok || !s.offered(&category) {
		wrong = wrong.At("category", "field.choice")
	}
	switch {
	case in.Description == "":
		wrong = wrong.At("description", "field.required")
	case !fold.Within(in.Description, 2000):
		wrong = wrong.At("description", "field.too_long", "max", 2000)
	}
	in.Place.Text = fold.Line(in.Place.Text)
	if !fold.Within(in.Place.Text, 200) {
		wrong = wrong.At("place.text", "field.too_long", "max", 200)
	}
	located := s.locate(in)
	switch {
	case !located && in.Area == "":
		wrong = wrong.At("area", "grid.incident.area")
	case in.Place.Text == "" && in.Place.Lng == nil:
		wrong = wrong.At("place.text", "grid.incident.place")
	}
	if err := s.near(ctx, in); err != nil {
		err.Fields = append(slices.Clone(wrong.Fields), err.Fields...)
		wrong = err
	}
	if len(wrong.Fields) > 0 {
		return category, wrong
	}
	return category, nil
}

// rulePlace is how far, in metres, a point may lie outside the area that is named with it.
const rulePlace = "grid.place.metres"

// near refuses a point that lies neither in the area that is named nor near it: one of the two is wrong,
// and whoever is sent there would find nothing.
func (s *Service) near(ctx context.Context, in *Incident) *errs.Error {
	metres := float64(s.Rules.Int(rulePlace, clock.Day(clock.Now(ctx))))
	if in.Place.Lng == nil || in.Area == "" || s.Registry.Near(in.Area, *in.Place.Lng, *in.Place.Lat, metres) {
		return nil
	}
	return errs.ErrInvalid.At("place", "grid.incident.far", "area", s.Registry.PathIn(in.Area, text.From(ctx))).By(rulePlace)
}

// locate finds the grid, or at least the community, in which the point lies. A community that
// the reporter named is kept unless the point lies in a grid of it.
func (s *Service) locate(in *Incident) bool {
	if in.Place.Lng == nil || in.Place.Lat == nil {
		in.Place.Lng, in.Place.Lat = nil, nil
		return false
	}
	a, ok := s.Registry.Locate(*in.Place.Lng, *in.Place.Lat)
	if !ok || a.Level < registry.LevelCommunity {
		return false
	}
	if in.Area == "" || strings.HasPrefix(a.Code, in.Area) {
		in.Area = a.Code
	}
	return true
}

func (s *Service) hours(ctx context.Context, key string) calendar.Limit {
	return calendar.Workhours(s.Rules.Int(key, clock.Day(clock.Now(ctx))))
}

// moved sets who is responsible next and by when.
func (s *Service) moved(ctx context.Context, tx *audit.Tx, c *casework.Case,
	t *flow.Transition[*casework.Case], in *flow.Input) (err error) {
	category, ok := s.Category(c.Subject)
	if !ok {
		return errs.ErrNotFound
	}
	cal := s.Casework.Calendar.Now()
	switch t.Verb { // these go back to the station
	case casework.VerbUnmerge, casework.VerbObject, verbFeedBack:
		if c.Unit, err = s.Casework.Station(ctx, tx, c.Area); err != nil {
			return err
		}
	}
	switch t.Verb {
	case casework.VerbUnmerge:
		c.Start(cal, tx.Now, s.hours(ctx, "grid.establish.hours"), calendar.Limit{})
	case casework.VerbObject:
		c.Start(cal, tx.Now, s.hours(ctx, "grid.dispatch.hours"), calendar.Limit{})
	case verbEstablish:
		c.Start(cal, tx.Now, s.hours(ctx, "grid.dispatch.hours"), calendar.Limit{})
	case verbDispatch:
		body, err := s.unitFor(ctx, tx, c, in.Unit, in.Basis)
		if err != nil {
			return err
		}
		if err := joint.CheckResend(c, body.ID, in.Note); err != nil {
			return err
		}
		c.Unit = body.ID
		c.Start(cal, tx.Now, category.Limit, calendar.Limit{})
		return keepUnit(ctx, tx, c)
	case verbFeedBack:
		c.Start(cal, tx.Now, calendar.Workdays(s.Rules.Int("grid.verify.workdays", clock.Day(tx.Now))), calendar.Limit{})
	case verbClose:
		return s.recordClosing(ctx, tx, c)
	case verbConfirm:
		return s.checked(ctx, tx, c, closingConfirmed)
	case verbRework, verbReopen:
		if t.Verb == verbReopen {
			if err := s.checked(ctx, tx, c, closingRefuted); err != nil {
				return err
			}
		}
		row, err := findIncident(ctx, tx, c)
		if err != nil {
			return err
		}
		c.Unit, c.Worker = row.unit, ""
		c.Start(cal, tx.Now, category.Limit, calendar.Limit{})
		return countRework(ctx, tx, c)
	case verbVerify:
		c.Start(cal, tx.Now, calendar.Workdays(s.Rules.Int("grid.close.workdays", clock.Day(tx.Now))), calendar.Limit{})
	}
	return nil
}

// extension is by how much a limit grows: a share of what the category allows, one unit at least; of
// the limit that runs where the category has meanwhile got one of another unit.
func (s *Service) extension(c *casework.Case, day string) calendar.Limit {
	limit := c.Clock.Promised
	if category, ok := s.Category(c.Subject); ok && category.Limit.Unit == limit.Unit {
		limit = category.Limit
	}
	return calendar.Limit{Amount: max(1, limit.Amount*s.Rules.Int("grid.extend.percent", day)/100), Unit: limit.Unit}
}

// stand tells the guards whether the work was fed back before, and of a closed incident whether it
// is drawn for a check.
func (s *Service) stand(ctx context.Context, r db.Reader, c *casework.Case) error {
	switch c.State {
	case stateDispatched:
		row, err := findIncident(ctx, r, c)
		c.Standing.FedBack = row.reworked > 0
		return err
	case stateClosed, stateRated:
		var err error
		c.Standing.Drawn, err = isDrawn(ctx, r, c)
		return err
	}
	return nil
}

// unitFor is the body that an incident is sent to: the one that is named, or by the routes and the
// category's duty unit. Errors: Invalid for a body that does not work there; Conflict
// "grid.incident.no_department" where nobody is named and nobody is found.
func (s *Service) unitFor(ctx context.Context, tx *audit.Tx, c *casework.Case, named, basis string) (registry.Body, error) {
	if named == "" {
		found, err := s.Casework.Routing.Find(ctx, tx, routing.RouteQuery{Kind: KindIncident, Subject: c.Subject, Area: c.Area, At: tx.Now})
		if errs.Of(err).Kind == errs.NotFound {
			err = errs.New(errs.Conflict, "grid.incident.no_department")
		}
		return found.Unit, err
	}
	b, _, err := s.Casework.Sendable(ctx, tx, c, gate.Sending{Unit: named, Way: gate.Redirect, Basis: basis})
	return b, err
}

func (s *Service) describe(ctx context.Context, r db.Reader, c *casework.Case, lang text.Lang, d *casework.Detail) error {
	row, err := findIncident(ctx, r, c)
	if err != nil {
		return err
	}
	category, _ := s.Category(c.Subject)
	d.Sections[sectionIncident] = &IncidentView{Category: c.Subject, CategoryName: s.categoryName(c.Subject, lang),
		Description: row.description, Closing: category.Closing.In(lang), Reworked: row.reworked}
	d.Facts = []casework.Fact{{Key: "description", Label: s.Casework.Words.T(lang, "grid.page.description"), Value: row.description}}
	return nil
}

// words are what was described: an incident is found by all of it, not by its title alone.
func (s *Service) words(ctx context.Context, r db.Reader, cases ...*casework.Case) (map[string]string, error) {
	return descriptions(ctx, r, cases)
}

// held is what an incident holds of its reporter's words.
func (s *Service) held(ctx context.Context, r db.Reader, c *casework.Case) ([]people.HeldAnswer, error) {
	row, err := findIncident(ctx, r, c)
	if err != nil || row.description == "" {
		return []people.HeldAnswer{}, err
	}
	return []people.HeldAnswer{{Key: "description", Label: s.Casework.Words.T(text.From(ctx), "grid.page.description"),
		Value: row.description}}, nil
}

// erase deletes the description.
func (s *Service) erase(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	_, err := tx.Exec(ctx, `UPDATE grid_incident SET description = '' WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	return err
}

func (s *Service) subjects() []string {
	var codes []string
	for _, c := range s.List() {
		codes = append(codes, c.Code)
	}
	return codes
}

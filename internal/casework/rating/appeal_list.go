package rating

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/duplicate"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/idcode"
	"linli/internal/platform/text"
)

// AppealCase is what an appeal tells of its case: the matter and how it went, and nothing of who
// reported it.
type AppealCase struct {
	ID          string               `json:"id"`
	Number      string               `json:"number"`
	Kind        string               `json:"kind" enum:"{kind}"`
	SubjectName string               `json:"subjectName"`
	Title       string               `json:"title"`
	AreaPath    []casework.Step      `json:"areaPath"`
	Place       string               `json:"place"`
	Events      []casework.EventView `json:"events" doc:"What was done, by office and not by name"`
	Readable    bool                 `json:"readable" doc:"The reader may open the case itself"`
}

// AppealView is an appeal as its list shows it.
type AppealView struct {
	Case      AppealCase      `json:"case"`
	Seq       int             `json:"seq" doc:"Of the rating"`
	Level     int             `json:"level"`
	Solved    *bool           `json:"solved,omitempty"`
	Comment   string          `json:"comment" doc:"For the unit that was rated without the reporter's name and numbers"`
	RatedAt   int64           `json:"ratedAt"`
	Excluded  bool            `json:"excluded" doc:"The rating counts for no rate"`
	Unit      *casework.Named `json:"unit,omitempty" doc:"Body that was rated"`
	Office    *casework.Step  `json:"office" doc:"Area whose officers decide"`
	State     flow.State      `json:"state" enum:"rated,asked,upheld,declined"`
	AskBy     *int64          `json:"askBy" nullable:"true" doc:"Until when the unit may appeal; null while the calendar does not reach"`
	Ground    string          `json:"ground" enum:",false,malicious"`
	Reason    string          `json:"reason"`
	AskedAt   *int64          `json:"askedAt" nullable:"true"`
	AskedBy   string          `json:"askedBy"`
	DecideBy  *int64          `json:"decideBy" nullable:"true"`
	Late      bool            `json:"late" doc:"It was to be decided by now"`
	Decision  string          `json:"decision" doc:"Why it was upheld or declined"`
	DecidedAt *int64          `json:"decidedAt" nullable:"true"`
	DecidedBy string          `json:"decidedBy"`
	Allowed   []casework.Move `json:"allowed"`
	Version   int64           `json:"version"`
}

// AppealOfRating is how an appeal stands, beside its rating.
type AppealOfRating struct {
	State     flow.State `json:"state" enum:"asked,upheld,declined"`
	Ground    string     `json:"ground" enum:"false,malicious"`
	Reason    string     `json:"reason"`
	AskedAt   *int64     `json:"askedAt" nullable:"true"`
	AskedBy   string     `json:"askedBy"`
	Decision  string     `json:"decision"`
	DecidedAt *int64     `json:"decidedAt" nullable:"true"`
	DecidedBy string     `json:"decidedBy"`
}

// Lists of appeals.
const (
	AppealsOfUnit  = "unit"    // low ratings of the units that the reader heads, newest first
	AppealsWaiting = "waiting" // to be decided by the reader, the oldest first
	AppealsDecided = "decided" // decided in the reader's areas, the newest first
)

// ListAppeals is one page of a list of appeals and the cursor of the next. Area narrows what is
// decided to the units of an area. Errors: Malformed.
func (s *Service) ListAppeals(ctx context.Context, list, area, cursor string, limit int) ([]AppealView, string, error) {
	var (
		at  int64
		id  string
		seq int
		w   db.Where
	)
	if err := db.ReadCursor(cursor, &at, &id, &seq); err != nil {
		return nil, "", err
	}
	if actor := authority.From(ctx); list == AppealsOfUnit {
		appealsOf(actor, &w)
	} else {
		appealsBelow(actor, area, &w)
	}
	o := appealOrders[list]
	if o.where != "" {
		w.And(o.where)
	}
	if cursor != "" {
		w.And(`(`+o.key+`, a.case_id, a.seq) `+o.after+` (%s, %s, %s)`, at, id, seq)
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, scanAppeal, selectAppeal+w.String()+
		` ORDER BY `+o.key+o.way+`, a.case_id`+o.way+`, a.seq`+o.way+` LIMIT `+w.Arg(limit+1), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		last := &rows[limit-1]
		rows, next = rows[:limit], db.Cursor(*o.at(last), last.Case.ID, last.Seq)
	}
	out := []AppealView{}
	for i := range rows {
		v, shown, err := s.viewAppeal(ctx, &rows[i], list == AppealsOfUnit)
		if err != nil {
			return nil, "", err
		}
		if shown {
			out = append(out, v)
		}
	}
	return out, next, nil
}

// appealOrders say which appeals a list holds, and in what order.
var appealOrders = map[string]struct {
	where, key, way, after string
	at                     func(*Appeal) *int64
}{
	AppealsOfUnit:  {"", "a.rated_at", " DESC", "<", func(a *Appeal) *int64 { return &a.RatedAt }},
	AppealsWaiting: {"a.state = 'asked'", "a.asked_at", "", ">", func(a *Appeal) *int64 { return a.AskedAt }},
	AppealsDecided: {"a.decided_at IS NOT NULL", "a.decided_at", " DESC", "<", func(a *Appeal) *int64 { return a.DecidedAt }},
}

// appealsOf bounds to the units that the actor heads, without the actor's own work; "" for none.
func appealsOf(actor *authority.Actor, w *db.Where) {
	var units []string
	for _, g := range actor.Grants {
		if heads(g) {
			units = append(units, g.Body)
		}
	}
	w.And(`a.unit_id IN ` + w.In(units))
	w.And(notRated("a", "%s"), actor.ID)
}

// appealsBelow bounds to the units of which the actor decides: those below the actor's areas, and
// of the city's own that are in its hands.
func appealsBelow(actor *authority.Actor, area string, w *db.Where) {
	var held []string
	for _, h := range actor.Scope(permAppealDecide) {
		term := w.Term(`a.area >= %s AND a.area < %s`, h, authority.PrefixEnd(h))
		if len(h) > casework.CityDigits {
			term += w.Term(` AND a.area <> %s`, h)
		}
		held = append(held, term)
	}
	w.Any(held...)
	w.And(`a.area >= %s AND a.area < %s`, area, authority.PrefixEnd(area))
}

// viewAppeal shows an appeal to the unit that was rated, or to who decides; false where the
// reader's office does not reach the case.
func (s *Service) viewAppeal(ctx context.Context, a *Appeal, toUnit bool) (v AppealView, shown bool, err error) {
	actor, r, now := authority.From(ctx), s.Cases.Log.DB, clock.Now(ctx)
	c, err := casework.FindCase(ctx, r, a.Case.ID)
	if err != nil {
		return v, false, err
	}
	if err := s.considerAppeal(ctx, r, a, c, now); err != nil {
		return v, false, err
	}
	if toUnit && !a.mayAsk(actor) {
		return v, false, nil
	}
	v = AppealView{Seq: a.Seq, Level: a.Level, RatedAt: a.RatedAt, Excluded: a.excluded, Unit: s.Cases.Unit(a.Unit),
		State: a.State, Ground: a.Ground, Reason: a.Reason,
		AskedAt: a.AskedAt, AskedBy: a.AskedName, Decision: a.Decision, DecidedAt: a.DecidedAt, DecidedBy: a.Decider,
		Allowed: []casework.Move{}, Version: a.Version,
		AskBy: millis(a.askBy)}
	if path := s.Cases.Path(a.office()); len(path) > 0 {
		v.Office = &path[len(path)-1]
	}
	if a.AskedAt != nil {
		v.DecideBy = millis(s.appealBy(*a.AskedAt, ruleAppealDecide))
		v.Late = a.State == appealAsked && v.DecideBy != nil && clock.Millis(now) > *v.DecideBy
	}
	for _, t := range appealFlow.Allowed(a, actor) {
		v.Allowed = append(v.Allowed, casework.Move{Verb: t.Verb, To: t.After(a.State), Danger: t.Danger, Aside: t.Aside, Fields: t.Fields})
	}
	if v.Case, err = s.appealCase(ctx, r, &c); err != nil {
		return v, false, err
	}
	ratings, err := ListRatings(ctx, r, &c)
	if err != nil {
		return v, false, err
	}
	for _, given := range ratingViews(ratings) {
		if given.Seq == a.Seq {
			v.Solved, v.Comment = given.Solved, given.Comment
		}
	}
	if toUnit {
		v.Comment, err = s.withoutReporter(ctx, r, &c, v.Comment)
	}
	v.Comment = casework.Masked(v.Comment)
	return v, true, err
}

func millis(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	ms := clock.Millis(*t)
	return &ms
}

// appealCase tells of a case what its unit needs to answer a rating. Who did what is told by
// office, and of the notes those that the reporter was told.
func (s *Service) appealCase(ctx context.Context, r db.Reader, c *casework.Case) (AppealCase, error) {
	may, err := s.Cases.MayReadIn(ctx, r, authority.From(ctx), c)
	if err != nil {
		return AppealCase{}, err
	}
	v := AppealCase{ID: c.ID, Number: c.Number, Kind: c.Kind, SubjectName: s.Cases.Matters[c.Kind].SubjectName(c.Subject, text.From(ctx)),
		Title:    casework.Masked(c.Title),
		AreaPath: s.Cases.Path(c.Area), Place: casework.Masked(c.Place.Text), Events: []casework.EventView{}, Readable: may}
	main, err := duplicate.MainOf(ctx, r, c)
	if err != nil {
		return v, err
	}
	if main.ID != "" { // the work was done there
		c = &main
	}
	events, err := casework.ListEvents(ctx, r, c)
	for i := range events {
		if e := &events[i]; e.Verb != casework.VerbRate && e.Verb != casework.VerbRerate {
			shown := s.Cases.PublicEvent(e)
			if shown.Note = casework.Masked(shown.Note); e.ActorRole == flow.Reporter {
				shown.Note = ""
			}
			v.Events = append(v.Events, shown)
		}
	}
	return v, err
}

// withoutReporter takes out of a comment what tells who wrote it: their name, telephone number and
// address as we know them, and every long number.
func (s *Service) withoutReporter(ctx context.Context, r db.Reader, c *casework.Case, comment string) (string, error) {
	person, err := s.Cases.People.Find(ctx, r, c.Person)
	if err != nil {
		return "", err
	}
	for _, known := range []string{person.Name, person.Address, person.Email} {
		if known != "" {
			comment = strings.ReplaceAll(comment, known, "***")
		}
	}
	return idcode.HideNumbers(comment), nil
}

// describeAppeals adds to the ratings of a case how the appeals against them stand.
func describeAppeals(ctx context.Context, r db.Reader, c *casework.Case, ratings []RatingView) error {
	appeals, err := db.All(ctx, r, scanAppeal, selectAppeal+` WHERE a.shard = $1 AND a.case_id = $2 AND a.state <> 'rated'`, c.Shard, c.ID)
	for _, a := range appeals {
		if i := slices.IndexFunc(ratings, func(v RatingView) bool { return v.Seq == a.Seq }); i >= 0 {
			ratings[i].Appeal = &AppealOfRating{a.State, a.Ground, a.Reason, a.AskedAt, a.AskedName, a.Decision, a.DecidedAt, a.Decider}
		}
	}
	return err
}

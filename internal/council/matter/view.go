package matter

import (
	"context"
	"slices"
	"strings"

	"linli/internal/council/meeting"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// MatterRow is a matter as lists show it.
type MatterRow struct {
	ID           string     `json:"id"`
	Number       string     `json:"number"`
	Area         string     `json:"area"`
	AreaName     string     `json:"areaName"`
	State        flow.State `json:"state" enum:"gathering,proposed,accepted,returned,consulted,deliberating,unresolved,agreed,referred,examined,decided,announced,executing,executed,supervised,disclosed,appraised,rejected,withdrawn,lapsed,dropped"`
	Origin       string     `json:"origin" enum:"party,committee,residents,representatives,resident,incident,disclosure"`
	Code         string     `json:"code"`
	Title        string     `json:"title"`
	Supporters   int        `json:"supporters"`
	Needed       int        `json:"needed"`
	OpenFindings int        `json:"openFindings"`
	RaisedAt     int64      `json:"raisedAt"`
	Due          int64      `json:"due"`
}

// MatterMove is a step that the reader may take now.
type MatterMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// MatterStage is a step of the order, as pages draw it.
type MatterStage struct {
	State flow.State `json:"state"`
	At    int64      `json:"at" doc:"When it was reached; 0 before"`
	Now   bool       `json:"now"`
	Body  string     `json:"body" doc:"Kind of the body of the register whose step it is"`
}

// MatterDetail is a matter, whole, with what the reader may do.
type MatterDetail struct {
	Matter
	AreaName    string        `json:"areaName"`
	Stages      []MatterStage `json:"stages"`
	Reservation *Reservation  `json:"reservation,omitempty" doc:"By which the law leaves it to an assembly"`
	Delegated   bool          `json:"delegated" doc:"The assembly has left such matters to the representatives"`
	HasCouncil  bool          `json:"hasCouncil" doc:"The community has a council in the register, whose members keep the deliberation"`
	Opinions    []Opinion     `json:"opinions"`
	Events      []MatterEvent `json:"events"`
	Allowed     []MatterMove  `json:"allowed"`
	May         []string      `json:"may" doc:"What may be entered now: change, plan, support, opinion, appraise, withhold"`
	Address     string        `json:"address" doc:"Page of the portal"`
}

// holders are the bodies whose step leads to each state.
var holders = map[flow.State]string{stateProposed: "", stateAccepted: registry.BodyParty, stateConsulted: registry.BodyCommittee,
	stateDeliberating: registry.BodyCouncil, stateExamined: registry.BodyParty, stateDecided: meeting.Assembly,
	stateAnnounced: registry.BodyCommittee, stateExecuting: registry.BodyCommittee, stateExecuted: registry.BodyCommittee,
	stateSupervised: registry.BodySupervisory, stateDisclosed: registry.BodyCommittee}

// drawn are the steps of a matter's order with when each was reached. A state off the way counts for the step that it belongs to.
func (m *Matter) drawn(events []MatterEvent) []MatterStage {
	reached := map[flow.State]int64{}
	for _, e := range events { // the latest first: of several rounds the last counts
		if reached[e.State] == 0 {
			reached[e.State] = e.At
		}
	}
	stands := m.State
	if to, ok := map[flow.State]flow.State{stateReturned: stateProposed, stateUnresolved: stateDeliberating, stateAgreed: stateDeliberating,
		stateReferred: stateDeliberating}[m.State]; ok {
		stands = to
	}
	stages := m.stages()
	now := slices.Index(stages, stands)
	if underWay := at(stateGathering, stateDeliberating, stateUnresolved); now >= 0 && !slices.Contains(underWay, m.State) {
		now++ // what is reached is done: the next step is waited for
	}
	out := make([]MatterStage, len(stages))
	for i, st := range stages {
		out[i] = MatterStage{State: st, Body: holders[st], Now: i == now, At: reached[st]}
		if now >= 0 && (i > now || i == now && st != stateGathering && st != stateDeliberating) {
			out[i].At = 0
		}
		if st == stateDecided && m.Record.Decision != nil {
			out[i].Body = m.Record.Decision.Body
		}
	}
	return out
}

func (s *Service) areaName(ctx context.Context, code string) string {
	a, ok := s.Registry.Area(code)
	if !ok {
		return code
	}
	return registry.NameIn(a, text.From(ctx))
}

// visible is a matter that the actor may read. Error: NotFound outside their areas.
func (s *Service) visible(ctx context.Context, id string) (Matter, error) {
	m, err := find(ctx, s.Log.DB, id)
	if err == nil && !authority.From(ctx).Can(permRead, m.Area) {
		return Matter{}, errNotFound
	}
	return m, err
}

// Show is a matter for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (MatterDetail, error) {
	r, now := s.Log.DB, clock.Now(ctx)
	m, err := s.visible(ctx, id)
	d := MatterDetail{Matter: m, Allowed: []MatterMove{}, May: []string{}, Address: "/matters/" + m.ID}
	if err == nil {
		err = s.loaded(ctx, r, &d.Matter, now)
	}
	if err != nil {
		return d, err
	}
	d.AreaName, d.HasCouncil = s.areaName(ctx, m.Area), d.council
	if d.reserved.key != "" {
		d.Reservation = &d.reserved
	}
	if d.Delegated, err = s.delegated(ctx, r, m.Area, m.Code, clock.Day(now)); err != nil {
		return d, err
	}
	if d.Opinions, err = listOpinions(ctx, r, &m); err != nil {
		return d, err
	}
	if d.Events, err = listEvents(ctx, r, &m); err != nil {
		return d, err
	}
	d.Stages = d.drawn(d.Events)
	for _, t := range lifecycle.Allowed(&d.Matter, authority.From(ctx)) {
		if slices.ContainsFunc(steps, func(x struct {
			verb       flow.Verb
			permission string
		}) bool {
			return x.verb == t.Verb
		}) && s.of(&m, t.Verb) {
			d.Allowed = append(d.Allowed, MatterMove{Verb: string(t.Verb), Fields: append([]flow.Field{}, t.Fields...),
				Danger: t.Danger, Aside: t.Aside})
		} else {
			d.May = append(d.May, string(t.Verb))
		}
	}
	return d, nil
}

// of tells whether a step that is taken on a part of the matter has one to be taken on, and whether a withheld text is shown again.
func (s *Service) of(m *Matter, verb flow.Verb) bool {
	switch verb {
	case verbProgress:
		return !m.done()
	case verbAnswer:
		return m.open() > 0
	case verbWithhold:
		return m.Withheld == ""
	case verbRestore:
		return m.Withheld != ""
	}
	return true
}

// dayMillis is a day in milliseconds.
const dayMillis = 24 * 60 * 60 * 1000

// Votes are the signed votes on which the matter's next step may rest. Error: NotFound outside the reader's areas.
func (s *Service) Votes(ctx context.Context, id string) ([]meeting.SignedVote, error) {
	m, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.Meetings.Signed(ctx, s.Log.DB, m.Area, m.RaisedAt-dayMillis)
}

// AssemblyVotes are the passed votes of a community's signed assemblies, on which a delegation may rest. Error: Forbidden.
func (s *Service) AssemblyVotes(ctx context.Context, area string) ([]meeting.SignedVote, error) {
	if err := authority.Require(ctx, permRead, area); err != nil {
		return nil, err
	}
	all, err := s.Meetings.Signed(ctx, s.Log.DB, area, 0)
	return slices.DeleteFunc(all, func(v meeting.SignedVote) bool { return v.Body != meeting.Assembly || !v.Passes }), err
}

// Subjects are what a matter of a community can be about today. Error: Forbidden.
func (s *Service) Subjects(ctx context.Context, area string) ([]Reservation, error) {
	if err := authority.Require(ctx, permRead, area); err != nil {
		return nil, err
	}
	a, ok := s.Registry.Area(area)
	if !ok {
		return nil, errNotFound
	}
	return reservations(s.Rules, kindOf(a), clock.Day(clock.Now(ctx))), nil
}

// Filter narrows a list of staff.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"gathering,proposed,accepted,returned,consulted,deliberating,unresolved,agreed,referred,examined,decided,announced,executing,executed,supervised,disclosed,appraised,rejected,withdrawn,lapsed,dropped"`
	Origin string `query:"origin" enum:"party,committee,residents,representatives,resident,incident,disclosure"`
	Words  string `query:"q" maxLength:"100" doc:"Of title or number"`
	Late   bool   `query:"late" doc:"Whose next step is overdue"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// List is one page of the matters in the actor's areas, the latest first, and the cursor of the next. Error: Malformed "cursor".
func (s *Service) List(ctx context.Context, f Filter) ([]MatterRow, string, error) {
	at, id := int64(1)<<62, "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), f.Area)
	if len(scopes) == 0 {
		return []MatterRow{}, "", nil
	}
	var w db.Where
	below(&w, scopes)
	w.And("(raised_at, id) < (%s, %s)", at, id)
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	if f.Origin != "" {
		w.And("origin = %s", f.Origin)
	}
	if f.Late {
		w.And("due > 0 AND due < %s", clock.Millis(clock.Now(ctx)))
	}
	matching(&w, f.Words)
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.Log.DB, scan, `SELECT `+columns+` FROM council_matter`+w.String()+` ORDER BY raised_at DESC, id DESC LIMIT `+limit,
		w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = db.Cursor(last.RaisedAt, last.ID)
	}
	rows := make([]MatterRow, len(all))
	for i := range all {
		m := &all[i]
		rows[i] = MatterRow{ID: m.ID, Number: m.Number, Area: m.Area, AreaName: s.areaName(ctx, m.Area), State: m.State, Origin: m.Origin,
			Code: m.Code, Title: m.Title, Supporters: m.Supporters, Needed: m.Needed, OpenFindings: m.open(), RaisedAt: m.RaisedAt, Due: m.Due}
	}
	return rows, next, err
}

// matching narrows to matters of which title and number hold all words.
func matching(w *db.Where, words string) {
	for _, word := range strings.Fields(fold.Words(words)) {
		w.And(`words LIKE %s ESCAPE '\'`, db.Containing(word))
	}
}

// below narrows to rows in some areas.
func below(w *db.Where, scopes []string) {
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
	}
	w.Any(terms...)
}

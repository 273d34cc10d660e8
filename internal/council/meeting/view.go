package meeting

import (
	"context"
	"slices"

	"linli/internal/council"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// MeetingRow is a meeting as lists show it.
type MeetingRow struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Area     string     `json:"area"`
	AreaName string     `json:"areaName"`
	Body     string     `json:"body" enum:"assembly,representatives,group,committee,supervisory,council,party"`
	Title    string     `json:"title"`
	StartsAt int64      `json:"startsAt"`
	State    flow.State `json:"state" enum:"draft,convened,sitting,closed,signed,cancelled"`
}

// Attended is an attendance as lists show it: names of people are masked, those of the register's members are public.
type Attended struct {
	Attendance
	Name  string `json:"name"`
	Post  string `json:"post,omitempty" doc:"Post of a member of the register"`
	Group string `json:"group,omitempty" doc:"Whom a representative stands for"`
}

// SeatView is one of the body's roster who has not been entered.
type SeatView struct {
	ID             string `json:"id"`
	Name           string `json:"name" doc:"Masked, of representatives"`
	Post           string `json:"post,omitempty"`
	Group          string `json:"group,omitempty"`
	Representative bool   `json:"representative"`
}

// MeetingDetail is a meeting, whole, with what the reader may do.
type MeetingDetail struct {
	Meeting
	AreaName string             `json:"areaName"`
	Present  int                `json:"present"`
	Quorum   council.AnswerView `json:"quorum" doc:"As it stands now; once the meeting is over, at its end"`
	Need     int                `json:"need" doc:"How many must be present"`
	Attended []Attended         `json:"attended"`
	Absent   []SeatView         `json:"absent" doc:"Of the body's roster who have not been entered"`
	Votes    []MeetingVote      `json:"votes" doc:"Replaced counts included"`
	Events   []MeetingEvent     `json:"events"`
	Allowed  []MeetingMove      `json:"allowed"`
	May      []string           `json:"may" doc:"What may be entered now: change, attend, vote, correct, minute"`
}

// MeetingMove is a step that the reader may take now.
type MeetingMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

func (s *Service) areaName(ctx context.Context, code string) string {
	a, ok := s.Registry.Area(code)
	if !ok {
		return code
	}
	return registry.NameIn(a, text.From(ctx))
}

// Show is a meeting for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (MeetingDetail, error) {
	r, actor := s.Log.DB, authority.From(ctx)
	m, err := s.visible(ctx, r, id)
	d := MeetingDetail{Meeting: m, Attended: []Attended{}, Absent: []SeatView{}, Allowed: []MeetingMove{}, May: []string{}}
	if err != nil {
		return d, err
	}
	d.AreaName = s.areaName(ctx, m.Area)
	there, err := listAttendance(ctx, r, &m)
	if err != nil {
		return d, err
	}
	if err := s.attended(ctx, r, &d, there); err != nil {
		return d, err
	}
	if d.Votes, err = listVotes(ctx, r, &m); err != nil {
		return d, err
	}
	if d.Events, err = listEvents(ctx, r, &m); err != nil {
		return d, err
	}
	d.Quorum, d.Need = s.standing(ctx, r, &m, d.Present)
	s.allowed(&d, actor)
	return d, nil
}

// standing is how the quorum stands, and how many it needs; zero where nobody is entitled yet.
func (s *Service) standing(ctx context.Context, r db.Reader, m *Meeting, present int) (council.AnswerView, int) {
	v := council.AnswerView{Short: []council.ShortView{}}
	if m.Entitled == 0 {
		return v, 0
	}
	if d, err := s.quorum(ctx, r, m, present); err == nil {
		v = council.View(&d)
	}
	province, _ := s.Council.Province(ctx, r, m.Day)
	share, _ := threshold.ShareOf(m.rules()+".quorum", m.Kind, m.mode(), province, m.Day)
	if share.Den == 0 {
		return v, 0
	}
	return v, share.Need(m.Entitled)
}

func (s *Service) allowed(d *MeetingDetail, actor *authority.Actor) {
	for _, t := range lifecycle.Allowed(&d.Meeting, actor) {
		if slices.Contains(steps, t.Verb) {
			d.Allowed = append(d.Allowed, MeetingMove{Verb: string(t.Verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger,
				Aside: t.Aside})
		} else {
			d.May = append(d.May, string(t.Verb))
		}
	}
}

// attended fills in who attends and who of the roster does not, with masked names.
func (s *Service) attended(ctx context.Context, r db.Reader, d *MeetingDetail, there []Attendance) error {
	roster, err := s.roster(ctx, r, &d.Meeting)
	if err != nil {
		return err
	}
	byID := map[string]*seat{}
	for i := range roster {
		byID[roster[i].id] = &roster[i]
	}
	seen := map[string]bool{}
	for _, a := range there {
		if a.LeftAt == 0 {
			d.Present++
		}
		v := Attended{Attendance: a}
		if x := byID[a.Member]; a.Member != "" && x != nil {
			seen[a.Member] = true
			v.Post, v.Group = x.post, x.constituency
			if v.Name, err = s.nameOf(ctx, r, x, true); err != nil {
				return err
			}
		} else if a.person != "" {
			p, err := s.People.Find(ctx, r, a.person)
			if err != nil {
				return err
			}
			v.Name = idcode.MaskName(p.Name)
		}
		d.Attended = append(d.Attended, v)
	}
	for i := range roster {
		x := &roster[i]
		if seen[x.id] {
			continue
		}
		name, err := s.nameOf(ctx, r, x, true)
		if err != nil {
			return err
		}
		d.Absent = append(d.Absent, SeatView{ID: x.id, Name: name, Post: x.post, Group: x.constituency, Representative: x.representative})
	}
	return nil
}

// nameOf is the name of one of a roster: members' are public, representatives' are masked in lists.
func (s *Service) nameOf(ctx context.Context, r db.Reader, x *seat, masked bool) (string, error) {
	if x.person == "" {
		return x.name, nil
	}
	p, err := s.People.Find(ctx, r, x.person)
	if masked {
		return idcode.MaskName(p.Name), err
	}
	return p.Name, err
}

// FullName is the name of one who attends, or of a representative, for a roll call or a signed print.
type FullName struct {
	ID        string `json:"id" doc:"Of the attendance, or of the roster"`
	Name      string `json:"name"`
	Household string `json:"household,omitempty"`
}

// Names gives the full names of a meeting's roster and attendance to who keeps it, for a purpose that the audit log keeps. Errors:
// Invalid; NotFound; Forbidden.
func (s *Service) Names(ctx context.Context, id, purpose string) ([]FullName, error) {
	purpose = fold.Line(purpose)
	if purpose == "" || !fold.Within(purpose, 200) {
		return nil, errs.ErrInvalid.At("purpose", "field.required")
	}
	var out []FullName
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		out = nil
		m, err := s.visible(ctx, tx, id)
		if err != nil {
			tx.Judged()
			return err
		}
		if err := keeps(tx, m.Body, m.Area); err != nil {
			return err
		}
		roster, err := s.roster(ctx, tx, &m)
		if err != nil {
			return err
		}
		byID := map[string]string{}
		for i := range roster {
			if byID[roster[i].id], err = s.nameOf(ctx, tx, &roster[i], false); err != nil {
				return err
			}
			out = append(out, FullName{ID: roster[i].id, Name: byID[roster[i].id]})
		}
		there, err := listAttendance(ctx, tx, &m)
		if err != nil {
			return err
		}
		for _, a := range there {
			n := FullName{ID: a.ID, Name: byID[a.Member]}
			if a.person != "" {
				p, err := s.People.Find(ctx, tx, a.person)
				if err != nil {
					return err
				}
				n.Name, n.Household = p.Name, p.Address
			}
			out = append(out, n)
		}
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID,
			Detail: map[string]any{"names": len(out), "purpose": purpose}})
		return nil
	})
	return out, err
}

// RosterView is a community's representatives' assembly.
type RosterView struct {
	Kind            string               `json:"kind" enum:"residents,villagers"`
	Members         int                  `json:"members" doc:"Of the committee, in office"`
	Representatives int                  `json:"representatives"`
	Women           int                  `json:"women" doc:"Among the representatives"`
	Short           *council.ShortView   `json:"short,omitempty" doc:"Share that the law demands and that is not reached"`
	Items           []RepresentativeView `json:"items"`
	Editable        bool                 `json:"editable"`
	Last            int64                `json:"last" doc:"When the assembly met last; 0 for never"`
	Due             string               `json:"due" doc:"Day by which it must meet again; empty where the law says nothing or it never met"`
}

// RepresentativeView is a representative with a masked name.
type RepresentativeView struct {
	Representative
	Name string `json:"name" doc:"Masked"`
}

// Roster is a community's representatives on a day, with the shares that the law demands. Error: Forbidden.
func (s *Service) Roster(ctx context.Context, area string) (RosterView, error) {
	v := RosterView{Items: []RepresentativeView{}}
	if err := authority.Require(ctx, permRead, area); err != nil {
		return v, err
	}
	r, day := s.Log.DB, clock.Day(clock.Now(ctx))
	reps, err := listRepresentatives(ctx, r, area, day)
	if err != nil {
		return v, err
	}
	for _, x := range reps {
		p, err := s.People.Find(ctx, r, x.person)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, RepresentativeView{Representative: x, Name: idcode.MaskName(p.Name)})
	}
	c, err := s.composition(ctx, r, area, registry.BodyCommittee, true, day)
	if err != nil {
		return v, err
	}
	v.Kind, v.Members, v.Representatives, v.Women = s.kindOf(area), c.members, c.representatives, c.women
	short, err := s.shares(ctx, r, v.Kind, day, &c)
	if short != nil {
		v.Short = &council.ShortView{Count: string(short.Count), Have: short.Have, Need: short.Need, Basis: short.Law, Article: short.Article}
	}
	v.Editable = authority.From(ctx).Can(permRoster, area)
	if err == nil {
		v.Last, v.Due, err = s.due(ctx, r, area, v.Kind, day)
	}
	return v, err
}

// due is when the representatives' assembly met last, and by when it must meet again.
func (s *Service) due(ctx context.Context, r db.Reader, area, kind, day string) (last int64, due string, err error) {
	if last, err = lastSigned(ctx, r, area, Representatives); err != nil || last == 0 {
		return last, "", err
	}
	if f, ok := threshold.FigureOf("representatives.every", kind, "", day); ok {
		due = clock.Day(clock.Instant(last).AddDate(0, f.Min, 0))
	}
	return last, due, nil
}

// Filter narrows a list of staff.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	Meets  string `query:"body" enum:"assembly,representatives,group,committee,supervisory,council,party"`
	State  string `query:"state" enum:"draft,convened,sitting,closed,signed,cancelled"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// List is one page of the meetings in the actor's areas, the latest first, and the cursor of the next. Error: Malformed "cursor".
func (s *Service) List(ctx context.Context, f Filter) ([]Meeting, string, error) {
	at, id := int64(1)<<62, "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), f.Area)
	if len(scopes) == 0 {
		return nil, "", nil
	}
	var w db.Where
	var in []string
	for _, scope := range scopes {
		in = append(in, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
	}
	w.Any(in...)
	w.And("(starts_at, id) < (%s, %s)", at, id)
	if f.Meets != "" {
		w.And("body = %s", f.Meets)
	}
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.Log.DB, scan,
		`SELECT `+columns+` FROM council_meeting`+w.String()+` ORDER BY starts_at DESC, id DESC LIMIT `+limit, w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = db.Cursor(last.StartsAt, last.ID)
	}
	return all, next, err
}

package meeting

import (
	"context"
	"fmt"
	"slices"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// How somebody attends.
const (
	Person    = "person"    // in person
	Household = "household" // for their household
	Proxy     = "proxy"     // another who is present speaks for them, by a written proxy
)

// Attendance is one who attends, or is represented.
type Attendance struct {
	ID     string `json:"id"`
	How    string `json:"how" enum:"person,household,proxy"`
	Member string `json:"member,omitempty" doc:"Id of the register's member or of the representative"`
	Holder string `json:"holder,omitempty" doc:"Of a proxy: the attendance of who speaks for them"`
	At     int64  `json:"at"`
	LeftAt int64  `json:"leftAt" doc:"0 while they are present"`

	person string // id of people, of who is not in the register
	mark   string // keyed digest by which nobody is entered twice
}

// NewAttendance is one who is entered.
type NewAttendance struct {
	Member    string `json:"member,omitempty" maxLength:"64" doc:"Id of a member or representative of the roster; otherwise name"`
	Name      string `json:"name,omitempty" maxLength:"120" doc:"Kept sealed"`
	Household string `json:"household,omitempty" maxLength:"120" doc:"Door or household, of who speaks for one; kept sealed"`
	Holder    string `json:"holder,omitempty" maxLength:"64" doc:"Of a proxy: attendance of who speaks for them"`
}

// maxEntered is how many are entered at once.
const maxEntered = 500

var (
	errTwice     = errs.New(errs.Conflict, "council.attendance.twice")     // already on the list
	errHousehold = errs.New(errs.Conflict, "council.attendance.household") // another speaks for the household
	errRoster    = errs.New(errs.Conflict, "council.attendance.roster")    // not on the roster of the body
	errProxy     = errs.New(errs.Conflict, "council.attendance.proxy")     // this body takes no proxies
	errHolder    = errs.New(errs.Conflict, "council.attendance.holder")    // the holder is absent
	errProxies   = errs.New(errs.Conflict, "council.attendance.proxies")   // the holder speaks for too many
	errMany      = errs.New(errs.Invalid, "council.attendance.many")       // too many at once
)

// Attend enters people as present. Errors: Conflict for one who is on the list, who is not on the roster, a proxy beyond the limit or with
// an absent holder, each with the article where the law says so; Invalid by field; those of flow.Judge.
func (s *Service) Attend(ctx context.Context, id string, version int64, entered []NewAttendance) (Meeting, error) {
	if len(entered) == 0 || len(entered) > maxEntered {
		return Meeting{}, errMany.With("max", maxEntered)
	}
	return s.attendance(ctx, id, version, "enter", func(tx *audit.Tx, m *Meeting) error {
		there, err := listAttendance(ctx, tx, m)
		if err != nil {
			return err
		}
		roster, err := s.roster(ctx, tx, m)
		if err != nil {
			return err
		}
		for i := range entered {
			a, p, err := s.admit(m, &entered[i], there, roster)
			if err != nil {
				return at(err, fmt.Sprintf("people[%d]", i))
			}
			if p != nil {
				if a.person, err = s.People.Keep(ctx, tx, m.Area, *p); err != nil {
					return err
				}
			}
			a.ID, a.At = db.NewID(ctx), clock.Millis(tx.Now)
			if err := insertAttendance(ctx, tx, m, &a); err != nil {
				return err
			}
			there = append(there, a)
		}
		return nil
	})
}

// at places a refusal of the input at its field.
func at(err error, location string) error {
	e := errs.Of(err)
	if e.Kind == errs.Invalid && len(e.Fields) == 0 {
		return errs.ErrInvalid.At(location, e.Key)
	}
	return err
}

// admit judges one who is entered against those who are there. person is nil for one of the roster.
func (s *Service) admit(m *Meeting, n *NewAttendance, there []Attendance, roster []seat) (a Attendance, person *people.Person, err error) {
	name, home := fold.Line(n.Name), fold.Line(n.Household)
	a = Attendance{How: Person, Member: n.Member, Holder: n.Holder}
	if m.registered() != "" || n.Member != "" {
		i := slices.IndexFunc(roster, func(r seat) bool { return r.id == n.Member })
		if n.Holder != "" {
			return a, nil, errProxy
		}
		if i < 0 {
			return a, nil, errRoster.With("name", idcode.MaskName(name))
		}
		a.mark = s.Ring.Index("council attendance", m.ID+" member "+n.Member)
	} else {
		if name == "" || !fold.Within(name, 60) {
			return a, nil, errs.New(errs.Invalid, "field.required")
		}
		if !fold.Within(home, 60) {
			return a, nil, errs.New(errs.Invalid, "field.required")
		}
		a.mark = s.Ring.Index("council attendance", m.ID+" name "+registry.FoldName(name)+" "+fold.Words(home))
		if m.Mode == threshold.Households {
			if home == "" {
				return a, nil, errs.New(errs.Invalid, "field.required")
			}
			a.How, a.mark = Household, s.Ring.Index("council attendance", m.ID+" household "+fold.Words(home))
		}
		person = &people.Person{Name: name, Address: home}
	}
	if n.Holder != "" {
		if err := s.proxied(m, n.Holder, there); err != nil {
			return a, nil, err
		}
		a.How = Proxy
	}
	if slices.ContainsFunc(there, func(o Attendance) bool { return o.mark == a.mark }) {
		if m.Mode == threshold.Households {
			return a, nil, errHousehold
		}
		return a, nil, errTwice.With("name", idcode.MaskName(name))
	}
	return a, person, nil
}

// proxied judges a proxy: the body takes proxies, the holder is present, in person, and speaks for no more than the law allows.
func (s *Service) proxied(m *Meeting, holder string, there []Attendance) error {
	limit, ok := threshold.ShareOf("proxy.limit", m.Kind, m.mode(), "", m.Day)
	if !ok || limit.Barred || m.Mode != threshold.Voters {
		if ok {
			return errProxy.With("basis", limit.Basis, "article", limit.Article).By(limit.Key)
		}
		return errProxy
	}
	held := 1
	present := false
	for _, o := range there {
		present = present || o.ID == holder && o.LeftAt == 0 && o.How == Person
		if o.Holder == holder {
			held++
		}
	}
	switch {
	case !present:
		return errHolder.By(limit.Key)
	case !limit.Holds(held, 0):
		return errProxies.With("max", limit.Need(0), "basis", limit.Basis, "article", limit.Article).By(limit.Key)
	}
	return nil
}

// Leave notes that somebody has left, and with them those for whom they speak. Errors: NotFound; those of flow.Judge.
func (s *Service) Leave(ctx context.Context, id string, version int64, attendance string) (Meeting, error) {
	return s.attendance(ctx, id, version, "leave", func(tx *audit.Tx, m *Meeting) error {
		return setLeft(ctx, tx, m, attendance, clock.Millis(tx.Now))
	})
}

// Return notes that somebody is back, with those for whom they speak.
func (s *Service) Return(ctx context.Context, id string, version int64, attendance string) (Meeting, error) {
	return s.attendance(ctx, id, version, "return", func(tx *audit.Tx, m *Meeting) error {
		return setLeft(ctx, tx, m, attendance, 0)
	})
}

// attendance changes who is present and judges the quorum anew: one that is lost while the meeting sits is kept with its time, and ends
// when enough are back.
func (s *Service) attendance(ctx context.Context, id string, version int64, what string,
	change func(*audit.Tx, *Meeting) error) (Meeting, error) {
	var out Meeting
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, err := s.judged(ctx, tx, id, verbAttend, version)
		if err != nil {
			return err
		}
		if err := change(tx, &m); err != nil {
			return err
		}
		present, err := countPresent(ctx, tx, &m)
		if err != nil {
			return err
		}
		if m.State == stateSitting {
			if err := s.watch(ctx, tx, &m, present); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID,
			Detail: map[string]any{"attendance": what, "present": present}})
		err = update(ctx, tx, &m)
		out = m
		return err
	})
	return out, err
}

// watch keeps when the quorum was lost, and that it holds again.
func (s *Service) watch(ctx context.Context, tx *audit.Tx, m *Meeting, present int) error {
	d, err := s.quorum(ctx, tx, m, present)
	if err != nil {
		return err
	}
	verb := flow.Verb("")
	switch {
	case !d.Passes && m.LostAt == 0:
		m.LostAt, verb = clock.Millis(tx.Now), "lost"
	case d.Passes && m.LostAt > 0:
		m.LostAt, verb = 0, "regained"
	}
	if verb == "" {
		return nil
	}
	return insertEvent(ctx, tx, m, verb, present, "")
}

// seat is one of a body's roster on the day of a meeting.
type seat struct {
	id             string
	name           string // of the register's members, which is public
	person         string // of representatives
	post           string
	representative bool
	woman          bool
	constituency   string
}

// roster is who may attend a body of the register.
func (s *Service) roster(ctx context.Context, r db.Reader, m *Meeting) ([]seat, error) {
	if m.registered() == "" {
		return nil, nil
	}
	return s.seats(ctx, r, m.Area, m.registered(), m.Body == Representatives, m.Day)
}

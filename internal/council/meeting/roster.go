package meeting

import (
	"context"
	"slices"

	"linli/internal/council"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Representative is a residents' or villagers' representative.
type Representative struct {
	ID           string `json:"id"`
	Area         string `json:"area"`
	Constituency string `json:"constituency" doc:"Group or households that have chosen them"`
	Households   int    `json:"households" doc:"That they stand for; 0 where it is not known"`
	Woman        bool   `json:"woman"`
	TermFrom     string `json:"termFrom"`
	TermTo       string `json:"termTo" doc:"Last day, or empty while it lasts"`
	EndReason    string `json:"endReason,omitempty"`
	Version      int64  `json:"version"`

	shard, person, mark string
}

// NewRepresentative is one who is entered.
type NewRepresentative struct {
	Area         string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
	Name         string `json:"name" maxLength:"120" doc:"Kept sealed"`
	Phone        string `json:"phone,omitempty" maxLength:"40" doc:"For invitations; kept sealed"`
	Constituency string `json:"constituency" maxLength:"120"`
	Households   int    `json:"households,omitempty" minimum:"0" maximum:"10000"`
	Woman        bool   `json:"woman"`
	TermFrom     string `json:"termFrom" maxLength:"20"`
}

const subjectRepresentative = "council.representative"

var errChosen = errs.New(errs.Conflict, "council.representative.twice") // in office in this community

// Choose enters a representative. Errors: Invalid by field; Forbidden; Conflict for one who is in office.
func (s *Service) Choose(ctx context.Context, n NewRepresentative) (Representative, error) {
	x := Representative{Area: n.Area, Constituency: fold.Line(n.Constituency), Households: n.Households, Woman: n.Woman,
		TermFrom: fold.KeepDay(n.TermFrom), Version: 1}
	p := people.Person{Name: n.Name, Phone: n.Phone}
	refused := errs.ErrInvalid
	if a, ok := s.Registry.Area(n.Area); !ok || a.Level != registry.LevelCommunity {
		refused = refused.At("area", "field.community")
	}
	if x.Constituency == "" || !fold.Within(x.Constituency, 60) {
		refused = refused.At("constituency", "field.required")
	}
	if _, ok := fold.Day(x.TermFrom); !ok {
		refused = refused.At("termFrom", "field.date")
	}
	if fold.Line(n.Name) == "" {
		refused = refused.At("name", "field.required")
	}
	if len(refused.Fields) > 0 {
		return x, refused
	}
	if err := p.Check(ctx, ""); err != nil {
		return x, err
	}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permRoster, n.Area); err != nil {
			return err
		}
		x.shard = db.Shard(x.Area)
		x.ID = x.shard + "-" + db.NewID(ctx)
		x.mark = s.Ring.Index("council representative", x.Area+" "+registry.FoldName(p.Name)+" "+p.Phone)
		there, err := listRepresentatives(ctx, tx, x.Area, clock.Day(tx.Now))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(o Representative) bool { return o.mark == x.mark }) {
			return errChosen
		}
		if x.person, err = s.People.Keep(ctx, tx, x.Area, p); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permRoster, Area: x.Area, Subject: subjectRepresentative, SubjectID: x.ID, After: x})
		return insertRepresentative(ctx, tx, &x)
	})
	return x, err
}

// End ends a representative's term with a reason, today at the latest. Errors: NotFound; Forbidden; Stale; Invalid.
func (s *Service) End(ctx context.Context, id string, version int64, day, reason string) error {
	day, reason = fold.KeepDay(day), fold.Line(reason)
	if _, ok := fold.Day(day); !ok {
		return errs.ErrInvalid.At("termTo", "field.date")
	}
	if reason == "" || !fold.Within(reason, maxReason) {
		return errs.ErrInvalid.At("reason", "field.required")
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := findRepresentative(ctx, tx, id)
		if err != nil || !tx.Actor.Can(permRead, x.Area) {
			tx.Judged()
			if err == nil {
				err = errs.ErrNotFound
			}
			return err
		}
		if err := tx.Require(permRoster, x.Area); err != nil {
			return err
		}
		if x.Version != version {
			return errs.StaleOf(errs.Record{Subject: subjectRepresentative, ID: x.ID})
		}
		before := x
		x.TermTo, x.EndReason = day, reason
		tx.Record(audit.Entry{Action: permRoster, Area: x.Area, Subject: subjectRepresentative, SubjectID: x.ID, Before: before, After: x})
		return updateRepresentative(ctx, tx, &x)
	})
}

// composition is how many a body has on a day.
type composition struct{ members, representatives, women int }

func (c *composition) total() int { return c.members + c.representatives }

// seats are the members of a body of the register in office on a day, with the representatives where wanted.
func (s *Service) seats(ctx context.Context, r db.Reader, area, kind string, representatives bool, day string) ([]seat, error) {
	var out []seat
	members, err := registry.ListSeated(ctx, r, area, kind)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if m.Area == area && m.InTerm(day) {
			out = append(out, seat{id: m.ID, name: m.Name, post: m.Post})
		}
	}
	if !representatives {
		return out, nil
	}
	reps, err := listRepresentatives(ctx, r, area, day)
	for _, x := range reps {
		out = append(out, seat{id: x.ID, person: x.person, representative: true, woman: x.Woman, constituency: x.Constituency})
	}
	return out, err
}

func (s *Service) composition(ctx context.Context, r db.Reader, area, kind string, representatives bool,
	day string) (c composition, err error) {
	seats, err := s.seats(ctx, r, area, kind, representatives, day)
	for _, x := range seats {
		switch {
		case !x.representative:
			c.members++
		default:
			c.representatives++
			if x.woman {
				c.women++
			}
		}
	}
	return c, err
}

// shares judges how a representatives' assembly is composed: representatives at least four fifths, in villages women at least a third. nil
// where it is as the law of the day demands, or where that says nothing.
func (s *Service) shares(ctx context.Context, r db.Reader, kind, day string, c *composition) (*threshold.Shortfall, error) {
	for matter, have := range map[string]int{"representatives.share": c.representatives, "representatives.women": c.women} {
		if _, ok := threshold.ShareOf(matter, kind, threshold.Representatives, "", day); !ok {
			continue
		}
		total := max(c.total(), 1)
		d, err := s.Council.Decide(ctx, r, threshold.Question{Matter: matter, Kind: kind, Mode: threshold.Representatives, On: day,
			Counts: threshold.Counts{Entitled: &total, Yes: &have}})
		if err != nil {
			return nil, err
		}
		if !d.Passes {
			return &d.Short[0], nil
		}
	}
	return nil, nil
}

// kindOf is the branch of law of a community.
func (s *Service) kindOf(area string) string {
	a, _ := s.Registry.Area(area)
	return council.Kind(a)
}

package community

import (
	"context"
	"sort"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// expiringDays is how long before its end a term is shown as expiring.
const expiringDays = 90

// Covered counts the communities of an area that have something.
type Covered struct {
	Kind    string  `json:"kind" doc:"hall, clinic, elderly or hrss, worded by registry.facility.<kind>; complete: all six bodies"`
	Have    int     `json:"have"`
	Lack    int     `json:"lack"`
	Unknown int     `json:"unknown" doc:"Nobody has told"`
	Target  *Target `json:"target,omitempty" doc:"Null where no target is set"`
}

// Target is the least share of communities that is to have something, in percent.
type Target struct {
	Percent int    `json:"percent"`
	Rule    string `json:"rule"`
	Basis   string `json:"basis"`
	Article string `json:"article"`
	Note    string `json:"note"`
}

// Pilot is a community that takes part in one.
type Pilot struct {
	registry.Named
	Pilot string `json:"pilot"`
}

// Coverage is what the communities of an area have, rolled up.
type Coverage struct {
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Communities int        `json:"communities"`
	Items       []Covered  `json:"items"`
	Premises    int        `json:"premises" doc:"Square metres, of those communities that have told"`
	Measured    int        `json:"measured" doc:"Communities whose premises are known"`
	Expired     int        `json:"expired" doc:"Posts whose term has ended"`
	Expiring    int        `json:"expiring" doc:"Posts whose term ends within 90 days"`
	Pilots      []Pilot    `json:"pilots"`
	Report      *Report    `json:"report,omitempty" doc:"The report's own figures, for the area that it speaks of"`
	Below       []Coverage `json:"below,omitempty" doc:"Of the areas right below"`
}

// Coverage rolls facilities, bodies and terms up to an area, and to those right below it. All of
// it is counted from memory. Statistical units without a committee of their own count too: they are
// listed as communities.
func (s *Service) Coverage(ctx context.Context, code string) (Coverage, error) {
	t := s.Register.Tree()
	a, ok := t.Area(code)
	if !ok {
		return Coverage{}, registry.ErrAreaMissing(code)
	}
	if _, err := s.completeBelow(ctx, code); err != nil { // fills the index
		return Coverage{}, err
	}
	terms, err := s.termsEnding(ctx)
	if err != nil {
		return Coverage{}, err
	}
	k := &coverer{s: s, t: t, x: s.facilities.Load(), terms: terms, day: registry.Today(ctx)}
	c := k.cover(a)
	for _, b := range t.Children(code) {
		if b.Level <= registry.LevelCommunity {
			below := k.cover(b)
			below.Pilots = []Pilot{}
			c.Below = append(c.Below, below)
		}
	}
	if r := report(); r.Area == code {
		c.Report = &r
	}
	return c, nil
}

// coverer counts.
type coverer struct {
	s     *Service
	t     *registry.Tree
	x     *facilityIndex
	terms *termIndex
	day   string
}

func (k *coverer) cover(a registry.Area) Coverage {
	c := Coverage{Code: a.Code, Name: a.Name, Pilots: []Pilot{}}
	counts := map[string]*Covered{}
	for _, kind := range FacilityKinds {
		counts[kind] = &Covered{Kind: kind, Target: k.target(kind)}
	}
	from, to := k.t.Stretch(a.Code)
	for i := from; i < to; i++ {
		if k.t.LevelAt(i) != registry.LevelCommunity {
			continue
		}
		c.Communities++
		f := k.x.byArea[k.t.IDAt(i)]
		for kind, n := range counts {
			switch has := f.Has(kind); {
			case has == nil:
				n.Unknown++
			case *has:
				n.Have++
			default:
				n.Lack++
			}
		}
		if f.Premises != nil {
			c.Premises += *f.Premises
			c.Measured++
		}
		code := k.t.CodeAt(i)
		if f.Pilot != "" {
			c.Pilots = append(c.Pilots, Pilot{registry.Named{Code: code, Name: k.t.NameAt(i)}, f.Pilot})
		}
		c.Expired += k.terms.expired[code]
		c.Expiring += k.terms.expiring[code]
	}
	for _, kind := range FacilityKinds {
		c.Items = append(c.Items, *counts[kind])
	}
	complete := k.s.complete.Load().inside(a.Code)
	c.Items = append(c.Items, Covered{Kind: "complete", Have: complete, Lack: c.Communities - complete, Target: k.target("complete")})
	return c
}

// target is the least share that a rule sets for a kind on the day, or nil.
func (k *coverer) target(kind string) *Target {
	v, ok := k.s.Rules.On("registry.target."+kind, k.day)
	if !ok {
		return nil
	}
	return &Target{Percent: k.s.Rules.Int(v.Key, k.day), Rule: v.Key, Basis: v.Basis, Article: v.Article, Note: v.Note}
}

// termIndex counts by community the posts whose term has ended or ends soon, as of a day and a
// revision of the bodies.
type termIndex struct {
	revision          int64
	day               string
	expired, expiring map[string]int
}

func (s *Service) termsEnding(ctx context.Context) (*termIndex, error) {
	day, revision := registry.Today(ctx), s.Register.BodyRevision()
	if x := s.terms.Load(); x != nil && x.day == day && x.revision == revision {
		return x, nil
	}
	x := &termIndex{revision: revision, day: day, expired: map[string]int{}, expiring: map[string]int{}}
	until := clock.Day(clock.Now(ctx).AddDate(0, 0, expiringDays))
	_, err := db.All(ctx, s.Register.Log.DB, func(r db.Scanner) (n int, err error) {
		var area, to string
		if err = r.Scan(&area, &to, &n); err != nil {
			return n, err
		}
		if to < day {
			x.expired[area] += n
		} else {
			x.expiring[area] += n
		}
		return n, nil
	}, `SELECT b.area, m.term_to, COUNT(*) FROM registry_member m JOIN registry_body b ON b.id = m.body_id
		WHERE m.term_to <> '' AND m.term_to <= $1 GROUP BY b.area, m.term_to`, until)
	if err == nil {
		s.terms.Store(x)
	}
	return x, err
}

func (c *completeness) inside(code string) int {
	return sort.SearchStrings(c.areas, authority.PrefixEnd(code)) - sort.SearchStrings(c.areas, code)
}

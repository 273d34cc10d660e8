package registry

import (
	"context"
	"slices"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// completeness lists the communities that have all six bodies, as of a revision.
type completeness struct {
	revision int64
	areas    []string // codes, ascending
}

// completeBelow counts the communities inside a code that have all six bodies. The list is made
// once after each change of a body and then only searched.
func (s *Service) completeBelow(ctx context.Context, code string) (int, error) {
	revision := s.bodies.Load()
	c := s.complete.Load()
	if c == nil || c.revision != revision {
		args := make([]any, len(CommunityBodies))
		for i, kind := range CommunityBodies {
			args[i] = kind
		}
		areas, err := db.All(ctx, s.db(), func(r db.Scanner) (a string, err error) { return a, r.Scan(&a) },
			`SELECT area FROM registry_body WHERE kind IN `+db.List(1, len(args))+` GROUP BY area HAVING count(*) = 6 ORDER BY area`, args...)
		if err != nil {
			return 0, err
		}
		c = &completeness{revision: revision, areas: areas}
		s.complete.Store(c)
	}
	return c.inside(code), nil
}

// Gaps is what a community's bodies lack.
type Gaps struct {
	Missing []string  `json:"missing" doc:"Kinds of the six bodies that are not there"`
	Expired []Expired `json:"expired" doc:"Posts whose term has ended"`
	Size    *SizeGap  `json:"size,omitempty" doc:"The committee has fewer or more members than the law sets"`
}

// Expired is a post whose term has ended.
type Expired struct {
	Body   string `json:"body" doc:"Kind of body"`
	Name   string `json:"name"`
	Post   string `json:"post"`
	TermTo string `json:"termTo"`
}

// SizeGap compares a committee's members in office with the law's bounds.
type SizeGap struct {
	Members int    `json:"members"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
	Rule    string `json:"rule" doc:"Key of the rule that is not met"`
}

// Gaps tells what the bodies of a community lack on the context's day.
func (s *Service) Gaps(ctx context.Context, area string) (Gaps, error) {
	a, ok := s.Area(area)
	if !ok {
		return Gaps{}, ErrAreaMissing(area)
	}
	if a.Level != LevelCommunity {
		return Gaps{}, errs.New(errs.Invalid, "registry.area.not_community")
	}
	bodies, err := s.Bodies(ctx, area)
	if err != nil {
		return Gaps{}, err
	}
	return s.gaps(a, bodies, Today(ctx)), nil
}

func (s *Service) gaps(a Area, bodies []Body, day string) Gaps {
	g := Gaps{Missing: []string{}, Expired: []Expired{}}
	for _, kind := range CommunityBodies {
		if !slices.ContainsFunc(bodies, func(b Body) bool { return b.Kind == kind }) {
			g.Missing = append(g.Missing, kind)
		}
	}
	for _, b := range bodies {
		serving := 0
		for _, m := range b.Members {
			if m.Expired(day) {
				g.Expired = append(g.Expired, Expired{b.Kind, m.Name, m.Post, m.TermTo})
			} else if m.InTerm(day) {
				serving++
			}
		}
		if b.Kind == BodyCommittee {
			g.Size = s.sizeGap(a, serving, day)
		}
	}
	return g
}

func (s *Service) sizeGap(a Area, members int, day string) *SizeGap {
	least, most := ruleCommitteeMin+"."+a.OrgKind(), ruleCommitteeMax+"."+a.OrgKind()
	gap := SizeGap{Members: members, Min: s.rules.Int(least, day), Max: s.rules.Int(most, day)}
	switch {
	case members < gap.Min:
		gap.Rule = least
	case members > gap.Max:
		gap.Rule = most
	default:
		return nil
	}
	return &gap
}

package body

import (
	"context"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/registry"
)

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
	a, ok := s.Register.Area(area)
	if !ok {
		return Gaps{}, registry.ErrAreaMissing(area)
	}
	if a.Level != registry.LevelCommunity {
		return Gaps{}, errs.New(errs.Invalid, "registry.area.not_community")
	}
	bodies, err := s.Register.Bodies(ctx, area)
	if err != nil {
		return Gaps{}, err
	}
	return s.gaps(a, bodies, registry.Today(ctx)), nil
}

func (s *Service) gaps(a registry.Area, bodies []registry.Body, day string) Gaps {
	g := Gaps{Missing: []string{}, Expired: []Expired{}}
	for _, kind := range registry.CommunityBodies {
		if !slices.ContainsFunc(bodies, func(b registry.Body) bool { return b.Kind == kind }) {
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
		if b.Kind == registry.BodyCommittee {
			g.Size = s.sizeGap(a, serving, day)
		}
	}
	return g
}

func (s *Service) sizeGap(a registry.Area, members int, day string) *SizeGap {
	least, most := ruleCommitteeMin+"."+a.OrgKind(), ruleCommitteeMax+"."+a.OrgKind()
	gap := SizeGap{Members: members, Min: s.Rules.Int(least, day), Max: s.Rules.Int(most, day)}
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

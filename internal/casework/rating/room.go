// Package rating takes what reporters think of how a case was handled (好差评): ratings and ratings again, the
// follow-up of low ones, appeals of the units that were rated, and the exclusion of ratings that were found false. What
// they count goes through the spine's port of counters, so that statistics may read this room and are not known to it.
//
// Tables: casework_rating, casework_exclusion, casework_followup, casework_followup_step, casework_rated and
// casework_appeal, sharded by county of birth.
package rating

import (
	"context"
	"embed"

	"linli/internal/casework"
	"linli/internal/casework/reporter"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service keeps ratings and what follows from them.
type Service struct {
	Cases    *casework.Service
	Reporter *reporter.Service
}

// Start connects ratings with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Effects:  map[flow.Verb]casework.Effect{casework.VerbRate: s.takeRating, casework.VerbRerate: s.takeRating},
		Withhold: map[flow.Verb]casework.Withholder{casework.VerbRerate: s.ratedOften},
		Sections: []casework.Section{ratingSection},
		Describe: s.describeRatings,
		Relocate: casework.Relocation{After: s.relocate},
	})
	s.Reporter.Hold(reporter.Holder{Held: held, Erase: []string{
		`UPDATE casework_rating SET comment = '' WHERE shard = $1 AND case_id = $2`,
		`UPDATE casework_exclusion SET reason = '' WHERE shard = $1 AND case_id = $2`,
		`UPDATE casework_appeal SET reason = '', decision = '' WHERE shard = $1 AND case_id = $2`,
		`UPDATE casework_followup_step SET note = '' WHERE shard = $1 AND case_id = $2`,
	}})
}

// take judges a step of a flow that runs beside a case: state, permission and guards, the version that was seen,
// the fields. Errors: those of flow.Take and flow.CheckInput; Stale.
func take[S any](tx *audit.Tx, f *flow.Flow[S], on S, c *casework.Case, version int64, verb flow.Verb, in *casework.StepInput) (
	*flow.Transition[S], error,
) {
	tx.Judged()
	t, err := f.Take(on, verb, tx.Actor)
	if err != nil {
		return nil, err
	}
	if in.Version != 0 && in.Version != version {
		return nil, casework.StaleStep(f.Name, c)
	}
	return t, flow.CheckInput(t.Fields, &in.Input)
}

// relocate lets follow-ups and appeals follow the units that they concern.
func (s *Service) relocate(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, table := range []string{"casework_followup", "casework_appeal"} {
		if err := m.Bodies.Rewrite(ctx, tx, table, "unit_id"); err != nil {
			return err
		}
	}
	return m.Areas.Rewrite(ctx, tx, "casework_appeal", "area")
}

// held adds the ratings of a case to its reporter's copy.
func held(ctx context.Context, r db.Reader, _ *casework.Matter, c *casework.Case, v *people.HeldCase) error {
	ratings, err := ListRatings(ctx, r, c)
	for _, given := range ratings {
		v.Ratings = append(v.Ratings, people.HeldRating{At: given.At, Level: given.Level, Comment: given.Comment})
	}
	return err
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the room.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:  "casework/rating",
		Reach: reach,
		Tables: map[string]module.Growth{"casework_rating": module.Sharded, "casework_exclusion": module.Sharded,
			"casework_followup": module.Sharded, "casework_followup_step": module.Sharded,
			"casework_rated": module.Sharded, "casework_appeal": module.Sharded},
		Permissions: []authority.Permission{
			{Name: permExclude, Roles: registry.Officers},
			{Name: permFollowRead, Roles: append([]authority.Role{registry.RoleDispatcher, registry.RoleSupervisoryMember}, registry.Officers...)},
			{Name: permFollow, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleSubdistrictOfficer}},
			{Name: permAppealRead, Roles: append([]authority.Role{registry.RoleDispatcher, registry.RoleDepartmentHead}, registry.Officers...)},
			{Name: permAppealAsk, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleDepartmentHead}},
			{Name: permAppealDecide, Roles: registry.Officers},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Flows:  []module.Flow{module.FlowOf(followUpFlow), module.FlowOf(appealFlow)},
		Routes: s.ratingRoutes,
	}
}

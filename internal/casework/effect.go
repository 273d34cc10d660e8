package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/flow"
)

// step is a row of a lifecycle while it is taken on a case.
type step struct {
	m    *Matter
	c    *Case
	verb flow.Verb
	in   *flow.Input
	said MoveInput

	other string // unit that it concerns beside the responsible one
	level int    // of a rating
}

// effects are what the spine does when one of its own verbs is taken, whatever the matter, after the
// state has changed and before the matter does its part. What a verb asks first, its row says; a verb
// that is not here is the matter's alone.
var effects = map[flow.Verb]func(s *Service, ctx context.Context, tx *audit.Tx, st *step) error{
	VerbSuspend:   (*Service).suspend,
	VerbResume:    (*Service).resume,
	VerbExtend:    (*Service).extend,
	VerbSupervise: (*Service).supervise,
	VerbAnswer:    (*Service).answer,

	VerbObject:     (*Service).object,
	VerbJoin:       (*Service).join,
	VerbContribute: (*Service).endPart,
	VerbRelease:    (*Service).endPart,

	VerbMerge:    (*Service).intoMain,
	VerbMergeOwn: (*Service).intoMain,
	VerbUnmerge:  (*Service).outOfMain,

	VerbRate:   (*Service).takeRating,
	VerbRerate: (*Service).takeRating,
}

func (s *Service) intoMain(ctx context.Context, tx *audit.Tx, st *step) error {
	return s.merge(ctx, tx, st.c, st.in.Case)
}

func (s *Service) outOfMain(ctx context.Context, tx *audit.Tx, st *step) error {
	return s.unmerge(ctx, tx, st.c)
}

func (s *Service) takeRating(ctx context.Context, tx *audit.Tx, st *step) error {
	st.level = st.said.Level
	return s.rate(ctx, tx, st.c, st.verb, st.level, st.said.Solved, st.in.Note)
}

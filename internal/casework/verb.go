package casework

import "linli/internal/platform/flow"

// Verbs that lifecycles share. A module puts their rows into its lifecycle; what they do, the rooms registered.
// They stand here, since who did what on a case is asked by them, whoever brought it.
//
// Verbs of time (room clockverb): they change how long a case may take and leave it in its state.
const (
	VerbSuspend   flow.Verb = "suspend"
	VerbResume    flow.Verb = "resume"
	VerbExtend    flow.Verb = "extend"
	VerbSupervise flow.Verb = "supervise"
	VerbAnswer    flow.Verb = "answer"
)

// Verbs of joint handling and of objections (room joint).
const (
	VerbJoin       flow.Verb = "join"       // another unit is asked for its part
	VerbContribute flow.Verb = "contribute" // and answers
	VerbRelease    flow.Verb = "release"    // or need not answer any more
	VerbObject     flow.Verb = "object"     // 派单异议: a unit sends back what was sent to it by mistake
)

// Verbs by which every lifecycle is rated, and rated again (room rating).
const (
	VerbRate   flow.Verb = "rate"
	VerbRerate flow.Verb = "rerate"
)

// EventRedate is the platform's own: the calendar has moved the day on which the stage is due.
const EventRedate flow.Verb = "redate"

// StateMerged is where a merged case waits for its main case.
const StateMerged flow.State = "merged"

// Verbs of merging (room duplicate). The last three are the platform's own, when the main case ends, and when it is
// opened again.
const (
	VerbMerge       flow.Verb = "merge"
	VerbMergeOwn    flow.Verb = "merge_own" // by the reporter
	VerbUnmerge     flow.Verb = "unmerge"
	VerbCloseWith   flow.Verb = "close_with"
	VerbDismissWith flow.Verb = "dismiss_with"
	VerbReopenWith  flow.Verb = "reopen_with"
)

// Verbs by which a main case's timeline tells what was merged into it and taken out again.
const (
	EventTook flow.Verb = "took_in"
	EventGave flow.Verb = "gave_back"
)

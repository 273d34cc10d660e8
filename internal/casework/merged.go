package casework

import "linli/internal/platform/flow"

// StateMerged is where a merged case waits for its main case.
const StateMerged flow.State = "merged"

// Verbs of merging. The last three are the platform's own, when the main case ends, and when it is
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

package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// Counter is a thing that is counted for the indicators, beside the figures of boards. Each is
// counted in the month of what it counts; of follow-ups in the month in which they were opened, of
// checks in the month of the closing that was checked.
type Counter string

const (
	Filed       Counter = "filed"           // taken up: 立案, 受理
	ResponseDue Counter = "response_due"    // a first answer was given
	Responded   Counter = "responded"       // likewise, in time
	Handled     Counter = "handled"         // the responsible unit is done, once for each time it was asked
	HandledTime Counter = "handled_on_time" // likewise, in time
	Reworked    Counter = "reworked"
	Supervised  Counter = "supervised" // once a case
	Satisfied   Counter = "satisfied"
	Checked     Counter = "checked"      // a closing that was drawn and looked at on site
	Confirmed   Counter = "confirmed"    // likewise, and found as it was said
	SolvedValid Counter = "solved_valid" // answered whether it is solved
	Solved      Counter = "solved"       // answered that it is

	Rated  Counter = "rated" // figures of boards
	Good   Counter = "good"  // rated 3 or better
	Points Counter = "points"

	FollowUps       Counter = "followups" // low ratings followed up
	FollowContacted Counter = "followups_contacted_on_time"
	FollowRectified Counter = "followups_rectified_on_time"
	FollowRevisited Counter = "followups_revisited"
)

// Monthly are measures by month, YYYY-MM.
type Monthly map[string]map[Counter]int

// Add counts measures in the month of an instant: once with sign 1, no more with -1.
func (m Monthly) Add(ms int64, sign int, measures ...Counter) {
	month := clock.Month(clock.Instant(ms))
	if m[month] == nil {
		m[month] = map[Counter]int{}
	}
	for _, n := range measures {
		m[month][n] += sign
	}
}

// Counters keeps what is counted; the room of statistics answers. What steps count it learns as an observer.
type Counters interface {
	// Add adds measures at a case's community and county.
	Add(ctx context.Context, tx *audit.Tx, c *Case, added Monthly) error
}

// IsAnswer tells whether an event is a step by which the reporter's case is answered: not what a
// main case's timeline tells of others, not that somebody above urges, and not that the calendar moved a day.
func (e *Event) IsAnswer() bool {
	return e.ActorRole != flow.Reporter && e.From != "" && e.Verb != EventTook && e.Verb != EventGave &&
		e.Verb != VerbSupervise && e.Verb != EventRedate
}

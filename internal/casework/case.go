// Package casework is the spine that every matter rides on: a case with its responsible unit, its clock and its
// append-only timeline. A module brings a Matter (a kind of case with a lifecycle); the spine runs it, and
// the rooms above it register what they add: see docs/steps.md.
//
// Tables: casework_case, casework_event and casework_number, sharded by county of birth.
package casework

import (
	"context"
	"math"
	"time"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/routing"
)

// Case is one matter of one resident or place.
type Case struct {
	Shard   string
	ID      string // shard-uuid
	Number  string // what offices read out: yyyymmdd-shard-sequence of the day
	Kind    string // Matter.Kind
	Subject string // what it is about: a service item's or category's code
	Title   string
	State   flow.State
	Open    bool
	Area    string // trimmed code of community or grid
	Unit    string // body responsible now, or ""
	Handler string // account that took it, or ""
	Worker  string // account that did the work last and may go on reading, or ""; guards ask [Participants]
	Person  string // reporter in people, or "" for an anonymous one
	Channel string
	Place   Location

	ReportedAt int64
	Clock      Clock
	Late       bool // a stage ended after its deadline
	Returned   int  // times sent back to the reporter
	ClosedAt   *int64
	Rating     *int // 1…5
	Outcome    Outcome
	Events     int
	Version    int64

	now      time.Time    // instant at which guards look at the case
	Standing GuardContext // what they ask besides; read by [Service.stand], not with the row
}

// Location says where: in words, and as a CGCS2000 point if known.
type Location struct {
	Text string   `json:"text" maxLength:"200"`
	Lng  *float64 `json:"lng,omitempty" minimum:"-180" maximum:"180"`
	Lat  *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
}

// Channels by which a case comes in.
const (
	ChannelPortal  = "portal"
	ChannelWindow  = "window"
	ChannelField   = "field"
	ChannelConsole = "console"
)

// Matter is a kind of case, brought by a module.
type Matter struct {
	Kind        string
	Flow        *flow.Flow[*Case]
	Apart       bool                                        // no resident brought it: boards and the indicators of all kinds leave it out
	Opening     flow.Verb                                   // by which its reporter opens one: submit, report
	SubjectName func(subject string, lang text.Lang) string // of a class, too
	// Knows tells whether a subject or class exists, ClassOf in which class a subject lies (nil
	// where there are none), and Duty who is responsible for it where no route says otherwise.
	Knows       func(subject string) bool
	ClassOf     func(subject string) string
	Responsible func(subject string) routing.ResponsibleUnit
	// Moved adds what the module does when a row of the lifecycle is taken: next unit, clock,
	// its own columns. It runs inside the write, after the state has changed.
	Moved func(ctx context.Context, tx *audit.Tx, c *Case, t *flow.Transition[*Case], in *flow.Input) error
	// Authority tells whether decisions on a subject are acts of a public authority, against which the
	// law gives remedies; nil where none is.
	Authority func(subject string) bool
	// Counts are what a step counts for the indicators beside what all lifecycles share.
	Counts map[flow.Verb][]Counter
	// Extension is by how much the limits of a case grow when it is extended on a day; nil where the
	// lifecycle knows no extension.
	Extension func(c *Case, day string) calendar.Limit
	// Stand reads what the module's own guards ask of a case into its Standing; nil for nothing.
	Stand func(ctx context.Context, r db.Reader, c *Case) error
	// Describe adds the module's particulars to a page.
	Describe func(ctx context.Context, r db.Reader, c *Case, lang text.Lang, d *Detail) error
	// Subjects lists what its cases can be about: by their names, too, cases are found.
	Subjects func() []string
	// Words are the module's own texts by which cases are found, by their ids, nothing personal; nil
	// without any.
	Words func(ctx context.Context, r db.Reader, cases ...*Case) (map[string]string, error)
	// Held tells what the module holds of the reporter beside the person, and Erase deletes it;
	// nil where there is nothing.
	Held  func(ctx context.Context, r db.Reader, c *Case) ([]people.HeldAnswer, error)
	Erase func(ctx context.Context, tx *audit.Tx, c *Case) error
}

// NewCase is what a module fills in to open a case.
type NewCase struct {
	Intake
	Kind      string
	Subject   string
	Title     string
	Area      string
	Unit      string
	Reporter  people.Person
	Place     Location
	Promised  calendar.Limit // of the first stage
	Statutory calendar.Limit // zero if no law sets one
	Words     string         // by which it is found beside title and place; nothing personal
	Main      string         // number of the case into which it is merged at once, or ""
	Sent      any            // what the client sent with the key; sent again it is answered with the same case, something else is refused
}

// Opened is a fresh case with the code by which its reporter follows it.
type Opened struct {
	Case Case
	Code string
}

// Event is one row of the timeline.
type Event struct {
	Seq       int
	At        int64
	Verb      flow.Verb
	From, To  flow.State
	ActorID   string
	ActorName string
	ActorRole string
	Note      string
	Data      EventData
	Tells     bool // the note is for the reporter
}

// EventData is what a step carried besides its note.
type EventData struct {
	Unit   string   `json:"unit,omitempty"`    // body responsible after the step
	By     string   `json:"by,omitempty"`      // body that the actor acted for
	ByName string   `json:"by_name,omitempty"` // as it was called then
	Other  string   `json:"other,omitempty"`   // body that sent it back, or that helps
	Lines  []string `json:"lines,omitempty"`
	Choice string   `json:"choice,omitempty"`
	Level  int      `json:"level,omitempty"` // of a rating
	Case   string   `json:"case,omitempty"`  // number of another case that the step names
	Files  []string `json:"files,omitempty"`
	Late   bool     `json:"late,omitempty"`   // the stage that the step ended was overdue
	Day    string   `json:"day,omitempty"`    // on which a suspended case comes back
	Number int      `json:"number,omitempty"` // working days given to answer a supervision
	Due    string   `json:"due,omitempty"`    // day on which the stage is due, where the calendar has moved it
	WasDue string   `json:"was_due,omitempty"`
}

// OpenOf is 1 for an open case, as stored.
func (c *Case) OpenOf() int {
	if c.Open {
		return 1
	}
	return 0
}

func (c *Case) lateOf() int {
	if c.Late {
		return 1
	}
	return 0
}

// Close stamps the end of a case whose state no longer waits for anybody.
func (c *Case) Close(now time.Time) {
	ms := clock.Millis(now)
	c.ClosedAt = &ms
	c.stop(now)
}

// Levels of 好差评 (国办发〔2019〕51号): 5 非常满意 … 1 非常不满意; from good upwards it counts as 好评.
const (
	RatingLeast = 1
	RatingGood  = 3
	RatingMost  = 5
)

// RatingLow is the highest level of a rating that counts as low: 2 不满意 and 1 非常不满意.
const RatingLow = RatingGood - 1

// RatedLow tells whether the last rating is one of the low ones.
func (c *Case) RatedLow() bool { return c.Rating != nil && *c.Rating <= RatingLow }

// MetreDegree is how many metres a degree of latitude has.
const MetreDegree = 111_320.0

// Distance is how many metres lie between two places, if both have a point. Over the few hundred
// metres that matter here the earth is flat.
func Distance(a, b *Location) (float64, bool) {
	if a.Lng == nil || a.Lat == nil || b.Lng == nil || b.Lat == nil {
		return 0, false
	}
	dy := (*a.Lat - *b.Lat) * MetreDegree
	dx := (*a.Lng - *b.Lng) * MetreDegree * math.Cos(*a.Lat*math.Pi/180)
	return math.Hypot(dx, dy), true
}

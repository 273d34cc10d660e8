// Package meeting keeps the meetings of a community's bodies (居民会议, 居民代表会议, 小组会议, 居委会, 议事会, 居务监督委员会, 党员会议; in villages
// those of villagers) from the notice to signed minutes. A meeting is convened with the days of notice that the law demands, opens only
// with a quorum, and stops deciding when the quorum is lost; each vote is judged by package threshold.
//
// Tables (sharded): council_meeting, council_attendance, council_vote, council_meeting_event, council_representative.
// Lifecycle: council.meeting.
package meeting

import (
	"embed"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/registry"
	"linli/internal/threshold"
)

//go:embed texts/*.json
var texts embed.FS

// Bodies that meet.
const (
	Assembly        = "assembly"        // 居民会议、村民会议
	Representatives = "representatives" // 居民代表会议、村民代表会议
	Group           = "group"           // 村民小组会议; residents' groups, whose meetings the law does not count
	Committee       = "committee"       // 居（村）民委员会
	Supervisory     = "supervisory"     // 居务监督委员会、村务监督委员会
	Council         = "council"         // 议事会、听证会、恳谈会
	Party           = "party"           // 党组织会议、党员大会
)

// Bodies lists them.
var Bodies = []string{Assembly, Representatives, Group, Committee, Supervisory, Council, Party}

// rules is the name by which a body's numbers are found: <rules>.quorum, <rules>.passed, <rules>.notice.
func (m *Meeting) rules() string {
	switch m.Body {
	case Assembly, Representatives, Group:
		if m.Body == Group && m.Kind == threshold.Residents {
			return Committee
		}
		return m.Body
	case Party:
		if m.Kind == threshold.Villagers {
			return Party
		}
	}
	return Committee
}

// mode is who is counted by the rules of a body.
func (m *Meeting) mode() string {
	if m.rules() == Committee || m.rules() == Party {
		return threshold.Members
	}
	return m.Mode
}

// noticeName is the number that says how many days before a meeting it is convened.
func (m *Meeting) noticeName() string {
	if r := m.rules(); r != Party {
		return r + ".notice"
	}
	return Committee + ".notice"
}

// registered is the kind of the register's body whose members attend; "" for bodies whose people are entered one by one.
func (m *Meeting) registered() string {
	switch m.Body {
	case Representatives, Committee:
		return registry.BodyCommittee
	case Supervisory:
		return registry.BodySupervisory
	case Council:
		return registry.BodyCouncil
	}
	return ""
}

// AgendaItem is a point of the agenda.
type AgendaItem struct {
	ID        string `json:"id" maxLength:"8" doc:"Within the meeting"`
	Title     string `json:"title" maxLength:"400"`
	Public    bool   `json:"public" doc:"Shown to residents"`
	Decides   bool   `json:"decides" doc:"A vote is due"`
	Party     string `json:"party,omitempty" maxLength:"20" doc:"Day on which the Party branch has discussed it, YYYY-MM-DD; required of what an assembly decides"`
	Materials string `json:"materials,omitempty" maxLength:"16000" doc:"What is put before the meeting"`
	NoVote    string `json:"noVote,omitempty" maxLength:"1000" doc:"Why no vote was taken"`
}

// MeetingContent is what the convener writes.
type MeetingContent struct {
	Body     string       `json:"body" enum:"assembly,representatives,group,committee,supervisory,council,party"`
	Mode     string       `json:"mode" enum:"voters,households,representatives,members" doc:"Who is counted: of assemblies and groups voters or households"`
	Group    string       `json:"group,omitempty" maxLength:"120" doc:"Name of the group, of a group's meeting"`
	Title    string       `json:"title" maxLength:"400"`
	Place    string       `json:"place" maxLength:"400"`
	Day      string       `json:"day" maxLength:"20" doc:"YYYY-MM-DD"`
	Time     string       `json:"time" maxLength:"10" doc:"HH:MM, city time"`
	Entitled int          `json:"entitled,omitempty" minimum:"0" maximum:"1000000" doc:"Persons or households entitled; counted from the rosters where they are known"`
	Short    string       `json:"short,omitempty" maxLength:"1000" doc:"Special case for which notice is shorter"`
	Called   string       `json:"called" enum:"committee,voters,households,representatives" doc:"Who asked for the meeting"`
	CalledOf int          `json:"calledOf,omitempty" minimum:"0" maximum:"1000000" doc:"Entitled to ask"`
	CalledBy int          `json:"calledBy,omitempty" minimum:"0" maximum:"1000000" doc:"Who have asked"`
	Items    []AgendaItem `json:"items" maxItems:"60"`
}

// MeetingMinutes are what was written of a meeting.
type MeetingMinutes struct {
	Text       string `json:"text" doc:"What was said and decided"`
	Chair      string `json:"chair" doc:"Id of the attendance of who presided"`
	Recorder   string `json:"recorder" doc:"Id of the attendance of who wrote the minutes"`
	Supervisor string `json:"supervisor,omitempty" doc:"Id of the attendance of the supervisory body's member"`
}

// Meeting is one meeting.
type Meeting struct {
	Shard  string     `json:"-"`
	ID     string     `json:"id"`
	Number string     `json:"number"`
	Area   string     `json:"area" doc:"The community"`
	Kind   string     `json:"kind" enum:"residents,villagers" doc:"Branch of law"`
	State  flow.State `json:"state" enum:"draft,convened,sitting,closed,signed,cancelled"`
	MeetingContent
	StartsAt   int64          `json:"startsAt"`
	ConvenedAt int64          `json:"convenedAt" doc:"When notice was given; 0 before"`
	OpenedAt   int64          `json:"openedAt"`
	LostAt     int64          `json:"lostAt" doc:"When the quorum was lost; 0 while it holds"`
	ClosedAt   int64          `json:"closedAt"`
	SignedAt   int64          `json:"signedAt"`
	Minutes    MeetingMinutes `json:"minutes"`
	Digest     string         `json:"digest" doc:"SHA-256 of what was signed, in hexadecimal"`
	EndReason  string         `json:"endReason"`
	Version    int64          `json:"version"`
}

// Bounds of texts, in characters.
const (
	maxTitle     = 200
	maxMaterials = 8000
	maxReason    = 500
	maxMinutes   = 20000
	maxItems     = 60
)

// tidy brings what was written into the form in which it is kept.
func (c *MeetingContent) tidy() {
	c.Title, c.Place, c.Group, c.Short = fold.Line(c.Title), fold.Line(c.Place), fold.Line(c.Group), fold.Line(c.Short)
	c.Day, c.Time = fold.KeepDay(c.Day), fold.Compact(c.Time)
	for i := range c.Items {
		it := &c.Items[i]
		it.Title, it.Party, it.NoVote = fold.Line(it.Title), fold.KeepDay(it.Party), fold.Line(it.NoVote)
		it.Materials = strings.TrimSpace(it.Materials)
	}
	for i := range c.Items { // ids are given once and stay
		if c.Items[i].ID == "" {
			c.Items[i].ID = c.free()
		}
	}
}

// free is an id that no item has.
func (c *MeetingContent) free() string {
	for n := 1; ; n++ {
		id := "i" + itoa(n)
		if !slices.ContainsFunc(c.Items, func(it AgendaItem) bool { return it.ID == id }) {
			return id
		}
	}
}

// check refuses what is incomplete or over its bounds, naming every field.
func (c *MeetingContent) check() error {
	refused := errs.ErrInvalid
	bound := func(at, value string, most int, required bool) {
		if required && value == "" {
			refused = refused.At(at, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(at, "field.too_long", "max", most)
		}
	}
	bound("title", c.Title, maxTitle, true)
	bound("place", c.Place, maxTitle, true)
	bound("short", c.Short, maxReason, false)
	bound("group", c.Group, 60, c.Body == Group)
	if _, ok := fold.Day(c.Day); !ok {
		refused = refused.At("day", "field.date")
	}
	if _, err := time.Parse("15:04", c.Time); err != nil {
		refused = refused.At("time", "council.meeting.time")
	}
	if !slices.Contains(modesOf[c.Body], c.Mode) {
		refused = refused.At("mode", "field.choice")
	}
	if len(c.Items) > maxItems {
		refused = refused.At("items", "council.meeting.items", "max", maxItems)
	}
	seen := []string{}
	for i := range c.Items {
		it, at := &c.Items[i], "items["+itoa(i)+"]"
		bound(at+".title", it.Title, maxTitle, true)
		bound(at+".materials", it.Materials, maxMaterials, false)
		bound(at+".noVote", it.NoVote, maxReason, false)
		if _, ok := fold.Day(it.Party); it.Party != "" && !ok {
			refused = refused.At(at+".party", "field.date")
		}
		if slices.Contains(seen, it.ID) {
			refused = refused.At(at+".id", "field.choice")
		}
		seen = append(seen, it.ID)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// modesOf are the ways in which each body may meet.
var modesOf = map[string][]string{
	Assembly: {threshold.Voters, threshold.Households}, Group: {threshold.Voters, threshold.Households},
	Representatives: {threshold.Representatives}, Committee: {threshold.Members}, Supervisory: {threshold.Members},
	Council: {threshold.Members}, Party: {threshold.Members},
}

// instant is when a meeting begins, in UTC milliseconds. The content has been checked.
func (c *MeetingContent) instant() int64 {
	at, _ := time.ParseInLocation(time.DateOnly+" 15:04", c.Day+" "+c.Time, clock.City)
	return clock.Millis(at)
}

// days is how many days lie between two days.
func days(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// before is the day so many days before another.
func before(day string, n int) string {
	at, _ := time.Parse(time.DateOnly, day)
	return at.AddDate(0, 0, -n).Format(time.DateOnly)
}

// item is the point of the agenda with an id, or nil.
func (m *Meeting) item(id string) *AgendaItem {
	for i := range m.Items {
		if m.Items[i].ID == id {
			return &m.Items[i]
		}
	}
	return nil
}

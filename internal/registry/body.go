package registry

import (
	"slices"
	"time"

	"linli/internal/platform/clock"
)

// Kinds of bodies. The first six make up every community: 一委 一居(村) 一站 一办, 议事会, 监事会.
const (
	BodyParty       = "party"       // 社区（村）党组织
	BodyCommittee   = "committee"   // 居（村）民委员会
	BodyStation     = "station"     // 社区服务站
	BodyOffice      = "office"      // 综治办（警务、调解）
	BodyCouncil     = "council"     // 议事会
	BodySupervisory = "supervisory" // 监事会
	BodySubdistrict = "subdistrict" // 街道办事处、乡镇人民政府
	BodyDepartment  = "department"  // 政府部门 of a city, county or street
)

// CommunityBodies are the six of every community, in the order in which they are shown.
var CommunityBodies = []string{BodyParty, BodyCommittee, BodyStation, BodyOffice, BodyCouncil, BodySupervisory}

// Departments lists the codes of government departments.
var Departments = []string{
	"civil_affairs", "hrss", "disabled_federation", "medical_security", "police", "urban_management",
	"housing", "health", "emergency", "ecology", "justice", "transport", "water", "veterans",
}

// Hours are opening or duty hours on some days of the week.
type Hours struct {
	Days []int  `json:"days" minItems:"1" maxItems:"7" doc:"1 Monday … 7 Sunday"`
	From string `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$"`
	To   string `json:"to" pattern:"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" doc:"After from"`
}

// Posts are the codes of usual posts, worded by registry.post.<code>. A post may also be any
// other title, shown as it is.
var Posts = []string{
	"secretary", "deputy_secretary", "director", "deputy_director", "member", "station_chief", "social_worker",
	"office_chief", "mediator", "convener", "councillor", "chief_supervisor", "supervisor", "head", "clerk",
}

// Body is an organ of an area: one of the six of a community, a street's office, a department.
type Body struct {
	ID         string   `json:"id"`
	Area       string   `json:"area" doc:"Area code"`
	Kind       string   `json:"kind" enum:"party,committee,station,office,council,supervisory,subdistrict,department"`
	Department string   `json:"department,omitempty" doc:"Code of a government department, e.g. civil_affairs"`
	Name       string   `json:"name"`
	Phone      string   `json:"phone"`
	Address    string   `json:"address"`
	Hours      []Hours  `json:"hours"`
	Members    []Member `json:"members" doc:"Empty in lists that serve to pick a body"`
	Version    int64    `json:"version"`
}

// Asks tells whether work of the body must be admitted before it reaches communities: that of government departments and of
// streets and towns (居民委员会组织法 2025, art. 43).
func (b *Body) Asks() bool { return b.Kind == BodyDepartment || b.Kind == BodySubdistrict }

// Member holds a post in a body for a term.
type Member struct {
	ID       string  `json:"id"`
	BodyID   string  `json:"-"`
	Account  string  `json:"-"` // id of the member's account, or ""; never shown
	Name     string  `json:"name"`
	Post     string  `json:"post" doc:"Code worded by registry.post.<code>, or a title"`
	Phone    string  `json:"phone" doc:"Of the post, for everybody"`
	TermFrom string  `json:"termFrom" doc:"First day of the term"`
	TermTo   string  `json:"termTo" doc:"Last day of the term, or empty while it lasts"`
	Duty     []Hours `json:"duty"`
	Version  int64   `json:"version"`
}

// InTerm tells whether the term covers the day (YYYY-MM-DD).
func (m Member) InTerm(day string) bool {
	return m.TermFrom <= day && (m.TermTo == "" || day <= m.TermTo)
}

// Expired tells whether the term ended before the day (YYYY-MM-DD).
func (m Member) Expired(day string) bool { return m.TermTo != "" && m.TermTo < day }

// OnDuty picks those in office and on duty at an instant, in city time.
func OnDuty(members []Member, at time.Time) []Member {
	at = at.In(clock.City)
	day, weekday, hour := clock.Day(at), (int(at.Weekday())+6)%7+1, at.Format("15:04")
	out := []Member{}
	for _, m := range members {
		if m.InTerm(day) && open(m.Duty, weekday, hour) {
			out = append(out, m)
		}
	}
	return out
}

// Open tells whether the hours cover an instant, in city time.
func Open(hours []Hours, at time.Time) bool {
	at = at.In(clock.City)
	return open(hours, (int(at.Weekday())+6)%7+1, at.Format("15:04"))
}

func open(hours []Hours, weekday int, hour string) bool {
	for _, h := range hours {
		if slices.Contains(h.Days, weekday) && h.From <= hour && hour < h.To {
			return true
		}
	}
	return false
}

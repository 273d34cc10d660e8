// Package pact keeps the conventions of communities: 市民公约, 村规民约, 居民公约, 自治章程 and group rules. Opinions are collected, a text is
// drafted in clauses, reviewed for what it may not set (package review), adopted by the body that the law names with counts
// judged by package threshold, filed, published and revised, or ordered to be corrected. A published text never changes.
// Tables: pact_edition, pact_clause, pact_finding, pact_opinion, pact_event (sharded). Lifecycle: pact.convention.
package pact

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/pact/review"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules are the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Permissions of the module.
const (
	permRead   = "pact.convention.read"   // those that are not published, too
	permWrite  = "pact.convention.write"  // and collect, submit, adopt, publish, revise
	permReview = "pact.convention.review" // decide findings, pass, return
	permFile   = "pact.convention.file"   // and order to correct
)

var (
	writers   = []authority.Role{registry.RoleCommitteeMember, registry.RoleCountyOfficer, registry.RoleCityOfficer}
	reviewers = []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer}

	permissions = []authority.Permission{
		{Name: permRead, Roles: append([]authority.Role{registry.RoleSubdistrictOfficer, registry.RoleSupervisoryMember,
			registry.RoleCouncilMember, registry.RoleCommunityBuilding}, writers...)},
		{Name: permWrite, Roles: writers},
		{Name: permReview, Roles: reviewers},
		{Name: permFile, Roles: reviewers},
	}
)

// Bounds of a convention, in characters.
const (
	maxTitle   = 60
	maxClause  = 2000
	maxClauses = 200
	maxOpinion = 1000
	maxNote    = 500
)

// Clause is one row of a text.
type Clause struct {
	Kind   string `json:"kind" enum:"preamble,heading,clause"`
	Number string `json:"number" doc:"Own number in digits; running number where none is written"`
	Label  string `json:"label" maxLength:"40" doc:"The number as written"`
	Body   string `json:"body" maxLength:"2000"`
}

// Content is what a writer sets.
type Content struct {
	Area    string   `json:"area" maxLength:"12" pattern:"^[0-9]*$"`
	Kind    string   `json:"kind" enum:"villagers,residents,citizens,charter,group"`
	Title   string   `json:"title" maxLength:"60"`
	Clauses []Clause `json:"clauses" maxItems:"200"`
}

// tidy brings a content into the form in which it is kept: clauses are numbered anew as they are written.
func (c *Content) tidy() {
	c.Title = fold.Line(c.Title)
	kept := []Clause{}
	for _, x := range c.Clauses {
		x.Label, x.Body = fold.Line(x.Label), strings.TrimSpace(strings.ReplaceAll(x.Body, "\r\n", "\n"))
		if x.Body != "" {
			kept = append(kept, x)
		}
	}
	c.Clauses = kept
	c.number()
}

// number gives each clause the number that its label tells, or its running number.
func (c *Content) number() {
	running := 0
	for i := range c.Clauses {
		x := &c.Clauses[i]
		if x.Kind != review.Article {
			x.Number = "0"
			continue
		}
		running++
		x.Number = review.NumberOf(x.Label, running)
	}
}

// check refuses a content over its bounds or for a place that has no such convention, naming every field: Invalid.
func (c *Content) check(a registry.Area, known bool) error {
	refused := errs.ErrInvalid
	switch {
	case c.Title == "":
		refused = refused.At("title", "field.required")
	case !fold.Within(c.Title, maxTitle):
		refused = refused.At("title", "field.too_long", "max", maxTitle)
	}
	if len(c.Clauses) > maxClauses {
		refused = refused.At("clauses", "field.too_long", "max", maxClauses)
	}
	for _, x := range c.Clauses {
		if !fold.Within(x.Body, maxClause) {
			refused = refused.At("clauses", "pact.clause_long", "number", x.Label, "max", maxClause)
		}
	}
	if !known || !fits(c.Kind, a) {
		refused = refused.At("kind", "pact.kind_area")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// fits tells whether an area has conventions of a kind: villages and urban communities their own, cities down to streets 市民公约.
func fits(kind string, a registry.Area) bool {
	switch kind {
	case review.Citizens:
		return a.Level >= registry.LevelCity && a.Level <= registry.LevelStreet
	case review.Residents:
		return a.Level == registry.LevelCommunity && a.Urban()
	case review.Villagers, review.Group:
		return a.Level == registry.LevelCommunity && !a.Urban()
	case review.Charter:
		return a.Level == registry.LevelCommunity
	}
	return false
}

// Meeting is the vote by which a text was adopted. Counts are those of the roll, of who attended and of who agreed.
type Meeting struct {
	Body     string `json:"body" enum:"assembly,representatives,group,office" doc:"office: 市民公约, set out by the city's office"`
	Mode     string `json:"mode" enum:"voters,households,representatives,none"`
	Day      string `json:"day" maxLength:"10"`
	Entitled int    `json:"entitled" minimum:"0" maximum:"10000000"`
	Present  int    `json:"present" minimum:"0" maximum:"10000000"`
	Yes      int    `json:"yes" minimum:"0" maximum:"10000000"`
	Rule     string `json:"rule,omitempty" doc:"Key of the rule that decided"`
	Citation string `json:"citation,omitempty"`
	Vote     string `json:"vote,omitempty" maxLength:"60" doc:"Id of the meeting's vote where it was held on the platform"`
}

// Filing is where and when a text was filed.
type Filing struct {
	Office string `json:"office" enum:"township,street,county"`
	Day    string `json:"day" maxLength:"10"`
	Number string `json:"number" maxLength:"60" doc:"Number of the file"`
}

// Edition is one text of a convention, with what became of it.
type Edition struct {
	Shard, ID   string
	Seq         int
	State       string
	Content     Content
	Reason      string // of a revision
	WriterName  string
	WrittenAt   int64
	ReviewedAt  int64
	Meeting     *Meeting
	Filing      *Filing
	PublishedAt int64
	OrderedAt   int64
	OrderedBy   string
	OrderReason string
	CorrectBy   string // day by which an ordered correction is due
	EndedAt     int64
	Version     int64

	latest     bool
	correctDue int64  // end of CorrectBy
	writer     string // id of the account
	open       int    // findings not decided
	upheld     int    // illegal findings that a person confirmed
}

// public tells whether everybody may read it: it was published once.
func (e *Edition) public() bool { return e.PublishedAt > 0 }

// village tells the branch of law.
func village(a registry.Area) bool { return !a.Urban() }

// reviewed are the clauses as the review reads them.
func (e *Edition) reviewed() (out []review.Clause) {
	for _, c := range e.Content.Clauses {
		out = append(out, review.Clause{Kind: c.Kind, Number: c.Number, Own: c.Label != "", Label: c.Label, Text: c.Body})
	}
	return out
}

// fromText are the rows of a pasted text.
func fromText(text string) (title string, out []Clause) {
	for _, c := range review.Split(text) {
		if c.Kind == review.Title {
			title = c.Text
			continue
		}
		out = append(out, Clause{Kind: c.Kind, Number: c.Number, Label: c.Label, Body: c.Text})
	}
	return title, out
}

// record is what the audit log keeps of an edition.
func (e *Edition) record() map[string]any {
	return map[string]any{"edition": e.Seq, "title": e.Content.Title, "kind": e.Content.Kind, "state": e.State, "clauses": len(e.Content.Clauses)}
}

func encoded[T any](v *T) string {
	if v == nil {
		return ""
	}
	raw, _ := json.Marshal(v) // texts and numbers
	return string(raw)
}

func decoded[T any](raw string) *T {
	if raw == "" {
		return nil
	}
	v := new(T)
	if json.Unmarshal([]byte(raw), v) != nil {
		return nil
	}
	return v
}

// Decisions on a finding.
const (
	Upheld    = "upheld"    // it is as found: the text has to change
	Dismissed = "dismissed" // lawful where it stands
)

var decisions = []string{Upheld, Dismissed}

func isDecision(s string) bool { return slices.Contains(decisions, s) }

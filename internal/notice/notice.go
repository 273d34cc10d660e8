// Package notice publishes 社区公告: what committees, stations, streets and departments tell the
// residents of chosen areas, approved by a second person, for a time. A published text never changes:
// a correction is a new edition that says why, and both stay readable.
// Tables: notice_edition, notice_place, notice_event, notice_file (sharded). Lifecycle: notice.notice.
package notice

import (
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Permissions of the module.
const (
	permRead     = "notice.notice.read"     // those that are not published, too
	permWrite    = "notice.notice.write"    // and submit, correct, discard
	permApprove  = "notice.notice.approve"  // and return
	permWithdraw = "notice.notice.withdraw" // what is published
)

// writers are the roles of the committee, the station, the street, departments and the governments above.
var writers = []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher,
	registry.RoleCommitteeMember, registry.RoleDepartmentClerk,
	registry.RoleDepartmentHead, registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer}

// approvers may approve at some level; at which, the rules notice.approvers.* say.
var approvers = []authority.Role{registry.RoleDispatcher, registry.RoleCommitteeMember, registry.RoleDepartmentHead,
	registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer}

var permissions = []authority.Permission{
	{Name: permRead, Roles: append([]authority.Role{registry.RoleSupervisoryMember, registry.RoleCouncilMember}, writers...)},
	{Name: permWrite, Roles: writers},
	{Name: permApprove, Roles: approvers},
	{Name: permWithdraw, Roles: approvers},
}

// kindAffairs is 居务公开, 村务公开: it is shown for fifteen days at least.
const kindAffairs = "affairs"

// Kinds of notices, by what they are about.
var kinds = []string{kindAffairs, "service", "activity", "utility", "safety", "other"}

// Bounds of a notice, in characters.
const (
	maxTitle  = 60
	maxBody   = 5000
	maxTitleE = 160
	maxBodyE  = 10_000
	maxAreas  = 50
	maxFiles  = 9
)

// Title and Body are in Chinese, and in English where the writer gives it. The bounds here are of bytes that
// are read; those of characters are above.
type (
	Title struct {
		Zh string `json:"zh" maxLength:"2000"`
		En string `json:"en,omitempty" maxLength:"5000"`
	}
	Body struct {
		Zh string `json:"zh" maxLength:"60000"`
		En string `json:"en,omitempty" maxLength:"60000"`
	}
)

// In is the title in the reader's language, or in Chinese where there is no English.
func (t Title) In(lang text.Lang) string { return in(text.Pair(t), lang) }

// In is the text in the reader's language, or in Chinese where there is no English.
func (b Body) In(lang text.Lang) string { return in(text.Pair(b), lang) }

// forever stands for a notice without a last day.
const forever = "9999-12-31"

// Content is what a writer sets. English is optional, but whole where it is given.
type Content struct {
	Areas  []string `json:"areas" minItems:"1" maxItems:"50" doc:"Codes of the areas that it is for: city down to community"`
	Kind   string   `json:"kind" enum:"affairs,service,activity,utility,safety,other"`
	Title  Title    `json:"title"`
	Body   Body     `json:"body" doc:"Plain text; an empty line separates paragraphs"`
	From   string   `json:"from" maxLength:"10" doc:"First day on which it is shown"`
	Until  string   `json:"until,omitempty" maxLength:"10" doc:"Last day on which it is shown, or empty; required of an urgent one"`
	Urgent bool     `json:"urgent,omitempty" doc:"Shown as a banner, e.g. when water or power is cut off"`
	Pinned bool     `json:"pinned,omitempty" doc:"Shown before others"`
}

// tidy brings a content into the form in which it is kept.
func (c *Content) tidy() {
	for _, s := range []*string{&c.Title.Zh, &c.Title.En} {
		*s = fold.Line(*s)
	}
	for _, s := range []*string{&c.Body.Zh, &c.Body.En} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	}
	c.From, c.Until = fold.KeepDay(c.From), fold.KeepDay(c.Until)
	slices.Sort(c.Areas)
	c.Areas = slices.Compact(c.Areas)
	c.Areas = authority.Outermost(c.Areas)
}

// check refuses a content that is incomplete or over its bounds, naming every field: Invalid.
func (c *Content) check() error {
	refused := errs.ErrInvalid
	bound := func(field, value string, most int, required bool) {
		if required && value == "" {
			refused = refused.At(field, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(field, "field.too_long", "max", most)
		}
	}
	bound("title.zh", c.Title.Zh, maxTitle, true)
	bound("body.zh", c.Body.Zh, maxBody, true)
	bound("title.en", c.Title.En, maxTitleE, c.Body.En != "")
	bound("body.en", c.Body.En, maxBodyE, c.Title.En != "")
	if !slices.Contains(kinds, c.Kind) {
		refused = refused.At("kind", "field.choice")
	}
	from, ok := fold.Day(c.From)
	if !ok {
		refused = refused.At("from", "field.date")
	}
	switch until, ok := fold.Day(c.Until); {
	case c.Until == "" && c.Urgent:
		refused = refused.At("until", "notice.urgent_until").By(ruleUrgent)
	case c.Until != "" && !ok:
		refused = refused.At("until", "field.date")
	case c.Until != "" && until < from:
		refused = refused.At("until", "notice.until_before")
	}
	if len(c.Areas) == 0 {
		refused = refused.At("areas", "field.required")
	} else if len(c.Areas) > maxAreas {
		refused = refused.At("areas", "field.too_long", "max", maxAreas)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Over is the smallest area that holds all of these: whoever writes or approves needs authority over it.
func Over(areas []string) string {
	if len(areas) == 0 {
		return ""
	}
	over := areas[0]
	for _, a := range areas[1:] {
		for !strings.HasPrefix(a, over) {
			over = over[:len(over)-1]
		}
	}
	for registry.LevelOf(over) == 0 && over != "" {
		over = over[:len(over)-1]
	}
	return over
}

// Edition is one text of a notice, with what became of it.
type Edition struct {
	Shard, ID string
	Seq       int // 1 for the first text, 2 for its first correction …
	State     string
	Area      string // Over(Areas)
	Content
	Issuer       string // name of the body, or of the area, that it is from
	WriterName   string
	ApproverName string
	WrittenAt    int64
	PublishedAt  int64  // 0 until it was approved
	EndedAt      int64  // replaced, withdrawn, expired or discarded; else 0
	Reason       string // of a correction
	EndReason    string // of a withdrawal
	Version      int64

	latest    bool
	writers   []string // ids of the accounts that wrote it
	base      string   // state of the edition that a correction is of
	today     string
	approvers []authority.Role // of its level, today
}

// Shown tells whether it is for lists on a day: published, and within its days.
func (e *Edition) Shown(day string) bool {
	return e.State == string(statePublished) && e.From <= day && day <= e.last()
}

// last is the last day of it.
func (e *Edition) last() string {
	if e.Until == "" {
		return forever
	}
	return e.Until
}

// public tells whether everybody may read it: it was published once.
func (e *Edition) public() bool { return e.PublishedAt > 0 }

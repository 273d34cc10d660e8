// Package proposal is what a department applies for when it wants something of communities, and what the rules, the lists and
// the data held say about it. It keeps nothing: the service of applications asks it before it takes a step, and the command line
// judges a file by it.
package proposal

import (
	"slices"
	"strings"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// Roles that an application may want of a community. The law lets it assist and report; the department stays responsible.
const (
	RoleAssist = "assist"
	RoleReport = "report"
	roleLead   = "lead" // 主责: always refused
)

// NoAssessment is the only answer about an assessment that is admitted.
const NoAssessment = "none"

// Bounds of an application. Texts are in characters, money in fen, work in minutes.
const (
	maxName        = 60
	maxText        = 3000
	MaxLine        = 120
	maxAreas       = 200
	maxFields      = 60
	maxInstalments = 24
	MaxFiles       = 9
	maxAmount      = 100_000_000_00 // a hundred million yuan
	maxMinutes     = 60 * 24 * 31
	maxFrequency   = 366
)

// AdmissionBasis is the law or document that an application rests on.
type AdmissionBasis struct {
	Document  string `json:"document" maxLength:"120" doc:"Name and number of the law or document"`
	Article   string `json:"article" maxLength:"120"`
	Certainty string `json:"certainty" enum:"V,S,U,D" doc:"V read in the text, S second-hand, U not verified, D derived"`
}

// AdmissionInstalment is one payment of the money of an application.
type AdmissionInstalment struct {
	Amount int64  `json:"amount" minimum:"0" doc:"Fen"`
	Due    string `json:"due" maxLength:"10" doc:"Day by which it is paid, YYYY-MM-DD"`
}

// AdmissionMoney is what the department pays the communities for the work.
type AdmissionMoney struct {
	Amount      int64                 `json:"amount" minimum:"0" doc:"Fen, of all communities together"`
	Source      string                `json:"source" maxLength:"120"`
	Line        string                `json:"line,omitempty" maxLength:"120" doc:"Of the funded budget line; empty while none is"`
	Instalments []AdmissionInstalment `json:"instalments" maxItems:"24"`
}

// Proposal is what a department applies for.
type Proposal struct {
	Name        string         `json:"name" maxLength:"60"`
	NameEn      string         `json:"nameEn,omitempty" maxLength:"180"`
	Ways        []string       `json:"ways" maxItems:"7" doc:"How it is sent" enum:"task,form,inspection,meeting,certificate,part,redirect"`
	Entry       string         `json:"entry,omitempty" maxLength:"20" doc:"Code of the entry of the lists that it is claimed to be, if any"`
	StreetEntry string         `json:"streetEntry,omitempty" maxLength:"20" doc:"Code of the entry of the street's list of duties, if any"`
	Basis       AdmissionBasis `json:"basis"`
	Areas       []string       `json:"areas" maxItems:"200" doc:"Codes of the areas it is for: city down to community"`
	Text        string         `json:"text" maxLength:"3000" doc:"What communities are to do"`
	Role        string         `json:"role" enum:"assist,report,lead"`
	From        string         `json:"from" maxLength:"10"`
	Until       string         `json:"until" maxLength:"10" doc:"Last day on which communities need to answer"`
	Exit        string         `json:"exit" maxLength:"10" doc:"Day on which the matter itself leaves the communities, not after until"`
	Frequency   int            `json:"frequency" minimum:"0" maximum:"366" doc:"Times a year and community"`
	Minutes     int            `json:"minutes" minimum:"0" maximum:"44640" doc:"Of one person, for each community, each time"`
	Money       AdmissionMoney `json:"money"`
	Fields      []string       `json:"fields,omitempty" maxItems:"60" doc:"Names of the data wanted"`
	HeldCheck   string         `json:"heldCheck,omitempty" maxLength:"3000" doc:"Which of these are held already, and why they are asked"`
	OwnStaff    string         `json:"ownStaff" maxLength:"3000" doc:"Why the department's own staff cannot do it"`
	Assessment  string         `json:"assessment" enum:"none,ranking,score,target" doc:"Of communities; only none is admitted"`
	Consistency string         `json:"consistency,omitempty" maxLength:"120" doc:"Number of the assessment of consistency"`
	Emergency   bool           `json:"emergency,omitempty"`
	Why         string         `json:"why,omitempty" maxLength:"3000" doc:"Why it is an emergency"`
}

// Tidy brings a content into the form in which it is kept.
func (c *Proposal) Tidy() {
	for _, s := range []*string{&c.Name, &c.NameEn, &c.Basis.Document, &c.Basis.Article, &c.Money.Source, &c.Money.Line, &c.Consistency} {
		*s = fold.Line(*s)
	}
	for _, s := range []*string{&c.Text, &c.HeldCheck, &c.OwnStaff, &c.Why} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	}
	c.Entry, c.StreetEntry = fold.Compact(c.Entry), fold.Compact(c.StreetEntry)
	for _, s := range []*string{&c.From, &c.Until, &c.Exit} {
		*s = fold.KeepDay(*s)
	}
	for i := range c.Money.Instalments {
		c.Money.Instalments[i].Due = fold.KeepDay(c.Money.Instalments[i].Due)
	}
	fields := []string{}
	for _, f := range c.Fields {
		if f = fold.Line(f); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	c.Fields = fields
	slices.Sort(c.Areas)
	c.Areas = authority.Outermost(slices.Compact(c.Areas))
	slices.Sort(c.Ways)
	c.Ways = slices.Compact(c.Ways)
	if c.Money.Instalments == nil {
		c.Money.Instalments = []AdmissionInstalment{}
	}
	if !c.Emergency {
		c.Why = ""
	}
}

// Bounds refuses what is longer or more than a draft may hold, naming every field: Invalid.
func (c *Proposal) Bounds() error {
	refused := errs.ErrInvalid
	for _, t := range []struct {
		field, value string
		most         int
	}{{"name", c.Name, maxName}, {"nameEn", c.NameEn, 3 * maxName}, {"basis.document", c.Basis.Document, MaxLine},
		{"basis.article", c.Basis.Article, MaxLine}, {"text", c.Text, maxText}, {"money.source", c.Money.Source, MaxLine},
		{"money.line", c.Money.Line, MaxLine}, {"heldCheck", c.HeldCheck, maxText}, {"ownStaff", c.OwnStaff, maxText},
		{"consistency", c.Consistency, MaxLine}, {"why", c.Why, maxText}} {
		if !fold.Within(t.value, t.most) {
			refused = refused.At(t.field, "field.too_long", "max", t.most)
		}
	}
	if c.Name == "" {
		refused = refused.At("name", "field.required")
	}
	if len(c.Areas) == 0 {
		refused = refused.At("areas", "field.required")
	}
	for _, f := range c.Fields {
		if !fold.Within(f, maxName) {
			refused = refused.At("fields", "field.too_long", "max", maxName)
		}
	}
	for _, w := range c.Ways {
		if !gate.Way(w).Known() {
			refused = refused.At("ways", "field.choice")
		}
	}
	if c.Money.Amount > maxAmount {
		refused = refused.At("money.amount", "field.range", "min", 0, "max", maxAmount)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// yearly is the declared work of one community in a year, in minutes.
func (c *Proposal) yearly() int { return c.Frequency * c.Minutes }

// Over is the smallest area that holds all of these.
func Over(areas []string) string {
	if len(areas) == 0 {
		return ""
	}
	out := areas[0]
	for _, a := range areas[1:] {
		for !strings.HasPrefix(a, out) {
			out = out[:len(out)-1]
		}
	}
	for registry.LevelOf(out) == 0 && out != "" {
		out = out[:len(out)-1]
	}
	return out
}

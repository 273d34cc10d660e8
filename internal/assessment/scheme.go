package assessment

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/fold"
	"linli/internal/platform/text"
)

// Weight is a share of the whole in tenths of a point: 125 is 12.5. It is written as a number with one decimal at most.
type Weight int

// whole is the sum of a scheme's weights: 100.0.
const whole Weight = 1000

// MarshalJSON writes 125 as 12.5.
func (w Weight) MarshalJSON() ([]byte, error) { return []byte(w.String()), nil }

func (w Weight) String() string {
	if w%10 == 0 {
		return fmt.Sprint(int(w / 10))
	}
	return fmt.Sprintf("%d.%d", int(w/10), int(w%10))
}

// UnmarshalJSON reads a number with one decimal at most, 0 to 100.
func (w *Weight) UnmarshalJSON(raw []byte) error {
	var f float64
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	tenths := math.Round(f * 10)
	if math.Abs(f*10-tenths) > 1e-6 || tenths < 0 || tenths > float64(whole) {
		return fmt.Errorf("a weight is 0 to 100 with one decimal at most, not %s", raw)
	}
	*w = Weight(tenths)
	return nil
}

// Schema is that of the API's document.
func (Weight) Schema(huma.Registry) *huma.Schema {
	least, most := 0.0, 100.0
	return &huma.Schema{Type: huma.TypeNumber, Minimum: &least, Maximum: &most, Description: "Points of 100, with one decimal at most"}
}

// Subjects are whom a scheme judges.
const (
	Communities = "communities"
	Streets     = "streets"
	Departments = "departments"
)

// Sources of an indicator's value.
const (
	FromSurvey   = "survey"   // what residents answered
	FromComputed = "computed" // an indicator that the platform counts
)

// PublisherBuilding is the community-building body of the level, which alone publishes schemes.
const PublisherBuilding = "community_building"

// Basis is the law or decision that an indicator rests on.
type Basis struct {
	Law     string `json:"law" maxLength:"300"`
	Article string `json:"article" maxLength:"100"`
}

// Indicator is one line of a scheme.
type Indicator struct {
	Name   text.Pair `json:"name"`
	Source string    `json:"source" enum:"survey,computed"`
	Code   string    `json:"code" maxLength:"60" doc:"Of the declared indicator, or of the question of the survey"`
	Weight Weight    `json:"weight" doc:"0.1 to 100"`
	Basis  Basis     `json:"basis" doc:"Needed unless residents rate it"`
}

// Content is what a scheme says.
type Content struct {
	Name       text.Pair   `json:"name"`
	Year       int         `json:"year" minimum:"2020" maximum:"2100"`
	Area       string      `json:"area" maxLength:"12" pattern:"^[0-9]+$" doc:"City, county or street whose subjects are judged"`
	Subjects   string      `json:"subjects" enum:"communities,streets,departments"`
	Survey     string      `json:"survey,omitempty" maxLength:"64" doc:"Id of the survey that its satisfaction comes from"`
	Indicators []Indicator `json:"indicators" maxItems:"40" nullable:"false"`
}

// Bounds of a scheme.
const (
	maxName       = 60
	maxIndicators = 40
)

// Finding is one thing that is wrong with a scheme.
type Finding struct {
	Line  int            `json:"line" doc:"Indicator, from 1; 0 for the scheme as a whole"`
	Key   string         `json:"key"`
	Rule  string         `json:"rule" doc:"Rule that demands it, or empty"`
	Args  map[string]any `json:"args,omitempty"`
	Words []string       `json:"words,omitempty" doc:"Offending words"`
	Said  string         `json:"said,omitempty" doc:"Sentence in the reader's language"`
	Spans []Span         `json:"spans,omitempty"`
}

// location is where a finding stands in a content.
func (f *Finding) location() string {
	if f.Line == 0 {
		return "content"
	}
	return fmt.Sprintf("content.indicators[%d]", f.Line-1)
}

// Rules of the schemes.
const (
	ruleLargest = "assessment.satisfaction.largest"
	ruleBasis   = "assessment.basis"
	ruleOwner   = "assessment.publisher"
	ruleSecond  = "assessment.second_person"
	ruleAppeal  = "assessment.appeal.days"
)

// Questions of a survey: what residents are asked, each answered on five levels.
func Questions() []string {
	return []string{"overall", "service", "response", "safety", "environment", "disclosure"}
}

// Declared are the codes of the computed indicators: of communities and streets, and of departments.
type Declared struct{ Areas, Departments []string }

// of are those of a scheme's subjects.
func (d Declared) of(subjects string) []string {
	if subjects == Departments {
		return d.Departments
	}
	return d.Areas
}

// saidOfDepartments is the computed indicator that is what residents say of departments: a survey asks of communities.
const saidOfDepartments = "cases_satisfied"

// said tells whether an indicator is what residents say.
func (c *Content) said(x *Indicator) bool {
	return x.Source == FromSurvey || c.Subjects == Departments && x.Code == saidOfDepartments
}

// Check finds everything that keeps a scheme from being published.
func (c *Content) Check(declared Declared) (out []Finding) {
	add := func(line int, key, rule string, args map[string]any) {
		out = append(out, Finding{Line: line, Key: key, Rule: rule, Args: args})
	}
	if n := fold.Count(c.Name.Zh); n == 0 || n > maxName {
		add(0, "assessment.name", "", map[string]any{"max": maxName})
	}
	if !slices.Contains([]string{Communities, Streets, Departments}, c.Subjects) {
		add(0, "assessment.subjects", "", nil)
	}
	if c.Year < 2020 || c.Year > 2100 {
		add(0, "assessment.year", "", nil)
	}
	if n := len(c.Indicators); n == 0 || n > maxIndicators {
		add(0, "assessment.count", "", map[string]any{"max": maxIndicators})
		return out
	}
	for i := range c.Indicators {
		out = append(out, c.check(i, declared.of(c.Subjects))...)
	}
	return append(out, c.weigh()...)
}

// check finds what is wrong with one line. Of departments also what they ask of communities is measured, which is no result
// for residents and none of the banned kinds.
func (c *Content) check(i int, declared []string) (out []Finding) {
	x, line := &c.Indicators[i], i+1
	add := func(key, rule string) { out = append(out, Finding{Line: line, Key: key, Rule: rule}) }
	if n := fold.Count(x.Name.Zh); n == 0 || n > maxName {
		out = append(out, Finding{Line: line, Key: "assessment.indicator.name", Args: map[string]any{"max": maxName}})
	}
	for _, wording := range []string{x.Name.Zh, x.Name.En} {
		if j := Lint(wording); j.Verdict == Refuse && (c.Subjects != Departments || j.Reason != "input") {
			out = append(out, Finding{Line: line, Key: "assessment.banned." + j.Kind, Rule: j.Rule, Words: j.Words, Spans: j.Spans,
				Args: map[string]any{"words": strings.Join(j.Words, ", ")}})
			break
		}
	}
	switch {
	case x.Source == FromSurvey && c.Subjects == Departments:
		add("assessment.indicator.apart", "")
	case x.Source == FromSurvey && !slices.Contains(Questions(), x.Code):
		add("assessment.indicator.question", "")
	case x.Source == FromComputed && !slices.Contains(declared, x.Code):
		add("assessment.indicator.undeclared", "")
	case x.Source != FromSurvey && x.Source != FromComputed:
		add("assessment.indicator.source", "")
	}
	if !c.said(x) && (strings.TrimSpace(x.Basis.Law) == "" || strings.TrimSpace(x.Basis.Article) == "") {
		add("assessment.indicator.basis", ruleBasis)
	}
	if x.Weight <= 0 {
		add("assessment.indicator.weight", "")
	}
	return out
}

// weigh finds what is wrong with the weights together: their sum, that what residents say has strictly the
// largest, and lines that stand twice.
func (c *Content) weigh() (out []Finding) {
	var sum, said, other Weight
	seen := map[string]bool{}
	for i, x := range c.Indicators {
		sum += x.Weight
		if c.said(&x) {
			said += x.Weight
		} else {
			other = max(other, x.Weight)
		}
		if key := x.Source + " " + x.Code; x.Code != "" && seen[key] {
			out = append(out, Finding{Line: i + 1, Key: "assessment.indicator.twice"})
		} else {
			seen[key] = true
		}
	}
	if sum != whole {
		out = append(out, Finding{Key: "assessment.sum", Args: map[string]any{"sum": sum.String()}})
	}
	if said == 0 || said <= other {
		out = append(out, Finding{Key: "assessment.largest", Rule: ruleLargest,
			Args: map[string]any{"said": said.String(), "other": other.String()}})
	}
	return out
}

// CheckPublisher refuses whoever is not the community-building body: a department has no scheme of its own towards communities.
func CheckPublisher(publisher string) []Finding {
	if publisher == PublisherBuilding {
		return nil
	}
	return []Finding{{Key: "assessment.publisher", Rule: ruleOwner}}
}

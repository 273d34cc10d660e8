package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
)

// Score is one value of one subject, in hundredths of a percent (0 to 10,000). It is nil where nothing was due or
// too few answered.
type Score struct {
	N     int  `json:"n" doc:"Answers that counted, or cases above the line"`
	D     int  `json:"d" doc:"Answers, or cases below the line"`
	Value *int `json:"value" nullable:"true" doc:"Hundredths of a percent; null where nothing was due or too few answered"`
	Half  int  `json:"half" doc:"Half-width of the 95 % interval, hundredths of a percent; 0 for what was counted in full"`
}

// Inputs are what a subject's result is made from.
type Inputs struct {
	Area   string  `json:"area"`
	Body   string  `json:"body,omitempty" doc:"Of a department"`
	Name   string  `json:"name"`
	Scores []Score `json:"scores" nullable:"false" doc:"In the order of the indicators"`
}

// Line is the result of one subject.
type Line struct {
	Inputs
	Total *int `json:"total" nullable:"true" doc:"Hundredths of a point of 100; null without satisfaction"`
	Low   int  `json:"low"`
	High  int  `json:"high"`
	Band  int  `json:"band" doc:"1 for the best; those in one band cannot be told apart; 0: not judged"`
}

// Results are what a scheme came to, with all that they are made from: made again from these inputs they are the same to
// the byte.
type Results struct {
	From         string `json:"from" doc:"First month, YYYY-MM"`
	To           string `json:"to" doc:"Last month"`
	SurveyDigest string `json:"surveyDigest" doc:"Of the survey's own results"`
	Lines        []Line `json:"lines" nullable:"false"`
}

// Total makes the results of inputs. An indicator without a value leaves its weight to the others; a subject of whom
// too few residents were asked has no total.
func (c *Content) Total(from, to, survey string, inputs []Inputs) Results {
	out := Results{From: from, To: to, SurveyDigest: survey, Lines: make([]Line, len(inputs))}
	intervals := make([]*Interval, len(inputs))
	for i, in := range inputs {
		l := &out.Lines[i]
		l.Inputs = in
		value, half, weight, said := 0, 0, 0, false
		for k, sc := range in.Scores {
			if sc.Value == nil {
				continue
			}
			w := int(c.Indicators[k].Weight)
			value, half, weight = value+w**sc.Value, half+w*sc.Half, weight+w
			said = said || c.said(&c.Indicators[k])
		}
		if !said {
			continue
		}
		total, width := rounded(value, weight), rounded(half, weight)
		l.Total, l.Low, l.High = &total, max(0, total-width), min(10_000, total+width)
		intervals[i] = &Interval{l.Low, l.High}
	}
	for i, band := range Bands(intervals) {
		out.Lines[i].Band = band
	}
	return out
}

func rounded(n, d int) int { return int(math.Round(float64(n) / float64(d))) }

// Frozen writes results as they are kept, with the digest of what is written.
func (r Results) Frozen() (raw, digest string) {
	b, _ := json.Marshal(r) // integers and texts
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:])
}

// Again makes results anew from the inputs that they were kept with.
func (r Results) Again(c *Content) Results {
	inputs := make([]Inputs, len(r.Lines))
	for i, l := range r.Lines {
		inputs[i] = l.Inputs
	}
	return c.Total(r.From, r.To, r.SurveyDigest, inputs)
}

package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"linli/internal/assessment"
	"linli/internal/platform/db"
)

// SurveyLine is what one community came to.
type SurveyLine struct {
	Part
	Name      string                      `json:"name,omitempty" doc:"As it is called today; no part of what is kept"`
	Drawn     int                         `json:"drawn"`
	Answered  int                         `json:"answered"`
	Refused   int                         `json:"refused"`
	Absent    int                         `json:"absent" doc:"Not met, or never answered"`
	Moved     int                         `json:"moved" doc:"Lived there no longer"`
	Response  int                         `json:"response" doc:"Answered of those drawn who lived there, hundredths of a percent"`
	Questions map[string]assessment.Score `json:"questions"`
	Band      int                         `json:"band" doc:"By overall satisfaction, 1 for the best; those in one band cannot be told apart; 0: too few answers"`
}

// SurveyResults are what a survey came to.
type SurveyResults struct {
	Seed        string       `json:"seed"`
	FrameDigest string       `json:"frameDigest"`
	Least       int          `json:"least" doc:"Answers below which a community has no value"`
	Content     int          `json:"content" doc:"Level from which on an answer counts as content"`
	Lines       []SurveyLine `json:"lines" nullable:"false"`
}

// Frozen writes results as they are kept, with the digest of what is written.
func (r SurveyResults) Frozen() (raw, digest string) {
	b, _ := json.Marshal(r) // integers and texts
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:])
}

// results makes the results from frame, slips and counters: least answers a community, and content the level from which
// on an answer counts as content.
func (s *Service) results(ctx context.Context, r db.Reader, x *Survey, least, content int) (SurveyResults, error) {
	out := SurveyResults{Seed: x.Seed, FrameDigest: x.FrameDigest, Least: least, Content: content, Lines: []SurveyLine{}}
	slips, err := progress(ctx, r, x.ID)
	if err != nil {
		return out, err
	}
	tallies, err := listTallies(ctx, r, x.ID)
	if err != nil {
		return out, err
	}
	strata := map[[3]string]*Stratum{}
	for _, t := range tallies {
		key := [3]string{t.community, t.stratum, t.question}
		if strata[key] == nil {
			strata[key] = &Stratum{}
		}
		if t.level > 0 {
			strata[key].N += t.n
		}
		if t.level >= out.Content {
			strata[key].X += t.n
		}
	}
	for _, p := range x.Content.Frame {
		out.Lines = append(out.Lines, line(p, slips[p.Community], strata, least))
	}
	intervals := make([]*assessment.Interval, len(out.Lines))
	for i := range out.Lines {
		if q := out.Lines[i].Questions["overall"]; q.Value != nil {
			intervals[i] = &assessment.Interval{Low: *q.Value - q.Half, High: *q.Value + q.Half}
		}
	}
	for i, band := range assessment.Bands(intervals) {
		out.Lines[i].Band = band
	}
	return out, nil
}

func line(p Part, slips map[string]int, strata map[[3]string]*Stratum, least int) SurveyLine {
	l := SurveyLine{Part: p, Answered: slips[slipAnswered], Refused: slips[slipRefused],
		Absent: slips[slipAbsent] + slips[slipWaiting], Moved: slips[slipMoved], Questions: map[string]assessment.Score{}}
	for _, n := range slips {
		l.Drawn += n
	}
	if lived := l.Drawn - l.Moved; lived > 0 {
		l.Response = (l.Answered*20_000 + lived) / (2 * lived)
	}
	for _, q := range assessment.Questions() {
		var both []Stratum
		for i, stratum := range []string{Ordinary, Special} {
			if st := strata[[3]string{p.Community, stratum, q}]; st != nil {
				both = append(both, Stratum{Size: []int{p.Ordinary, p.Special}[i], N: st.N, X: st.X})
			}
		}
		l.Questions[q] = score(both, least)
	}
	return l
}

// Results are what a survey came to; false before it is closed.
func (s *Survey) Results() (SurveyResults, bool) {
	var out SurveyResults
	if s.results == "" || json.Unmarshal([]byte(s.results), &out) != nil {
		return out, false
	}
	return out, true
}

// Holds tells whether the results of a closed survey, made again from frame, slips and counters, are the same to the byte.
func (s *Service) Holds(ctx context.Context, x *Survey) (bool, error) {
	kept, ok := x.Results()
	if !ok {
		return false, nil
	}
	r, err := s.results(ctx, s.Log.DB, x, kept.Least, kept.Content)
	raw, digest := r.Frozen()
	return raw == x.results && digest == x.Digest, err
}

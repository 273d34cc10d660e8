package worklist

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/gram"
	"linli/internal/platform/text"
)

// A cell is a box of about two hundred metres, by which what lies near a point is found.
const (
	cellDegrees = 0.002
	nearMetres  = 1000 // beyond this, cells would be too many
)

func cellWord(x, y int) string { return fmt.Sprintf("%s%dn%d", cellSign, x, y) }

func cellOf(p *casework.Location) string {
	if p.Lng == nil || p.Lat == nil {
		return ""
	}
	return cellWord(cellX(*p.Lng), cellY(*p.Lat))
}

func cellX(lng float64) int { return int(math.Floor((lng + 180) / cellDegrees)) }
func cellY(lat float64) int { return int(math.Floor((lat + 90) / cellDegrees)) }

// cellsAround are the cells that a box around a point touches, with its half side in metres.
func cellsAround(lng, lat, metres float64) []string {
	dy := metres / casework.MetreDegree
	dx := dy / max(math.Cos(lat*math.Pi/180), 0.1)
	var out []string
	for x := cellX(lng - dx); x <= cellX(lng+dx); x++ {
		for y := cellY(lat - dy); y <= cellY(lat+dy); y++ {
			out = append(out, cellWord(x, y))
		}
	}
	return out
}

// Query is what somebody is about to report.
type Query struct {
	Kind    string
	Subject string
	Text    string
	Area    string // community or grid
	Place   casework.Location
}

// Candidate is an open case that may tell the same: what everybody may know of it, and nothing of who
// reported it or in which words.
type Candidate struct {
	Number      string          `json:"number"`
	Subject     string          `json:"subject"`
	SubjectName string          `json:"subjectName"`
	Place       string          `json:"place"`
	AreaPath    []casework.Step `json:"areaPath"`
	ReportedAt  int64           `json:"reportedAt"`
	State       flow.State      `json:"state"`
	Metres      *int            `json:"metres" nullable:"true" doc:"How far away, if both have a point"`
	Score       int             `json:"score" doc:"How much speaks for its being the same, up to 120"`
}

// What speaks for two reports being of one thing, in points; casework.duplicate.score says from
// how many on a case is shown.
const (
	sameSubject = 40 // the same sub-class
	sameClass   = 15 // the same class
	sameSpot    = 20 // within half the metres of casework.duplicate.metres
	sameWords   = 60 // times the share of the shorter text's words that the other has, too
)

// Bounds of what is looked at, and shown.
const (
	knownLooked = 150
	knownMost   = 5
)

// Alike lists the open cases that may tell what is about to be reported, the likeliest first: near
// its point or, where either has none, of its community, and not older than some days.
func (s *Service) Alike(ctx context.Context, t Query) ([]Candidate, error) {
	known, err := s.known(ctx, t)
	return known[:min(len(known), knownMost)], err
}

// CheckJoin refuses to follow a case that the duplicate search does not offer to who tells this: what is
// not there, is closed, or is about something else are told apart by nothing.
func (s *Service) CheckJoin(ctx context.Context, t Query, number, location string) error {
	known, err := s.known(ctx, t)
	if err == nil && !slices.ContainsFunc(known, func(k Candidate) bool { return k.Number == number }) {
		err = errs.ErrInvalid.At(location, "casework.merge.unknown")
	}
	return err
}

func (s *Service) known(ctx context.Context, t Query) ([]Candidate, error) {
	now := clock.Now(ctx)
	day := clock.Day(now)
	metres := float64(min(s.Cases.Rules.Int("casework.duplicate.metres", day), nearMetres))
	since := clock.Millis(now.AddDate(0, 0, -s.Cases.Rules.Int("casework.duplicate.days", day)))
	words := gram.Of(casework.Clip(t.Text, 100), t.Place.Text)
	found, err := s.alike(ctx, &t, words, metres, since)
	if err != nil {
		return nil, err
	}
	out := []Candidate{}
	for i := range found {
		c := &found[i]
		score, far := s.score(c, &t, words, metres)
		if !c.Open || c.State == casework.StateMerged || score < s.Cases.Rules.Int("casework.duplicate.score", day) {
			continue
		}
		out = append(out, Candidate{Number: c.Number, Subject: c.Subject,
			SubjectName: s.Cases.Matters[c.Kind].SubjectName(c.Subject, text.From(ctx)),
			Place:       casework.Masked(c.Place.Text), AreaPath: s.Cases.Path(c.Area), ReportedAt: c.ReportedAt,
			State: c.State, Metres: far, Score: score})
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Or(b.Score-a.Score, cmp.Compare(b.ReportedAt, a.ReportedAt)) })
	return out, nil
}

// alike reads the newest cases around the point, and those of the community that share a word.
func (s *Service) alike(ctx context.Context, t *Query, words []string, metres float64, since int64) ([]casework.Case, error) {
	kind := []string{signed(kindSign, t.Kind)}
	community := []string{signed(areaSign, t.Area[:min(casework.CommunityDigits, len(t.Area))])}
	asked := [][][]string{{kind, community, append([]string{signed(subjectSign, t.Subject)}, words[:min(len(words), 40)]...)}}
	if t.Place.Lng != nil && t.Place.Lat != nil {
		asked = append(asked, [][]string{kind, cellsAround(*t.Place.Lng, *t.Place.Lat, metres)})
	}
	byID := map[string]casework.Case{}
	for _, groups := range asked {
		candidates, err := hits(ctx, s.Cases.Log.DB, groups, topMark, since, knownLooked)
		if err != nil {
			return nil, err
		}
		cases, err := (&listing{branches: []string{"open = 1"}}).of(ctx, s.Cases.Log.DB, candidates)
		if err != nil {
			return nil, err
		}
		for id, c := range cases {
			if far, known := casework.Distance(&c.Place, &t.Place); !known || far <= metres {
				byID[id] = c
			}
		}
	}
	out := make([]casework.Case, 0, len(byID))
	for _, c := range byID {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b casework.Case) int { return strings.Compare(b.ID, a.ID) })
	return out, nil
}

func (s *Service) score(c *casework.Case, t *Query, words []string, metres float64) (points int, far *int) {
	switch {
	case c.Subject == t.Subject:
		points = sameSubject
	case len(c.Subject) >= 4 && len(t.Subject) >= 4 && c.Subject[:2] == t.Subject[:2]:
		points = sameClass
	}
	if m, known := casework.Distance(&c.Place, &t.Place); known {
		n := int(math.Round(m))
		far = &n
		if m <= metres/2 {
			points += sameSpot
		}
	}
	return points + int(sameWords*gram.Overlap(words, gram.Of(c.Title, c.Place.Text))), far
}

// checkJoinOwn refuses a reporter's wish to follow a case that the duplicate search does not offer them.
func (s *Service) checkJoinOwn(ctx context.Context, in casework.MoveInput) error {
	c, err := s.Cases.Find(ctx, in.ID)
	if err != nil {
		return err
	}
	told := Query{Kind: c.Kind, Subject: c.Subject, Text: c.Title, Area: c.Area, Place: c.Place}
	if number := strings.TrimSpace(in.Case); number != "" && number != c.Number {
		return s.CheckJoin(ctx, told, number, "case")
	}
	return errs.ErrInvalid.At("case", "casework.merge.unknown")
}

// checkMain refuses to open a case into one that the duplicate search does not offer to its reporter.
func (s *Service) checkMain(ctx context.Context, n *casework.NewCase) error {
	if n.Main == "" {
		return nil
	}
	return s.CheckJoin(ctx, Query{Kind: n.Kind, Subject: n.Subject, Text: n.Words, Area: n.Area, Place: n.Place}, n.Main, "main")
}

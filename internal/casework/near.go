package casework

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/gram"
	"linli/internal/platform/text"
)

// A cell is a box of about two hundred metres, by which what lies near a point is found.
const (
	cellDegrees = 0.002
	metreDegree = 111_320.0 // metres of a degree of latitude
	nearMetres  = 1000      // beyond this, cells would be too many
)

func cellWord(x, y int) string { return fmt.Sprintf("%s%dn%d", cellSign, x, y) }

func cellOf(p *Place) string {
	if p.Lng == nil || p.Lat == nil {
		return ""
	}
	return cellWord(cellX(*p.Lng), cellY(*p.Lat))
}

func cellX(lng float64) int { return int(math.Floor((lng + 180) / cellDegrees)) }
func cellY(lat float64) int { return int(math.Floor((lat + 90) / cellDegrees)) }

// cellsAround are the cells that a box around a point touches, with its half side in metres.
func cellsAround(lng, lat, metres float64) []string {
	dy := metres / metreDegree
	dx := dy / max(math.Cos(lat*math.Pi/180), 0.1)
	var out []string
	for x := cellX(lng - dx); x <= cellX(lng+dx); x++ {
		for y := cellY(lat - dy); y <= cellY(lat+dy); y++ {
			out = append(out, cellWord(x, y))
		}
	}
	return out
}

// distance is how many metres lie between two places, if both have a point. Over the few hundred
// metres that matter here the earth is flat.
func distance(a, b *Place) (float64, bool) {
	if a.Lng == nil || a.Lat == nil || b.Lng == nil || b.Lat == nil {
		return 0, false
	}
	dy := (*a.Lat - *b.Lat) * metreDegree
	dx := (*a.Lng - *b.Lng) * metreDegree * math.Cos(*a.Lat*math.Pi/180)
	return math.Hypot(dx, dy), true
}

// Telling is what somebody is about to report.
type Telling struct {
	Kind    string
	Subject string
	Text    string
	Area    string // community or grid
	Place   Place
}

// Known is an open case that may tell the same: what everybody may know of it, and nothing of who
// reported it or in which words.
type Known struct {
	Number      string     `json:"number"`
	Subject     string     `json:"subject"`
	SubjectName string     `json:"subjectName"`
	Place       string     `json:"place"`
	AreaPath    []Step     `json:"areaPath"`
	ReportedAt  int64      `json:"reportedAt"`
	State       flow.State `json:"state"`
	Metres      *int       `json:"metres" nullable:"true" doc:"How far away, if both have a point"`
	Score       int        `json:"score" doc:"How much speaks for its being the same, up to 120"`
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
func (s *Service) Alike(ctx context.Context, t Telling) ([]Known, error) {
	known, err := s.known(ctx, t)
	return known[:min(len(known), knownMost)], err
}

// CheckJoin refuses to follow a case that the duplicate search does not offer to who tells this: what is
// not there, is closed, or is about something else are told apart by nothing.
func (s *Service) CheckJoin(ctx context.Context, t Telling, number, location string) error {
	known, err := s.known(ctx, t)
	if err == nil && !slices.ContainsFunc(known, func(k Known) bool { return k.Number == number }) {
		err = errs.ErrInvalid.At(location, "casework.merge.unknown")
	}
	return err
}

func (s *Service) known(ctx context.Context, t Telling) ([]Known, error) {
	now := clock.Now(ctx)
	day := clock.Day(now)
	metres := float64(min(s.Rules.Int("casework.duplicate.metres", day), nearMetres))
	since := clock.Millis(now.AddDate(0, 0, -s.Rules.Int("casework.duplicate.days", day)))
	words := gram.Of(clip(t.Text, 100), t.Place.Text)
	found, err := s.alike(ctx, &t, words, metres, since)
	if err != nil {
		return nil, err
	}
	out := []Known{}
	for i := range found {
		c := &found[i]
		score, far := s.score(c, &t, words, metres)
		if !c.Open || c.State == StateMerged || score < s.Rules.Int("casework.duplicate.score", day) {
			continue
		}
		out = append(out, Known{Number: c.Number, Subject: c.Subject, SubjectName: s.Matters[c.Kind].SubjectName(c.Subject, text.From(ctx)),
			Place: masked(c.Place.Text), AreaPath: s.Path(c.Area), ReportedAt: c.ReportedAt, State: c.State, Metres: far, Score: score})
	}
	slices.SortStableFunc(out, func(a, b Known) int { return cmp.Or(b.Score-a.Score, cmp.Compare(b.ReportedAt, a.ReportedAt)) })
	return out, nil
}

// alike reads the newest cases around the point, and those of the community that share a word.
func (s *Service) alike(ctx context.Context, t *Telling, words []string, metres float64, since int64) ([]Case, error) {
	kind := []string{signed(kindSign, t.Kind)}
	community := []string{signed(areaSign, t.Area[:min(CommunityDigits, len(t.Area))])}
	asked := [][][]string{{kind, community, append([]string{signed(subjectSign, t.Subject)}, words[:min(len(words), 40)]...)}}
	if t.Place.Lng != nil && t.Place.Lat != nil {
		asked = append(asked, [][]string{kind, cellsAround(*t.Place.Lng, *t.Place.Lat, metres)})
	}
	byID := map[string]Case{}
	for _, groups := range asked {
		candidates, err := hits(ctx, s.Log.DB, groups, topMark, since, knownLooked)
		if err != nil {
			return nil, err
		}
		cases, err := (&listing{branches: []string{"open = 1"}}).of(ctx, s.Log.DB, candidates)
		if err != nil {
			return nil, err
		}
		for id, c := range cases {
			if far, known := distance(&c.Place, &t.Place); !known || far <= metres {
				byID[id] = c
			}
		}
	}
	out := make([]Case, 0, len(byID))
	for _, c := range byID {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Case) int { return strings.Compare(b.ID, a.ID) })
	return out, nil
}

func (s *Service) score(c *Case, t *Telling, words []string, metres float64) (points int, far *int) {
	switch {
	case c.Subject == t.Subject:
		points = sameSubject
	case len(c.Subject) >= 4 && len(t.Subject) >= 4 && c.Subject[:2] == t.Subject[:2]:
		points = sameClass
	}
	if m, known := distance(&c.Place, &t.Place); known {
		n := int(math.Round(m))
		far = &n
		if m <= metres/2 {
			points += sameSpot
		}
	}
	return points + int(sameWords*gram.Overlap(words, gram.Of(c.Title, c.Place.Text))), far
}

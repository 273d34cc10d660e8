// Package survey asks residents how satisfied they are (满意度调查): a frame of households, a sample that anybody can
// draw again, answers that cannot be joined to who gave them, and what they come to with the error of sampling.
//
// Tables: assessment_survey and assessment_frame (what is asked where), assessment_slip (whom chance drew, and whether they
// answered), assessment_tally (how often each level was given). An answer has no row: it raises counters, and every
// counter of its community is written with it, so that neither key, place, time nor order tells which one changed.
package survey

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strconv"

	"linli/internal/assessment"
	"linli/internal/platform/text"
)

// Strata of a community's households.
const (
	Ordinary = "ordinary"
	Special  = "special" // on a list of people who need help
)

// Levels of an answer: 5 very satisfied … 1 very dissatisfied; 0 cannot say.
const levels = 5

// Part is the frame of one community: its households by stratum, each known by its number on the community's list from 1.
type Part struct {
	Community string `json:"community" maxLength:"12" pattern:"^[0-9]{12}$"`
	Ordinary  int    `json:"ordinary" minimum:"0" maximum:"20000" doc:"Households on the ordinary list"`
	Special   int    `json:"special" minimum:"0" maximum:"20000" doc:"Households on the list of those who need help"`
}

// Plan is what a survey is before it is drawn.
type Plan struct {
	Title        text.Pair `json:"title"`
	Area         string    `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
	Year         int       `json:"year" minimum:"2020" maximum:"2100"`
	PerCommunity int       `json:"perCommunity" minimum:"1" maximum:"1000" doc:"Households drawn in each community; at least 50"`
	Opens        string    `json:"opens" format:"date"`
	Closes       string    `json:"closes" format:"date"`
	Frame        []Part    `json:"frame" maxItems:"2500" nullable:"false"`
}

// Allocate splits a sample over the strata: one in every so many is special. A stratum that is smaller than its share
// is drawn whole, and the other takes over what is left.
func Allocate(per, every int, p Part) (ordinary, special int) {
	special = min(per/every, p.Special)
	ordinary = min(per-special, p.Ordinary)
	special = min(per-ordinary, p.Special)
	return ordinary, special
}

// Draw picks n of the numbers 1 to size by chance that the seed decides: those whose SHA-256 of seed, community,
// stratum and number, joined by line breaks, is the least. Anybody who knows the seed draws the same.
func Draw(seed, community, stratum string, size, n int) []int {
	type lot struct {
		hash   [sha256.Size]byte
		number int
	}
	lots := make([]lot, size)
	for i := range lots {
		lots[i] = lot{sha256.Sum256([]byte(seed + "\n" + community + "\n" + stratum + "\n" + strconv.Itoa(i+1))), i + 1}
	}
	slices.SortFunc(lots, func(a, b lot) int { return slices.Compare(a.hash[:], b.hash[:]) })
	out := make([]int, min(n, size))
	for i := range out {
		out[i] = lots[i].number
	}
	slices.Sort(out)
	return out
}

// FrameDigest is the SHA-256 of a frame in the order of its communities: what was drawn from is fixed before the draw.
func FrameDigest(frame []Part) string {
	h := sha256.New()
	for _, p := range frame {
		h.Write([]byte(p.Community))
		_ = binary.Write(h, binary.BigEndian, []int64{int64(p.Ordinary), int64(p.Special)}) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Stratum is what one stratum answered to one question: of Size households, N gave a level and X of them one that
// counts as content.
type Stratum struct{ Size, N, X int }

// z is the quantile of the normal distribution for 95 %.
const z = 1.96

// Estimate is the post-stratified share of the content and half the width of its 95 % interval, both 0 to 1: each
// stratum weighs by its households, its variance is p(1-p)/n with the finite-population correction 1-n/N. Where all or none
// of a stratum are content the variance is that of Agresti and Coull, (x+2)/(n+4), for such a sample does not show that nobody
// differs. Strata without an answer are joined to those with one. ok is false when nobody answered.
func Estimate(strata []Stratum) (p, half float64, ok bool) {
	households, variance := 0, 0.0
	for _, s := range strata {
		if s.N > 0 {
			households += max(s.Size, s.N)
		}
	}
	if households == 0 {
		return 0, 0, false
	}
	for _, s := range strata {
		if s.N == 0 {
			continue
		}
		size := float64(max(s.Size, s.N))
		weight, n, share := size/float64(households), float64(s.N), float64(s.X)/float64(s.N)
		p += weight * share
		if s.X == 0 || s.X == s.N {
			share = (float64(s.X) + 2) / (n + 4)
		}
		variance += weight * weight * share * (1 - share) / n * (1 - n/size)
	}
	return p, z * math.Sqrt(variance), true
}

// score is an estimate in hundredths of a percent; without a value where fewer than least answered.
func score(strata []Stratum, least int) assessment.Score {
	var out assessment.Score
	for _, s := range strata {
		out.N, out.D = out.N+s.X, out.D+s.N
	}
	p, half, ok := Estimate(strata)
	if ok && out.D >= least {
		v := int(math.Round(p * 10_000))
		out.Value, out.Half = &v, int(math.Round(half*10_000))
	}
	return out
}

package threshold_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/threshold"
)

// laws are a day of each version of the laws.
var laws = map[string]string{"2018": "2025-12-31", "2025": "2026-01-01"}

// expected writes every number of the laws again, apart from rules.csv: matter, kind, mode, law, base, and the least count that passes.
// A base of 0 means that the rule counts heads.
var expected = []struct {
	matter, kind, modes, law string
	base, least              int
}{
	{"election.valid", "residents", "voters households", "2025", 301, 151},
	{"election.valid", "residents", "voters households", "2025", 300, 151},
	{"election.valid", "residents", "representatives", "2025", 30, 21}, // more than two thirds
	{"election.valid", "residents", "representatives", "2025", 31, 21},
	{"election.valid", "villagers", "voters", "2018 2025", 301, 151},
	{"election.elected", "residents", "voters households representatives", "2025", 151, 76},
	{"election.elected", "residents", "voters households representatives", "2025", 150, 76},
	{"election.elected", "villagers", "voters", "2018 2025", 151, 76},
	{"runoff.valid", "residents", "voters households", "2025", 301, 151},
	{"runoff.valid", "residents", "representatives", "2025", 30, 21},
	{"runoff.valid", "villagers", "voters", "2018 2025", 301, 151},
	{"runoff.elected", "residents", "voters households representatives", "2025", 151, 51},
	{"runoff.elected", "residents", "voters households representatives", "2025", 150, 50},
	{"runoff.elected", "villagers", "voters", "2018 2025", 151, 51},
	{"recall.request", "residents", "voters households", "2025", 300, 30},
	{"recall.request", "residents", "voters households", "2025", 301, 31},
	{"recall.request", "residents", "representatives", "2025", 30, 10},
	{"recall.request", "villagers", "voters", "2018 2025", 300, 60},
	{"recall.request", "villagers", "voters", "2018 2025", 301, 61},
	{"recall.request", "villagers", "representatives", "2018 2025", 31, 11},
	{"recall.valid", "residents", "voters households", "2025", 300, 151},
	{"recall.valid", "residents", "representatives", "2025", 30, 21},
	{"recall.valid", "villagers", "voters", "2018 2025", 300, 151},
	{"recall.passed", "residents", "voters households representatives", "2025", 200, 101},
	{"recall.passed", "villagers", "voters", "2018 2025", 201, 101},
	{"assembly.call", "residents", "voters households", "2018", 1000, 200},
	{"assembly.call", "residents", "groups", "2018", 10, 4},
	{"assembly.call", "residents", "voters households", "2025", 1000, 100},
	{"assembly.call", "residents", "representatives", "2025", 30, 10},
	{"assembly.call", "villagers", "voters", "2018 2025", 1001, 101},
	{"assembly.call", "villagers", "representatives", "2018 2025", 30, 10},
	{"assembly.quorum", "residents", "voters households", "2018 2025", 1000, 501},
	{"assembly.quorum", "residents", "representatives", "2018", 30, 16},
	{"assembly.quorum", "villagers", "voters", "2018 2025", 1001, 501},
	{"assembly.quorum", "villagers", "households", "2018 2025", 300, 200},
	{"assembly.quorum", "villagers", "households", "2018 2025", 301, 201},
	{"assembly.passed", "residents", "voters households", "2018 2025", 501, 251},
	{"assembly.passed", "residents", "representatives", "2018", 16, 9},
	{"assembly.passed", "villagers", "voters households", "2018 2025", 500, 251},
	{"representatives.call", "residents", "representatives", "2025", 31, 7},
	{"representatives.call", "villagers", "representatives", "2018 2025", 30, 6},
	{"representatives.quorum", "residents", "representatives", "2025", 30, 20},
	{"representatives.quorum", "villagers", "representatives", "2018 2025", 31, 21},
	{"representatives.passed", "residents", "representatives", "2025", 20, 11},
	{"representatives.passed", "villagers", "representatives", "2018 2025", 21, 11},
	{"representatives.share", "residents", "representatives", "2025", 36, 29},
	{"representatives.share", "villagers", "representatives", "2018 2025", 35, 28},
	{"representatives.women", "villagers", "representatives", "2018 2025", 35, 12},
	{"group.quorum", "villagers", "voters households", "2018 2025", 60, 40},
	{"group.quorum", "villagers", "voters households", "2018 2025", 61, 41},
	{"group.passed", "villagers", "voters households", "2018 2025", 40, 21},
	{"nomination.joint", "residents", "voters", "2025", 0, 10},
	{"nomination.candidates", "residents", "voters households representatives", "2025", 7, 8},
	{"nomination.candidates", "villagers", "voters", "2018 2025", 5, 6},
	{"audit.request", "residents", "voters", "2025", 1000, 100},
	{"audit.request", "residents", "representatives", "2025", 30, 10},
	{"audit.request", "villagers", "voters", "2018 2025", 1000, 200},
	{"committee.quorum", "residents", "members", "2018 2025", 7, 4},
	{"committee.quorum", "villagers", "members", "2018 2025", 5, 3},
	{"committee.passed", "residents", "members", "2018 2025", 4, 3},
	{"committee.passed", "villagers", "members", "2018 2025", 3, 2},
	{"party.quorum", "villagers", "members", "2018 2025", 45, 30},
	{"party.passed", "villagers", "members", "2018 2025", 45, 23},
	{"party.passed", "villagers", "members", "2018 2025", 44, 22},
}

// ask is the question of a matter with a count and its base, under the flags that a clerk would use.
func ask(matter, kind, mode, day string, base, n int) threshold.Question {
	q := threshold.Question{Matter: matter, Kind: kind, Mode: mode, On: day}
	s, ok := threshold.ShareOf(matter, kind, mode, "", day)
	if !ok {
		return q
	}
	set := func(c threshold.Count, n int) {
		switch c {
		case threshold.Entitled:
			q.Counts.Entitled = &n
		case threshold.Present:
			q.Counts.Present = &n
		case threshold.Cast:
			q.Counts.Cast = &n
		case threshold.Yes:
			q.Counts.Yes = &n
		}
	}
	set(s.Count, n)
	if s.Base != "" {
		set(s.Base, base)
	}
	return q
}

func TestEveryBound(t *testing.T) {
	t.Parallel()
	judged := map[string]bool{}
	for _, e := range expected {
		for mode := range strings.FieldsSeq(e.modes) {
			for law := range strings.FieldsSeq(e.law) {
				for _, n := range []int{e.least - 1, e.least, e.least + 1} {
					if s, ok := threshold.ShareOf(e.matter, e.kind, mode, "", laws[law]); ok && s.Base != "" && n > e.base &&
						e.matter != "nomination.candidates" {
						continue
					}
					d, err := threshold.Decide(ask(e.matter, e.kind, mode, laws[law], e.base, n))
					if err != nil {
						t.Errorf("%s %s %s %s %d of %d: %v", e.matter, e.kind, mode, law, n, e.base, err)
						continue
					}
					judged[d.Rule+" "+law] = true
					if d.Passes != (n >= e.least) {
						t.Errorf("%s %s %s %s: %d of %d passes: %v", e.matter, e.kind, mode, law, n, e.base, d.Passes)
					}
					if d.Law == "" || d.Article == "" || !strings.Contains("VSUD", d.Certainty) {
						t.Errorf("%s: no citation: %+v", e.matter, d)
					}
					if !d.Passes && (len(d.Short) != 1 || d.Short[0].Need != e.least || d.Short[0].Have != n) {
						t.Errorf("%s %s: short %+v, want %d", e.matter, mode, d.Short, e.least)
					}
				}
			}
		}
	}
	for law, day := range laws { // every row has its line in the table above
		for _, kind := range threshold.Kinds {
			for _, s := range threshold.Shares(kind, "", day) {
				if !s.Barred && !judged[s.Key+" "+law] && s.Matter != "proxy.limit" {
					t.Errorf("%s of %s has no line in the table", s.Key, law)
				}
			}
		}
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	for n, passes := range map[int]bool{0: true, 2: true, 3: true, 4: false} {
		for _, q := range []threshold.Question{{Matter: "proxy.limit", Kind: "residents", Mode: "voters", On: "2026-03-01"},
			{Matter: "proxy.limit", Kind: "villagers", Mode: "voters", On: "2026-03-01"}} {
			q.Counts.Yes = &n
			if d, err := threshold.Decide(q); err != nil || d.Passes != passes {
				t.Errorf("%d proxies: %v %v", n, d.Passes, err)
			}
		}
	}
}

func TestUnanswerable(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	for name, c := range map[string]struct {
		q    threshold.Question
		want error
	}{
		"unknown matter":                {threshold.Question{Matter: "election.won", Kind: "residents", Mode: "voters", On: "2026-01-01"}, threshold.ErrMatter},
		"unknown kind":                  {threshold.Question{Matter: "election.valid", Kind: "towns", Mode: "voters", On: "2026-01-01"}, threshold.ErrKind},
		"unknown mode":                  {threshold.Question{Matter: "election.valid", Kind: "residents", Mode: "streets", On: "2026-01-01"}, threshold.ErrMode},
		"unknown province":              {threshold.Question{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-01-01", Local: "x"}, threshold.ErrLocal},
		"no day":                        {threshold.Question{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2026-02-30"}, threshold.ErrDay},
		"villages by representatives":   {ask("election.valid", "villagers", "representatives", "2026-01-01", 30, 21), threshold.ErrBarred},
		"villages by households, 2018":  {ask("election.valid", "villagers", "households", "2020-01-01", 30, 21), threshold.ErrBarred},
		"recall by households, village": {ask("recall.request", "villagers", "households", "2026-01-01", 30, 21), threshold.ErrBarred},
		"residents' assembly by representatives since 2026": {
			ask("assembly.quorum", "residents", "representatives", "2026-01-01", 30, 21), threshold.ErrBarred},
		"proxy among representatives": {ask("proxy.limit", "residents", "representatives", "2026-01-01", 0, 1), threshold.ErrBarred},
		"residents' election by the law of 2018": {
			threshold.Question{Matter: "election.valid", Kind: "residents", Mode: "voters", On: "2025-12-31"}, threshold.ErrNone},
		"representatives of residents by the law of 2018": {
			threshold.Question{Matter: "representatives.quorum", Kind: "residents", Mode: "representatives", On: "2025-12-31"}, threshold.ErrNone},
		"before both laws": {threshold.Question{Matter: "election.valid", Kind: "villagers", Mode: "voters", On: "2000-01-01"}, threshold.ErrNone},
		"a count missing": {threshold.Question{Matter: "election.valid", Kind: "villagers", Mode: "voters", On: "2026-01-01",
			Counts: threshold.Counts{Entitled: n(301)}}, threshold.ErrMissing},
		"the base missing": {threshold.Question{Matter: "election.elected", Kind: "villagers", Mode: "voters", On: "2026-01-01",
			Counts: threshold.Counts{Entitled: n(301), Yes: n(80)}}, threshold.ErrMissing},
		"more votes than ballots": {ask("election.elected", "villagers", "voters", "2026-01-01", 10, 11), threshold.ErrContrary},
		"negative":                {ask("election.elected", "villagers", "voters", "2026-01-01", 10, -1), threshold.ErrContrary},
		"nobody entitled":         {ask("assembly.quorum", "villagers", "voters", "2026-01-01", 0, 0), threshold.ErrContrary},
		"more present than entitled": {ask("representatives.quorum", "villagers", "representatives", "2026-01-01", 30, 31),
			threshold.ErrContrary},
	} {
		if d, err := threshold.Decide(c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
}

// A quorum, or the validity of a vote, is judged with what rests on it where its counts are given.
func TestPreconditions(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	for name, c := range map[string]struct {
		q     threshold.Question
		short []threshold.Count
	}{
		"quorum missed": {threshold.Question{Matter: "representatives.passed", Kind: "residents", Mode: "representatives", On: "2026-03-01",
			Counts: threshold.Counts{Entitled: n(30), Present: n(19), Yes: n(19)}}, []threshold.Count{"present"}},
		"both missed": {threshold.Question{Matter: "representatives.passed", Kind: "residents", Mode: "representatives", On: "2026-03-01",
			Counts: threshold.Counts{Entitled: n(30), Present: n(18), Yes: n(9)}}, []threshold.Count{"present", "yes"}},
		"quorum not asked": {threshold.Question{Matter: "representatives.passed", Kind: "residents", Mode: "representatives",
			On: "2026-03-01", Counts: threshold.Counts{Present: n(20), Yes: n(11)}}, nil},
		"election invalid": {threshold.Question{Matter: "election.elected", Kind: "villagers", Mode: "voters", On: "2026-03-01",
			Counts: threshold.Counts{Entitled: n(301), Cast: n(150), Yes: n(150)}}, []threshold.Count{"cast"}},
		"recall by two thirds of representatives": {threshold.Question{Matter: "recall.passed", Kind: "residents", Mode: "representatives",
			On: "2026-03-01", Counts: threshold.Counts{Entitled: n(30), Cast: n(20), Yes: n(20)}}, []threshold.Count{"cast"}},
		"signatures as present": {threshold.Question{Matter: "recall.request", Kind: "villagers", Mode: "voters", On: "2026-03-01",
			Counts: threshold.Counts{Entitled: n(300), Present: n(60)}}, nil},
		"nobody voted": {threshold.Question{Matter: "runoff.elected", Kind: "villagers", Mode: "voters", On: "2026-03-01",
			Counts: threshold.Counts{Cast: n(0), Yes: n(0)}}, []threshold.Count{"yes"}},
	} {
		d, err := threshold.Decide(c.q)
		var got []threshold.Count
		for _, s := range d.Short {
			got = append(got, s.Count)
		}
		if err != nil || !slices.Equal(got, c.short) || d.Passes != (c.short == nil) {
			t.Errorf("%s: %v %v %v", name, got, d.Passes, err)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, local, day string
		least, most            int
		known                  bool
	}{
		{"assembly.notice", "residents", "", "2026-01-01", 10, 10, true},
		{"assembly.notice", "residents", "", "2025-12-31", 0, 0, false},
		{"assembly.notice", "villagers", "", "2025-12-31", 10, 10, true},
		{"assembly.notice.short", "villagers", "", "2025-12-31", 0, 0, false},
		{"assembly.notice.short", "villagers", "", "2026-01-01", 1, 1, true},
		{"members", "residents", "", "2026-01-01", 5, 9, true},
		{"members", "villagers", "", "2026-01-01", 3, 7, true},
		{"scale", "residents", "", "2025-12-31", 100, 700, true},
		{"scale", "residents", "", "2026-01-01", 1000, 3000, true},
		{"runoff.within", "villagers", "", "2026-01-01", 0, 0, false},
		{"runoff.within", "villagers", "sichuan", "2026-01-01", 10, 10, true},
		{"runoff.within", "villagers", "hainan", "2026-01-01", 15, 15, true},
	} {
		f, ok := threshold.FigureOf(c.name, c.kind, c.local, c.day)
		if ok != c.known || f.Min != c.least || f.Max != c.most {
			t.Errorf("%+v: %d-%d %v", c, f.Min, f.Max, ok)
		}
	}
}

// At every base the least count that passes is one above the greatest that fails, more never fails, and whole numbers say what
// fractions say.
func TestDecisionsAreMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(threshold.Kinds).Draw(t, "kind")
		shares := threshold.Shares(kind, "sichuan", rapid.SampledFrom([]string{"2025-12-31", "2026-01-01", "2030-06-01"}).Draw(t, "day"))
		s := rapid.SampledFrom(shares).Draw(t, "share")
		base := rapid.IntRange(1, threshold.MaxCount).Draw(t, "base")
		if s.Barred || s.Base == "" {
			return
		}
		need := s.Need(base)
		if !s.Holds(need, base) || s.Holds(need-1, base) || !s.Holds(need+1, base) {
			t.Fatalf("%s at %d: need %d", s.Key, base, need)
		}
		if exact := need*s.Den - base*s.Num; s.Op == ">" && (exact <= 0 || exact > s.Den) || s.Op == ">=" && (exact < 0 || exact >= s.Den) {
			t.Fatalf("%s at %d: need %d", s.Key, base, need)
		}
	})
}

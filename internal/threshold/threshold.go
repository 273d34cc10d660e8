// Package threshold decides by numbers that law or a province sets: whether an election is valid, somebody is elected, a meeting may open
// or a decision is passed. Each number is a dated row of rules.csv with law, article, strictness and base of the fraction. The package
// holds no state and does no I/O; all arithmetic is in whole numbers.
package threshold

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"linli/internal/platform/rule"
)

//go:embed rules.csv
var rules []byte

// Prefix begins the key of every rule of this package.
const Prefix = "threshold."

// Rules are all rows as they ship, for citations and lists.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Kinds of communities, by the organic law that applies to them.
const (
	Residents = "residents" // 社区: 城市居民委员会组织法
	Villagers = "villagers" // 村: 村民委员会组织法
)

// Kinds lists them.
var Kinds = []string{Residents, Villagers}

// Modes: who is counted.
const (
	Voters          = "voters"          // each resident of 18 and more, or each registered voter
	Households      = "households"      // one representative for each household
	Representatives = "representatives" // residents' or villagers' representatives; in their assembly its members
	Groups          = "groups"          // residents' groups that ask for an assembly, law of 2018
	Members         = "members"         // members of a committee or a Party branch
)

// Modes lists them.
var Modes = []string{Voters, Households, Representatives, Groups, Members}

// Locals are the provinces whose rules ship; a city chooses one or none.
var Locals = []string{"sichuan", "hainan"}

// Count names one number of a question.
type Count string

// The counts.
const (
	Entitled Count = "entitled" // on the roll: voters, households, representatives, members of the body; seats, of nomination.candidates
	Present  Count = "present"  // attending when it is decided
	Cast     Count = "cast"     // ballots given, valid or not
	Yes      Count = "yes"      // in favour, votes of a candidate, signatures of a request, proxies taken, members of a part
)

// Share is one number that is compared: Count against Num/Den of Base, or against Num where Base is "".
type Share struct {
	rule.Value
	Local  string // province whose rule it is; "" for national law
	Kind   string
	Matter string
	Mode   string
	Count  Count
	Op     string // ">" bound excluded, ">=" bound included, "<=" at most
	Num    int
	Den    int
	Base   Count
	Barred bool // the law does not know this mode for this matter
}

// Need is the least count (the greatest, with "<=") that satisfies the rule at a base.
func (s *Share) Need(base int) int {
	if s.Base == "" {
		base = 1
	}
	whole := base * s.Num
	switch {
	case s.Op == ">":
		return whole/s.Den + 1
	case s.Op == "<=":
		return whole / s.Den
	case base == 0: // a part of nobody is nobody: one at least is needed
		return 1
	}
	return (whole + s.Den - 1) / s.Den
}

// Holds tells whether a count satisfies the rule at a base.
func (s *Share) Holds(count, base int) bool {
	if s.Op == "<=" {
		return count <= s.Need(base)
	}
	return count >= s.Need(base)
}

// Figure is a number that is not compared with counts: days, persons, months. Max is Min where the law gives one number.
type Figure struct {
	rule.Value
	Local string
	Kind  string
	Name  string
	Min   int
	Max   int
}

// valid tells whether a row is in force on a day (YYYY-MM-DD).
func valid(v *rule.Value, day string) bool {
	return v.ValidFrom <= day && (v.ValidTo == "" || day <= v.ValidTo)
}

type table struct {
	shares  []Share
	figures []Figure
}

// rows reads rules.csv once. A mistake in it is a fault of the program, found by its tests.
var rows = sync.OnceValue(func() table {
	var t table
	for _, v := range Rules() {
		parts := strings.Split(strings.TrimPrefix(v.Key, Prefix), ".")
		local := ""
		if slices.Contains(Locals, parts[0]) {
			local, parts = parts[0], parts[1:]
		}
		kind, last := parts[0], len(parts)-1
		if v.Unit == "share" {
			s := Share{Value: v, Local: local, Kind: kind, Matter: strings.Join(parts[1:last], "."), Mode: parts[last]}
			s.read(v.Value)
			t.shares = append(t.shares, s)
			continue
		}
		f := Figure{Value: v, Local: local, Kind: kind, Name: strings.Join(parts[1:], ".")}
		low, high, ranged := strings.Cut(v.Value, "-")
		f.Min = number(v.Key, low)
		if f.Max = f.Min; ranged {
			f.Max = number(v.Key, high)
		}
		t.figures = append(t.figures, f)
	}
	return t
})

// read reads "yes >= 1/3 cast", "yes >= 10" or "none".
func (s *Share) read(value string) {
	if value == "none" {
		s.Barred = true
		return
	}
	words := strings.Fields(value)
	if len(words) < 3 || !slices.Contains([]string{">", ">=", "<="}, words[1]) {
		panic(fmt.Sprintf("rule %s: %q is no share", s.Key, value))
	}
	s.Count, s.Op, s.Den = Count(words[0]), words[1], 1
	num, den, fraction := strings.Cut(words[2], "/")
	if s.Num = number(s.Key, num); fraction {
		s.Den, s.Base = number(s.Key, den), Count(words[3])
	}
}

func number(key, s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		panic(fmt.Sprintf("rule %s: %q is no number above 0", key, s))
	}
	return n
}

// Shares lists the compared numbers in force on a day for a kind, national ones and those of the province local ("" for none), in the
// order of their keys.
func Shares(kind, local, day string) []Share {
	var out []Share
	for _, s := range rows().shares {
		if s.Kind == kind && (s.Local == "" || s.Local == local) && valid(&s.Value, day) {
			out = append(out, s)
		}
	}
	return out
}

// Figures lists the other numbers in force on a day for a kind, national ones and those of the province local.
func Figures(kind, local, day string) []Figure {
	var out []Figure
	for _, f := range rows().figures {
		if f.Kind == kind && (f.Local == "" || f.Local == local) && valid(&f.Value, day) {
			out = append(out, f)
		}
	}
	return out
}

// FigureOf is the number of a name on a day: that of national law, else that of the province local. ok is false where neither has one.
func FigureOf(name, kind, local, day string) (f Figure, ok bool) {
	for _, f := range Figures(kind, local, day) {
		if f.Name == name && f.Local == "" {
			return f, true
		}
	}
	for _, f := range Figures(kind, local, day) {
		if f.Name == name {
			return f, true
		}
	}
	return Figure{}, false
}

// ShareOf is the compared number of a matter on a day. A province's row answers only where national law has none.
func ShareOf(matter, kind, mode, local, day string) (s Share, ok bool) {
	for _, s := range Shares(kind, local, day) {
		if s.Matter == matter && s.Mode == mode && s.Local == "" {
			return s, true
		}
	}
	for _, s := range Shares(kind, local, day) {
		if s.Matter == matter && s.Mode == mode {
			return s, true
		}
	}
	return Share{}, false
}

// Matters lists every matter that some law counts, in the order of the alphabet.
func Matters() []string {
	var out []string
	for _, s := range rows().shares {
		out = append(out, s.Matter)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

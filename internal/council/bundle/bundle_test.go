package bundle

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func half(_ *Poll, matter string, entitled, cast, yes int) Decision {
	t := Test{Of: "cast", On: "entitled", Count: cast, Base: entitled, Num: 1, Den: 2, Strict: true}
	switch matter {
	case "election.elected":
		t = Test{Of: "yes", On: "cast", Count: yes, Base: cast, Num: 1, Den: 2, Strict: true}
	case "runoff.elected":
		t = Test{Of: "yes", On: "cast", Count: yes, Base: cast, Num: 1, Den: 3}
	}
	return Decision{Matter: matter, Entitled: entitled, Cast: cast, Yes: yes, Tests: []Test{t}, Pass: t.Holds()}
}

func poll() *Poll {
	return &Poll{ID: "p", Area: "320703001007", Community: "c", Title: "t", Matter: "election", Kind: "residents", Mode: Voters, Day: "2026-12-01",
		Least: "2026-11-30", Paper: Paper{Questions: []Question{{ID: "director", Title: "d", Seats: 1, WriteIn: true,
			Options: []Option{{ID: "a", Name: "A"}, {ID: "b", Name: "B", Woman: true}}}}}}
}

// made is a whole poll of n entitled with ballots online and one box.
func made(t interface{ Fatal(...any) }, p *Poll, n, handedOut int, ballots []Ballot, counts []Count, explains ...Explanation) *Bundle {
	lines := []Line{}
	for i := 1; i <= n; i++ {
		lines = append(lines, Line{No: i, Commit: sum([]byte(fmt.Sprint("card", i)))})
	}
	s := &Shut{Boxes: []Box{{ID: "1", Name: "box", Issued: handedOut}}, Ballots: ballots, Receipts: []string{}}
	for i := range ballots {
		s.Receipts = append(s.Receipts, sum([]byte(fmt.Sprint("receipt", i))))
	}
	slices.Sort(s.Receipts)
	var entries []Entry
	add := func(kind Kind, at string, body any) {
		var last *Entry
		if len(entries) > 0 {
			last = &entries[len(entries)-1]
		}
		e, err := Next(last, kind, at+":00+08:00", "x", body)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	add(KindPoll, "2026-11-01T09:00", p)
	add(KindRoll, "2026-11-01T10:00", Roll{Posted: "2026-11-01", Lines: lines[:n-1]})
	add(KindChange, "2026-11-05T10:00", Change{Version: 2, Reason: "left out", Posted: "2026-11-05", Added: lines[n-1:], Removed: []int{},
		Count: n, Digest: Digest(lines)})
	add(KindPaper, "2026-11-26T10:00", p.Paper)
	add(KindProxies, "2026-11-28T10:00", Proxies{List: []Proxy{{1, 2}}})
	add(KindOpen, "2026-12-01T08:00", Opened{n})
	add(KindShut, "2026-12-01T18:00", s)
	for _, c := range counts {
		add(KindCount, "2026-12-01T19:00", c)
	}
	for _, x := range explains {
		add(KindExplanation, "2026-12-01T20:00", x)
	}
	add(KindClosing, "2026-12-01T21:00", p.Close(n, s, counts[len(counts)-1:], half))
	b := Sign(entries, ed25519.NewKeyFromSeed(make([]byte, 32)))
	return &b
}

func ballots(marks ...string) (out []Ballot) {
	for i, m := range marks {
		out = append(out, Ballot{Key: fmt.Sprintf("%016x", i), Marks: []string{m}})
	}
	return out
}

func count(found, valid, invalid, a, b int) Count {
	return Count{Box: "1", Found: found, Questions: []QuestionCount{{ID: "director", Valid: valid, Invalid: invalid,
		Options: []OptionCount{{ID: "a", Yes: a, Abstain: valid - a}, {ID: "b", Yes: b, No: valid - b}}}}}
}

func small(t interface{ Fatal(...any) }) *Bundle {
	return made(t, poll(), 5, 2, ballots("yn", "na"), []Count{count(1, 1, 0, 1, 0), count(2, 2, 0, 1, 1)})
}

func TestABundleVerifies(t *testing.T) {
	t.Parallel()
	raw := small(t).Encode()
	if r := Verify(raw, Options{Decide: half}); len(r.Findings) != 0 || r.Snapshot == nil || r.Snapshot.Voted != 4 {
		t.Fatalf("%+v", r)
	}
	other := strings.Repeat("0", 64)
	if r := Verify(raw, Options{Key: other}); len(r.Findings) != 1 || r.Findings[0].Code != "key_other" {
		t.Fatalf("another key: %v", r.Findings)
	}
	strictly := func(p *Poll, matter string, entitled, cast, yes int) Decision {
		d := half(p, matter, entitled, cast, yes)
		d.Tests[0].Num, d.Tests[0].Den = 2, 3
		return d
	}
	if r := Verify(raw, Options{Decide: strictly}); len(r.Findings) == 0 || r.Findings[0].Code != "rule" {
		t.Fatalf("another law: %v", r.Findings)
	}
}

// Every byte of a bundle counts.
func TestEveryAlteredByteFails(t *testing.T) {
	t.Parallel()
	raw := small(t).Encode()
	for i := range raw {
		for _, bit := range []int{0, 5} { // another value, and the other case of a letter
			raw[i] ^= 1 << bit
			if r := Verify(raw, Options{}); len(r.Findings) == 0 {
				t.Fatalf("byte %d, bit %d altered, and nothing is found: %s", i, bit, raw)
			}
			raw[i] ^= 1 << bit
		}
	}
	for _, cut := range []int{1, 2, len(raw) / 2} {
		if r := Verify(raw[:len(raw)-cut], Options{}); len(r.Findings) == 0 {
			t.Fatalf("%d bytes less, and nothing is found", cut)
		}
	}
	if r := Verify(append(slices.Clone(raw), '\n'), Options{}); len(r.Findings) == 0 {
		t.Fatal("a line more, and nothing is found")
	}
}

// resigned makes a bundle anew after its entries were changed, as whoever holds the key could.
func resigned(b *Bundle, change func(entries []Entry) []Entry) []byte {
	entries := change(slices.Clone(b.Entries))
	prev := first
	for i := range entries {
		entries[i].Seq, entries[i].Prev = i, prev
		entries[i].Hash = entries[i].sum()
		prev = entries[i].Hash
	}
	out := Sign(entries, ed25519.NewKeyFromSeed(make([]byte, 32)))
	return out.Encode()
}

// One ballot more or fewer fails even where every hash and the signature were made anew.
func TestABallotMoreOrFewerFails(t *testing.T) {
	t.Parallel()
	b := small(t)
	for name, replace := range map[string][2]string{
		"one fewer": {`{"k":"0000000000000000","m":["yn"]},`, ""},
		"one more":  {`{"k":"0000000000000001"`, `{"k":"00000000000000001","m":["ya"]},{"k":"0000000000000001"`},
		"one other": {`"m":["yn"]`, `"m":["ny"]`},
		"one twice": {`"k":"0000000000000001"`, `"k":"0000000000000000"`},
		"a count":   {`"yes":1,"no":1`, `"yes":2,"no":0`},
		"the roll":  {`"no":3,`, `"no":2,`},
		"result":    {`"voted":4`, `"voted":5`},
		"unread":    {`"entitled":5}`, `"entitled":5,"x":1}`},
	} {
		found := false
		raw := resigned(b, func(entries []Entry) []Entry {
			for i := range entries {
				s := string(entries[i].Body)
				entries[i].Body = []byte(strings.Replace(s, replace[0], replace[1], 1))
				found = found || s != string(entries[i].Body)
			}
			return entries
		})
		if r := Verify(raw, Options{}); len(r.Findings) == 0 || !found {
			t.Errorf("%s: nothing is found (%v)", name, found)
		}
	}
	for i := range b.Entries {
		raw := resigned(b, func(entries []Entry) []Entry { return slices.Delete(entries, i, i+1) })
		// Proxies that nobody used, and a count that was repeated, decide nothing; without the closing there is no result yet.
		if r := Verify(raw, Options{}); len(r.Findings) == 0 && i != 4 && i != 7 && i != len(b.Entries)-1 {
			t.Errorf("without entry %d (%s) nothing is found", i, b.Entries[i].Kind)
		}
	}
}

func TestYesterdaysBundleIsAPrefix(t *testing.T) {
	t.Parallel()
	today := small(t)
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	for n := 1; n <= len(today.Entries); n++ {
		was := Sign(today.Entries[:n], key)
		if r := Verify(today.Encode(), Options{Earlier: was.Encode()}); len(r.Findings) != 0 {
			t.Fatalf("%d entries: %v", n, r.Findings)
		}
		if r := Verify(was.Encode(), Options{}); len(r.Findings) != 0 {
			t.Fatalf("%d entries alone: %v", n, r.Findings)
		}
	}
	was := resigned(today, func(e []Entry) []Entry {
		e[1].At = "2026-11-01T10:01:00+08:00"
		return e[:2]
	})
	if r := Verify(today.Encode(), Options{Earlier: was}); len(r.Findings) != 1 || r.Findings[0].Code != "prefix" {
		t.Fatalf("another past: %v", r.Findings)
	}
	longer := Sign(today.Entries[:3], key)
	if r := Verify(longer.Encode(), Options{Earlier: today.Encode()}); len(r.Findings) == 0 {
		t.Fatal("a shorter bundle than yesterday's passes")
	}
}

// 151 handed out, 149 found, 150 counted needs an explanation of exactly these numbers.
func TestDifferencesAreExplained(t *testing.T) {
	t.Parallel()
	odd := count(149, 150, 0, 76, 40)
	if r := Verify(made(t, poll(), 301, 151, nil, []Count{odd}).Encode(), Options{}); len(r.Findings) != 1 || r.Findings[0].Code != "explanation" {
		t.Fatalf("unexplained: %v", r.Findings)
	}
	x := Explanation{Box: "1", Issued: 151, Found: 149, Counted: 150, Reason: "two taken home, one counted twice"}
	if r := Verify(made(t, poll(), 301, 151, nil, []Count{odd}, x).Encode(), Options{}); len(r.Findings) != 0 {
		t.Fatalf("explained: %v", r.Findings)
	}
	x.Found = 150
	if r := Verify(made(t, poll(), 301, 151, nil, []Count{odd}, x).Encode(), Options{}); len(r.Findings) != 1 {
		t.Fatalf("explained otherwise: %v", r.Findings)
	}
}

// Check 1 of the law of 2026: 301 on the roll.
func TestWhoIsElected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, matter     string
		cast, a, b       int
		valid            bool
		resultA, resultB Result
		open             int
	}{
		{"150 of 301 are too few", "election", 150, 140, 0, false, NoDecision, NoDecision, 1},
		{"151 of 301 are enough, 76 of 151 elect", "election", 151, 76, 75, true, Elected, Short, 0},
		{"75 of 151 do not", "election", 151, 75, 70, true, Short, Short, 1},
		{"run-off: 51 of 151 is a third", "runoff", 151, 51, 50, true, Elected, Short, 0},
		{"run-off: 50 of 151 is less", "runoff", 151, 50, 49, true, Short, Short, 1},
		{"run-off: as many", "runoff", 151, 60, 60, true, Tied, Tied, 1},
		{"run-off: more votes", "runoff", 151, 60, 61, true, Outvoted, Elected, 0},
	} {
		p := poll()
		p.Matter = c.matter
		s := p.Close(301, &Shut{Boxes: []Box{{ID: "1", Issued: c.cast}}}, []Count{count(c.cast, c.cast, 0, c.a, c.b)}, half)
		q := s.Questions[0]
		if s.Valid != c.valid || q.Options[0].Result != c.resultA || q.Options[1].Result != c.resultB || q.Open != c.open {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

func TestMoreBallotsThanHandedOutIsVoid(t *testing.T) {
	t.Parallel()
	s := poll().Close(10, &Shut{Boxes: []Box{{ID: "1", Issued: 8}}}, []Count{count(9, 9, 0, 9, 0)}, half)
	if s.Valid || !slices.Contains(s.Reasons, "excess") {
		t.Errorf("%+v", s)
	}
	s = poll().Close(10, &Shut{Boxes: []Box{{ID: "1", Issued: 8, Mobile: true}}, Ballots: ballots("yn", "yn", "yn", "yn", "yn", "yn")},
		[]Count{count(9, 9, 0, 9, 0)}, half)
	if !s.Valid || s.Voted != 6 {
		t.Errorf("of a mobile box only its own ballots: %+v", s)
	}
}

func TestASeatForAWoman(t *testing.T) {
	t.Parallel()
	p := &Poll{Matter: "election", Paper: Paper{Woman: "member", Questions: []Question{
		{ID: "director", Seats: 1, Options: []Option{{ID: "a"}, {ID: "b"}}},
		{ID: "member", Seats: 2, Options: []Option{{ID: "c"}, {ID: "d"}, {ID: "e", Woman: true}}}}}}
	run := func(c, d, e int) Snapshot {
		n := Count{Box: "1", Found: 100, Questions: []QuestionCount{{ID: "director", Valid: 100, Options: []OptionCount{{ID: "a", Yes: 60}, {ID: "b"}}},
			{ID: "member", Valid: 100, Options: []OptionCount{{ID: "c", Yes: c}, {ID: "d", Yes: d}, {ID: "e", Yes: e}}}}}
		return p.Close(100, &Shut{Boxes: []Box{{ID: "1", Issued: 100}}}, []Count{n}, half)
	}
	results := func(s Snapshot) string {
		q := s.Questions[1]
		return fmt.Sprint(q.Options[0].Result, q.Options[1].Result, q.Options[2].Result, q.Open, q.WomanOpen)
	}
	for got, want := range map[string]string{
		results(run(80, 70, 60)): "elected outvoted elected 0 false", // she has more than half: first of the members
		results(run(80, 70, 40)): "elected outvoted short 1 true",    // a seat is kept for a woman
		results(run(80, 40, 30)): "elected short short 1 true",
	} {
		if strings.ReplaceAll(got, "outvotedelected", "outvoted elected") != got {
			got = strings.ReplaceAll(got, "outvotedelected", "outvoted elected")
		}
		if strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(want), "") {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// Counting ballots one by one and adding counts agree, however they are split between online and boxes.
func TestTheTallyDoesNotDependOnTheWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := poll()
		all := []Ballot{}
		for i := range rapid.IntRange(0, 40).Draw(t, "ballots") {
			all = append(all, Ballot{Key: fmt.Sprintf("%016x", i), Marks: []string{rapid.StringMatching("[yna]{2}").Draw(t, "marks")}})
		}
		k := rapid.IntRange(0, len(all)).Draw(t, "online")
		paper := p.Tally(all[k:], nil)[0]
		c := Count{Box: "1", Found: len(all) - k, Questions: []QuestionCount{{ID: "director", Valid: paper.Valid, Invalid: paper.Invalid}}}
		for _, o := range paper.Options {
			c.Questions[0].Options = append(c.Questions[0].Options, OptionCount{o.ID, o.Yes, o.No, o.Abstain})
		}
		if fault := p.Fault(&c); fault != "" {
			t.Fatal(fault)
		}
		if got, want := fmt.Sprint(p.Tally(all[:k], []Count{c})), fmt.Sprint(p.Tally(all, nil)); got != want {
			t.Fatalf("%s\n%s", got, want)
		}
		b := made(t, p, 101, len(all)-k, all[:k], []Count{c})
		if r := Verify(b.Encode(), Options{Decide: half}); len(r.Findings) > 0 {
			t.Fatal(r.Findings)
		}
	})
}

func FuzzVerify(f *testing.F) {
	b := small(f)
	f.Add(b.Encode())
	for i := range b.Entries {
		f.Add(resigned(b, func(e []Entry) []Entry { return slices.Delete(e, i, i+1) }))
	}
	f.Fuzz(func(_ *testing.T, raw []byte) { Verify(raw, Options{Decide: half}) })
}

// The thresholds that ship give what the law says, by mode and day.
func TestLaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind           string
		mode           Mode
		matter         string
		entitled, cast int
		yes            int
		pass           bool
	}{
		{"residents", Voters, "election.valid", 301, 151, 0, true},
		{"residents", Voters, "election.valid", 301, 150, 0, false},
		{"residents", Representatives, "election.valid", 30, 20, 0, false}, // more than two thirds
		{"residents", Representatives, "election.valid", 30, 21, 0, true},
		{"villagers", Voters, "election.elected", 301, 151, 76, true},
		{"villagers", Voters, "election.elected", 301, 151, 75, false},
		{"villagers", Households, "election.valid", 301, 301, 0, false}, // villages: all voters alone
		{"villagers", Voters, "runoff.elected", 301, 151, 51, true},
		{"villagers", Voters, "runoff.elected", 301, 151, 50, false},
		{"residents", Representatives, "representatives.passed", 20, 20, 11, true},
		{"residents", Representatives, "representatives.passed", 20, 20, 10, false},
	} {
		d := Law("")(&Poll{Kind: c.kind, Mode: c.mode, Day: "2026-12-01"}, c.matter, c.entitled, c.cast, c.yes)
		if d.Pass != c.pass || d.Pass && (d.Law == "" || d.Article == "" || !d.Tests[0].Holds()) {
			t.Errorf("%+v: %+v", c, d)
		}
	}
}

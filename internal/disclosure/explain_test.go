package disclosure

import (
	"testing"

	"pgregory.net/rapid"

	"linli/internal/platform/calendar"
	"linli/internal/platform/text"
)

// The explanation ends on the day that the calendar computes, and its count is the limit, for any day and limit of the loaded years.
func TestAnExplanationEndsOnTheDueDay(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	rapid.Check(t, func(r *rapid.T) {
		from := daysAfter("2024-01-02", rapid.IntRange(0, 1060).Draw(r, "day"))
		limit := calendar.Limit{Amount: rapid.IntRange(1, 40).Draw(r, "amount"),
			Unit: rapid.SampledFrom([]calendar.Unit{calendar.Workday, calendar.CalendarDay}).Draw(r, "unit")}
		want, year, err := due(c, from, limit)
		if err != nil {
			r.Fatal(err)
		}
		days := Explain(c, from, limit)
		last := days[len(days)-1]
		if year > 0 {
			if last.Kind != dayUnknown || last.Due {
				r.Fatalf("%s + %v waits for %d, and the explanation ends on %+v", from, limit, year, last)
			}
			return
		}
		if !last.Due || last.Day != want || last.Count != limit.Amount {
			r.Fatalf("%s + %v is due on %s, and the explanation ends on %+v", from, limit, want, last)
		}
	})
}

// A dispute shows the day-by-day count: National Day is not counted in working days, and a limit in days runs over it.
func TestTheCountOfADateIsShownDayByDay(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	kinds := map[string]string{}
	days := Explain(c, "2026-09-30", calendar.Workdays(3))
	for _, d := range days {
		kinds[d.Day] = d.Kind
	}
	if kinds["2026-09-30"] != dayStart || kinds["2026-10-01"] != dayHoliday || kinds["2026-10-08"] != dayCounted || kinds["2026-10-10"] != dayMakeUp {
		t.Errorf("counted as %v", kinds)
	}
	if days = Explain(c, "2026-09-16", calendar.Days(15)); days[len(days)-1].Day != "2026-10-08" || days[len(days)-2].Kind != dayDeferred {
		t.Errorf("fifteen days over National Day end %+v", days[len(days)-1])
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p           Period
		day         string
		key         string
		first, last string
	}{
		{Quarterly, "2026-03-31", "2026Q1", "2026-01-01", "2026-03-31"}, {Quarterly, "2026-04-01", "2026Q2", "2026-04-01", "2026-06-30"},
		{Monthly, "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"}, {HalfYearly, "2026-07-01", "2026H2", "2026-07-01", "2026-12-31"},
		{Yearly, "2026-05-05", "2026", "2026-01-01", "2026-12-31"}, {Once, "2026-05-05", "", "", ""},
	} {
		if got := SpanOf(tt.p, tt.day); got != (Span{tt.key, tt.first, tt.last}) {
			t.Errorf("%s of %s: got %+v", tt.p, tt.day, got)
		}
	}
	if got := SpanOf(Quarterly, "2026-02-01").before(Quarterly); got.Key != "2025Q4" {
		t.Errorf("before the first quarter comes %+v", got)
	}
}

// Accounts balance exactly, or are refused with the difference named.
func TestAccountsBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		f := Finance{Opening: rapid.Int64Range(-1e9, 1e9).Draw(r, "opening")}
		f.Closing = f.Opening
		for range rapid.IntRange(0, 20).Draw(r, "lines") {
			n := rapid.Int64Range(1, 1e9).Draw(r, "amount")
			l := Line{Day: "2026-01-05", What: "x", In: n}
			if rapid.Bool().Draw(r, "out") {
				l.In, l.Out = 0, n
			}
			f.Closing += l.In - l.Out
			f.Lines = append(f.Lines, l)
		}
		f.Balances = []Balance{{"bank", f.Closing}}
		c := Content{Title: "t", Finance: &f}
		if err := c.ready(FormFinance, "2026-01-01", "2026-03-31", f.Opening, true); err != nil {
			r.Fatal(err)
		}
		off := rapid.Int64Range(1, 1e6).Draw(r, "off")
		f.Closing += off
		if c.ready(FormFinance, "2026-01-01", "2026-03-31", f.Opening, true) == nil {
			r.Fatalf("accounts that are off by %d were taken", off)
		}
		f.Closing -= off
		if c.ready(FormFinance, "2026-01-01", "2026-03-31", f.Opening+off, true) == nil {
			r.Fatal("an opening balance that does not go on from the one before was taken")
		}
	})
}

func TestFen(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"": 0, "1,234.50": 123450, "￥12": 1200, "0.1": 10, ".05": 5, "-3.20": -320, "1.500": 150} {
		if got, ok := Fen(s); !ok || got != want {
			t.Errorf("%q: got %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"1.234", "x", "12345678901", "1.2.3", "--1"} {
		if got, ok := Fen(s); ok {
			t.Errorf("%q was read as %d", s, got)
		}
	}
	for _, n := range []int64{0, 5, -320, 123450} {
		if got, ok := Fen(Yuan(n)); !ok || got != n {
			t.Errorf("%d is written %s and read %d", n, Yuan(n), got)
		}
	}
}

// What ships of the catalogue is whole: every item passes its own check, and villages disclose as often as the law asks.
func TestTheCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for _, i := range Items() {
		if codes[i.Code] {
			t.Errorf("%s stands twice", i.Code)
		}
		codes[i.Code] = true
		if err := i.check([]string{i.Source}); err != nil {
			t.Errorf("%s: %v", i.Code, err)
		}
		if rarer(i.Period, i.Least) {
			t.Errorf("%s is rarer than the law allows", i.Code)
		}
	}
	for n, p := range Powers() {
		if p.Number != n+1 {
			t.Errorf("power %d is numbered %d", n+1, p.Number)
		}
		if err := p.check(); err != nil {
			t.Errorf("%s: %v", p.Code, err)
		}
	}
}

// Numbers of persons are refused, those of offices, days, amounts and vouchers are not.
func TestNumbersOfPersonsAreRefused(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]bool{
		"联系人 13912345678": false, "电话 0518-85812345": true, "2026-01-05 至 2026-12-31": true,
		"总额 1,234,567.50 元": true, "凭证 20260105001": true, "编号 320703001007": true,
	} {
		c := Content{Title: "t", Text: words, Table: &Table{Columns: []text.Pair{{Zh: "a"}}, Rows: [][]string{{words}}}}
		if err := c.ready(FormTable, "", "", 0, false); (err == nil) != want {
			t.Errorf("%s: %v", words, err)
		}
	}
}

package calendar

import (
	"errors"
	"testing"
	"time"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	out, err := time.ParseInLocation("2006-01-02 15:04:05", s, Zone)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestYears(t *testing.T) {
	t.Parallel()
	years := Default().Years()
	want := []Year{
		{2024, "国办发明电〔2023〕7号", 28, 8, 251},
		{2025, "国办发明电〔2024〕12号", 28, 5, 248},
		{2026, "国务院办公厅关于2026年部分节假日安排的通知(2025-11-04)", 33, 6, 248},
	}
	if len(years) != len(want) {
		t.Fatalf("got %d years, want %d", len(years), len(want))
	}
	for i := range want {
		if years[i] != want[i] {
			t.Errorf("got %+v, want %+v", years[i], want[i])
		}
	}
}

func TestIsWorkday(t *testing.T) {
	t.Parallel()
	c := Default()
	for date, want := range map[string]bool{
		"2026-01-01": false, // New Year
		"2026-01-04": true,  // make-up Sunday
		"2026-02-14": true,  // make-up Saturday
		"2026-02-16": false, // Spring Festival Monday
		"2026-03-06": true,  // Friday
		"2026-03-07": false, // Saturday
		"2026-12-31": true,
		"2024-02-29": true,
	} {
		got, err := c.IsWorkday(date)
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", date, got, err, want)
		}
	}
	for _, date := range []string{"2025-02-29", "2026-13-01", "2026-1-1", "", "2026-01-01T00:00:00Z", "二〇二六"} {
		if _, err := c.IsWorkday(date); err == nil || isNotLoaded(err) != 0 {
			t.Errorf("%q: got %v, want a date error", date, err)
		}
	}
}

// isNotLoaded gives the year that an error says is not loaded, or 0.
func isNotLoaded(err error) int {
	var e *YearNotLoaded
	if errors.As(err, &e) {
		return e.Year
	}
	return 0
}

func TestDeadlineDate(t *testing.T) {
	t.Parallel()
	c := Default()
	tests := []struct {
		from, limit, want string
		missing           int
	}{
		{"2026-02-13", "5 workday", "2026-02-27", 0},
		{"2026-04-30", "3 workday", "2026-05-08", 0},
		{"2026-09-24", "5 workday", "2026-10-09", 0},
		{"2026-12-28", "10 workday", "", 2027},
		{"2026-12-28", "3 workday", "2026-12-31", 0},
		{"2026-12-28", "4 workday", "", 2027},
		{"2026-12-31", "1 workday", "", 2027},
		{"2025-12-31", "1 workday", "2026-01-04", 0},
		{"2025-12-26", "20 workday", "2026-01-26", 0},
		{"2023-12-31", "1 workday", "2024-01-02", 0}, // no day of 2023 is counted
		{"2023-12-30", "1 workday", "", 2023},
		{"2022-05-01", "1 workday", "", 2022},
		{"2026-03-02", "0 workday", "2026-03-02", 0},
		{"2026-03-07", "0 workday", "2026-03-09", 0},
		{"2026-03-02", "1 day", "2026-03-03", 0},
		{"2026-03-02", "5 day", "2026-03-09", 0},  // Saturday rolls to Monday
		{"2026-09-15", "15 day", "2026-09-30", 0}, // last working day before National Day
		{"2026-09-16", "15 day", "2026-10-08", 0}, // National Day rolls over the holiday
		{"2026-12-01", "30 day", "2026-12-31", 0},
		{"2026-12-01", "31 day", "", 2027},
		{"2026-03-07", "0 day", "2026-03-09", 0},
		{"2024-01-01", "9999 workday", "", 2027},
		{"2026-03-06", "8 workhour", "2026-03-09", 0},
	}
	for _, tt := range tests {
		limit, err := ParseLimit(tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.DeadlineDate(tt.from, limit)
		if got != tt.want || isNotLoaded(err) != tt.missing || (err != nil) != (tt.missing != 0) {
			t.Errorf("%s + %s: got %q, %v; want %q, missing %d", tt.from, tt.limit, got, err, tt.want, tt.missing)
		}
	}
}

func TestDeadlineInstant(t *testing.T) {
	t.Parallel()
	c := Default()
	tests := []struct{ from, limit, want string }{
		{"2026-03-02 09:00:00", "1 workhour", "2026-03-02 10:00:00"},
		{"2026-03-02 11:30:15", "1 workhour", "2026-03-02 14:30:15"}, // across lunch
		{"2026-03-02 11:00:00", "1 workhour", "2026-03-02 12:00:00"}, // ends when the morning ends
		{"2026-03-02 13:00:00", "1 workhour", "2026-03-02 15:00:00"}, // asked during lunch
		{"2026-03-02 06:00:00", "2 workhour", "2026-03-02 10:30:00"}, // asked before opening
		{"2026-03-02 20:00:00", "2 workhour", "2026-03-03 10:30:00"}, // asked after closing
		{"2026-03-06 17:00:00", "4 workhour", "2026-03-09 12:00:00"}, // across a weekend
		{"2026-02-14 17:00:00", "1 workhour", "2026-02-24 09:00:00"}, // across Spring Festival
		{"2026-03-07 12:34:56", "7 workhour", "2026-03-09 17:30:00"}, // asked on a Saturday
		{"2025-12-31 17:00:00", "1 workhour", "2026-01-04 09:00:00"}, // across New Year
		{"2026-03-07 12:34:56", "0 workhour", "2026-03-07 12:34:56"}, // at once
	}
	for _, tt := range tests {
		limit, _ := ParseLimit(tt.limit)
		got, err := c.Deadline(at(t, tt.from), limit)
		if err != nil || !got.Equal(at(t, tt.want)) {
			t.Errorf("%s + %s: got %v, %v; want %s", tt.from, tt.limit, got, err, tt.want)
		}
	}
	due, err := c.Deadline(at(t, "2026-02-13 16:00:00"), Workdays(5))
	if want := at(t, "2026-02-28 00:00:00").Add(-time.Millisecond); err != nil || !due.Equal(want) {
		t.Errorf("five working days: got %v, %v; want %v", due, err, want)
	}
	// The day is the day in China: 17:00 UTC on 12 February is already the 13th.
	due, err = c.Deadline(time.Date(2026, 2, 12, 17, 0, 0, 0, time.UTC), Workdays(5))
	if err != nil || DateOf(due) != "2026-02-27" {
		t.Errorf("from an instant in UTC: got %v, %v", due, err)
	}
	if _, err := c.Deadline(at(t, "2026-12-31 17:00:00"), Workhours(1)); isNotLoaded(err) != 2027 {
		t.Errorf("working hours into 2027: got %v", err)
	}
	for _, bad := range []Limit{{-1, Workday}, {MaxAmount + 1, Workday}, {1, "week"}, {1, Workminute}, {1, ""}} {
		if _, err := c.Deadline(at(t, "2026-03-02 09:00:00"), bad); err == nil {
			t.Errorf("limit %+v was accepted", bad)
		}
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	c := Default()
	tests := []struct {
		now, due string
		amount   int
		unit     Unit
	}{
		{"2026-02-13 09:00:00", "2026-02-27 23:59:59", 5, Workday},
		{"2026-02-26 18:00:00", "2026-02-27 23:59:59", 1, Workday},
		{"2026-02-27 08:00:00", "2026-02-27 23:59:59", 420, Workminute},
		{"2026-02-27 15:00:00", "2026-02-27 23:59:59", 150, Workminute},
		{"2026-02-27 19:00:00", "2026-02-27 23:59:59", 0, Workminute},
		{"2026-03-06 17:00:00", "2026-03-09 09:00:00", 60, Workminute},
		{"2026-03-02 23:59:59", "2026-03-02 09:00:00", -420 + 30, Workminute},
		{"2026-03-05 12:00:00", "2026-03-02 23:59:59", -3, Workday},
		{"2026-03-07 12:00:00", "2026-03-09 23:59:59", 1, Workday},
		{"2025-12-31 17:29:00", "2026-01-04 08:31:00", 2, Workminute},
		{"2025-12-31 12:00:00", "2026-01-05 23:59:59", 2, Workday},
	}
	for _, tt := range tests {
		amount, unit, err := c.Left(at(t, tt.now), at(t, tt.due))
		if err != nil || amount != tt.amount || unit != tt.unit {
			t.Errorf("%s to %s: got %d %s, %v; want %d %s", tt.now, tt.due, amount, unit, err, tt.amount, tt.unit)
		}
	}
	if _, _, err := c.Left(at(t, "2026-12-31 09:00:00"), at(t, "2027-01-05 09:00:00")); isNotLoaded(err) != 2027 {
		t.Errorf("left into 2027: got %v", err)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	half := []Span{{"09:00", "12:00"}}
	c, err := New(SpecialDays(), []Hours{
		{ValidTo: "2026-06-30", Spans: []Span{{"08:00", "12:00"}, {"13:00", "17:00"}}},
		{ValidFrom: "2026-07-01", Spans: half},
	})
	if err != nil {
		t.Fatal(err)
	}
	due, err := c.Deadline(at(t, "2026-06-30 16:00:00"), Workhours(3))
	if err != nil || !due.Equal(at(t, "2026-07-01 11:00:00")) {
		t.Errorf("across a change of hours: got %v, %v", due, err)
	}
	bad := map[string][]Hours{
		"gap":       {{ValidFrom: "2026-01-01", Spans: half}},
		"overlap":   {{Spans: half}, {ValidFrom: "2026-01-01", Spans: half}},
		"no span":   {{}},
		"backwards": {{Spans: []Span{{"12:00", "09:00"}}}},
		"disorder":  {{Spans: []Span{{"13:00", "17:00"}, {"08:00", "12:00"}}}},
		"clock":     {{Spans: []Span{{"08:60", "12:00"}}}},
		"late":      {{Spans: []Span{{"08:00", "24:01"}}}},
		"form":      {{Spans: []Span{{"8:00", "12:00"}}}},
		"date":      {{ValidFrom: "2026-02-30", Spans: half}},
		"reversed":  {{ValidFrom: "2026-02-02", ValidTo: "2026-02-01", Spans: half}},
		"none":      {},
	}
	for name, hours := range bad {
		if _, err := New(SpecialDays(), hours); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestYearNeedsNewYearAndNationalDay(t *testing.T) {
	t.Parallel()
	c, err := New([]Day{
		{"2026-12-27", Work, "a"}, // from the next year's notice
		{"2027-01-01", Off, "a"},
		{"2028-01-01", Off, "b"}, {"2028-10-01", Off, "b"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Loaded(2026) || c.Loaded(2027) || !c.Loaded(2028) {
		t.Errorf("got %+v, want 2028 alone", c.Years())
	}
	for name, days := range map[string][]Day{
		"twice": {{"2027-01-01", Off, "a"}, {"2027-01-01", Work, "a"}},
		"date":  {{"2027-02-29", Off, "a"}},
		"kind":  {{"2027-01-01", "free", "a"}},
	} {
		if _, err := New(days, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestParseLimit(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0 workday", "5 workday", "4 workhour", "9999 day"} {
		l, err := ParseLimit(s)
		if err != nil || l.String() != s {
			t.Errorf("%q: got %q, %v", s, l, err)
		}
	}
	for _, s := range []string{"", "5", "5 weeks", "-1 day", "+1 day", "10000 day", "5  day", "5 workminute", "5workday"} {
		if l, err := ParseLimit(s); err == nil {
			t.Errorf("%q: accepted as %v", s, l)
		}
	}
}

func BenchmarkDeadline(b *testing.B) {
	c := Default()
	from := time.Date(2025, 11, 3, 2, 10, 0, 0, time.UTC)
	for _, l := range []Limit{Workdays(40), Workhours(100), Days(60)} {
		b.Run(l.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Deadline(from, l); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

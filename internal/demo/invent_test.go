package demo

import (
	"math/rand/v2"
	"testing"
	"time"

	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
)

func TestInventedNumbersAreFormallyRight(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, clock.City)
	for range 500 {
		p := inventPerson(r, "320771", "院前社区", at, 60, 90)
		read, err := idcode.ParseResident(p.number, "2099-12-31")
		if err != nil {
			t.Fatalf("%s: %v", p.number, err)
		}
		if born := p.birth.Format(time.DateOnly); read.Birth != born {
			t.Fatalf("%s is born on %s, the person on %s", p.number, read.Birth, born)
		}
		if p.birth.AddDate(60, 0, 0).After(at) || p.birth.AddDate(92, 0, 0).Before(at) {
			t.Fatalf("born on %s: not from 60 to 90 years old", read.Birth)
		}
		if _, err := idcode.ParsePhone(p.phone); err != nil {
			t.Fatalf("%s: %v", p.phone, err)
		}
	}
	if _, err := idcode.ParsePhone(officePhone(12345)); err != nil {
		t.Error(err)
	}
}

func TestShortName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"院前社区居委会": "院前社区", "观海社区居民委员会": "观海社区", "夏庄居委会": "夏庄社区",
		"云门寺村委会": "云门寺村", "耕耘路管理区社区": "耕耘路管理区社区", "居委会": "居委会",
	} {
		if got := shortName(registry.Area{Name: name}); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
}

func TestOfficeTime(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 2, 9, 0, 0, 0, 0, clock.City)
	o := newOffice(calendar.Default(), from, from.AddDate(0, 1, 0))
	at := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, clock.City)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		instant string
		seconds int
		back    string // the first instant in opening hours with that much gone by
	}{
		{"2026-02-09 07:00", 0, "2026-02-09 08:30"},
		{"2026-02-09 11:00", 9000, "2026-02-09 11:00"},
		{"2026-02-09 13:00", morning, "2026-02-09 12:00"},
		{"2026-02-09 15:00", morning + 3600, "2026-02-09 15:00"},
		{"2026-02-14 08:45", 5*workday + 900, "2026-02-14 08:45"}, // a Saturday that is worked
		{"2026-02-18 10:00", 6 * workday, "2026-02-24 08:30"},     // the holiday
	} {
		if got := o.of(at(c.instant)); got != c.seconds {
			t.Errorf("%s is %d seconds in, want %d", c.instant, got, c.seconds)
		}
		if got := o.at(c.seconds); !got.Equal(at(c.back)) {
			t.Errorf("%d seconds in is %s, want %s", c.seconds, got, c.back)
		}
	}
}

func TestAYearThatIsNotLoadedWorksFromMondayToFriday(t *testing.T) {
	t.Parallel()
	monday := time.Date(2031, 5, 5, 0, 0, 0, 0, clock.City)
	if got := len(newOffice(calendar.Default(), monday, monday.AddDate(0, 0, 14)).days); got != 10 {
		t.Errorf("%d working days in two weeks, want 10", got)
	}
}

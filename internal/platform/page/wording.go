package page

import (
	"fmt"
	"strconv"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/text"
)

// Count is the text of a number of things; a language with a singular has it under key.one.
func Count(c *text.Catalogue, lang text.Lang, key string, n int) string {
	if n == 1 && c.Has(key+".one") {
		key += ".one"
	}
	return c.T(lang, key, "n", Number3(n))
}

// Count is the text of a number of things in the reader's language.
func (q *Request) Count(key string, n int) string {
	return Count(q.site.o.Speaker.Catalogue, q.Lang, key, n)
}

// Day is 2026年11月23日 or 23 Nov 2026 of a time, of milliseconds or of YYYY-MM-DD.
func Day(lang text.Lang, v any) string {
	t, ok := instant(v)
	if !ok {
		return fmt.Sprint(v)
	}
	if lang == text.Chinese {
		return t.Format("2006年1月2日")
	}
	return t.Format("2 Jan 2006")
}

// ShortDay leaves out the year when it is now's.
func ShortDay(lang text.Lang, v any, now time.Time) string {
	t, ok := instant(v)
	if !ok || t.Year() != now.In(clock.City).Year() {
		return Day(lang, v)
	}
	if lang == text.Chinese {
		return t.Format("1月2日")
	}
	return t.Format("2 Jan")
}

// Moment is a day with its time.
func Moment(lang text.Lang, v any) string {
	t, ok := instant(v)
	if !ok {
		return fmt.Sprint(v)
	}
	if lang == text.Chinese {
		return t.Format("2006年1月2日 15:04")
	}
	return t.Format("2 Jan 2006, 15:04")
}

func instant(v any) (time.Time, bool) {
	switch x := v.(type) {
	case time.Time:
		return x.In(clock.City), true
	case int64:
		return clock.Instant(x), true
	case *int64:
		if x != nil {
			return clock.Instant(*x), true
		}
	case string:
		t, err := time.ParseInLocation(time.DateOnly, x, clock.City)
		return t, err == nil
	}
	return time.Time{}, false
}

// Number3 writes a number in groups of three: 1,685.
func Number3(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

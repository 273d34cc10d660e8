package application

import (
	"errors"
	"time"

	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

// The days to decide run from the receipt of the application, stand still while it is given back for correction, and end
// with the last millisecond of a working day. From then on nobody decides any more: silence has refused, at the same instant
// whether or not the job has written it down yet.

// silent tells whether the days to decide are over.
func (e *Application) silent() bool { return e.DueAt > 0 && e.now > e.DueAt }

// due computes the last instant to decide. Errors: Conflict "admission.application.calendar" for a year whose working days
// are not known.
func (s *Service) due(e *Application, day string) error {
	var pauses []calendar.Pause
	if e.ResumedAt > 0 {
		pauses = append(pauses, calendar.Pause{From: clock.Instant(e.PausedAt), To: clock.Instant(e.ResumedAt)})
	}
	at, err := s.Calendar.Now().DeadlineAfter(clock.Instant(e.ReceivedAt), calendar.Workdays(s.Rules.Int(ruleDecide, day)), pauses)
	e.DueAt = clock.Millis(at)
	return known(err)
}

// workdays is the day so many working days after a day. Errors: as due.
func (s *Service) workdays(day string, n int) (string, error) {
	out, err := s.Calendar.Now().DeadlineDate(day, calendar.Workdays(n))
	return out, known(err)
}

// known turns a year that the calendar does not know into a refusal.
func known(err error) error {
	var unknown *calendar.YearNotLoaded
	if errors.As(err, &unknown) {
		return errs.New(errs.Conflict, "admission.application.calendar").With("year", unknown.Year)
	}
	return err
}

// daysAfter is the day so many days after a day.
func daysAfter(day string, n int) string {
	t, _ := time.Parse(time.DateOnly, day) // a day that the clock wrote, or that was read
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

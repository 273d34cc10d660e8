package main

import (
	"context"
	"fmt"

	"linli/internal/app"
	"linli/internal/platform/calendar"
)

type calendarVerb struct {
	Deadline deadlineVerb `cmd:"" help:"Print the day on which a limit in working days ends."`
}

type deadlineVerb struct {
	From     day `help:"Day on which the limit begins, YYYY-MM-DD; it is not counted." required:""`
	Workdays int `help:"Working days." required:""`
}

// Run computes with the calendar that ships with the program.
func (v deadlineVerb) Run(context.Context) error {
	var err error
	if words, err = app.Catalogue(); err != nil {
		return err
	}
	ends, err := calendar.Default().DeadlineDate(string(v.From), calendar.Workdays(v.Workdays))
	if err != nil {
		return app.WordDeadline(err)
	}
	fmt.Println(ends)
	return nil
}

// Package clocktest begins every test process at the same instant, on a working day of a year
// whose calendar ships with the program, whatever day the machine has. The clock runs on from
// there. Test helpers that open a database import it; so does a test that asks clock.Now with
// neither.
package clocktest

import (
	"os"
	"time"

	"linli/internal/platform/clock"
)

// Variable begins the tests at another instant, in a form that clock.Parse reads.
const Variable = "LINLI_TEST_NOW"

const usual = "2026-10-14T10:00" // a Wednesday; the next days off are four days later, the year's end eleven weeks

// Start is the instant at which this process began, on the program's clock.
var Start = begin()

func begin() time.Time {
	at := os.Getenv(Variable)
	if at == "" {
		at = usual
	}
	start, err := clock.Parse(at)
	if err != nil {
		panic(Variable + ": " + err.Error())
	}
	clock.Shift(time.Until(start))
	return start.In(clock.City)
}

package demo

import (
	"context"
	"errors"
	"fmt"

	"linli/internal/people"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

// households is how many of the community that a visitor walks stand on its roster.
const households = 60

// loadResidents puts the households of one community on its roster, some of them tagged.
func (l *load) loadResidents(ctx context.Context) error {
	r := l.dice("residents", 0)
	for h := range households {
		first := inventPerson(r, home[:6], "", l.start, 62, 92)
		rest := inventPerson(r, home[:6], "", l.start, 8, 60)
		rest.address = first.address
		for i, p := range []person{first, rest}[:1+r.IntN(2)] {
			n := people.NewResident{Area: home, Household: fmt.Sprintf("%03d", h+1),
				Person: people.Person{Name: p.name, Phone: p.phone, Number: p.number, Address: p.address}}
			tag := func(name, source string) {
				n.Tags = append(n.Tags, people.Tag{Tag: name, Source: source, Since: clock.Day(l.start)})
			}
			if l.start.Year()-p.birth.Year() >= 80 {
				tag("old", "户籍信息")
			}
			switch r.IntN(12) {
			case 0:
				tag("disabled", "残联名册")
			case 1:
				tag("low_income", "民政名册")
			case 2:
				if i == 0 {
					tag("lives_alone", "网格走访")
				}
			}
			if _, err := l.Casework.People.Add(ctx, n); err != nil && errs.Of(err).Key != "people.registered" {
				return errors.Join(err, fmt.Errorf("household %d", h+1))
			}
		}
	}
	return nil
}

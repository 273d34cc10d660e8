package worklist

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/db"
)

// countMost bounds what is counted for an inbox: a hundred or more is said to be more than 99, and
// an inbox costs no more in a city that is behind than in one that is not.
const countMost = 100

// count adds up the branches, which share no row, up to [countMost].
func (l *listing) count(ctx context.Context, r db.Reader) (int, error) {
	if l.helps() {
		p, err := l.readHelped(ctx, r, countMost, casework.Cursor{})
		return len(p.Cases), err
	}
	if len(l.branches) == 0 {
		return 0, nil
	}
	parts := make([]string, len(l.branches))
	for i, b := range l.branches {
		parts[i] = fmt.Sprintf("(SELECT COUNT(*) FROM (SELECT 1 FROM casework_case WHERE %s LIMIT %d) AS counted)",
			strings.Join(append([]string{b}, l.terms...), " AND "), countMost)
	}
	n, err := db.Value[int](ctx, r, "SELECT "+strings.Join(parts, " + "), l.List...)
	return min(n, countMost), err
}

// years lists the calendar years that the listed cases wait for.
func (l *listing) years(ctx context.Context, r db.Reader) ([]int, error) {
	return db.All(ctx, r, func(sc db.Scanner) (y int, err error) {
		err = sc.Scan(&y)
		return y, err
	}, "SELECT DISTINCT due_year FROM casework_case WHERE ("+strings.Join(l.branches, " OR ")+") AND "+strings.Join(l.terms,
		" AND ")+" ORDER BY due_year", l.List...)
}

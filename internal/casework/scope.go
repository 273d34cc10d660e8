package casework

import (
	"fmt"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Digits of the codes of areas.
const (
	CityDigits      = 4
	CountyDigits    = 6
	StreetDigits    = 9
	CommunityDigits = 12
	gridDigits      = 15
)

// AreaDigits are the lengths of codes from the province down.
var AreaDigits = []int{2, CityDigits, CountyDigits, StreetDigits, CommunityDigits, gridDigits}

// Args collects the arguments of a statement about cases while its conditions are written.
type Args struct{ db.Args }

// At bounds cases to an area and all below it by the index of its level. Grids have none by deadline:
// what is due in one is looked for among what is due in its community.
func (a *Args) At(area string, due bool) string {
	switch {
	case area == "":
		return "1 = 1"
	case len(area) == gridDigits && due:
		return a.At(area[:CommunityDigits], due) + " AND " + a.Within(area)
	case len(area) == gridDigits:
		return a.Term("area = %s", area)
	}
	return a.Term(fmt.Sprintf("substr(area, 1, %d) = %%s", len(area)), area)
}

// Within bounds to an area where another index leads. It is written so that SQLite does not turn
// to the area's own index and PostgreSQL still knows how many rows to expect.
func (a *Args) Within(area string) string {
	return a.Term("NOT (area < %s OR area >= %s)", area, authority.PrefixEnd(area))
}

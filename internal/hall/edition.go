package hall

import (
	"cmp"
	"encoding/json"
	"slices"
)

// EditionState says what an edition of an item is.
type EditionState string

const (
	DraftEdition     EditionState = "draft"     // being written; at most one of an item
	ReleasedEdition  EditionState = "released"  // in force from its first day until that of the next
	WithdrawnEdition EditionState = "withdrawn" // taken back before its first day
)

// Edition is one text of an item. A released one never changes: a case shows the one that it was made with.
type Edition struct {
	Code       string
	Number     int // from 1
	State      EditionState
	Content    Content
	From       string // first day, YYYY-MM-DD; "" of what was there from the start
	Writer     string // name of the account that wrote it last
	WrittenAt  int64
	Releaser   string
	ReleasedAt int64
	Reason     string // why it was withdrawn
	Version    int64
}

// Offer is an item as the catalogue holds it: what the city set of it, and its released editions.
type Offer struct {
	Code     string
	Own      bool // made by the city, not shipped
	Enabled  bool
	ClosesOn string // first day on which it takes no applications, or ""
	Version  int64
	editions []Edition // in the order in which they come into force
}

// InForce is the edition of a day; nil where none is in force yet.
func InForce(released []Edition, day string) *Edition {
	for i := len(released) - 1; i >= 0; i-- {
		if released[i].From <= day {
			return &released[i]
		}
	}
	return nil
}

// Order sorts editions as they come into force.
func Order(editions []Edition) {
	slices.SortFunc(editions, func(a, b Edition) int { return cmp.Or(cmp.Compare(a.From, b.From), a.Number-b.Number) })
}

// as is the item by one of its editions, offered on a day or not.
func (o *Offer) as(e *Edition, day string) Item {
	return Item{Content: e.Content, Enabled: o.Enabled && (o.ClosesOn == "" || day < o.ClosesOn), Version: o.Version, Edition: e.Number,
		ClosesOn: o.ClosesOn, Own: o.Own, Switched: o.Enabled}
}

// Document is the content as the database keeps it, and as what ships is compared: always as it is offered first.
func (c *Content) Document() (string, error) {
	raw, err := json.Marshal(Item{Content: *c, Enabled: true, Version: 1})
	return string(raw), err
}

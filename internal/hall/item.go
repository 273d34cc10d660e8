package hall

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"

	"linli/internal/platform/calendar"
	"linli/internal/platform/form"
	"linli/internal/platform/text"
)

// Text is a sentence of the catalogue in both languages.
type Text = text.Pair

// Kind says who provides a service: the three that the city's communities offer beside each other.
type Kind string

const (
	Government Kind = "government" // 政府公共服务
	Volunteer  Kind = "volunteer"  // 居民志愿服务
	Market     Kind = "market"     // 市场有偿服务
)

// Type is the two-digit type of a government item (GB/T 39554.1), its words under "hall.type.<type>".
type Type string

// Types are those of the standard.
var Types = []Type{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"}

// Certainty says how sure a basis is.
type Certainty string

const (
	Read       Certainty = "V" // read in the official text
	Secondhand Certainty = "S" // from a secondary copy
	Unverified Certainty = "U" // not verified: configuration of the city
	Derived    Certainty = "D" // follows from other rules
)

// Basis is what an item or one of its figures rests on.
type Basis struct {
	Name      Text      `json:"name"`
	Article   Text      `json:"article"` // empty where no article is known
	Certainty Certainty `json:"certainty"`
	Source    Text      `json:"source"` // where it was read
	Note      Text      `json:"note"`   // what rests on it
}

// Paper is the form in which a material is brought.
type Paper string

const (
	OnPaper    Paper = "paper"
	Electronic Paper = "electronic"
	Either     Paper = "either"
)

// Material is one thing to bring. None may be asked for without a basis, and none that the
// government already holds (国务院关于在线政务服务的若干规定, art. 7).
type Material struct {
	Name     Text  `json:"name"`
	Basis    Text  `json:"basis"`  // law and, where known, article
	Copies   int   `json:"copies"` // 0: the original is shown only
	Form     Paper `json:"form"`
	Required bool  `json:"required"`
	Held     bool  `json:"held"` // already held by the government: must not be brought
	Source   Text  `json:"source"`
}

// Content is what an edition of a service says: its guide and its form.
type Content struct {
	Code       string         `json:"code"`
	Kind       Kind           `json:"kind"`
	Type       Type           `json:"type"` // of a government item only
	Name       Text           `json:"name"`
	Summary    Text           `json:"summary"`
	Department string         `json:"department"` // registry code of the reviewing department, or [Station]
	Level      int            `json:"level"`
	Statutory  calendar.Limit `json:"statutory"` // 法定时限; of other than government items the longest that the published rules allow
	Promised   calendar.Limit `json:"promised"`  // 承诺时限
	Who        []Text         `json:"who"`
	Conditions []Text         `json:"conditions"`
	Materials  []Material     `json:"materials"`
	Steps      []Text         `json:"steps"`
	Fee        Text           `json:"fee"`
	Result     Text           `json:"result"`
	Place      Text           `json:"place"`
	Bases      []Basis        `json:"bases"`
	Form       []form.Field   `json:"form"`
	Agent      bool           `json:"agent"` // 帮办代办: a worker may apply for the resident
	Official   string         `json:"official,omitempty" maxLength:"12" doc:"Its basic code in the national catalogue (基本编码), where it has one"`
}

// Item is a service by one of its editions.
type Item struct {
	Content
	Enabled bool  `json:"enabled"` // takes applications
	Version int64 `json:"version"` // of what the city set of it, not of its content

	Edition  int    `json:"-"` // number of the edition
	ClosesOn string `json:"-"` // first day on which it takes no applications, or ""
	Own      bool   `json:"-"` // made by the city
	Switched bool   `json:"-"` // not switched off; it may be closed by its date
}

//go:embed items.json
var itemsJSON []byte

// Items returns the items that ship with the program, in the order in which they are shown.
// The database keeps what the city changes; these are its start.
func Items() []Item {
	var items []Item
	d := json.NewDecoder(bytes.NewReader(itemsJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&items); err != nil {
		panic(fmt.Sprintf("hall: embedded items: %v", err))
	}
	return items
}

var (
	identifier = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	official   = regexp.MustCompile(`^[0-9A-Z]{12}$`)
)

package hall

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

// EditionState says what an edition of an item is.
type EditionState string

const (
	draftEdition     EditionState = "draft"     // being written; at most one of an item
	releasedEdition  EditionState = "released"  // in force from its first day until that of the next
	withdrawnEdition EditionState = "withdrawn" // taken back before its first day
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

// offer is an item as the catalogue holds it: what the city set of it, and its released editions.
type offer struct {
	code     string
	own      bool // made by the city, not shipped
	enabled  bool
	closesOn string // first day on which it takes no applications, or ""
	version  int64
	editions []Edition // in the order in which they come into force
}

// inForce is the edition of a day; nil where none is in force yet.
func inForce(released []Edition, day string) *Edition {
	for i := len(released) - 1; i >= 0; i-- {
		if released[i].From <= day {
			return &released[i]
		}
	}
	return nil
}

// order sorts editions as they come into force.
func order(editions []Edition) {
	slices.SortFunc(editions, func(a, b Edition) int { return cmp.Or(cmp.Compare(a.From, b.From), a.Number-b.Number) })
}

// as is the item by one of its editions, offered on a day or not.
func (o *offer) as(e *Edition, day string) Item {
	return Item{Content: e.Content, Enabled: o.enabled && (o.closesOn == "" || day < o.closesOn), Version: o.version, Edition: e.Number,
		ClosesOn: o.closesOn, Own: o.own, Switched: o.enabled}
}

// document is the content as the database keeps it, and as what ships is compared: always as it is offered first.
func (c *Content) document() (string, error) {
	raw, err := json.Marshal(Item{Content: *c, Enabled: true, Version: 1})
	return string(raw), err
}

// EditionChange is one place in which two editions differ.
type EditionChange struct {
	Path   string `json:"path" doc:"e.g. form[rent].label.zh, promised.amount; parts of a list are named by their key where they have one"`
	Before string `json:"before" doc:"As JSON; empty where there was nothing"`
	After  string `json:"after" doc:"As JSON; empty where there is nothing any more"`
}

// differences lists where two contents differ, in the order of the alphabet.
func differences(a, b *Content) ([]EditionChange, error) {
	flat := func(c *Content) (map[string]string, error) {
		raw, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		var v any
		out := map[string]string{}
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		flatten("", v, out)
		return out, nil
	}
	before, err := flat(a)
	if err != nil {
		return nil, err
	}
	after, err := flat(b)
	if err != nil {
		return nil, err
	}
	out := []EditionChange{}
	for path, v := range before {
		if after[path] != v {
			out = append(out, EditionChange{path, v, after[path]})
		}
	}
	for path, v := range after {
		if _, ok := before[path]; !ok {
			out = append(out, EditionChange{path, "", v})
		}
	}
	slices.SortFunc(out, func(a, b EditionChange) int { return cmp.Compare(a.Path, b.Path) })
	return out, nil
}

// flatten collects the leaves of a JSON value by their path.
func flatten(path string, v any, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			at := key
			if path != "" {
				at = path + "." + key
			}
			flatten(at, inner, out)
		}
	case []any:
		for i, inner := range v {
			name := strconv.Itoa(i)
			if part, ok := inner.(map[string]any); ok {
				for _, key := range []string{"key", "value"} {
					if s, ok := part[key].(string); ok && s != "" {
						name = s
					}
				}
			}
			flatten(path+"["+name+"]", inner, out)
		}
	default:
		raw, _ := json.Marshal(v) // of a value that was read from JSON
		out[path] = string(raw)
	}
}

package grid

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Text is a sentence of the catalogue in both languages.
type Text = text.Pair

// CategoryKind says what a category is of.
type CategoryKind string

const (
	Component CategoryKind = "component" // 部件: a thing that stands in the street
	Event     CategoryKind = "event"     // 事件: something that happens
)

// Category is a class of two digits, or a sub-class of four that begins with its class. Only
// sub-classes are reported; they alone have a limit, a duty department and a closing condition.
// The classes are those of GB/T 30428 and CJJ/T 106; the numbers are the platform's own.
type Category struct {
	Code       string         `json:"code"`
	Parent     string         `json:"parent"` // "" of a class
	Kind       CategoryKind   `json:"kind"`
	Name       Text           `json:"name"`
	Limit      calendar.Limit `json:"limit"`      // working hours or working days, from dispatch to feedback
	Department string         `json:"department"` // registry code of the duty department, or [Station]
	Level      int            `json:"level"`
	Closing    Text           `json:"closing"`   // what must be found at the verification
	Certainty  string         `json:"certainty"` // of the limit: V, S, U or D as in platform/rule
	Source     Text           `json:"source"`
	Enabled    bool           `json:"enabled"` // offered for new reports; open cases go on when it is not
	Version    int64          `json:"version"`
}

//go:embed categories.json
var categoriesJSON []byte

// Categories returns the categories that ship with the program, each class before its sub-classes.
// The database keeps what the city changes; these are its start.
func Categories() []Category {
	var categories []Category
	d := json.NewDecoder(bytes.NewReader(categoriesJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&categories); err != nil {
		panic(fmt.Sprintf("grid: embedded categories: %v", err))
	}
	for i := range categories {
		categories[i].Enabled, categories[i].Version = true, 1
	}
	return categories
}

// IsClass tells a class from a sub-class.
func (c *Category) IsClass() bool { return len(c.Code) == 2 }

var categoryCode = regexp.MustCompile(`^[0-9]{2}([0-9]{2})?$`)

// Validate refuses a category that is incomplete or malformed, by the first fault found:
// grid.category.code, .kind, .parent, .text_missing, .limit, .department, .certainty.
func (c *Category) Validate() error {
	switch {
	case !categoryCode.MatchString(c.Code):
		return refuse("code")
	case c.Kind != Component && c.Kind != Event:
		return refuse("kind")
	case !c.Name.Complete():
		return refuse("text_missing", "part", "name")
	case c.IsClass():
		return c.checkClass()
	}
	return c.checkSubclass()
}

func (c *Category) checkClass() error {
	switch {
	case c.Parent != "":
		return refuse("parent")
	case c.Limit != calendar.Limit{}:
		return refuse("limit")
	case c.Department != "" || c.Level != 0:
		return refuse("department")
	}
	return nil
}

func (c *Category) checkSubclass() error {
	switch {
	case c.Parent != c.Code[:2]:
		return refuse("parent")
	case c.Limit.Validate() != nil, c.Limit.Amount < 1, c.Limit.Unit == calendar.CalendarDay:
		return refuse("limit")
	case c.Department != registry.BodyStation && !slices.Contains(registry.Departments, c.Department),
		c.Level < registry.LevelCounty, c.Level > registry.LevelCommunity,
		(c.Level == registry.LevelCommunity) != (c.Department == registry.BodyStation):
		return refuse("department")
	case !c.Closing.Complete():
		return refuse("text_missing", "part", "closing")
	case !slices.Contains([]string{"V", "S", "U", "D"}, c.Certainty), !c.Source.Complete():
		return refuse("certainty")
	}
	return nil
}

// CheckCategories refuses a set in which a category is invalid, stands twice
// (grid.category.twice), lacks its class (grid.category.parent) or is of another kind than it
// (grid.category.kind).
func CheckCategories(categories []Category) error {
	kinds := map[string]CategoryKind{}
	for i := range categories {
		c := &categories[i]
		if err := c.Validate(); err != nil {
			return err
		}
		if _, twice := kinds[c.Code]; twice {
			return refuse("twice")
		}
		kinds[c.Code] = c.Kind
	}
	for _, c := range categories {
		if c.IsClass() {
			continue
		}
		kind, found := kinds[c.Parent]
		if !found {
			return refuse("parent")
		}
		if kind != c.Kind {
			return refuse("kind")
		}
	}
	return nil
}

func refuse(key string, pairs ...any) error {
	return errs.New(errs.Invalid, "grid.category."+key).With(pairs...)
}

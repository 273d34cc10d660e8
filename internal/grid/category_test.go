package grid

import (
	"errors"
	"testing"

	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

func TestShippedCategoriesAreValid(t *testing.T) {
	t.Parallel()
	categories := Categories()
	if err := CheckCategories(categories); err != nil {
		t.Fatal(err)
	}
	subclasses := map[string]int{}
	limits := map[string]calendar.Limit{}
	for _, c := range categories {
		if c.IsClass() {
			subclasses[c.Code] += 0
			continue
		}
		subclasses[c.Parent]++
		limits[c.Name.Zh] = c.Limit
	}
	for class, n := range subclasses {
		if n < 2 {
			t.Errorf("class %s has %d sub-classes", class, n)
		}
	}
	for name, want := range map[string]calendar.Limit{
		"暴露垃圾": calendar.Workhours(4), "道路不洁": calendar.Workhours(2), "建筑垃圾、渣土": calendar.Workdays(2),
		"绿地养护": calendar.Workdays(5), "私搭乱建": calendar.Workdays(7),
	} {
		if limits[name] != want {
			t.Errorf("%s: %v, want %v", name, limits[name], want)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	var whole Category
	for _, c := range Categories() {
		if c.Code == "0101" {
			whole = c
		}
	}
	for name, c := range map[string]struct {
		spoil func(*Category)
		key   string
	}{
		"three digits":        {func(c *Category) { c.Code = "010" }, "code"},
		"letters":             {func(c *Category) { c.Code = "01ab" }, "code"},
		"kind":                {func(c *Category) { c.Kind = "rumour" }, "kind"},
		"another class":       {func(c *Category) { c.Parent = "02" }, "parent"},
		"one language":        {func(c *Category) { c.Name.En = "" }, "text_missing"},
		"no closing":          {func(c *Category) { c.Closing = Text{} }, "text_missing"},
		"no limit":            {func(c *Category) { c.Limit = calendar.Limit{} }, "limit"},
		"limit of zero":       {func(c *Category) { c.Limit = calendar.Workhours(0) }, "limit"},
		"calendar days":       {func(c *Category) { c.Limit = calendar.Days(3) }, "limit"},
		"nobody's duty":       {func(c *Category) { c.Department = "" }, "department"},
		"level":               {func(c *Category) { c.Level = 6 }, "department"},
		"station in a county": {func(c *Category) { c.Department = registry.BodyStation }, "department"},
		"certainty":           {func(c *Category) { c.Certainty = "" }, "certainty"},
		"no source":           {func(c *Category) { c.Source = Text{} }, "certainty"},
		"class with a limit":  {func(c *Category) { c.Code, c.Parent = "01", "" }, "limit"},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt := whole
			c.spoil(&spoilt)
			if err := spoilt.Validate(); !errors.Is(err, errs.New(errs.Invalid, "grid.category."+c.key)) {
				t.Errorf("got %v, want %s", err, c.key)
			}
		})
	}
}

func TestCheckCategoriesRefuses(t *testing.T) {
	t.Parallel()
	all := Categories()
	class, sub := all[0], all[1]
	other := class
	other.Kind = Component
	for name, c := range map[string]struct {
		set []Category
		key string
	}{
		"sub-class without class": {[]Category{sub}, "parent"},
		"twice":                   {[]Category{class, sub, sub}, "twice"},
		"another kind":            {[]Category{other, sub}, "kind"},
	} {
		if err := CheckCategories(c.set); !errors.Is(err, errs.New(errs.Invalid, "grid.category."+c.key)) {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
}

func TestTextsAndRules(t *testing.T) {
	t.Parallel()
	catalogue, err := text.New(Texts)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, v := range Rules() {
		keys = append(keys, "rule."+v.Key)
	}
	for _, s := range []string{"reported", "established", "dispatched", "handling", "fed_back", "verified", "closed", "dismissed", "rated"} {
		keys = append(keys, "grid.incident.state."+s, "grid.incident.next."+s)
	}
	for _, v := range []string{"report", "establish", "dismiss", "dispatch", "handle", "feed_back", "verify", "rework", "close", "rate",
		"object", "join", "contribute", "release", "confirm", "reopen"} {
		keys = append(keys, "grid.incident.verb."+v, "grid.incident.did."+v)
	}
	for _, k := range []string{"code", "kind", "parent", "text_missing", "limit", "department", "certainty", "twice", "unknown"} {
		keys = append(keys, "error.grid.category."+k)
	}
	for _, key := range keys {
		if !catalogue.Has(key) {
			t.Errorf("no text %q", key)
		}
	}
	book := rule.NewCache(Rules())
	for _, key := range []string{"grid.verify.not_handler", "grid.close.not_handler"} {
		if v, ok := book.On(key, "2026-11-23"); !ok || v.Certainty != "S" {
			t.Errorf("rule %s: %+v", key, v)
		}
	}
}

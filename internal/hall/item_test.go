package hall

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

func TestShippedItemsAreValid(t *testing.T) {
	t.Parallel()
	codes, kinds := map[string]bool{}, map[Kind]int{}
	for _, item := range Items() {
		if err := item.Validate(); err != nil {
			t.Errorf("%s: %v %v", item.Code, err, errs.Of(err).Args)
		}
		if codes[item.Code] {
			t.Errorf("%s stands twice", item.Code)
		}
		codes[item.Code] = true
		kinds[item.Kind]++
		if len(item.Form) == 0 || item.Version != 1 || !item.Enabled {
			t.Errorf("%s: a shipped item has a form, version 1 and is offered", item.Code)
		}
		if item.Kind == Government && len(item.Materials) == 0 {
			t.Errorf("%s tells nothing to bring", item.Code)
		}
	}
	if kinds[Government] < 9 || kinds[Volunteer] < 1 || kinds[Market] < 1 {
		t.Errorf("items by kind: %v", kinds)
	}
}

// Every refusal, rule, kind, type and form that the code can name has its words.
func TestTextsAndRules(t *testing.T) {
	t.Parallel()
	catalogue, err := text.New(Texts)
	if err != nil {
		t.Fatal(err)
	}
	book := rule.NewCache(Rules())
	for _, key := range []string{"return_once", "promise", "material.basis", "held_material", "rating_once", "separation"} {
		if v, ok := book.On("hall."+key, "2026-11-23"); !ok || v.Basis == "" {
			t.Errorf("rule hall.%s has no value or basis", key)
		}
	}
	for _, v := range Rules() {
		wantKey(t, catalogue, "rule."+v.Key)
	}
	for _, k := range Types {
		wantKey(t, catalogue, "hall.type."+string(k))
	}
	for _, key := range []string{"code", "kind", "type", "department", "level", "limit", "units_differ", "promise_exceeds_statutory",
		"text_missing", "material", "material_without_basis", "held_material_required", "basis", "question"} {
		wantKey(t, catalogue, "error.hall.item."+key)
	}
	for _, key := range []string{"returned_once", "reviewer_decides"} {
		wantKey(t, catalogue, "error.hall.application."+key)
	}
	for _, state := range []string{"submitted", "returned", "accepted", "reviewed", "approved", "denied",
		"delivered", "rated", "refused", "withdrawn"} {
		wantKey(t, catalogue, "hall.application.state."+state)
		wantKey(t, catalogue, "hall.application.next."+state)
	}
	for _, verb := range []string{"submit", "accept", "return", "resubmit", "refuse", "review",
		"approve", "deny", "deliver", "rate", "withdraw"} {
		wantKey(t, catalogue, "hall.application.verb."+verb)
		wantKey(t, catalogue, "hall.application.did."+verb)
	}
}

func wantKey(t *testing.T, c *text.Catalogue, key string) {
	t.Helper()
	if !c.Has(key) {
		t.Errorf("no text %q", key)
	}
}

// Every shipped form refuses an empty sheet exactly at the required questions that are always asked.
func TestShippedFormsNameRequired(t *testing.T) {
	t.Parallel()
	for _, item := range Items() {
		want := 0
		for _, f := range item.Form {
			if f.Required && f.Only == nil {
				want++
			}
		}
		err := form.Check(item.Form, nil, form.Context{Today: "2026-03-02"})
		if err == nil || len(errs.Of(err).Fields) != want {
			t.Errorf("%s: %d required, got %v", item.Code, want, err)
		}
	}
}

func TestCatalogueRefusesAMissingLanguage(t *testing.T) {
	t.Parallel()
	_, err := text.New(fstest.MapFS{
		"texts/zh.json": {Data: []byte(`{"hall.kind.market":"市场有偿服务"}`)},
		"texts/en.json": {Data: []byte(`{}`)},
	})
	if err == nil {
		t.Error("a key without English was taken")
	}
}

// sample is a valid item of its own for a test to spoil.
func sample(t testing.TB) *Item {
	t.Helper()
	raw, err := json.Marshal(Items()[0])
	if err != nil {
		t.Fatal(err)
	}
	item := &Item{}
	if err := json.Unmarshal(raw, item); err != nil {
		t.Fatal(err)
	}
	return item
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	held := func(i *Item) *Material {
		for n := range i.Materials {
			if i.Materials[n].Held {
				return &i.Materials[n]
			}
		}
		t.Fatal("the sample has no held material")
		return nil
	}
	for name, c := range map[string]struct {
		spoil     func(*Item)
		key, rule string
	}{
		"promise longer": {func(i *Item) { i.Promised = calendar.Workdays(31) }, "promise_exceeds_statutory", "hall.promise"},
		"units that do not compare": {func(i *Item) { i.Statutory, i.Promised = calendar.Days(30), calendar.Workdays(1) },
			"units_differ", "hall.promise"},
		"working hours against days": {func(i *Item) { i.Statutory, i.Promised = calendar.Days(30), calendar.Workhours(1) },
			"units_differ", "hall.promise"},
		"no promise":                {func(i *Item) { i.Promised = calendar.Workdays(0) }, "limit", ""},
		"negative limit":            {func(i *Item) { i.Statutory.Amount = -1 }, "limit", ""},
		"unknown unit":              {func(i *Item) { i.Statutory.Unit = "week" }, "limit", ""},
		"material without basis":    {func(i *Item) { i.Materials[0].Basis = Text{} }, "material_without_basis", "hall.material.basis"},
		"basis in one language":     {func(i *Item) { i.Materials[0].Basis.En = " " }, "text_missing", ""},
		"held material required":    {func(i *Item) { held(i).Required = true }, "held_material_required", "hall.held_material"},
		"copies":                    {func(i *Item) { i.Materials[0].Copies = -1 }, "material", ""},
		"form of a material":        {func(i *Item) { i.Materials[0].Form = "stone" }, "material", ""},
		"name in one language":      {func(i *Item) { i.Name.En = "" }, "text_missing", ""},
		"nobody may apply":          {func(i *Item) { i.Who = nil }, "text_missing", ""},
		"code":                      {func(i *Item) { i.Code = "Low Income" }, "code", ""},
		"kind":                      {func(i *Item) { i.Kind = "gift" }, "kind", ""},
		"government without type":   {func(i *Item) { i.Type = "" }, "type", ""},
		"volunteers with type":      {func(i *Item) { i.Kind = Volunteer }, "type", ""},
		"no department":             {func(i *Item) { i.Department = "" }, "department", ""},
		"level":                     {func(i *Item) { i.Level = 2 }, "level", ""},
		"department in a community": {func(i *Item) { i.Level = registry.LevelCommunity }, "level", ""},
		"no basis":                  {func(i *Item) { i.Bases = nil }, "basis", ""},
		"certainty":                 {func(i *Item) { i.Bases[0].Certainty = "X" }, "basis", ""},
		"same question twice":       {func(i *Item) { i.Form = append(i.Form, i.Form[0]) }, "question", ""},
		"group torn apart": {func(i *Item) {
			again := i.Form[0]
			again.Key = "again"
			i.Form = append(i.Form, again)
		}, "question", ""},
		"choice without options": {func(i *Item) { i.Form[0] = form.Field{Key: "a", Kind: form.Choice, Label: i.Name, Group: i.Name} },
			"question", ""},
		"number without range": {func(i *Item) { i.Form[0] = form.Field{Key: "a", Kind: form.Number, Label: i.Name, Group: i.Name} },
			"question", ""},
		"identity not personal": {func(i *Item) { i.Form[0] = form.Field{Key: "a", Kind: form.IDNumber, Label: i.Name, Group: i.Name} },
			"question", ""},
		"text beyond bound": {func(i *Item) {
			i.Form[0] = form.Field{Key: "a", Kind: form.Text, Label: i.Name, Group: i.Name, Max: form.MaxText + 1}
		}, "question", ""},
	} {
		t.Run(name, func(t *testing.T) {
			item := sample(t)
			c.spoil(item)
			err := item.Validate()
			if !errors.Is(err, refuse(c.key)) || errs.Of(err).Rule != c.rule || errs.Of(err).Kind != errs.Invalid {
				t.Errorf("got %v by %q, want %s by %q", err, errs.Of(err).Rule, c.key, c.rule)
			}
		})
	}
}

func limits(t *rapid.T, label string) calendar.Limit {
	return calendar.Limit{
		Amount: rapid.IntRange(1, 40).Draw(t, label),
		Unit:   rapid.SampledFrom([]calendar.Unit{calendar.Workday, calendar.Workhour, calendar.CalendarDay}).Draw(t, label+" unit"),
	}
}

// A valid item never promises more than the law allows, by the calendar itself and not only in
// figures: from whatever instant, the promised deadline is no later than the statutory one.
func TestPromiseIsNeverLaterThanStatutory(t *testing.T) {
	t.Parallel()
	year := calendar.Default()
	item := sample(t)
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		item.Promised, item.Statutory = limits(t, "promised"), limits(t, "statutory")
		if item.Validate() != nil {
			return
		}
		taken++
		minutes := rapid.IntRange(0, 2*365*24*60).Draw(t, "minute")
		from := time.Date(2024, 1, 1, 0, 0, 0, 0, calendar.Zone).Add(time.Duration(minutes) * time.Minute)
		promised, err := year.Deadline(from, item.Promised)
		if err != nil {
			t.Fatal(err)
		}
		statutory, err := year.Deadline(from, item.Statutory)
		if err != nil {
			t.Fatal(err)
		}
		if promised.After(statutory) {
			t.Fatalf("%v promised by %v, but due by law (%v) by %v", item.Promised, promised, item.Statutory, statutory)
		}
	})
	if taken == 0 {
		t.Error("no pair of limits was valid")
	}
}

func TestShippedItemsCannotPromiseMore(t *testing.T) {
	t.Parallel()
	for _, item := range Items() {
		item.Promised = calendar.Limit{Amount: item.Statutory.Amount + 1, Unit: item.Statutory.Unit}
		if err := item.Validate(); !errors.Is(err, refuse("promise_exceeds_statutory")) {
			t.Errorf("%s: %v", item.Code, err)
		}
	}
}

func TestTextIn(t *testing.T) {
	t.Parallel()
	name := Text{Zh: "高龄津贴", En: "Old-age allowance"}
	if got := fmt.Sprint(name.In(text.Chinese), "/", name.In(text.English)); got != "高龄津贴/Old-age allowance" {
		t.Error(got)
	}
}

package difference

import (
	"reflect"
	"testing"
)

func TestBetween(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		before, after string
		want          []Change
	}{
		"the same in another order": {`{"a":1,"b":[true]}`, `{"b":[true],"a":1}`, []Change{}},
		"values of an object": {`{"promised":{"amount":3,"unit":"workday"}}`, `{"promised":{"amount":2,"unit":"workday"}}`,
			[]Change{{"promised.amount", 3.0, 2.0}}},
		"an element is found by its key wherever it stands": {`{"form":[{"key":"a","label":"x"},{"key":"b","label":"y"}]}`,
			`{"form":[{"key":"b","label":"z"},{"key":"a","label":"x"}]}`, []Change{{"form[b].label", "y", "z"}}},
		"by its value or code": {`[{"value":"v","n":1},{"code":"c","n":1}]`, `[{"value":"v","n":2},{"code":"c","n":3}]`,
			[]Change{{"[c].n", 1.0, 3.0}, {"[v].n", 1.0, 2.0}}},
		"by its place":               {`{"steps":["x","y"]}`, `{"steps":["x"]}`, []Change{{"steps[2]", "y", nil}}},
		"null is nothing, no is not": {`{"a":null,"b":false}`, `{"c":false}`, []Change{{"b", false, nil}, {"c", nil, false}}},
		"a document from nothing":    {``, `{"a":"x"}`, []Change{{"a", nil, "x"}}},
		"a value became an object":   {`{"a":"x"}`, `{"a":{"b":"x"}}`, []Change{{"a", "x", nil}, {"a.b", nil, "x"}}},
	} {
		got, err := Between(x.before, x.after)
		if err != nil || !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %v, want %v (%v)", name, got, x.want, err)
		}
	}
	if _, err := Between(`{`, `{}`); err == nil {
		t.Error("what is no JSON is compared")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		v          any
		text, json string
	}{{nil, "", ""}, {"a", "a", `"a"`}, {3.0, "3", "3"}, {false, "false", "false"}} {
		if Text(x.v) != x.text || JSON(x.v) != x.json {
			t.Errorf("%v: %q and %q", x.v, Text(x.v), JSON(x.v))
		}
	}
}

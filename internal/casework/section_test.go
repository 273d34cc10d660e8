package casework_test

import (
	"encoding/json"
	"strings"
	"testing"

	"linli/internal/casework"
)

// What rooms add to a page stands beside its fields, as if it were one of them; a page without any is whole, too.
func TestSectionsStandBesideTheFields(t *testing.T) {
	t.Parallel()
	for name, sections := range map[string]map[string]any{
		"none": nil,
		"two":  {"parts": []string{"a<b"}, "suspension": map[string]int{"since": 1}},
	} {
		d := casework.Detail{Summary: casework.Summary{ID: "320703-1"}, Returned: 2, Sections: sections}
		raw, err := d.MarshalJSON()
		if err != nil {
			t.Fatal(name, err)
		}
		got := map[string]any{}
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%s: %v in %s", name, err, raw)
		}
		if got["id"] != "320703-1" || got["returned"] != 2.0 || strings.Contains(string(raw), "Sections") {
			t.Errorf("%s: the fields are %s", name, raw)
		}
		for section := range sections {
			if got[section] == nil {
				t.Errorf("%s: no %s in %s", name, section, raw)
			}
		}
		if name == "two" && !strings.Contains(string(raw), `"a<b"`) {
			t.Errorf("escaped as for a page: %s", raw)
		}
	}
}

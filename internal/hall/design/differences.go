package design

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"linli/internal/hall"
)

// EditionChange is one place in which two editions differ.
type EditionChange struct {
	Path   string `json:"path" doc:"e.g. form[rent].label.zh, promised.amount; parts of a list are named by their key where they have one"`
	Before string `json:"before" doc:"As JSON; empty where there was nothing"`
	After  string `json:"after" doc:"As JSON; empty where there is nothing any more"`
}

// differences lists where two contents differ, in the order of the alphabet.
func differences(a, b *hall.Content) ([]EditionChange, error) {
	flat := func(c *hall.Content) (map[string]string, error) {
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

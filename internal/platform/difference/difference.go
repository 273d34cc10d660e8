// Package difference tells in which values two JSON documents differ: two editions of a text, or what ships and what a
// city made of it. It owns no tables.
package difference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Change is one value that differs.
type Change struct {
	// Path is where it stands, e.g. promised.amount or form[rent].label.zh: an object in a list is named by its
	// key, value or code, anything else by its place, from 1.
	Path          string
	Before, After any // a text, a number (float64), true or false; nil where there is none
}

// Between lists where two documents differ, in the order of their paths. Null is nothing.
func Between(before, after string) ([]Change, error) {
	was, err := flat(before)
	if err != nil {
		return nil, err
	}
	is, err := flat(after)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	out := []Change{}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if was[path] != is[path] {
			out = append(out, Change{path, was[path], is[path]})
		}
	}
	return out, nil
}

// Text is a value as plain text; "" for none.
func Text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// JSON is a value as JSON; "" for none.
func JSON(v any) string {
	if v == nil {
		return ""
	}
	raw, _ := json.Marshal(v) // was read from JSON
	return string(raw)
}

func flat(document string) (map[string]any, error) {
	out := map[string]any{}
	if document == "" {
		return out, nil
	}
	var v any
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		return nil, fmt.Errorf("difference: %w", err)
	}
	walk(out, "", v)
	return out, nil
}

// walk collects the values below a path.
func walk(out map[string]any, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			at := name
			if path != "" {
				at = path + "." + name
			}
			walk(out, at, inner)
		}
	case []any:
		for i, inner := range v {
			walk(out, path+"["+named(i, inner)+"]", inner)
		}
	case nil:
	default:
		out[path] = v
	}
}

// named is what an element of a list is called.
func named(i int, element any) string {
	var key, value, code string
	if o, ok := element.(map[string]any); ok {
		key, _ = o["key"].(string)
		value, _ = o["value"].(string)
		code, _ = o["code"].(string)
	}
	return cmp.Or(key, value, code, strconv.Itoa(i+1))
}

package design

import (
	"encoding/json"

	"linli/internal/hall"
	"linli/internal/platform/difference"
)

// EditionChange is one place in which two editions differ.
type EditionChange struct {
	Path   string `json:"path" doc:"e.g. form[rent].label.zh, promised.amount; parts of a list are named by their key where they have one"`
	Before string `json:"before" doc:"As JSON; empty where there was nothing"`
	After  string `json:"after" doc:"As JSON; empty where there is nothing any more"`
}

// differences lists where two contents differ, in the order of the alphabet.
func differences(a, b *hall.Content) ([]EditionChange, error) {
	before, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	after, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	changes, err := difference.Between(string(before), string(after))
	out := []EditionChange{}
	for _, c := range changes {
		out = append(out, EditionChange{c.Path, difference.JSON(c.Before), difference.JSON(c.After)})
	}
	return out, err
}

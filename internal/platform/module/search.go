package module

import (
	"context"

	"linli/internal/platform/text"
)

// Search is what a module adds to the portal's search.
type Search struct {
	Heading string // text's key
	None    string // text's key, said where nothing is found; "" leaves the heading out then
	All     string // text's key of the link to AllHref, beside None
	AllHref string
	Find    func(context.Context, Query) ([]Found, error)
}

// Query is what a visitor of the portal looks for.
type Query struct {
	Words string // not empty
	Lang  text.Lang
	Limit int // most answers
}

// Found is one answer: a link with a line below.
type Found struct{ Label, Note, Href string }

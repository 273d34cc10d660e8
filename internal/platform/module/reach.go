package module

import (
	"context"
	"net/url"
)

// What a route answers, as docs/authority-matrix.md writes it.
const (
	Shown   = "✓" // what was asked for
	Nothing = "○" // an answer without the thing: an empty list, counts without it
	Hidden  = "?" // as if there were no such thing
	Refused = "–" // not allowed
	SignIn  = "✗" // sign in first
	SentOn  = "→" // another page, to begin there
	None    = "·" // the thing cannot be asked for here
)

// Reach says what a route answers about an area that lies outside the caller's authority, when the
// caller holds its permission elsewhere. A public route answers all alike, unless it says which
// permission a member of staff needs besides, or that it is opened by a shown secret.
type Reach struct {
	Outside string
	Needs   string // permission that a signed-in caller needs over the area
	Secret  string // what opens it: a follow code, a one-time token
	Probe   *Probe // how TestAuthorityMatrix calls it
}

// The reaches that most routes have.
var (
	ReachAll     = Reach{Outside: Shown}                   // knows no areas
	ReachListed  = Reach{Outside: Nothing}                 // lists and counts leave the rows out
	ReachHidden  = Reach{Outside: Hidden}                  // single things are not there
	ReachRefused = Reach{Outside: Refused}                 // the area itself is named, and refused
	ReachCode    = Reach{Outside: Hidden, Secret: "code"}  // opened by a follow code
	ReachToken   = Reach{Outside: Hidden, Secret: "token"} // opened by a one-time token
)

// PageOn leads everybody on to another page.
var PageOn = PageReach{Visitor: SentOn, Own: SentOn, Another: SentOn}

// PageReach says what a page of the portal answers to a visitor, and to a resident who has shown the
// follow code of a case: about that case, and about another.
type PageReach struct {
	Visitor, Own, Another string
	Probe                 *Probe
}

// OpenPage answers everybody alike; the probe may be nil.
func OpenPage(p *Probe) PageReach { return PageReach{Shown, Shown, Shown, p} }

// Probe is how a route is called so that nothing but authority can refuse it. In Query, in Fields and in
// the texts of Body {area} stands for the code of a community, and each name that Make gives for its value.
type Probe struct {
	Query  string
	Body   map[string]any // JSON
	Fields url.Values     // of a form
	File   bool           // a picture is sent, as the form field "file"
	List   string         // name whose value the answer must hold to have shown the thing, for lists
	Make   func(ctx context.Context, area string) (map[string]string, error)
}

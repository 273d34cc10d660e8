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
	Probe   *Probe // how TestAuthorityMatrix calls it; nil: plainly
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

// By is the reach with the probe by which the test of the matrix calls the route.
func (r Reach) By(p Probe) Reach {
	r.Probe = &p
	return r
}

// By is the reach with the probe by which the test of the matrix calls the page.
func (r PageReach) By(p Probe) PageReach {
	r.Probe = &p
	return r
}

// Probe is how TestAuthorityMatrix calls a route so that nothing but authority can refuse it; a route without one is
// called plainly. In Query, in Fields, in Names and in the texts of Body a name in braces stands for its value:
// {area}, the code of a community; what Make gives; what Of stands for ({id}); and what the test's world knows, which
// internal/app/authority_world_test.go lists.
type Probe struct {
	Of   string   // what of the test's world is called, e.g. "person" or a kind of case; {id} is its id
	In   string   // state in which that stands before each call
	With []string // what it has besides, e.g. "part", "recheck", or the verb for which its clock stands
	Make func(ctx context.Context, area string) (map[string]string, error)

	Names  map[string]string // further names
	First  *Call             // what the same caller does before
	Query  string
	Body   Body       // JSON
	Fields url.Values // of a form
	File   bool       // a picture is sent, as the form field "file"
	Sent   *Sent      // a file is sent, as the form field "file"

	Fresh bool           // in a browser of its own: the call changes cookies
	Ends  bool           // by a caller who signed in for this call: it ends sessions
	Also  map[int]string // what answers of these statuses mean; a refusal of the input that comes after authority is Shown

	// What an answer holds that shows the thing, for lists and pages; without any of them every answer does.
	List   string   // name whose value it holds
	Shows  []string // texts that it holds, all of them
	Counts []string // fields of which one is not 0
	More   []string // further queries: the thing is shown where any of them shows it
}

// Body is a JSON object that a probe sends.
type Body = map[string]any

// Sent is a file that a probe sends.
type Sent struct{ Name, Content string }

// Call is a call of the API, or of a page where it has Fields, by the caller of a probe. Name, if any, is given to the
// field Value of the answer, or of the first item of a list.
type Call struct {
	Method, Path string
	Body         Body
	Fields       url.Values
	Name, Value  string
}

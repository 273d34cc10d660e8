package change

import "linli/internal/registry"

// How sure a match of an old and a new place is.
const (
	Certain = "certain" // nothing else can be meant
	Likely  = "likely"  // taken over, listed to be looked through
	Decided = "decided" // by a person
)

// Proposal is a change that an import found, with what speaks for it.
type Proposal struct {
	Kind       string
	On         string
	From, To   registry.Named
	Confidence string
	Why        string // worded by registry.match.<why>
}

// Question is an old place of which the files do not tell what became of it.
type Question struct {
	From       registry.Named
	Action     string           // what seems likeliest
	To         registry.Named   // of that action
	Candidates []registry.Named // other places that may be meant
	Why        string           // worded by registry.match.<why>
	Below      int              // areas below it that wait for the same answer
}

func named(code, name string) registry.Named { return registry.Named{Code: code, Name: name} }

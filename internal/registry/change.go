package registry

// Kinds of changes of the register.
const (
	ChangeOpen   = "open"   // a new place
	ChangeRename = "rename" // another name, the same code
	ChangeRecode = "recode" // another code under the same parent, perhaps another name too
	ChangeMove   = "move"   // another parent
	ChangeMerge  = "merge"  // closed; another place takes over
	ChangeSplit  = "split"  // a part of it became a place of its own
	ChangeClose  = "close"  // closed with nothing left
)

// ChangeKinds lists the kinds in the order in which they are shown.
var ChangeKinds = []string{ChangeMerge, ChangeSplit, ChangeMove, ChangeRecode, ChangeRename, ChangeOpen, ChangeClose}

// Change is one row of the register's history.
type Change struct {
	Kind       string `json:"kind" enum:"open,rename,recode,move,merge,split,close"`
	On         string `json:"on" doc:"First day on which it holds"`
	From       Named  `json:"from" doc:"Empty for a place that was opened"`
	To         Named  `json:"to" doc:"Empty for a place that was closed with nothing left"`
	Source     string `json:"source" doc:"File, or console"`
	Reason     string `json:"reason"`
	Actor      string `json:"actor"`
	RecordedAt int64  `json:"recordedAt"`

	area string // id
	into string // id of what takes over or was cut out, or ""
}

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
	From, To   Named
	Confidence string
	Why        string // worded by registry.match.<why>
}

// Question is an old place of which the files do not tell what became of it.
type Question struct {
	From       Named
	Action     string  // what seems likeliest
	To         Named   // of that action
	Candidates []Named // other places that may be meant
	Why        string  // worded by registry.match.<why>
	Below      int     // areas below it that wait for the same answer
}

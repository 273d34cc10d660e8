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

	AreaID string `json:"-"`
	IntoID string `json:"-"` // of what takes over or was cut out, or ""
}

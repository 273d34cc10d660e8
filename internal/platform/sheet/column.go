package sheet

// Column is a column of a list that somebody sends, and whether it is read.
type Column struct {
	Head   string `json:"head" doc:"As the file has it"`
	Column string `json:"column,omitempty" doc:"What it is read as"`
	Read   bool   `json:"read"`
	Why    string `json:"why,omitempty" enum:"unknown,twice,empty,unnamed" doc:"Why it is not read, or empty in every line"`
}

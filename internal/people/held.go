package people

// HeldCase is what one case holds of a person.
type HeldCase struct {
	ID      string       `json:"id"`
	Number  string       `json:"number"`
	Title   string       `json:"title"`
	At      int64        `json:"at"`
	Place   string       `json:"place"`
	Lng     *float64     `json:"lng,omitempty"`
	Lat     *float64     `json:"lat,omitempty"`
	Answers []HeldAnswer `json:"answers"`
	Steps   []HeldStep   `json:"steps" doc:"What the person wrote and what was written to them"`
	Ratings []HeldRating `json:"ratings"`
	Files   []HeldFile   `json:"files" doc:"Read one by one at /people/requests/{id}/files/{file}"`
}

// HeldStep is what a step of a case says to or by a person.
type HeldStep struct {
	At    int64    `json:"at"`
	Did   string   `json:"did" doc:"What was done, in the language of the reader"`
	Note  string   `json:"note"`
	Lines []string `json:"lines,omitempty"`
}

// HeldRating is a rating that a person gave.
type HeldRating struct {
	At      int64  `json:"at"`
	Level   int    `json:"level"`
	Comment string `json:"comment"`
}

// HeldFile is a file that a case holds of a person.
type HeldFile struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
}

// HeldAnswer is one thing that a person told in a case.
type HeldAnswer struct {
	Key   string `json:"key"`
	Label string `json:"label" doc:"The question, in the language of the reader"`
	Value string `json:"value" doc:"As it was given; of a choice its words"`
}

package people

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Personal is what a module keeps of people outside of cases. Each is asked about one record of a person; what the module knows
// by the telephone number alone belongs to whoever has that number.
type Personal struct {
	// Held lists it, for their copy.
	Held func(ctx context.Context, r db.Reader, p Person) ([]HeldConsent, error)
	// Erase deletes it, when a deletion is granted. Records of people that the module keeps for it alone it releases.
	Erase func(ctx context.Context, tx *audit.Tx, p Person) error
}

// HeldConsent is a consent that a person gave to be told of something.
type HeldConsent struct {
	Given     int64  `json:"given"`
	Purpose   string `json:"purpose" doc:"What it is for, in the language of the reader"`
	Channel   string `json:"channel" enum:"sms,wecom,mail"`
	Where     string `json:"where" doc:"Where it was given, in the language of the reader"`
	Withdrawn int64  `json:"withdrawn,omitempty"`
}

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

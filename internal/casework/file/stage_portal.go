package file

import (
	"io"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/storage"
)

// Staged is an upload that waits for the form around it.
type Staged struct {
	ID    string `json:"i"`
	Name  string `json:"n"`
	Input string `json:"f,omitempty"` // name of the field that it was chosen in
}

// Accept lists the media types that a file input offers.
const Accept = "image/jpeg,image/png,image/webp,image/gif,application/pdf"

// Stage takes the files of a form, at most as many as one step takes: they wait in the spool while the
// form arrives and are stored once it has. So a visitor who leaves is noticed, and reading ends.
func (s *Service) Stage(q *page.Request, staged *[]Staged) page.Uploads {
	visitor := q.Visitor()
	return &staging{s: s, q: q, visitor: visitor, by: s.senderOf(q.Context(), visitor), staged: staged}
}

type staging struct {
	s       *Service
	q       *page.Request
	visitor string
	by      sender
	staged  *[]Staged
	chosen  []Staged // not stored yet
	arrived []*storage.Incoming
}

// Arrive puts a file into the spool.
func (g *staging) Arrive(input, name string, content io.Reader) error {
	if len(*g.staged)+len(g.arrived) >= maxFiles {
		return errs.ErrInvalid.At("files", "field.too_long", "max", maxFiles)
	}
	if err := g.s.mayUpload(g.q.Context(), g.visitor); err != nil {
		return err
	}
	if err := g.s.admit(g.q.Context(), g.s.Cases.Log.DB, g.by, 0); err != nil {
		return err
	}
	in, err := g.s.Store.Arrive(content)
	if err != nil {
		return onFiles(err, name)
	}
	g.chosen, g.arrived = append(g.chosen, Staged{Name: name, Input: input}), append(g.arrived, in)
	return nil
}

// Done stores what has arrived, up to the first file that is refused, and empties the spool. With an
// error the form itself was not taken, and none of its files is.
func (g *staging) Done(err error) error {
	for i, in := range g.arrived {
		if err == nil {
			var f File
			if f, err = g.s.keep(g.q.Context(), g.by, g.chosen[i].Name, in); err != nil {
				err = onFiles(err, g.chosen[i].Name)
			} else {
				*g.staged = append(*g.staged, Staged{f.ID, f.Name, g.chosen[i].Input})
			}
		}
		in.Discard()
	}
	return err
}

// onFiles is the refusal of one file as the question for files shows it.
func onFiles(err error, name string) error {
	switch e := errs.Of(err); {
	case e.Kind == errs.TooLarge:
		return errs.New(errs.TooLarge, "casework.page.file_too_large").With("name", name).At("files",
			"casework.page.file_too_large", "name", name)
	case e.Kind == errs.Invalid && len(e.Fields) > 0:
		return errs.ErrInvalid.At("files", e.Fields[0].Key)
	case e.Kind == errs.Invalid:
		return errs.ErrInvalid.At("files", e.Key)
	}
	return err
}

// FilesField is the question for files in a form of several steps.
func FilesField(q *page.Request) page.Field {
	return page.Field{Name: "files", Kind: page.Files, Label: q.T("casework.page.files"), Hint: q.T("casework.page.files_hint"),
		Accept: Accept, Error: q.Refusal().For("files")}
}

// Unstage takes the upload away whose button was pressed, and tells whether one was.
func Unstage(f *page.Form, staged *[]Staged) bool {
	if !f.Has("remove") {
		return false
	}
	*staged = slices.DeleteFunc(*staged, func(u Staged) bool { return u.ID == f.Code("remove") })
	return true
}

// IDs are the ids of staged uploads.
func IDs(staged []Staged) []string {
	out := make([]string, len(staged))
	for i, u := range staged {
		out[i] = u.ID
	}
	return out
}

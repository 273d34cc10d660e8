package casework

import (
	"io"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

// Staged is an upload that waits for the form around it.
type Staged struct {
	ID   string `json:"i"`
	Name string `json:"n"`
}

// Accept lists the media types that a file input offers.
const Accept = "image/jpeg,image/png,image/webp,image/gif,application/pdf"

// Stage stores each file of a form as it arrives, at most as many as one step takes.
func (s *Service) Stage(q *page.Request, staged *[]Staged) page.Upload {
	return func(field, name string, content io.Reader) error {
		if len(*staged) >= maxFiles {
			return errs.ErrInvalid.At("files", "field.too_long", "max", maxFiles)
		}
		if err := s.mayUpload(q.Context(), q.Visitor()); err != nil {
			return err
		}
		f, err := s.Upload(q.Context(), name, content)
		if e := errs.Of(err); err != nil && e.Kind == errs.TooLarge {
			return errs.New(errs.TooLarge, "casework.page.file_too_large").With("name", name).At("files", "casework.page.file_too_large", "name", name)
		} else if err != nil && e.Kind == errs.Invalid {
			return errs.ErrInvalid.At("files", e.Fields[0].Key)
		} else if err != nil {
			return err
		}
		*staged = append(*staged, Staged{f.ID, f.Name})
		return nil
	}
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
	*staged = slices.DeleteFunc(*staged, func(u Staged) bool { return u.ID == f.Get("remove") })
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

package file

import (
	"context"
	"io"
	"slices"

	"linli/internal/casework"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/storage"
)

// SectionFiles is the name of the files on a page of a case.
const SectionFiles = "files"

// Of are the files on a page of a case.
func Of(d *casework.Detail) []File { return casework.SectionOf[[]File](d, SectionFiles) }

// names are the free texts of the section.
func names(section any) []*string {
	files := section.([]File)
	out := make([]*string, len(files))
	for i := range files {
		out[i] = &files[i].Name
	}
	return out
}

// describe adds to a page the files of a case: to that of its reporter those of the steps that they learn of.
func describe(ctx context.Context, r db.Reader, p *casework.Described) error {
	files, err := listFiles(ctx, r, p.Case)
	if authority.From(ctx).Case == p.Case.ID {
		files = told(p.Matter, files, p.Events)
	}
	if files != nil {
		p.Sections[SectionFiles] = files
	}
	return err
}

// told are the files of the steps that the reporter learns of.
func told(m *casework.Matter, files []File, events []casework.Event) []File {
	return slices.DeleteFunc(files, func(f File) bool {
		return f.Seq < 1 || f.Seq > len(events) || !m.Told(&events[f.Seq-1])
	})
}

// listTold lists the files of a case of which its reporter learns.
func listTold(ctx context.Context, r db.Reader, m *casework.Matter, c *casework.Case) ([]File, error) {
	files, err := listFiles(ctx, r, c)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	events, err := casework.ListEvents(ctx, r, c)
	return told(m, files, events), err
}

// OpenFile reads a file of a case that the actor may see, or with small its thumbnail, which is a
// JPEG whatever the file is. The caller closes it. Errors: NotFound.
func (s *Service) OpenFile(ctx context.Context, caseID, fileID string, small bool) (File, io.ReadCloser, error) {
	c, err := s.Cases.Find(ctx, caseID)
	if err != nil {
		return File{}, nil, err
	}
	list := listFiles
	if authority.From(ctx).Case == c.ID {
		list = func(ctx context.Context, r db.Reader, c *casework.Case) ([]File, error) {
			return listTold(ctx, r, s.Cases.Matters[c.Kind], c)
		}
	}
	files, err := list(ctx, s.Cases.Log.DB, &c)
	if err != nil {
		return File{}, nil, err
	}
	for _, f := range files {
		if f.ID != fileID {
			continue
		}
		if small {
			f.Digest, f.MediaType = f.Thumb, storage.MediaJPEG
		}
		content, err := s.Store.Open(ctx, f.Digest)
		return f, content, err
	}
	return File{}, nil, errs.ErrNotFound
}

// held adds the files of a case to its reporter's copy.
func held(ctx context.Context, r db.Reader, m *casework.Matter, c *casework.Case, v *people.HeldCase) error {
	files, err := listTold(ctx, r, m, c)
	for _, f := range files {
		v.Files = append(v.Files, f.held())
	}
	return err
}

// held is a file as a reporter's copy lists it.
func (f *File) held() people.HeldFile {
	return people.HeldFile{ID: f.ID, Name: f.Name, MediaType: f.MediaType, Size: f.Size}
}

// contents are the digests of what the files of a case hold.
func contents(ctx context.Context, r db.Reader, c *casework.Case) ([]string, error) {
	files, err := listFiles(ctx, r, c)
	var out []string
	for _, f := range files {
		out = append(out, f.Digest, f.Thumb)
	}
	return out, err
}

// OpenHeld reads a file that a case of a person holds, for their copy. The caller closes it. Errors:
// NotFound for a file that their copy does not list.
func (s *Service) OpenHeld(ctx context.Context, person, file string) (people.HeldFile, io.ReadCloser, error) {
	cases, err := casework.ListCasesOf(ctx, s.Cases.Log.DB, person)
	if err != nil {
		return people.HeldFile{}, nil, err
	}
	for i := range cases {
		c := &cases[i]
		files, err := listTold(ctx, s.Cases.Log.DB, s.Cases.Matters[c.Kind], c)
		if err != nil {
			return people.HeldFile{}, nil, err
		}
		for _, f := range files {
			if f.ID == file {
				content, err := s.Store.Open(ctx, f.Digest)
				return f.held(), content, err
			}
		}
	}
	return people.HeldFile{}, nil, errs.ErrNotFound
}

package follow

import (
	"context"
	"net/http"
	"strings"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

// photoView is a file of a step as the portal shows it: a picture small, with words for whoever
// does not see it.
type photoView struct {
	file.File
	Picture bool
	Alt     string
}

// photosOf are the files that a step brought.
func photosOf(q *page.Request, did string, d *casework.Detail, seq int) []photoView {
	var out []photoView
	pictures := 0
	for _, f := range file.Of(d) {
		if f.Seq != seq {
			continue
		}
		v := photoView{File: f, Picture: strings.HasPrefix(f.MediaType, "image/")}
		if v.Picture {
			pictures++
		}
		out = append(out, v)
	}
	at := 0
	for i := range out {
		if out[i].Picture {
			at++
			out[i].Alt = q.T("casework.page.photo_alt", "step", did, "at", at, "of", pictures, "time", page.Moment(q.Lang, out[i].At))
		}
	}
	return out
}

type photoPage struct {
	Photo      photoView
	Last, Next string // ids of the pictures beside it
}

// pagePhoto shows one picture of the followed case large, and leads to those beside it.
func (s *Service) pagePhoto(q *page.Request, ctx context.Context, id string) error {
	d, err := s.Cases.Show(ctx, id)
	if err != nil {
		return err
	}
	var all []photoView
	for _, e := range d.Events {
		for _, p := range s.step(q, s.Cases.Matters[d.Kind].Flow.Name, &d, e, true).Photos {
			if p.Picture {
				all = append(all, p)
			}
		}
	}
	for i, p := range all {
		if p.ID != q.Path("file") {
			continue
		}
		v := photoPage{Photo: p}
		if i > 0 {
			v.Last = all[i-1].ID
		}
		if i+1 < len(all) {
			v.Next = all[i+1].ID
		}
		q.Personal()
		q.Crumb(q.T("page.door.track"), "/track")
		q.Crumb(d.Number, "/track/case")
		q.Crumb(q.T("casework.page.photo"), "")
		return q.Render(http.StatusOK, "casework/photo", v)
	}
	return errs.ErrNotFound
}

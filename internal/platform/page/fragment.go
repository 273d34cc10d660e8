package page

import (
	"bytes"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// Fragment is a page without the portal's frame as a text, for a face that shows it inside its own: the template defines
// "alone", whole. Error: NotFound for a name that no module brings.
func (s *Site) Fragment(lang text.Lang, name string, data any) (string, error) {
	v := view{Data: data, Tag: "zh-CN", Sheet: s.assets.path("portal.css"), Script: s.assets.path("portal.js"),
		Mark: s.assets.path("mark.svg")}
	if lang == text.English {
		v.Tag = "en"
	}
	if s.pages[lang][name] == nil {
		return "", errs.ErrNotFound
	}
	var b bytes.Buffer
	t, err := s.pages[lang][name]()
	if err == nil {
		err = t.ExecuteTemplate(&b, "alone", v)
	}
	return b.String(), err
}

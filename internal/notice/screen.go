package notice

import (
	"strconv"
	"strings"

	"linli/internal/platform/fold"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// The screen of a hall shows one notice after another, in large print, and turns by itself. It shows no
// names of people.

const (
	screenSeconds = 15 // for a page
	screenIdle    = 60 // until a screen without notices looks again
)

// screenFits is how many characters of a text fit a page.
var screenFits = map[text.Lang]int{text.Chinese: 220, text.English: 520}

type screenPage struct {
	Area, City    string
	Title, Other  string // in the reader's language, and in the other one
	Text          string
	Issuer, Days  string
	Kind          string
	Urgent        bool
	Picture       string
	Position      string
	Next          string
	Seconds       int
	Hour, Day     string
	Empty, Follow bool // nothing to show; the text goes on from the page before
}

func (s *Service) pageScreen(q *page.Request) error {
	a, err := asked(q, s.Registry)
	if err != nil {
		return err
	}
	found, err := s.List(q.Context(), Shown{Area: a.Code, Most: mostShown})
	if err != nil {
		return err
	}
	d := screenPage{Area: registry.NameIn(a, q.Lang), City: s.Registry.CityIn(q.Context(), q.Lang),
		Hour: q.Now.Format("15:04"), Day: page.Day(q.Lang, q.Now),
		Seconds: screenIdle, Empty: true}
	address := func(n int) string {
		return "/notices/screen?area=" + a.Code + "&lang=" + string(q.Lang) + "&page=" + strconv.Itoa(n)
	}
	type leaf struct {
		e      *Edition
		text   string
		follow bool
	}
	var leaves []leaf
	for i := range found {
		for j, part := range split(found[i].Body.In(q.Lang), fits(&found[i], q.Lang)) {
			leaves = append(leaves, leaf{&found[i], part, j > 0})
		}
	}
	d.Next = address(1)
	if len(leaves) > 0 {
		at, _ := strconv.Atoi(q.Query("page"))
		if at < 1 || at > len(leaves) {
			at = 1
		}
		l := leaves[at-1]
		s.fillScreen(q, &d, l.e)
		d.Text, d.Follow, d.Empty, d.Seconds = l.text, l.follow, false, screenSeconds
		d.Position = strconv.Itoa(at) + " / " + strconv.Itoa(len(leaves))
		d.Next = address(at%len(leaves) + 1)
		if err := s.screenPicture(q, &d, l.e); err != nil {
			return err
		}
	}
	return q.Alone("notice/screen", d)
}

func fits(e *Edition, lang text.Lang) int {
	if e.Title.En == "" {
		lang = text.Chinese
	}
	return screenFits[lang]
}

func (s *Service) fillScreen(q *page.Request, d *screenPage, e *Edition) {
	d.Title, d.Issuer, d.Days, d.Kind, d.Urgent = e.Title.In(q.Lang), e.Issuer, days(q, e), q.T("notice.kind."+e.Kind), e.Urgent
	if other := e.Title.En; q.Lang == text.Chinese {
		d.Other = other
	} else if other != "" {
		d.Other = e.Title.Zh
	}
}

// screenPicture is the first picture of a notice, beside its first page.
func (s *Service) screenPicture(q *page.Request, d *screenPage, e *Edition) error {
	if d.Follow {
		return nil
	}
	files, err := listFiles(q.Context(), s.Log.DB, e)
	for _, f := range files {
		if f.Picture && d.Picture == "" {
			d.Picture = "/notices/" + e.ID + "/files/" + f.ID + "?edition=" + strconv.Itoa(e.Seq)
		}
	}
	return err
}

// ends are the characters after which a text may be divided, the best first.
var ends = []string{"\n\n", "\n", string('。'), ". ", string('；'), string('，'), " "}

// split divides a text into parts of at most n characters, at the end of a paragraph or sentence where there is one.
func split(s string, n int) []string {
	var out []string
	for s = strings.TrimSpace(s); !fold.Within(s, n); {
		part := fold.Cut(s, n)
		for _, end := range ends {
			if i := strings.LastIndex(part, end); i > len(part)/3 {
				part = part[:i+len(end)]
				break
			}
		}
		if part == "" { // one character of more bytes than a part may have
			return append(out, s)
		}
		out = append(out, strings.TrimSpace(part))
		s = strings.TrimSpace(s[len(part):])
	}
	return append(out, s)
}

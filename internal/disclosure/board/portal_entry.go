package board

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"linli/internal/disclosure"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/sheet"
)

// visible are the texts of an entry that everybody may read, the newest first. Error: NotFound without one.
func (s *pages) visible(q *page.Request) ([]disclosure.Entry, *disclosure.Entry, error) {
	all, err := disclosure.Editions(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return nil, nil, err
	}
	all = slices.DeleteFunc(all, func(e disclosure.Entry) bool { return !e.Public() })
	wanted := q.Query("edition")
	for i := range all {
		if wanted == "" || strconv.Itoa(all[i].Edition) == wanted {
			return all, &all[i], nil
		}
	}
	return nil, nil, errs.ErrNotFound
}

type shownFile struct {
	disclosure.File
	Href, Label string
}

type historyLine struct {
	Label, Href, Bytes, Hash, Reason string
	At                               int64
	Now                              bool
}

type entryPage struct {
	*disclosure.Entry
	AreaName, HeadName, ItemName, PeriodName string
	Heading                                  []string
	Rows                                     [][]string
	Files                                    []shownFile
	Newer                                    string
	Gone                                     bool
	History                                  []historyLine
	Late                                     string
	DutyHref, SourceName                     string
	PrintA4, PrintA3, CSV, XLSX              string
	City                                     string
	Paper                                    string
}

// entryData is what the page and the print of an edition show.
func (s *pages) entryData(q *page.Request) (*entryPage, error) {
	all, e, err := s.visible(q)
	if err != nil {
		return nil, err
	}
	item, _ := s.Item(e.Item)
	d := &entryPage{Entry: e, AreaName: s.AreaName(e.Area, q.Lang), HeadName: q.T("disclosure.head." + e.Head),
		ItemName: item.Title.Given(q.Lang), PeriodName: s.PeriodName(q.Lang, e.Period), Gone: e.State == string(disclosure.StateEnded),
		DutyHref: "/disclosures/duties/" + e.Duty, City: s.Registry.CityIn(q.Context(), q.Lang)}
	if e.State == string(disclosure.StateReplaced) {
		d.Newer = "/disclosures/entries/" + e.ID
	}
	if rows := s.RowsOf(e, q.Lang); len(rows) > 0 {
		d.Heading, d.Rows = rows[0], rows[1:]
	}
	if e.Source != "" {
		d.SourceName = q.T("disclosure.source." + e.Source)
	}
	files, err := disclosure.ListFiles(q.Context(), s.Log.DB, e)
	if err != nil {
		return nil, err
	}
	edition := "?edition=" + strconv.Itoa(e.Edition)
	base := "/disclosures/entries/" + e.ID
	for _, f := range files {
		d.Files = append(d.Files, shownFile{File: f, Href: base + "/files/" + f.ID + edition,
			Label: q.T("disclosure.portal.file", "name", f.Name, "kb", (f.Size+1023)/1024)})
	}
	d.PrintA4, d.PrintA3 = base+"/print"+edition+"&paper=a4", base+"/print"+edition+"&paper=a3"
	if len(d.Rows) > 0 {
		d.CSV, d.XLSX = base+"/table"+edition+"&format=csv", base+"/table"+edition+"&format=xlsx"
	}
	for i := range all {
		o := &all[i]
		at := "?edition=" + strconv.Itoa(o.Edition)
		d.History = append(d.History, historyLine{At: o.PostedAt, Hash: o.Hash, Reason: o.Reason, Href: base + at, Bytes: base + "/document" + at,
			Now:   o.Edition == e.Edition,
			Label: q.T("disclosure.page.edition", "n", o.Edition, "state", q.T("disclosure.entry.state."+o.State))})
	}
	duty, err := disclosure.FindDuty(q.Context(), s.Log.DB, e.Duty)
	if err == nil {
		d.Late = duty.Late(clock.Day(q.Now))
	}
	return d, err
}

func (s *pages) pageEntry(q *page.Request) error {
	d, err := s.entryData(q)
	if err != nil {
		return err
	}
	q.Crumb(q.T("disclosure.portal.heading"), "/disclosures?area="+d.Area)
	q.Crumb(d.Title, "")
	return q.Render(http.StatusOK, "disclosure/entry", d)
}

// pagePrint is the paper for the wall, in large print on A4 or A3.
func (s *pages) pagePrint(q *page.Request) error {
	d, err := s.entryData(q)
	if err != nil {
		return err
	}
	if d.Paper = q.Query("paper"); d.Paper != "a3" {
		d.Paper = "a4"
	}
	return q.Alone("disclosure/print", d)
}

// pageDocument are the posted bytes, whose hash everybody can compute.
func (s *pages) pageDocument(q *page.Request) error {
	_, e, err := s.visible(q)
	if err != nil {
		return err
	}
	return q.Send(http.StatusOK, "application/json; charset=utf-8", "private, no-cache", []byte(e.Document))
}

// pageTable are the rows of an edition as a file.
func (s *pages) pageTable(q *page.Request) error {
	_, e, err := s.visible(q)
	if err != nil {
		return err
	}
	format := sheet.CSV
	if q.Query("format") == sheet.XLSX {
		format = sheet.XLSX
	}
	var b bytes.Buffer
	t, err := sheet.NewTable(&b, format)
	if err != nil {
		return err
	}
	for _, r := range s.RowsOf(e, q.Lang) {
		if err := t.Row(r...); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return q.Stream(sheet.MediaTypes[format], mime.FormatMediaType("attachment",
		map[string]string{"filename": "disclosure-" + e.ID + "." + format}), &b)
}

func (s *pages) pageFile(q *page.Request) error {
	_, e, err := s.visible(q)
	if err != nil {
		return err
	}
	f, content, err := s.OpenFile(q.Context(), e, q.Path("file"), false)
	if err != nil {
		return err
	}
	defer content.Close()
	return q.Stream(f.MediaType, mime.FormatMediaType("inline", map[string]string{"filename": f.Name}), content)
}

type powersPage struct {
	Board, Name string
	Powers      []powerLine
}

type powerLine struct {
	Number                                   int
	Group                                    string
	Name, Actor, Basis, Publicity, Supervise string
	Steps                                    []string
}

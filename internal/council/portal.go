package council

import (
	"embed"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/page"
	"linli/internal/registry"
	"linli/internal/threshold"
)

//go:embed templates/*.html
var templates embed.FS

func (s *Service) pages(site *page.Site) {
	site.Get("/thresholds", s.pageThresholds)
	site.Section(page.Community, s.section)
}

// section leads from a community's page to what decides what in it.
func (s *Service) section(q *page.Request, area string) ([]page.Section, error) {
	a, ok := s.Registry.Area(area)
	if !ok || a.Level != registry.LevelCommunity {
		return nil, nil
	}
	return []page.Section{{ID: "thresholds", Heading: q.T("council.portal.thresholds"), None: q.T("council.portal.thresholds_short"),
		Links: []page.Link{{Label: q.T("council.portal.see_thresholds"), Href: "/thresholds?kind=" + Kind(a)}}}}, nil
}

type thresholdsPage struct {
	Kind, Day, Province string
	Others              []page.Link
	Groups              []shareGroup
	Figures             []figureRow
	Fields              []page.Field
	Answer              *answerView
}

type shareGroup struct {
	Heading string
	Rows    []shareRow
}

type shareRow struct {
	Mode, Rule, Source string
	Sure               page.Tag
}

type figureRow struct{ Name, Value, Source string }

type answerView struct {
	Passes bool
	Lines  []string
	Source string
}

// pageThresholds shows the numbers of a kind of community on a day, and judges counts that are asked in its address.
func (s *Service) pageThresholds(q *page.Request) error {
	kind := q.Query("kind")
	if !slices.Contains(threshold.Kinds, kind) {
		kind = threshold.Residents
		if a, ok := s.Registry.Area(q.Community()); ok {
			kind = Kind(a)
		}
	}
	day := fold.KeepDay(q.Query("day"))
	if _, ok := fold.Day(day); !ok {
		day = clock.Day(q.Now)
	}
	v, err := s.Thresholds(q.Context(), kind, day)
	if err != nil {
		return err
	}
	d := thresholdsPage{Kind: kind, Day: day}
	if v.Province != "" {
		d.Province = q.T("threshold.local." + v.Province)
	}
	for _, k := range threshold.Kinds {
		if k != kind {
			d.Others = append(d.Others, page.Link{Label: q.T("threshold.kind." + k), Href: "/thresholds?kind=" + k + "&day=" + day})
		}
	}
	last := ""
	for _, r := range v.Shares {
		if last != r.Matter {
			last = r.Matter
			d.Groups = append(d.Groups, shareGroup{Heading: q.T("threshold.matter." + r.Matter)})
		}
		g := &d.Groups[len(d.Groups)-1]
		g.Rows = append(g.Rows, shareRow{Mode: q.T("threshold.mode." + r.Mode), Rule: ruleInWords(q, &r), Source: r.Basis + " " + r.Article,
			Sure: page.Tag{Label: q.T("council.ui.sure." + r.Certainty), Tone: tones[r.Certainty]}})
	}
	for _, f := range v.Figures {
		value := strconv.Itoa(f.Min)
		if f.Max != f.Min {
			value += "–" + strconv.Itoa(f.Max)
		}
		if !yesNo[f.Unit] {
			value = q.T("council.ui.unit."+f.Unit, "n", value)
		} else {
			value = q.T("council.ui.unit." + f.Unit)
		}
		d.Figures = append(d.Figures, figureRow{Name: q.T("council.ui.figure." + f.Name), Value: value, Source: f.Basis + " " + f.Article})
	}
	d.Fields, d.Answer = s.calculator(q, kind, day)
	q.Crumb(q.T("council.portal.thresholds"), "")
	return q.Render(http.StatusOK, "council/thresholds", d)
}

// yesNo are units of rules that hold or do not.
var yesNo = map[string]bool{"allowed": true, "required": true, "void": true}

var tones = map[string]string{"V": "done", "S": "info", "U": "soon"}

// ruleInWords is a compared number as a sentence.
func ruleInWords(q *page.Request, r *ShareRow) string {
	if r.Barred {
		return q.T("council.ui.ruled.barred")
	}
	count, base := q.T("threshold.count."+r.Count), ""
	key := map[string]string{">": "council.ui.ruled.more", ">=": "council.ui.ruled.least", "<=": "council.ui.ruled.most"}[r.Op]
	if r.Base == "" {
		return q.T(key+"_heads", "count", count, "n", r.Num)
	}
	base = q.T("threshold.count." + r.Base)
	if r.Num == r.Den {
		return q.T(key+"_all", "count", count, "base", base)
	}
	return q.T(key, "count", count, "share", fmt.Sprintf("%d/%d", r.Num, r.Den), "base", base)
}

// calculator is the form of the page and, where it was sent, the answer.
func (s *Service) calculator(q *page.Request, kind, day string) ([]page.Field, *answerView) {
	matter := page.Field{Name: "matter", Kind: page.Select, Label: q.T("council.portal.matter"), Required: true}
	mode := page.Field{Name: "mode", Kind: page.Select, Label: q.T("council.portal.mode"), Required: true}
	for _, m := range threshold.Matters() {
		matter.Options = append(matter.Options, page.Option{Value: m, Label: q.T("threshold.matter." + m)})
	}
	for _, m := range threshold.Modes {
		mode.Options = append(mode.Options, page.Option{Value: m, Label: q.T("threshold.mode." + m)})
	}
	fields := []page.Field{matter, mode}
	for _, c := range []string{"entitled", "present", "cast", "yes"} {
		fields = append(fields, page.Field{Name: c, Kind: page.Number, Label: q.T("threshold.count." + c)})
	}
	fields = q.Fill(fields, q.Query)
	if q.Query("matter") == "" {
		return fields, nil
	}
	counts := threshold.Counts{}
	for name, to := range map[string]**int{"entitled": &counts.Entitled, "present": &counts.Present, "cast": &counts.Cast, "yes": &counts.Yes} {
		if n, err := strconv.Atoi(q.Query(name)); err == nil {
			*to = &n
		}
	}
	d, err := s.Decide(q.Context(), s.Log.DB, threshold.Question{Matter: q.Query("matter"), Kind: kind, Mode: q.Query("mode"), On: day, Counts: counts})
	if err != nil {
		e := errs.Of(err)
		return fields, &answerView{Lines: []string{s.Texts.Sentence(q.Lang, "error."+e.Key, e.Args)}}
	}
	a := &answerView{Passes: d.Passes, Source: strings.TrimSpace(d.Law + " " + d.Article)}
	for _, short := range d.Short {
		key := "council.portal.short"
		if short.Most {
			key = "council.portal.over"
		}
		a.Lines = append(a.Lines, q.T(key, "count", q.T("threshold.count."+string(short.Count)), "have", short.Have, "need", short.Need,
			"source", short.Law+" "+short.Article))
	}
	return fields, a
}

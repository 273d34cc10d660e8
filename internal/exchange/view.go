package exchange

import (
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// Citation is a rule with what it rests on.
type Citation struct {
	Rule    string `json:"rule"`
	Basis   string `json:"basis"`
	Article string `json:"article"`
}

// FindingView is what the check says of one field.
type FindingView struct {
	Label      string `json:"label"`
	Key        string `json:"key"`
	Status     string `json:"status" enum:"held,new,self" doc:"held: filled in, never asked; new: asked; self: kept with each answer anyway, or a remark: it does not count"`
	Element    string `json:"element" doc:"Code of the element that it asks for or is nearest to; empty where there is none"`
	Name       string `json:"name" doc:"Of that element"`
	Source     string `json:"source" doc:"Authoritative source of that element"`
	Owner      string `json:"owner" doc:"Department that answers for it"`
	Bound      bool   `json:"bound" doc:"Linli holds its values"`
	Confidence int    `json:"confidence" doc:"Percent"`
	How        string `json:"how" enum:",code,name,words,sound,codes,near" doc:"By what it was found"`
	Shared     bool   `json:"shared" doc:"Another department has it: ask that department instead"`
	Contested  bool   `json:"contested" doc:"The writer says why it is not that element"`
	NeedReason bool   `json:"needReason" doc:"New, and nobody has said why it is needed"`
}

// RefusalView is one ground on which a form is refused.
type RefusalView struct {
	Key    string     `json:"key"`
	Text   string     `json:"text"`
	Rules  []Citation `json:"rules"`
	Form   string     `json:"form" doc:"Id of the running form that is nearly the same, or empty"`
	Title  string     `json:"title" doc:"Of that form"`
	Remedy string     `json:"remedy" doc:"What to do instead"`
}

// LikenessView is a running form that asks for much of the same.
type LikenessView struct {
	Form  string `json:"form"`
	Title string `json:"title"`
	Same  int    `json:"same" doc:"Fields that it asks, too"`
	Share int    `json:"share" doc:"Of the fields that count, in percent"`
}

// ReportView is the outcome of the check.
type ReportView struct {
	Verdict  string         `json:"verdict" enum:"accepted,refused"`
	Wanted   int            `json:"wanted" doc:"Fields that count"`
	Held     int            `json:"held" doc:"Of these, held already"`
	Asked    int            `json:"asked" doc:"Of these, asked of communities"`
	Reuse    int            `json:"reuse" doc:"Held in percent of wanted, rounded down"`
	Fields   []FindingView  `json:"fields"`
	Alike    []LikenessView `json:"alike"`
	Refusals []RefusalView  `json:"refusals"`
}

// Words are the platform's sentences.
type Words interface {
	Sentence(lang text.Lang, key string, args errs.Args) string
}

// View words a report for a reader on a day.
func (r *Report) View(c *Content, words Words, book *rule.Cache, lang text.Lang, day string) ReportView {
	v := ReportView{Verdict: r.Verdict(), Wanted: r.Wanted, Held: r.Held, Asked: r.Asked, Reuse: r.Reuse, Fields: []FindingView{},
		Alike: []LikenessView{}, Refusals: []RefusalView{}}
	for i := range r.Fields {
		v.Fields = append(v.Fields, r.Fields[i].view(&c.Fields[i], lang))
	}
	for _, a := range r.Alike {
		v.Alike = append(v.Alike, LikenessView{Form: a.Form.ID, Title: in(a.Form.Title, lang), Same: a.Same, Share: a.Share})
	}
	for _, f := range r.Refusals {
		args := errs.Args{"held": r.Held, "wanted": r.Wanted}
		out := RefusalView{Key: f.Key, Rules: []Citation{}}
		if f.Form != nil {
			out.Form, out.Title = f.Form.ID, in(f.Form.Title, lang)
			args["title"] = out.Title
		}
		out.Text = words.Sentence(lang, "error."+f.Key, args)
		out.Remedy = words.Sentence(lang, "exchange.remedy."+f.Key, args)
		for _, key := range f.Rules {
			if rule, ok := book.On(key, day); ok {
				out.Rules = append(out.Rules, Citation{key, rule.Basis, rule.Article})
			}
		}
		v.Refusals = append(v.Refusals, out)
	}
	return v
}

func (f *Finding) view(field *Field, lang text.Lang) FindingView {
	v := FindingView{Label: in(field.Label, lang), Key: field.Key, Status: f.Status, Shared: f.Shared, Contested: f.Contested,
		NeedReason: f.NeedReason}
	if e := f.Match.Element; e != nil {
		v.Element, v.Name, v.Source, v.Owner = e.Code, in(e.Name, lang), in(e.Source, lang), in(e.Owner, lang)
		v.Bound, v.Confidence, v.How = f.Match.Bound, f.Match.Confidence, f.Match.How
	}
	return v
}

// in is a text in the reader's language, or in the one that it is given in.
func in(p text.Pair, lang text.Lang) string {
	switch {
	case p.In(lang) != "":
		return p.In(lang)
	case p.Zh != "":
		return p.Zh
	}
	return p.En
}

// LimitsOn are the limits of the check on a day.
func LimitsOn(book *rule.Cache, day string) Limits {
	return Limits{Held: book.Int(ruleConfidence, day), Same: book.Int(ruleDuplicate, day)}
}

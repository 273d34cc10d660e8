package change

import (
	"encoding/csv"
	"io"
	"linli/internal/registry"
	"strings"
)

// DecisionView is a decision as the API gives and takes it.
type DecisionView struct {
	Action    string   `json:"action" enum:"rename,recode,move,merge,split,close,keep,open"`
	From      string   `json:"from,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"Code of the old place; empty to open a new one"`
	To        []string `json:"to,omitempty" maxItems:"50" doc:"Codes of the new place or places"`
	Effective string   `json:"effective,omitempty" maxLength:"10" doc:"YYYY-MM-DD; the import's day when left out"`
	Note      string   `json:"note,omitempty" maxLength:"300"`
}

// QuestionView is what a person has to decide.
type QuestionView struct {
	From       registry.Named   `json:"from"`
	Action     string           `json:"action" doc:"What seems likeliest"`
	To         registry.Named   `json:"to"`
	Candidates []registry.Named `json:"candidates" doc:"Other places that may be meant"`
	Why        string           `json:"why" doc:"Worded by registry.match.<why>"`
	Below      int              `json:"below" doc:"Areas below it that wait for the same answer"`
}

// GroupView is changes of one kind that one thing speaks for.
type GroupView struct {
	Confidence string         `json:"confidence" enum:"certain,likely,decided"`
	Kind       string         `json:"kind" enum:"open,rename,recode,move,merge,split,close"`
	Why        string         `json:"why" doc:"Worded by registry.match.<why>"`
	Count      int            `json:"count"`
	Changes    []ProposalView `json:"changes" doc:"The first fifty"`
}

// ProposalView is one change that an import would make.
type ProposalView struct {
	On   string         `json:"on"`
	From registry.Named `json:"from"`
	To   registry.Named `json:"to"`
}

// ReportView is what an import would change, or has changed.
type ReportView struct {
	Rows      int            `json:"rows" doc:"Areas in the files"`
	Skipped   int            `json:"skipped" doc:"Rows that stand for no area of their own"`
	Unchanged int            `json:"unchanged"`
	Changed   int            `json:"changed"`
	Opened    int            `json:"opened" doc:"Of those changed"`
	Undecided int            `json:"undecided"`
	Groups    []GroupView    `json:"groups"`
	Questions []QuestionView `json:"questions" doc:"The first two hundred"`
	Columns   []FileColumn   `json:"columns" doc:"Of the files, and whether each is read"`
	Following
}

const (
	mostInGroup   = 50
	mostQuestions = 200
)

// view groups the changes: what a person decided first, then what should be looked through.
func (r *ImportReport) view() ReportView {
	v := ReportView{Rows: r.Rows, Skipped: r.Skipped, Unchanged: r.Unchanged, Changed: len(r.Changes), Opened: r.Opened,
		Undecided: len(r.Questions), Groups: []GroupView{}, Questions: []QuestionView{},
		Columns: append([]FileColumn{}, r.Columns...), Following: r.Following}
	if v.Follows == nil {
		v.Follows = []Followed{}
	}
	for _, confidence := range []string{Decided, Likely, Certain} {
		for _, kind := range registry.ChangeKinds {
			v.Groups = append(v.Groups, r.groups(confidence, kind)...)
		}
	}
	for _, q := range r.Questions[:min(mostQuestions, len(r.Questions))] {
		v.Questions = append(v.Questions, QuestionView{q.From, q.Action, q.To, append([]registry.Named{}, q.Candidates...), q.Why, q.Below})
	}
	return v
}

func (r *ImportReport) groups(confidence, kind string) (out []GroupView) {
	at := map[string]int{}
	for _, c := range r.Changes {
		if c.Confidence != confidence || c.Kind != kind {
			continue
		}
		i, known := at[c.Why]
		if !known {
			i = len(out)
			at[c.Why] = i
			out = append(out, GroupView{Confidence: confidence, Kind: kind, Why: c.Why, Changes: []ProposalView{}})
		}
		out[i].Count++
		if len(out[i].Changes) < mostInGroup {
			out[i].Changes = append(out[i].Changes, ProposalView{c.On, c.From, c.To})
		}
	}
	return out
}

func viewDecisions(all []Decision) []DecisionView {
	out := make([]DecisionView, len(all))
	for i, d := range all {
		out[i] = DecisionView{d.Action, d.From, d.To, d.Effective, d.Note}
	}
	return out
}

// decisionsOf checks decisions as ReadDecisions checks those of a file. Problems tell the place in
// the list as the line.
func decisionsOf(views []DecisionView) ([]Decision, error) {
	out := make([]Decision, 0, len(views))
	var problems []Problem
	for i, v := range views {
		d, key, args := readDecision([]string{v.Action, v.From, strings.Join(v.To, " "), v.Effective, v.Note})
		d.line = i + 1
		if key != "" && len(problems) < maxProblems {
			problems = append(problems, newProblem("decisions", i+1, key, args...))
		}
		out = append(out, d)
	}
	if len(problems) > 0 {
		return nil, &ImportError{problems}
	}
	return out, nil
}

// WriteDecisions writes a decisions file of what has been decided, followed by the questions that
// are open, as WriteQuestions does.
func (i *AreaImport) WriteDecisions(w io.Writer) error {
	questions := make([]Question, len(i.Report.Questions))
	for n, q := range i.Report.Questions {
		questions[n] = Question(q)
	}
	if len(i.Decisions) == 0 {
		return WriteQuestions(w, questions, i.Effective)
	}
	out := csv.NewWriter(w)
	_ = out.Write(decisionHeader) // errors are told by Flush
	for _, d := range i.Decisions {
		_ = out.Write([]string{d.Action, d.From, strings.Join(d.To, " "), d.Effective, d.Note})
	}
	writeQuestions(out, questions, i.Effective)
	out.Flush()
	return out.Error()
}

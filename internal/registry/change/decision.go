package change

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/sheet"
	"linli/internal/registry"
)

// Decision is what a person says became of an old place, or of a new one. Together they are a CSV
// file of action,from,to,effective,note:
//
//	rename, recode, move  FROM  TO       the old place FROM is the row TO
//	merge                 FROM  TO       FROM has ended; TO takes over what belongs to it
//	split                 FROM  TO TO …  FROM was divided; cases stay with the first TO
//	close                 FROM           FROM has ended and nothing belongs to it
//	keep                  FROM           FROM goes on although the files leave it out
//	open                        TO       TO is a new place
//
// Effective (YYYY-MM-DD) is the import's day when left out. An action that begins with "?" has not
// been decided: so the questions of a dry run are written.
type Decision struct {
	Action    string
	From      string
	To        []string
	Effective string
	Note      string
	line      int
}

const actionKeep = "keep"

// Bounds of a decisions file.
const (
	maxDecisionBytes = 4 << 20
	maxDecisionNote  = 300
)

var decisionHeader = []string{"action", "from", "to", "effective", "note"}

// ReadDecisions reads a decisions file; what is wrong with it is an *ImportError.
func ReadDecisions(name string, r io.Reader) ([]Decision, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxDecisionBytes+1))
	if err != nil {
		return nil, err
	}
	var problems []Problem
	wrong := func(line int, key string, args ...any) {
		if len(problems) < maxProblems {
			problems = append(problems, newProblem(name, line, key, args...))
		}
	}
	lines, err := sheet.Text(raw)
	if err != nil || len(raw) > maxDecisionBytes {
		wrong(0, "registry.import.encoding")
		return nil, &ImportError{problems}
	}
	header, err := lines.Read()
	for i := range header {
		header[i] = fold.Compact(header[i])
	}
	if err != nil || !slices.Equal(header, decisionHeader) {
		wrong(1, "registry.decision.header")
		return nil, &ImportError{problems}
	}
	var out []Decision
	for {
		fields, err := lines.Read()
		if err == io.EOF {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			wrong(broken.Line, "registry.import.quote")
			break
		}
		line, _ := lines.FieldPos(0)
		if len(fields) != len(decisionHeader) {
			wrong(line, "registry.import.fields", "want", len(decisionHeader), "have", len(fields))
			continue
		}
		d, key, args := readDecision(fields)
		d.line = line
		if key != "" {
			wrong(line, key, args...)
			continue
		}
		out = append(out, d)
	}
	if len(problems) > 0 {
		return nil, &ImportError{problems}
	}
	return out, nil
}

func readDecision(fields []string) (d Decision, key string, args []any) {
	for i := range fields {
		fields[i] = fold.Line(fields[i])
	}
	d = Decision{Action: fold.Compact(fields[0]), From: fold.Compact(fields[1]), To: strings.Fields(fold.Code(fields[2])),
		Effective: fold.KeepDay(fields[3]), Note: fields[4]}
	if strings.HasPrefix(d.Action, "?") {
		return d, "registry.decision.open", []any{"from", registry.Clip(d.From)}
	}
	from, to, known := shapeOf(d.Action)
	_, dayErr := time.Parse(time.DateOnly, d.Effective)
	codes := append([]string{}, d.To...)
	if d.From != "" {
		codes = append(codes, d.From)
	}
	switch {
	case !known:
		return d, "registry.decision.action", []any{"action", registry.Clip(d.Action)}
	case (d.From != "") != from, len(d.To) < to[0], len(d.To) > to[1]:
		return d, "registry.decision.codes", []any{"action", d.Action}
	case d.Effective != "" && dayErr != nil:
		return d, "registry.field.day", nil
	case !fold.Within(d.Note, maxDecisionNote):
		return d, "registry.field.text", []any{"limit", maxDecisionNote}
	}
	for _, code := range codes {
		if registry.LevelOf(code) == 0 || !registry.IsDigits(code) {
			return d, "registry.import.code", []any{"code", registry.Clip(code)}
		}
	}
	return d, "", nil
}

// shapeOf tells whether an action names an old place, and how many new ones.
func shapeOf(action string) (from bool, to [2]int, known bool) {
	switch action {
	case registry.ChangeRename, registry.ChangeRecode, registry.ChangeMove, registry.ChangeMerge:
		return true, [2]int{1, 1}, true
	case registry.ChangeSplit:
		return true, [2]int{2, 50}, true
	case registry.ChangeClose, actionKeep:
		return true, [2]int{0, 0}, true
	case registry.ChangeOpen:
		return false, [2]int{1, 1}, true
	}
	return false, to, false
}

// decide puts decisions into the shape before anything is matched. What they say of places that
// are not there is wrong.
func (s *shape) decide(decisions []Decision, file string) error {
	var problems []Problem
	for _, d := range decisions {
		if key, code := s.decideOne(d); key != "" && len(problems) < maxProblems {
			problems = append(problems, newProblem(file, d.line, key, "code", code))
		}
	}
	if len(problems) > 0 {
		return &ImportError{problems}
	}
	return nil
}

func (s *shape) decideOne(d Decision) (key, code string) {
	e := evidence{Decided, "decided", d.Effective, d.Note}
	if d.Action == registry.ChangeOpen {
		row, ok := s.at[d.To[0]]
		if !ok {
			return "registry.decision.to", d.To[0]
		}
		if !s.freeRow(row) {
			return "registry.decision.twice", d.To[0]
		}
		s.rowHow[row] = e
		return "", ""
	}
	pos, ok := s.t.Find(d.From)
	if !ok {
		return "registry.decision.from", d.From
	}
	if !s.free(pos) {
		return "registry.decision.twice", d.From
	}
	for _, to := range d.To {
		if registry.LevelOf(to) != s.t.LevelAt(pos) {
			return "registry.decision.level", to
		}
	}
	switch d.Action {
	case registry.ChangeClose:
		s.into[pos] = ""
	case actionKeep:
		s.kept[pos] = true
	case registry.ChangeMerge:
		_, given := s.at[d.To[0]]
		if _, there := s.t.Find(d.To[0]); !given && !there || d.To[0] == d.From && !given {
			return "registry.decision.to", d.To[0]
		}
		s.into[pos] = d.To[0]
	case registry.ChangeSplit:
		return s.decideSplit(pos, d, e)
	default:
		row, ok := s.at[d.To[0]]
		if !ok {
			return "registry.decision.to", d.To[0]
		}
		if !s.freeRow(row) {
			return "registry.decision.twice", d.To[0]
		}
		s.join(pos, row, e)
	}
	s.how[pos] = e
	return "", ""
}

// decideSplit divides a place: one that stands among its parts under its old code goes on, else it
// ends and the first part takes over.
func (s *shape) decideSplit(pos int, d Decision, e evidence) (key, code string) {
	for _, to := range d.To {
		row, ok := s.at[to]
		if !ok {
			return "registry.decision.to", to
		}
		if !s.freeRow(row) {
			return "registry.decision.twice", to
		}
		if to == d.From {
			s.join(pos, row, e)
			continue
		}
		s.cutFrom[row] = pos
		s.parts[pos] = append(s.parts[pos], row)
	}
	if _, goesOn := s.rowOf[pos]; !goesOn {
		s.into[pos] = d.To[0]
	}
	s.how[pos] = e
	return "", ""
}

// WriteQuestions writes a decisions file in which every question waits for its answer, with what
// seems likeliest filled in.
func WriteQuestions(w io.Writer, questions []Question, effective string) error {
	out := csv.NewWriter(w)
	_ = out.Write(decisionHeader) // errors are told by Flush
	writeQuestions(out, questions, effective)
	out.Flush()
	return out.Error()
}

func writeQuestions(out *csv.Writer, questions []Question, effective string) {
	for _, q := range questions {
		var to []string
		if q.To.Code != "" {
			to = append(to, q.To.Code)
		}
		note := q.From.Name
		if q.To.Name != "" {
			note += " → " + q.To.Name
		}
		if q.Action == registry.ChangeSplit {
			for _, c := range q.Candidates {
				to = append(to, c.Code)
			}
		}
		for i, c := range q.Candidates {
			if i == 0 {
				note += " | "
			} else {
				note += ", "
			}
			note += fmt.Sprintf("%s %s", c.Code, c.Name)
		}
		if q.Below > 0 {
			note += fmt.Sprintf(" (+%d)", q.Below)
		}
		_ = out.Write([]string{"?" + q.Action, q.From.Code, strings.Join(to, " "), effective, note})
	}
}

// errUndecided refuses an import that leaves questions open.
func errUndecided(questions []Question) error {
	first := questions[0]
	return errs.New(errs.Invalid, "registry.import.undecided").With("count", len(questions), "code", first.From.Code, "name", first.From.Name)
}

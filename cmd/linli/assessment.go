package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/assessment"
	"linli/internal/platform/clock"
	"linli/internal/platform/rule"
)

type assessmentVerb struct {
	Lint assessmentLintVerb `cmd:"" help:"Judge the wording of indicators, one a line of a text file: exit 0 once judged, 2 when the file cannot be read."`
}

type assessmentLintVerb struct {
	File   string `arg:"" help:"Text file (UTF-8 or GB 18030) with one indicator a line; - for standard input."`
	Format string `enum:"text,json" default:"text" help:"text: number of the line, refuse or accept, kind, offending words, rule with citation, phrase, separated by tabs; json: one array."`
}

// unreadable is a file that cannot be read: exit status 2.
type unreadable struct{ error }

// maxWordings bounds a file of indicators, in bytes.
const maxWordings = 8 << 20

// linted is a judged line as it is printed as JSON.
type linted struct {
	Line   int    `json:"line"`
	Phrase string `json:"phrase"`
	assessment.Judgement
	Citation string `json:"citation"`
}

// Run judges every line that is not blank.
func (v assessmentLintVerb) Run() error {
	text, err := readText(v.File)
	if err != nil {
		return unreadable{err}
	}
	rules := rule.NewBook(assessment.Rules())
	out := []linted{}
	for i, line := range strings.Split(text, "\n") {
		phrase := strings.TrimSpace(line)
		if phrase == "" {
			continue
		}
		l := linted{Line: i + 1, Phrase: phrase, Judgement: assessment.Lint(phrase)}
		if r, ok := rules.On(l.Rule, clock.Day(time.Now())); ok {
			l.Citation = strings.TrimSpace(r.Basis + " " + r.Article)
		}
		out = append(out, l)
	}
	if v.Format == "json" {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	for _, l := range out {
		fmt.Println(l.columns())
	}
	return nil
}

// columns is a judged line as it is printed as text; "-" stands for nothing.
func (l linted) columns() string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return strings.ReplaceAll(s, "\t", " ")
	}
	rule := strings.TrimSpace(l.Rule + " " + l.Citation)
	return strings.Join([]string{fmt.Sprint(l.Line), l.Verdict, or(l.Kind), or(strings.Join(l.Words, ", ")), or(rule), or(l.Phrase)}, "\t")
}

// readText reads a bounded text file in UTF-8 or, where it is none, GB 18030.
func readText(name string) (string, error) {
	in := os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxWordings+1))
	switch {
	case err != nil:
		return "", err
	case len(raw) > maxWordings:
		return "", fmt.Errorf("%s is larger than %d bytes", name, maxWordings)
	case !utf8.Valid(raw):
		if raw, err = simplifiedchinese.GB18030.NewDecoder().Bytes(raw); err != nil {
			return "", err
		}
	}
	return strings.TrimPrefix(string(raw), "\ufeff"), nil
}

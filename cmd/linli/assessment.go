package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/app"
	"linli/internal/assessment"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

type assessmentVerb struct {
	Check assessmentCheckVerb `cmd:"" help:"Judge a scheme of assessment by the rules: exit 1 when it is refused, 2 when the file cannot be read."`
	Lint  assessmentLintVerb  `cmd:"" help:"Judge the wording of indicators, one a line of a text file: exit 0 once judged, 2 when the file cannot be read."`
}

type assessmentCheckVerb struct {
	File   string `arg:"" help:"Scheme as JSON; internal/assessment/testdata/scheme.json shows the form."`
	Format string `enum:"text,json" default:"text" help:"text: line of the indicator, key, offending words, rule with citation, sentence, separated by tabs; json: one array."`
}

// Run prints each finding with its rule, and fails when there is one.
func (v assessmentCheckVerb) Run(ctx context.Context) error {
	raw, err := readText(v.File)
	if err != nil {
		return unreadable{err}
	}
	file := struct {
		Publisher string `json:"publisher"`
		assessment.Content
	}{}
	read := json.NewDecoder(strings.NewReader(raw))
	read.DisallowUnknownFields()
	if err := read.Decode(&file); err != nil {
		return unreadable{err}
	}
	return onEmpty(ctx, func(a *app.App) error {
		found := assessment.CheckPublisher(file.Publisher)
		for i := range found {
			found[i].Said = a.Catalogue.Sentence(language(), "error."+found[i].Key, nil)
		}
		found = append(found, module.Of[*assessment.Service](a.Modules).Findings(language(), &file.Content)...)
		return tellFindings(found, v.Format)
	})
}

// tellFindings prints what is wrong with a scheme.
func tellFindings(found []assessment.Finding, format string) error {
	rules := rule.NewCache(assessment.Rules())
	cite := func(key string) string {
		r, _ := rules.On(key, clock.Day(time.Now()))
		return strings.TrimSpace(key + " " + r.Basis + " " + r.Article)
	}
	if format == "json" {
		type cited struct {
			assessment.Finding
			Citation string `json:"citation"`
		}
		out := []cited{}
		for _, f := range found {
			out = append(out, cited{f, cite(f.Rule)})
		}
		if err := printJSON(out); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			fmt.Println(strings.Join([]string{fmt.Sprint(f.Line), f.Key, strings.Join(f.Words, ", "), cite(f.Rule), f.Said}, "\t"))
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("the scheme is refused: %d findings", len(found))
	}
	if format == "text" {
		fmt.Println("the scheme is accepted")
	}
	return nil
}

func printJSON(v any) error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

type assessmentLintVerb struct {
	File   string `arg:"" help:"Text file (UTF-8 or GB 18030) with one indicator a line; - for standard input."`
	Format string `enum:"text,json" default:"text" help:"text: number of the line, refuse or accept, kind, offending words, rule with citation, phrase, separated by tabs; json: one array."`
}

// unreadable is a file that cannot be read, or a question that cannot be answered: exit status 2.
type unreadable struct{ error }

// Unwrap gives the refusal, whose sentence is printed.
func (u unreadable) Unwrap() error { return u.error }

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
	rules := rule.NewCache(assessment.Rules())
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
		return printJSON(out)
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

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"time"

	"linli/internal/pact/review"
	"linli/internal/platform/text"
)

type pactVerb struct {
	Check pactCheckVerb `cmd:"" help:"Review a convention clause by clause: exit 0 where nothing is illegal, 1 where something is, 2 when the file cannot be read."`
}

type pactCheckVerb struct {
	File   string `arg:"" help:"Convention as a text file (UTF-8 or GB 18030); - for standard input."`
	Kind   code   `enum:"villagers,residents,citizens,charter,group" default:"villagers" help:"villagers: 村规民约; residents: 居民公约; citizens: 市民公约; charter: 自治章程; group: rules of a villagers' group."`
	Format string `enum:"text,csv,json" default:"text" help:"text: one finding a line; csv: clause,code,severity,words,citation,suggestion; json: clauses and findings."`
	On     day    `help:"Day whose law counts, YYYY-MM-DD; today when empty."`
	Name   string `help:"The community's own name, by which names of others are found."`
}

// foundIllegal is a convention with an illegal clause: exit status 1.
type foundIllegal int

func (n foundIllegal) Error() string { return fmt.Sprintf("%d findings are illegal", int(n)) }

// Run reviews the file.
func (v pactCheckVerb) Run() error {
	raw, err := readText(v.File)
	if err != nil {
		return unreadable{err}
	}
	o := review.Options{Kind: string(v.Kind), Name: v.Name, On: time.Now()}
	if v.On != "" {
		if o.On, err = time.Parse(time.DateOnly, string(v.On)); err != nil {
			return unreadable{fmt.Errorf("--on %s: a day is written YYYY-MM-DD", v.On)}
		}
	}
	switch {
	case strings.TrimSpace(raw) == "":
		return unreadable{fmt.Errorf("%s is empty", v.File)}
	case len([]rune(raw)) > review.MaxRunes:
		return unreadable{fmt.Errorf("%s has more than %d characters", v.File, review.MaxRunes)}
	case strings.ContainsRune(raw, 0):
		return unreadable{fmt.Errorf("%s is no text", v.File)}
	}
	report := review.Check(raw, o)
	if len(report.Clauses) == 0 {
		return unreadable{fmt.Errorf("%s holds no clause", v.File)}
	}
	if err := v.print(report); err != nil {
		return err
	}
	if n := report.Illegal(); n > 0 {
		return foundIllegal(n)
	}
	return nil
}

// print writes the report in the wanted form.
func (v pactCheckVerb) print(r review.Report) error {
	english := v.Format == "text" && language() == text.English
	switch v.Format {
	case "json":
		type suggested struct {
			review.Finding
			Name       string `json:"name"`
			Suggestion string `json:"suggestion"`
		}
		out := struct {
			Clauses  []review.Clause `json:"clauses"`
			Findings []suggested     `json:"findings"`
		}{r.Clauses, []suggested{}}
		for _, f := range r.Findings {
			out.Findings = append(out.Findings, suggested{f, review.CodeOf(f.Code).NameZh, review.Suggest(f.Code, false)})
		}
		return printJSON(out)
	case "csv":
		w := csv.NewWriter(os.Stdout)
		w.UseCRLF = true
		_ = w.Write([]string{"clause", "code", "severity", "words", "citation", "suggestion"})
		for _, f := range r.Findings {
			_ = w.Write([]string{f.Number, f.Code, f.Severity, oneLine(f.Words), f.Citation, review.Suggest(f.Code, english)})
		}
		w.Flush()
		return w.Error()
	}
	for _, f := range r.Findings {
		name := review.CodeOf(f.Code).NameZh
		if english {
			name = review.CodeOf(f.Code).NameEn
		}
		fmt.Println(strings.Join([]string{f.Number, f.Severity, f.Code, name, oneLine(f.Words), f.Citation, review.Suggest(f.Code, english)}, "\t"))
	}
	return nil
}

// oneLine joins the words found without line breaks.
func oneLine(words []string) string {
	return strings.Join(strings.Fields(strings.Join(words, "；")), " ")
}

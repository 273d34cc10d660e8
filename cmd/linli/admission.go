package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"linli/internal/admission"
	"linli/internal/admission/application"
	"linli/internal/admission/proposal"
	"linli/internal/app"
	"linli/internal/platform/clock"
)

type admissionVerb struct {
	Check admissionCheckVerb `cmd:"" help:"Judge an application for admission by the rules and lists that ship; exit 1 if it is refused, 2 if the file cannot be read."`
}

type admissionCheckVerb struct {
	File   string `arg:"" help:"JSON file of the application, as docs/admission-check.md describes it."`
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// verdict is what is said of a file as JSON.
type verdict struct {
	Verdict  string                      `json:"verdict"` // refuse or accept
	Findings []proposal.AdmissionFinding `json:"findings"`
}

// Run prints each finding with its source. Error: an application that is refused, or none.
func (v admissionCheckVerb) Run(ctx context.Context) error {
	var err error
	if words, err = app.Catalogue(); err != nil {
		return err
	}
	f, err := os.Open(v.File)
	if err != nil {
		return unreadable{err}
	}
	defer f.Close()
	c, err := proposal.ReadCase(f)
	if err != nil {
		return unreadable{err}
	}
	if c.Applied == "" {
		c.Applied = clock.Day(clock.Now(ctx))
	}
	k, found, err := proposal.CheckFile(ctx, &c, append(admission.Rules(), application.Rules()...), app.HeldOfShipped(c.Applied))
	if err != nil {
		return err
	}
	out := verdict{Verdict: "accept", Findings: []proposal.AdmissionFinding{}}
	if proposal.Refusal(found) != nil {
		out.Verdict = "refuse"
	}
	for _, f := range found {
		out.Findings = append(out.Findings, k.View(f, words, language(), c.Applied))
	}
	if err := out.print(v.Format); err != nil {
		return err
	}
	if out.Verdict == "refuse" {
		return errors.New(words.T(language(), "admission.check.refused"))
	}
	return nil
}

func (v *verdict) print(format string) error {
	if format == "json" {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	for _, f := range v.Findings {
		mark := words.T(language(), "admission.check.mind")
		if f.Refused {
			mark = words.T(language(), "admission.check.refuse")
		}
		fmt.Println(strings.TrimRight(strings.Join([]string{mark, f.Field, f.Text, strings.TrimSpace(f.Basis + f.Article + " " + f.Certainty)},
			"\t"), "\t"))
	}
	if v.Verdict == "accept" {
		fmt.Println(words.T(language(), "admission.check.accepted"))
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"linli/internal/app"
	"linli/internal/exchange"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

type formVerb struct {
	Check formCheckVerb `cmd:"" help:"Compare a form for communities with the data elements that ship, and say whether it may be sent."`
}

type formCheckVerb struct {
	File   string `arg:"" help:"JSON file of the form." type:"existingfile"`
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// Run prints each field's match, the reuse rate and the verdict. Error: a form that is refused, or no form.
func (v formCheckVerb) Run(ctx context.Context) error {
	var err error
	if words, err = app.Catalogue(); err != nil {
		return err
	}
	f, err := os.Open(v.File)
	if err != nil {
		return err
	}
	defer f.Close()
	content, running, over, err := exchange.ReadFile(f)
	if err != nil {
		return err
	}
	r := exchange.CheckFile(&content, running, words, language(), clock.Day(clock.Now(ctx)))
	if v.Format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		err = out.Encode(struct {
			exchange.ReportView
			Over []string `json:"over,omitempty"`
		}{r, over})
	} else {
		printForm(&r, over)
	}
	if err == nil && r.Verdict == "refused" {
		err = fmt.Errorf("%s", words.T(language(), "exchange.check.refused"))
	}
	return err
}

func printForm(r *exchange.ReportView, over []string) {
	say := func(key string, args errs.Args) string {
		return words.Sentence(language(), "exchange.check."+key, args)
	}
	for i, f := range r.Fields {
		args := errs.Args{"name": f.Name, "code": f.Element, "confidence": f.Confidence, "owner": f.Owner, "source": f.Source,
			"how": words.T(language(), "exchange.how."+f.How)}
		note := say(noteOf(&f), args)
		if f.NeedReason {
			note += "; " + say("reason", nil)
		}
		fmt.Printf("%3d  %-6s %s — %s\n", i+1, say(f.Status, nil), f.Label, note)
	}
	for _, a := range r.Alike {
		fmt.Println(say("alike", errs.Args{"title": a.Title, "same": a.Same, "share": a.Share}))
	}
	if len(over) > 0 {
		fmt.Println(say("over", errs.Args{"names": strings.Join(over, ", ")}))
	}
	counts := errs.Args{"reuse": r.Reuse, "wanted": r.Wanted, "held": r.Held, "asked": r.Asked}
	fmt.Println(say("reuse", counts))
	fmt.Println(say(r.Verdict, counts))
	for _, f := range r.Refusals {
		fmt.Println("  " + f.Text)
		for _, c := range f.Rules {
			fmt.Println("    " + say("rule", errs.Args{"basis": c.Basis, "article": c.Article}))
		}
		fmt.Println("    " + f.Remedy)
	}
}

// noteOf is the key of what is said of a field.
func noteOf(f *exchange.FindingView) string {
	switch {
	case f.Status == "self":
		return "kept"
	case f.Status == "held":
		return "bound"
	case f.Contested:
		return "contested"
	case f.Shared:
		return "shared"
	case f.Element != "":
		return "near"
	}
	return "unknown"
}

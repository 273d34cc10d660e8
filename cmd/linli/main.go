// Command linli runs a city's community platform.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"linli/internal/app"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// version is set by the build.
var version = "dev"

// store says where the city is kept.
type store struct {
	Data    string        `help:"Folder of database, keys and files." default:"./var" env:"LINLI_DATA"`
	DB      string        `name:"db" help:"sqlite, or postgres://… ." default:"sqlite" env:"LINLI_DB"`
	Silence time.Duration `name:"db-silence" help:"How long PostgreSQL may leave unanswered whether it is there, and a request's write waits for its turn." default:"10s" env:"LINLI_DB_SILENCE"`
	Connect time.Duration `name:"db-connect" help:"How long a connection to PostgreSQL may take to open." default:"5s" env:"LINLI_DB_CONNECT"`
	Files   string        `help:"Storage of uploaded files: a folder, or s3://host/bucket/prefix with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; <data>/files when empty." env:"LINLI_FILES"`
}

// database is the address for app.Options: "" for SQLite in the data folder.
func (s store) database() string {
	if s.DB == "sqlite" {
		return ""
	}
	return s.DB
}

// options are those of whoever opens the city.
func (s store) options() app.Options {
	return app.Options{Data: s.Data, Database: s.database(), Files: s.Files, Silence: s.Silence, Connect: s.Connect, Version: version}
}

var cli struct {
	LogLevel slog.Level `help:"debug, info, warn or error." default:"info" env:"LINLI_LOG_LEVEL"`

	Serve      serveVerb      `cmd:"" help:"Serve the platform."`
	Import     importVerb     `cmd:"" help:"Load the register."`
	Audit      auditVerb      `cmd:"" help:"Check and keep the audit log."`
	Backup     backupVerb     `cmd:"" help:"Copy the city while it is served."`
	Restore    restoreVerb    `cmd:"" help:"Prove a copy and restore it into an empty place."`
	Account    accountVerb    `cmd:"" help:"Let somebody who has lost password or device begin again."`
	Keys       keysVerb       `cmd:"" help:"Rotate the keys that seal personal data."`
	Draw       drawVerb       `cmd:"" help:"Prove the draw of closed incidents that are checked."`
	Counters   countersVerb   `cmd:"" help:"Prove and repair the counters behind boards and numbers."`
	Form       formVerb       `cmd:"" help:"Judge a form for communities."`
	Calendar   calendarVerb   `cmd:"" help:"Compute with the State Council's calendar."`
	Admission  admissionVerb  `cmd:"" help:"Judge applications for what may enter a community."`
	Assessment assessmentVerb `cmd:"" help:"Judge indicators and schemes of assessment."`
	Council    councilVerb    `cmd:"" help:"Judge elections, meetings and decisions of communities by the organic laws."`
	Pact       pactVerb       `cmd:"" help:"Review conventions of communities."`
	Disclosure disclosureVerb `cmd:"" help:"Prove what communities posted."`
	OpenAPI    openapiVerb    `cmd:"" name:"openapi" help:"Print the API's OpenAPI document."`
	Lifecycles lifecyclesVerb `cmd:"" help:"Print the declared lifecycles as a document."`
	Authority  authorityVerb  `cmd:"" help:"Print who may see and do what as a document."`
	Version    versionVerb    `cmd:"" help:"Print the version."`
}

type versionVerb struct{}

// Run prints the version.
func (versionVerb) Run() error {
	fmt.Println(version)
	return nil
}

func main() {
	app.ReadForeign()
	private()
	k := kong.Parse(&cli, kong.Name("linli"), kong.Description("Linli 邻里: the city's community platform."), kong.UsageOnError(), numbers(),
		kong.Exit(exit))
	slog.SetDefault(slog.New(httpx.LogHandler{Handler: slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cli.LogLevel})}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "linli:", word(err))
		}
		if errors.As(err, new(unreadable)) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// exit ends the program for a command line that cannot be read. Commands whose answer is their status end with 2 then, as for a file
// that cannot be read.
func exit(code int) {
	if code != 0 && len(os.Args) > 1 && os.Args[1] == "council" {
		code = 2
	}
	os.Exit(code)
}

// language is what the terminal reads.
func language() text.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if len(v) >= 2 && v[:2] == string(text.Chinese) {
				return text.Chinese
			}
			return text.English
		}
	}
	return text.English
}

// word is a refusal as the terminal says it.
func word(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if words == nil { // the platform did not open
		if words, _ = app.Catalogue(); words == nil {
			return err.Error()
		}
	}
	s := words.Sentence(language(), "error."+e.Key, e.Args)
	for _, f := range e.Fields {
		s += fmt.Sprintf("\n  %s: %s", f.Location, words.Sentence(language(), "error."+f.Key, f.Args))
	}
	return s
}

// words are the catalogues, once the platform is open.
var words *text.Catalogue

package community

import (
	"context"
	_ "embed"
	"encoding/json"
	"sync"

	"linli/internal/platform/errs"
	"linli/internal/registry"
)

//go:embed report.json
var reportFile []byte

// Report is what the city's survey report says of its communities. Its count and the statistics
// office's list measure different things and match in no year: it is shown as the report's and
// never mixed with the register's own figures.
type Report struct {
	Area        string `json:"area" doc:"Area code that the report speaks of"`
	Communities int    `json:"communities"`
	Urban       int    `json:"urban"`
	Rural       int    `json:"rural"`
	HallPercent int    `json:"hallPercent" doc:"Communities with a one-stop service hall, in percent"`
	Source      string `json:"source"`
	Passage     string `json:"passage" doc:"The report's own words"`
}

var report = sync.OnceValue(func() Report {
	var r Report
	if err := json.Unmarshal(reportFile, &r); err != nil {
		panic(err) // the file is part of the program
	}
	return r
})

// Figures are the register's counts of an area, and the report's beside them where it speaks of
// that area.
type Figures struct {
	registry.Count
	On       string  `json:"on,omitempty" doc:"The past day that is shown"`
	Complete int     `json:"complete" doc:"Communities with all six bodies; 0 for a past day, as bodies are not kept by day"`
	Report   *Report `json:"report" doc:"Null for areas that the report does not speak of"`
}

// Figures counts an area; a code that is not registered is errs.NotFound.
func (s *Service) Figures(ctx context.Context, code string) (Figures, error) {
	if _, ok := s.Register.Area(code); !ok {
		return Figures{}, registry.ErrAreaMissing(code)
	}
	complete, err := s.completeBelow(ctx, code)
	f := Figures{Count: s.Register.CountBelow(code), Complete: complete}
	if r := report(); r.Area == code {
		f.Report = &r
	}
	return f, err
}

// FiguresOn counts an area of the register as it was on a day; a code that nothing bore then is
// errs.NotFound.
func (s *Service) FiguresOn(ctx context.Context, code, day string) (Figures, error) {
	if !registry.IsDay(day) {
		return Figures{}, errs.New(errs.Invalid, "registry.field.day")
	}
	if day >= registry.Today(ctx) {
		return s.Figures(ctx, code)
	}
	then, err := s.Register.On(ctx, day)
	if err != nil {
		return Figures{}, err
	}
	if _, ok := then.Area(code); !ok {
		return Figures{}, registry.ErrAreaMissing(code)
	}
	return Figures{Count: then.CountBelow(code), On: day}, nil
}

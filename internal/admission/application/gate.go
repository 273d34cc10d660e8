package application

import (
	"context"
	"slices"
	"strings"

	"linli/internal/admission"
	"linli/internal/admission/proposal"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// The gate is asked inside the transaction that sends the work; what it lets through it writes down there, so that the times
// a year are counted right however many processes ask.

var (
	_ gate.Gate    = (*Service)(nil)
	_ gate.Endings = (*Service)(nil)
)

func closed(key string, pairs ...any) error {
	return errs.New(errs.Conflict, "admission.gate."+key).With(pairs...).By(ruleGate)
}

// Pass judges a request; see [gate.Gate].
func (s *Service) Pass(ctx context.Context, tx *audit.Tx, r gate.Request) (gate.Pass, error) {
	if !r.Way.Known() || len(r.Areas) == 0 {
		return gate.Pass{}, errs.ErrInvalid.At("way", "field.choice")
	}
	b, err := s.Registry.Body(ctx, tx, r.Body)
	switch {
	case errs.Of(err).Kind == errs.NotFound && err != nil:
		return gate.Pass{}, closed("body")
	case err != nil:
		return gate.Pass{}, err
	case r.Admission != "":
		return s.passAdmission(ctx, tx, &r)
	case r.Duty != "":
		return s.passEntry(ctx, tx, &r, b)
	}
	return gate.Pass{}, closed("none")
}

// passEntry lets through what the lists name as help or report, for the department that leads it.
func (s *Service) passEntry(ctx context.Context, tx *audit.Tx, r *gate.Request, b registry.Body) (gate.Pass, error) {
	day, pass := clock.Day(tx.Now), gate.Pass{}
	var asked []string
	for _, area := range r.Areas {
		if area = area[:min(len(area), streetDigits)]; slices.Contains(asked, area) { // lists are those of streets at the lowest
			continue
		}
		asked = append(asked, area)
		e, found, err := s.Lists.Entry(ctx, tx, area, r.Duty, day)
		switch {
		case err != nil:
			return pass, err
		case found && (e.Kind == admission.Certificate || r.Way == gate.Certificate && e.Kind == admission.Negative):
			return pass, closed("certificate", "entry", e.Code, "title", e.Text.Zh).(*errs.Error).By(proposal.RuleListed)
		case !found || e.Kind != admission.Assist && e.Kind != admission.Report:
			return pass, closed("unlisted", "entry", r.Duty)
		case e.Department == "" || e.Department != b.Department:
			return pass, closed("lead", "entry", e.Code, "department", admission.In(e.DepartmentName, text.Chinese))
		}
		if pass.Number == "" || e.Until != "" && (pass.Until == "" || e.Until < pass.Until) {
			pass = gate.Pass{Number: e.Code, Title: e.Text.Zh, Until: e.Until}
		}
	}
	return pass, nil
}

// passAdmission lets through what rests on an admission, and counts it.
func (s *Service) passAdmission(ctx context.Context, tx *audit.Tx, r *gate.Request) (gate.Pass, error) {
	e, err := s.byNumber(ctx, tx, r.Admission)
	if errs.Of(err).Kind == errs.NotFound && err != nil {
		return gate.Pass{}, closed("unknown", "number", r.Admission)
	} else if err != nil {
		return gate.Pass{}, err
	}
	if err := e.admits(r); err != nil {
		return gate.Pass{}, err
	}
	if r.Way == gate.Certificate {
		if err := s.certifiable(ctx, tx, &e); err != nil {
			return gate.Pass{}, err
		}
	}
	if err := s.count(ctx, tx, &e, r); err != nil {
		return gate.Pass{}, err
	}
	return gate.Pass{Number: e.Number, Title: e.Name, Until: e.Until}, nil
}

// admits judges all but how often.
func (e *Application) admits(r *gate.Request) error {
	var outside []string
	for _, area := range r.Areas {
		if !slices.ContainsFunc(e.Areas, func(a string) bool { return strings.HasPrefix(area, a) }) {
			outside = append(outside, area)
		}
	}
	switch {
	case e.Body != r.Body:
		return closed("body", "number", e.Number)
	case e.today > e.Until:
		return closed("expired", "number", e.Number, "until", e.Until)
	case e.State == string(stateProvisional) && e.today > e.RatifyBy:
		return closed("expired", "number", e.Number, "until", e.RatifyBy)
	case !e.Live():
		return closed("not_active", "number", e.Number, "state", errs.Key("admission.application.state."+e.State))
	case e.today < e.From && !e.Emergency:
		return closed("not_begun", "number", e.Number, "from", e.From)
	case !slices.Contains(e.Ways, string(r.Way)):
		return closed("way", "number", e.Number, "way", errs.Key("admission.way."+string(r.Way)))
	case r.Form != "" && !slices.Contains(e.Ways, string(gate.Form)): // whatever carries the form
		return closed("way", "number", e.Number, "way", errs.Key("admission.way."+string(gate.Form)))
	case len(outside) > 0:
		return closed("area", "number", e.Number, "areas", strings.Join(outside[:min(len(outside), mostNamed)], "、"))
	case r.Minutes > e.Minutes:
		return closed("hours", "number", e.Number, "minutes", e.Minutes)
	}
	return nil
}

// mostNamed bounds the areas that a refusal names.
const mostNamed = 10

// certifiable refuses an admission that speaks of a certificate that must not be issued, whatever was decided.
func (s *Service) certifiable(ctx context.Context, tx *audit.Tx, e *Application) error {
	found, err := lists{s.Lists, tx}.Alike(ctx, e.Areas, e.today, e.Name+"\n"+e.Text)
	for _, l := range found {
		if l.Entry.Kind == admission.Certificate && l.Share == 1 {
			return closed("certificate", "entry", l.Entry.Code, "title", l.Entry.Text.Zh).(*errs.Error).By(proposal.RuleListed)
		}
	}
	return err
}

// count refuses what is asked of a community more often in a year than admitted, and writes the pass down. Communities that
// are asked by a wider area are counted one by one.
func (s *Service) count(ctx context.Context, tx *audit.Tx, e *Application, r *gate.Request) error {
	year := e.today[:4]
	used := map[string]int{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (n int, err error) {
		var area string
		err = row.Scan(&area, &n)
		used[area] = n
		return n, err
	}, `SELECT area, times FROM admission_application_use WHERE shard = $1 AND application_id = $2 AND year = $3`, e.Shard, e.ID, year)
	if err != nil {
		return err
	}
	communities := expand(s.Registry, r.Areas)
	for _, c := range communities {
		if used[c] >= e.Frequency {
			return closed("frequency", "number", e.Number, "times", e.Frequency, "area", s.Registry.AreaName(c), "year", year)
		}
	}
	for _, c := range communities {
		if err := tx.Send(ctx, `INSERT INTO admission_application_use (shard, application_id, year, area, times) VALUES ($1,$2,$3,$4,1)
			ON CONFLICT (shard, application_id, year, area) DO UPDATE SET times = admission_application_use.times + 1`,
			e.Shard, e.ID, year, c); err != nil {
			return err
		}
	}
	return tx.Send(ctx, `INSERT INTO admission_application_pass (shard, application_id, id, at, way, body_id, communities, minutes)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, e.Shard, e.ID, db.NewID(ctx), clock.Millis(tx.Now), string(r.Way), r.Body, len(communities), r.Minutes)
}

// expand are the communities of areas, each once.
func expand(r *registry.Service, areas []string) (out []string) {
	for _, a := range areas {
		if registry.LevelOf(a) >= registry.LevelCommunity {
			out = append(out, a)
			continue
		}
		for _, c := range r.Below(a, registry.LevelCommunity) {
			out = append(out, c.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

package hall

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/registry"
)

// Bounds of an item, so that neither a page nor a request grows without end.
const maxMaterials = 30

// Validate refuses an item that breaks a rule of the guide, by the first that it finds, and names every wrong input:
//   - hall.item.promise_exceeds_statutory, hall.item.units_differ (rule hall.promise)
//   - hall.item.material_without_basis (rule hall.material.basis)
//   - hall.item.held_material_required (rule hall.held_material)
//   - hall.item.code, .official, .kind, .type, .department, .level, .limit, .material, .basis, .question,
//     .text_missing for what is incomplete or malformed.
func (i *Content) Validate() error {
	var first *errs.Error
	var wrong []errs.Field
	for _, check := range []func() error{i.checkHead, i.checkLimits, i.checkTexts, i.checkMaterials, i.checkBases, i.checkForm} {
		err := check()
		if err == nil {
			continue
		}
		e := errs.Of(err)
		if first == nil {
			first = e
		}
		wrong = append(wrong, located(e)...)
	}
	if first == nil {
		return nil
	}
	all := *first
	all.Fields = wrong
	return &all
}

// ValidCode tells whether an item of the city's own may bear a code.
func ValidCode(code string) bool {
	return identifier.MatchString(code) && len(code) <= 60 && !isKind(code)
}

// located is what a refusal names, at the input where it is mended.
func located(e *errs.Error) []errs.Field {
	if len(e.Fields) > 0 {
		return e.Fields
	}
	at := strings.TrimPrefix(e.Key, "hall.item.")
	switch at {
	case "limit", "units_differ", "promise_exceeds_statutory":
		at = "promised"
	case "material_without_basis", "held_material_required", "material":
		at = "materials"
	case "basis":
		at = "bases"
	case "text_missing":
		at = fmt.Sprint(e.Args["part"])
	}
	return []errs.Field{{Location: at, Key: e.Key, Args: e.Args}}
}

func refuse(key string, pairs ...any) *errs.Error {
	return errs.New(errs.Invalid, "hall.item."+key).With(pairs...)
}

func (i *Content) checkHead() error {
	if !identifier.MatchString(i.Code) || len(i.Code) > 64 {
		return refuse("code")
	}
	if i.Official != "" && !official.MatchString(i.Official) {
		return refuse("official")
	}
	switch i.Kind {
	case Government:
		if !slices.Contains(Types, i.Type) {
			return refuse("type")
		}
	case Volunteer, Market:
		if i.Type != "" {
			return refuse("type")
		}
	default:
		return refuse("kind")
	}
	if !identifier.MatchString(i.Department) || len(i.Department) > 64 {
		return refuse("department")
	}
	if i.Level < registry.LevelCounty || i.Level > registry.LevelCommunity ||
		(i.Level == registry.LevelCommunity) != (i.Department == registry.BodyStation) {
		return refuse("level")
	}
	return nil
}

func (i *Content) checkLimits() error {
	for _, l := range []calendar.Limit{i.Statutory, i.Promised} {
		if l.Validate() != nil || l.Amount < 1 {
			return refuse("limit")
		}
	}
	if !Comparable(i.Promised, i.Statutory) {
		return refuse("units_differ").By("hall.promise")
	}
	if i.Promised.Amount > i.Statutory.Amount {
		return refuse("promise_exceeds_statutory").By("hall.promise")
	}
	return nil
}

// Comparable tells whether a promise and a statutory limit may be compared by their amounts alone,
// whatever the calendar: then an amount that is not greater never falls due later. That holds in one
// unit, and for a promise in days or working hours against a limit in working days: n days end no
// later than n working days, because a last day off moves to the next working day; n working
// hours, because no working day has less than one. Nothing else is converted: n working days
// against m days depends on the holidays of the year.
func Comparable(promised, statutory calendar.Limit) bool {
	return promised.Unit == statutory.Unit || statutory.Unit == calendar.Workday
}

func (i *Content) checkTexts() error {
	parts := map[string][]Text{
		"name": {i.Name}, "summary": {i.Summary}, "fee": {i.Fee}, "result": {i.Result}, "place": {i.Place},
		"who": i.Who, "conditions": i.Conditions, "steps": i.Steps,
	}
	for _, part := range []string{"name", "summary", "who", "conditions", "steps", "fee", "result", "place"} {
		if len(parts[part]) == 0 {
			return refuse("text_missing", "part", part)
		}
		for n, t := range parts[part] {
			if t.Complete() {
				continue
			}
			if part == "who" || part == "conditions" || part == "steps" {
				part = fmt.Sprintf("%s[%d]", part, n)
			}
			return refuse("text_missing", "part", part)
		}
	}
	return nil
}

// complete tells whether both languages are given, within bounds.
// paired tells whether a text that may be left out is empty or complete.
func paired(t Text) bool { return t == Text{} || t.Complete() }

func (i *Content) checkMaterials() error {
	if len(i.Materials) > maxMaterials {
		return refuse("material", "material", i.Materials[maxMaterials].Name.Zh)
	}
	for n, m := range i.Materials {
		name := m.Name.Zh
		switch {
		case m.Basis == Text{}:
			return refuse("material_without_basis", "material", name).By("hall.material.basis")
		case m.Held && m.Required:
			return refuse("held_material_required", "material", name).By("hall.held_material")
		case !m.Name.Complete(), !m.Basis.Complete(), !m.Source.Complete():
			return refuse("text_missing", "part", fmt.Sprintf("materials[%d]", n))
		case m.Copies < 0, m.Copies > 20, m.Form != OnPaper && m.Form != Electronic && m.Form != Either:
			return refuse("material", "material", name)
		}
	}
	return nil
}

func (i *Content) checkBases() error {
	if len(i.Bases) == 0 {
		return refuse("basis")
	}
	for n, b := range i.Bases {
		if !slices.Contains([]Certainty{Read, Secondhand, Unverified, Derived}, b.Certainty) {
			return refuse("basis")
		}
		if !b.Name.Complete() || !b.Source.Complete() || !paired(b.Article) || !paired(b.Note) {
			return refuse("text_missing", "part", fmt.Sprintf("bases[%d]", n))
		}
	}
	return nil
}

// checkForm judges the form by itself; what it names is the field that is wrong.
func (i *Content) checkForm() error {
	faults := form.Faults(i.Form, "form", form.Plain...)
	if len(faults) == 0 {
		return nil
	}
	e := refuse("question", "question", i.fieldAt(faults[0].Location))
	e.Fields = faults
	return e
}

var fieldIndex = regexp.MustCompile(`^form\[(\d+)\]`)

// fieldAt is the code of the field that a location stands in.
func (i *Content) fieldAt(location string) string {
	m := fieldIndex.FindStringSubmatch(location)
	n, err := strconv.Atoi(m[1])
	if err != nil || n >= len(i.Form) {
		return location
	}
	return cmp.Or(i.Form[n].Key, location)
}

package community

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// PermissionFacility allows to keep what communities have.
const PermissionFacility = "registry.facility.edit"

// Kinds of facilities that a community has or has not.
const (
	FacilityHall    = "hall"    // 一站式服务大厅
	FacilityClinic  = "clinic"  // 社区卫生服务机构、村卫生室
	FacilityElderly = "elderly" // 居家养老服务
	FacilityHRSS    = "hrss"    // 人力资源和社会保障公共服务平台
)

// FacilityKinds lists them in the order in which they are shown.
var FacilityKinds = []string{FacilityHall, FacilityClinic, FacilityElderly, FacilityHRSS}

// Facilities are what a community has. What is null nobody has told yet: it counts as unknown,
// never as lacking.
type Facilities struct {
	Premises  *int   `json:"premises,omitempty" minimum:"0" maximum:"100000" doc:"Square metres of work and service premises"`
	Hall      *bool  `json:"hall,omitempty" doc:"One-stop service hall"`
	Clinic    *bool  `json:"clinic,omitempty" doc:"Community health service or village clinic"`
	Elderly   *bool  `json:"elderly,omitempty" doc:"Home-based care for old people"`
	HRSS      *bool  `json:"hrss,omitempty" doc:"Human resources and social security service point"`
	Pilot     string `json:"pilot" maxLength:"60" doc:"Name of the pilot that the community takes part in, or empty"`
	CheckedOn string `json:"checkedOn" maxLength:"10" doc:"Day on which this was last looked at, YYYY-MM-DD, or empty"`
	Source    string `json:"source" maxLength:"200" doc:"Who or what says so"`
	Version   int64  `json:"version" doc:"0 while nothing is kept"`

	area string // id
}

// Has tells whether a kind is there: nil while unknown.
func (f Facilities) Has(kind string) *bool {
	switch kind {
	case FacilityHall:
		return f.Hall
	case FacilityClinic:
		return f.Clinic
	case FacilityElderly:
		return f.Elderly
	case FacilityHRSS:
		return f.HRSS
	}
	return nil
}

// Bounds of facilities.
const (
	maxPremises = 100_000 // m²
	maxPilot    = 60      // characters
)

const revisionFacility = "registry.facility"

// facilityIndex holds what all communities have, as of a revision.
type facilityIndex struct {
	revision int64
	byArea   map[string]Facilities // by area id
}

const facilityColumns = `area_id, premises, hall, clinic, elderly, hrss, pilot, checked_on, source, version`

func scanFacilities(s db.Scanner) (f Facilities, err error) {
	var premises, hall, clinic, elderly, hrss int
	err = s.Scan(&f.area, &premises, &hall, &clinic, &elderly, &hrss, &f.Pilot, &f.CheckedOn, &f.Source, &f.Version)
	if premises >= 0 {
		f.Premises = &premises
	}
	f.Hall, f.Clinic, f.Elderly, f.HRSS = known(hall), known(clinic), known(elderly), known(hrss)
	return f, err
}

func known(n int) *bool {
	if n < 0 {
		return nil
	}
	yes := n == 1
	return &yes
}

func stored(b *bool) int {
	switch {
	case b == nil:
		return -1
	case *b:
		return 1
	}
	return 0
}

func facilityValues(f Facilities) []any {
	premises := -1
	if f.Premises != nil {
		premises = *f.Premises
	}
	return []any{f.area, premises, stored(f.Hall), stored(f.Clinic), stored(f.Elderly), stored(f.HRSS),
		f.Pilot, f.CheckedOn, f.Source, f.Version}
}

func loadFacilities(ctx context.Context, r db.Reader, revision int64) (*facilityIndex, error) {
	x := &facilityIndex{revision: revision, byArea: map[string]Facilities{}}
	all, err := db.All(ctx, r, scanFacilities, `SELECT `+facilityColumns+` FROM registry_facility`)
	for _, f := range all {
		x.byArea[f.area] = f
	}
	return x, err
}

// Facilities are what a community has; errs.NotFound for a code that is not registered, errs.Invalid
// for one that is no community.
func (s *Service) Facilities(code string) (Facilities, error) {
	a, err := s.community(code)
	return s.facilities.Load().byArea[a.ID], err
}

func (s *Service) community(code string) (registry.Area, error) {
	a, ok := s.Register.Area(code)
	switch {
	case !ok:
		return a, registry.ErrAreaMissing(code)
	case a.Level != registry.LevelCommunity:
		return a, errs.New(errs.Invalid, "registry.area.not_community")
	}
	return a, nil
}

// PutFacilities keeps what a community has, by version (0 the first time). It takes
// PermissionFacility over the community. Errors: Stale, Invalid naming wrong fields.
func (s *Service) PutFacilities(ctx context.Context, code string, f Facilities) (Facilities, error) {
	a, err := s.community(code)
	if err != nil {
		return f, err
	}
	f.area = a.ID
	if err := f.check(registry.Today(ctx)); err != nil {
		return f, err
	}
	err = s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermissionFacility, a.Code); err != nil {
			return err
		}
		if _, err := registry.BumpRevision(ctx, tx, revisionFacility); err != nil {
			return err
		}
		next := f
		next.Version++
		if err := writeFacilities(ctx, tx, next); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: PermissionFacility, Area: a.Code, Subject: "registry.facility", SubjectID: a.ID, After: next})
		tx.After(s.refreshAfter)
		return nil
	})
	f.Version++
	return f, err
}

func (f *Facilities) check(day string) error {
	wrong := errs.New(errs.Invalid, "registry.facility.invalid")
	f.Pilot, f.Source, f.CheckedOn = fold.Line(f.Pilot), fold.Line(f.Source), fold.KeepDay(f.CheckedOn)
	if f.Premises != nil && (*f.Premises < 0 || *f.Premises > maxPremises) {
		wrong = wrong.At("premises", "registry.facility.premises", "limit", maxPremises)
	}
	if f.Pilot != "" && !registry.IsName(f.Pilot, maxPilot) {
		wrong = wrong.At("pilot", "registry.field.text", "limit", maxPilot)
	}
	if !fold.Within(f.Source, registry.MaxSource) {
		wrong = wrong.At("source", "registry.field.text", "limit", registry.MaxSource)
	}
	if f.CheckedOn != "" && (!registry.IsDay(f.CheckedOn) || f.CheckedOn > day) {
		wrong = wrong.At("checkedOn", "registry.facility.day")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

func writeFacilities(ctx context.Context, tx *audit.Tx, f Facilities) error {
	if f.Version == 1 {
		_, err := tx.Exec(ctx, `INSERT INTO registry_facility (`+facilityColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			facilityValues(f)...)
		if db.IsUnique(err) {
			return registry.OrStale(false, nil, "registry.facility", f.area)
		}
		return err
	}
	v := facilityValues(f)
	n, err := tx.Exec(ctx, `UPDATE registry_facility SET premises = $1, hall = $2, clinic = $3, elderly = $4, hrss = $5, pilot = $6,
		checked_on = $7,
		source = $8, version = $9 WHERE area_id = $10 AND version = $11`, append(v[1:], f.area, f.Version-1)...)
	return registry.OrStale(n == 1, err, "registry.facility", f.area)
}

// LoadFacilities keeps what many communities have at once, by code, where nothing is kept yet. It
// takes PermissionFacility over the smallest area that holds them all.
func (s *Service) LoadFacilities(ctx context.Context, byCode map[string]Facilities) error {
	rows := make([]string, 0, len(byCode))
	all := make([]Facilities, 0, len(byCode))
	for code, f := range byCode {
		a, err := s.community(code)
		if err != nil {
			return err
		}
		f.area, f.Version = a.ID, 1
		if err := f.check(registry.Today(ctx)); err != nil {
			return err
		}
		rows, all = append(rows, code), append(all, f)
	}
	slices.SortFunc(all, func(a, b Facilities) int { return strings.Compare(a.area, b.area) })
	top := registry.CommonArea(slices.Values(rows))
	return s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermissionFacility, top); err != nil {
			return err
		}
		if _, err := registry.BumpRevision(ctx, tx, revisionFacility); err != nil {
			return err
		}
		err := registry.InsertMany(ctx, tx, "registry_facility", facilityColumns, len(all),
			func(i int) []any { return facilityValues(all[i]) }, func(int) {})
		tx.Record(audit.Entry{Action: PermissionFacility, Area: top, Subject: "registry.facility", SubjectID: top,
			Detail: map[string]int{"communities": len(all)}})
		tx.After(s.refreshAfter)
		return err
	})
}

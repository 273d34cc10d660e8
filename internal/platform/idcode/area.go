package idcode

import "strings"

// Level of an area in the statistical division of the country.
type Level int

const (
	LevelProvince  Level = 1 // 2 digits
	LevelCity      Level = 2 // 4 digits
	LevelCounty    Level = 3 // 6 digits
	LevelStreet    Level = 4 // 9 digits: subdistrict, town, township
	LevelCommunity Level = 5 // 12 digits: residents' or villagers' committee
	LevelGrid      Level = 6 // 15 digits: community and a sequence of three
)

// AreaKind is what kind of area a code tells.
type AreaKind string

const (
	KindProvince       AreaKind = "province"
	KindCity           AreaKind = "city"
	KindDistrict       AreaKind = "district"        // 市辖区, 01–20
	KindCounty         AreaKind = "county"          // 县, 21–70; 县级市, 81–99
	KindZone           AreaKind = "zone"            // development zone without a code in GB/T 2260, 71–80
	KindSubdistrict    AreaKind = "subdistrict"     // 街道, 001–099
	KindTown           AreaKind = "town"            // 镇, 100–199
	KindTownship       AreaKind = "township"        // 乡, 200–399
	KindQuasiStreet    AreaKind = "quasi_street"    // 类似乡级: farm, park, zone, 400–599
	KindResidents      AreaKind = "residents"       // 居民委员会, 001–199
	KindVillagers      AreaKind = "villagers"       // 村民委员会, 200–399
	KindQuasiCommunity AreaKind = "quasi_community" // 类似居委会, 400–499
	KindQuasiVillage   AreaKind = "quasi_village"   // 类似村委会, 500–599
	KindGrid           AreaKind = "grid"            // whether general or dedicated, the code does not tell
)

// Area is what a statistical area code tells.
type Area struct {
	Code  string // trimmed path: 2, 4, 6, 9, 12 or 15 digits
	Level Level
	Kind  AreaKind
}

// areaLengths is the length of a code at each level.
var areaLengths = [...]int{LevelProvince: 2, LevelCity: 4, LevelCounty: 6, LevelStreet: 9, LevelCommunity: 12, LevelGrid: 15}

// ParseArea reads an area code as a trimmed path of 2 (province), 4 (city), 6 (county), 9 (street),
// 12 (community) or 15 digits (grid). A code of 12 digits filled up with zeros, as the statistics
// office prints it, is trimmed first: 320703001000 is the street 320703001.
//
// Errors are [*Error] with length, character, or area (a part outside the ranges that the statistics
// office gives out, or a province that does not exist).
func ParseArea(s string) (Area, error) {
	s = tidy(s)
	if len(s) > areaLengths[LevelGrid] {
		return Area{}, &Error{SchemeArea, FaultLength}
	}
	if !digits(s) {
		return Area{}, &Error{SchemeArea, FaultCharacter}
	}
	s = trimArea(s)
	level := areaLevel(s)
	if level == 0 {
		return Area{}, &Error{SchemeArea, FaultLength}
	}
	a := Area{Code: s, Level: level}
	for l := LevelProvince; l <= level; l++ {
		if a.Kind = areaKind(s, l); a.Kind == "" {
			return Area{}, &Error{SchemeArea, FaultArea}
		}
	}
	return a, nil
}

// trimArea takes the zeros off a code of 12 digits that names an area above the communities.
func trimArea(s string) string {
	if len(s) != areaLengths[LevelCommunity] || !strings.HasSuffix(s, "000") {
		return s
	}
	for _, n := range []int{2, 4, 6} {
		if number(s[n:]) == 0 {
			return s[:n]
		}
	}
	return s[:9]
}

func areaLevel(s string) Level {
	for l := LevelProvince; l <= LevelGrid; l++ {
		if len(s) == areaLengths[l] {
			return l
		}
	}
	return 0
}

// areaKind is the kind that the digits of one level tell, or empty when there is none.
func areaKind(s string, l Level) AreaKind {
	n := number(s[areaLengths[l-1]:areaLengths[l]])
	switch l {
	case LevelProvince:
		if isProvince(s[:2]) {
			return KindProvince
		}
	case LevelCity:
		if n > 0 {
			return KindCity
		}
	case LevelCounty:
		return countyKind(s[2:4], n)
	case LevelStreet:
		return pick(n, 1, KindSubdistrict, 100, KindTown, 200, KindTownship, 400, KindQuasiStreet)
	case LevelCommunity:
		return pick(n, 1, KindResidents, 200, KindVillagers, 400, KindQuasiCommunity, 500, KindQuasiVillage)
	case LevelGrid:
		if n > 0 {
			return KindGrid
		}
	}
	return ""
}

// countyKind: city part 90 holds the counties directly under a province, and county part 00 the
// whole of a city without counties, such as Dongguan.
func countyKind(city string, n int) AreaKind {
	switch {
	case city == "90":
		return KindCounty
	case n <= 20:
		return KindDistrict
	case n <= 70 || n > 80:
		return KindCounty
	default:
		return KindZone
	}
}

// pick gives the kind of the range that n falls into; ranges begin at a, b, c, d and the last ends at 599.
func pick(n, a int, kindA AreaKind, b int, kindB AreaKind, c int, kindC AreaKind, d int, kindD AreaKind) AreaKind {
	switch {
	case n < a || n > 599:
		return ""
	case n < b:
		return kindA
	case n < c:
		return kindB
	case n < d:
		return kindC
	default:
		return kindD
	}
}

// Parent is the code one level up, or empty for a province.
func (a Area) Parent() string { return a.Code[:areaLengths[a.Level-1]] }

// Path is the codes from the province down to the area itself.
func (a Area) Path() []string {
	path := make([]string, 0, a.Level)
	for l := LevelProvince; l <= a.Level; l++ {
		path = append(path, a.Code[:areaLengths[l]])
	}
	return path
}

// Quasi reports whether the area is a statistical unit without a committee of its own.
func (a Area) Quasi() bool {
	return a.Kind == KindQuasiStreet || a.Kind == KindQuasiCommunity || a.Kind == KindQuasiVillage
}

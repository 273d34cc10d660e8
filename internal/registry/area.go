package registry

import (
	"linli/internal/platform/idcode"
)

// Kinds of areas. All but the two of grids are told by the code.
const (
	KindProvince       = string(idcode.KindProvince)
	KindCity           = string(idcode.KindCity)
	KindDistrict       = string(idcode.KindDistrict)
	KindCounty         = string(idcode.KindCounty)
	KindZone           = string(idcode.KindZone)
	KindSubdistrict    = string(idcode.KindSubdistrict)
	KindTown           = string(idcode.KindTown)
	KindTownship       = string(idcode.KindTownship)
	KindQuasiStreet    = string(idcode.KindQuasiStreet)
	KindResidents      = string(idcode.KindResidents)
	KindVillagers      = string(idcode.KindVillagers)
	KindQuasiCommunity = string(idcode.KindQuasiCommunity)
	KindQuasiVillage   = string(idcode.KindQuasiVillage)
	KindGridGeneral    = "grid_general"   // 综合网格
	KindGridDedicated  = "grid_dedicated" // 专属网格
)

// kinds lists every kind; a kind's place in it is its number inside the Tree.
var kinds = []string{
	KindProvince, KindCity, KindDistrict, KindCounty, KindZone, KindSubdistrict, KindTown, KindTownship,
	KindQuasiStreet, KindResidents, KindVillagers, KindQuasiCommunity, KindQuasiVillage,
	KindGridGeneral, KindGridDedicated,
}

// LevelProvince stands above the city; only a register of several cities holds provinces.
const LevelProvince = 1

// Area is one node of the register.
type Area struct {
	ID       string // never changes, whatever becomes of code and name
	Code     string // trimmed path: 3207, 320703, 320703001, 320703001007, 320703001007001
	Name     string
	Level    int // LevelProvince … LevelGrid
	Kind     string
	Parent   string // code of the area above, "" for a province
	Pinyin   string // of the whole name, without tones and blanks
	Initials string // first letter of each syllable
	OpenedOn string // day on which this register first held it, YYYY-MM-DD
	Version  int64
}

// Urban tells whether a community is one of residents (the report's 城市社区) rather than of
// villagers. It means nothing on other levels.
func (a Area) Urban() bool { return a.Kind == KindResidents || a.Kind == KindQuasiCommunity }

// OrgKind is the branch of law that a community falls under: KindResidents or KindVillagers.
// Statistical units without a committee of their own follow the branch they resemble.
func (a Area) OrgKind() string {
	if a.Urban() {
		return KindResidents
	}
	return KindVillagers
}

// Count is what lies below an area, itself included.
type Count struct {
	Counties    int `json:"counties"`
	Streets     int `json:"streets"`
	Communities int `json:"communities" doc:"residents + villagers + quasi"`
	Residents   int `json:"residents"`
	Villagers   int `json:"villagers"`
	Quasi       int `json:"quasi" doc:"Statistical units without a committee of their own"`
	Grids       int `json:"grids"`
}

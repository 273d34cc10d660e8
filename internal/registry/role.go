package registry

import "linli/internal/platform/authority"

// Roles that a grant may give, from the window to the city.
const (
	RoleWindowWorker        authority.Role = "window_worker"        // 窗口人员 / 全科社工
	RoleGridWorker          authority.Role = "grid_worker"          // 网格员
	RoleDispatcher          authority.Role = "dispatcher"           // 服务站、综治办派遣员
	RoleDepartmentClerk     authority.Role = "department_clerk"     // 委办局经办人
	RoleDepartmentHead      authority.Role = "department_head"      // 委办局负责人
	RoleSubdistrictOfficer  authority.Role = "subdistrict_officer"  // 街道（乡镇）
	RoleCountyOfficer       authority.Role = "county_officer"       // 区县
	RoleCityOfficer         authority.Role = "city_officer"         // 市
	RoleAuditor             authority.Role = "auditor"              // 审计员
	RoleSystemAdministrator authority.Role = "system_administrator" // 系统管理员
)

// Levels of areas.
const (
	LevelCity      = 2
	LevelCounty    = 3
	LevelStreet    = 4
	LevelCommunity = 5
	LevelGrid      = 6
)

// RoleLevels says at which levels of area a role is given.
var RoleLevels = map[authority.Role][]int{
	RoleWindowWorker:        {LevelStreet, LevelCommunity},
	RoleGridWorker:          {LevelCommunity, LevelGrid},
	RoleDispatcher:          {LevelStreet, LevelCommunity},
	RoleDepartmentClerk:     {LevelCity, LevelCounty, LevelStreet},
	RoleDepartmentHead:      {LevelCity, LevelCounty, LevelStreet},
	RoleSubdistrictOfficer:  {LevelStreet},
	RoleCountyOfficer:       {LevelCounty},
	RoleCityOfficer:         {LevelCity},
	RoleAuditor:             {LevelCity, LevelCounty},
	RoleSystemAdministrator: {LevelCity},
}

// Roles lists every role in order of reach.
var Roles = []authority.Role{
	RoleWindowWorker, RoleGridWorker, RoleDispatcher, RoleDepartmentClerk, RoleDepartmentHead,
	RoleSubdistrictOfficer, RoleCountyOfficer, RoleCityOfficer, RoleAuditor, RoleSystemAdministrator,
}

// Officers are the roles that oversee an area.
var Officers = []authority.Role{RoleSubdistrictOfficer, RoleCountyOfficer, RoleCityOfficer}

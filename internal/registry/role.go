package registry

import "linli/internal/platform/authority"

// Roles that a grant may give, from the window to the city. A resident needs no grant: whoever
// holds the follow code of a case, or the phone that it was opened with, is its reporter.
const (
	RoleWindowWorker          authority.Role = "window_worker"          // 窗口人员 / 全科社工
	RoleGridWorker            authority.Role = "grid_worker"            // 网格员
	RoleDispatcher            authority.Role = "dispatcher"             // 服务站、综治办派遣员
	RoleCommitteeMember       authority.Role = "committee_member"       // 居（村）民委员会成员
	RoleBranchMember          authority.Role = "branch_member"          // 社区（村）党组织成员
	RoleCouncilMember         authority.Role = "council_member"         // 议事会成员
	RoleSupervisoryMember     authority.Role = "supervisory_member"     // 监事会成员
	RoleDepartmentClerk       authority.Role = "department_clerk"       // 委办局经办人
	RoleDepartmentHead        authority.Role = "department_head"        // 委办局负责人
	RoleSubdistrictOfficer    authority.Role = "subdistrict_officer"    // 街道（乡镇）
	RoleCountyOfficer         authority.Role = "county_officer"         // 区县
	RoleCityOfficer           authority.Role = "city_officer"           // 市
	RoleCommunityBuilding     authority.Role = "community_building"     // 社区建设管理机构
	RoleAuditor               authority.Role = "auditor"                // 审计管理员
	RoleSecurityAdministrator authority.Role = "security_administrator" // 安全管理员
	RoleSystemAdministrator   authority.Role = "system_administrator"   // 系统管理员
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
	RoleWindowWorker:          {LevelStreet, LevelCommunity},
	RoleGridWorker:            {LevelCommunity, LevelGrid},
	RoleDispatcher:            {LevelStreet, LevelCommunity},
	RoleCommitteeMember:       {LevelCommunity},
	RoleBranchMember:          {LevelCommunity},
	RoleCouncilMember:         {LevelCommunity},
	RoleSupervisoryMember:     {LevelCommunity},
	RoleDepartmentClerk:       {LevelCity, LevelCounty, LevelStreet},
	RoleDepartmentHead:        {LevelCity, LevelCounty, LevelStreet},
	RoleSubdistrictOfficer:    {LevelStreet},
	RoleCountyOfficer:         {LevelCounty},
	RoleCityOfficer:           {LevelCity},
	RoleCommunityBuilding:     {LevelCity, LevelCounty, LevelStreet},
	RoleAuditor:               {LevelCity, LevelCounty},
	RoleSecurityAdministrator: {LevelCity},
	RoleSystemAdministrator:   {LevelCity},
}

// Roles lists every role in order of reach.
var Roles = []authority.Role{
	RoleWindowWorker, RoleGridWorker, RoleDispatcher, RoleBranchMember, RoleCommitteeMember, RoleCouncilMember, RoleSupervisoryMember,
	RoleDepartmentClerk, RoleDepartmentHead, RoleSubdistrictOfficer, RoleCountyOfficer, RoleCityOfficer,
	RoleCommunityBuilding, RoleAuditor, RoleSecurityAdministrator, RoleSystemAdministrator,
}

// Handlers are the roles that work on what residents bring.
var Handlers = []authority.Role{RoleWindowWorker, RoleGridWorker, RoleDispatcher, RoleDepartmentClerk, RoleDepartmentHead}

// Officers are the roles that oversee an area.
var Officers = []authority.Role{RoleSubdistrictOfficer, RoleCountyOfficer, RoleCityOfficer}

// Administrators are 三员: whoever holds one of these roles holds no other role and no post.
var Administrators = []authority.Role{RoleSystemAdministrator, RoleSecurityAdministrator, RoleAuditor}

// BodyRoles says which role a post in a body gives to its holder's account, for its term. Posts
// in other bodies give none: who works there is granted a role of work.
var BodyRoles = map[string]authority.Role{
	BodyParty:       RoleBranchMember,
	BodyCommittee:   RoleCommitteeMember,
	BodyCouncil:     RoleCouncilMember,
	BodySupervisory: RoleSupervisoryMember,
}

package access

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/text"
)

// SessionView is who is signed in and what they may do.
type SessionView struct {
	Account struct {
		ID       string    `json:"id"`
		Login    string    `json:"login"`
		Name     string    `json:"name"`
		Language text.Lang `json:"language"`
	} `json:"account"`
	Grants      []GrantView `json:"grants"`
	Permissions []string    `json:"permissions"`
	Scope       []string    `json:"scope" doc:"Outermost areas of all grants"`
	Next        Next        `json:"next" enum:",second,password,enrol" doc:"What must be done first: show the second factor (nobody is signed in yet), change the password, or set up a second factor"`
	Ended       int         `json:"ended" doc:"Older sessions that signing in has ended because there may be only so many; told once"`
}

// GrantView is a role over an area.
type GrantView struct {
	ID        string         `json:"id"`
	Role      authority.Role `json:"role"`
	Area      string         `json:"area"`
	AreaName  string         `json:"areaName"`
	BodyID    string         `json:"bodyId"`
	BodyName  string         `json:"bodyName"`
	ValidFrom string         `json:"validFrom"`
	ValidTo   string         `json:"validTo"`
}

// GrantView is a grant with the names of its area and body.
func (s *Service) GrantView(g *Grant) GrantView {
	v := GrantView{ID: g.ID, Role: g.Role, Area: g.Area, BodyID: g.Body, ValidFrom: g.ValidFrom, ValidTo: g.ValidTo}
	if a, ok := s.Registry.Area(g.Area); ok {
		v.AreaName = a.Name
	}
	if g.Body != "" {
		v.BodyName = s.Registry.BodyName(g.Body)
	}
	return v
}

// AccountPath names an account in an address.
type AccountPath struct {
	ID string `path:"id" maxLength:"64"`
}

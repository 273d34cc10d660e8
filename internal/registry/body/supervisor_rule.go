package body

import (
	_ "embed"

	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Keys of the module's rules; each is followed by the branch of law, .residents or .villagers.
const (
	ruleSupervisor   = "registry.member.supervisor_is_executive"
	ruleCommitteeMin = "registry.committee.members_min"
	ruleCommitteeMax = "registry.committee.members_max"
)

// ErrSupervisor refuses a member of the supervisory board who sits on the committee that the
// board supervises, or the other way round.
var ErrSupervisor = errs.New(errs.Conflict, "registry.member.supervisor_is_executive")

// opposite is the kind of body whose members may not sit in a body of this kind, or "".
func opposite(kind string) string {
	switch kind {
	case registry.BodySupervisory:
		return registry.BodyCommittee
	case registry.BodyCommittee:
		return registry.BodySupervisory
	}
	return ""
}

// checkSupervisor applies the rule of the area's branch of law as it stands on the day: no
// member of one body may at the same time be a member of the other. Terms that ended before the
// day do not count. Near relatives, whom the law excludes too, are not known to the register.
func checkSupervisor(rules *rule.Cache, a registry.Area, m registry.Member, others []registry.Member, day string) error {
	key := ruleSupervisor + "." + a.OrgKind()
	if v, ok := rules.On(key, day); !ok || v.Value != forbidden || m.Expired(day) {
		return nil
	}
	for _, o := range others {
		if o.ID != m.ID && !o.Expired(day) && samePerson(m, o) && termsMeet(m, o) {
			return ErrSupervisor.With("name", m.Name).By(key)
		}
	}
	return nil
}

// samePerson judges two members of one community: by account when both have one, else by name.
func samePerson(a, b registry.Member) bool {
	if a.Account != "" && b.Account != "" {
		return a.Account == b.Account
	}
	return registry.FoldName(a.Name) == registry.FoldName(b.Name)
}

func termsMeet(a, b registry.Member) bool {
	return (a.TermTo == "" || b.TermFrom <= a.TermTo) && (b.TermTo == "" || a.TermFrom <= b.TermTo)
}

const forbidden = "forbidden"

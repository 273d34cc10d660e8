package demo

import (
	"linli/internal/hall"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// How many in a hundred are sent back as mis-sent, and how many are reviewed with another
// department's help.
const (
	objected = 3
	helped   = 4
)

// objectOnce has a unit send the case back, and the station send it there again with the reason.
func (s *story) objectOnce(unit, station *authority.Actor, again flow.Verb) error {
	body := s.c.Unit
	if err := s.step(unit, s.amid(0.02, 0.1), "object", flow.Input{Note: "经核对职责清单，本件不属本单位职责，请改派。"}); err != nil {
		return err
	}
	return s.step(station, s.amid(0.02, 0.1), again, flow.Input{Unit: body, Note: "经与主管部门核实，属你单位职责，仍请按期办理。"})
}

// helpOnce has another department of the county check what it knows of the applicant.
func (s *story) helpOnce(item *hall.Item, reviewer *authority.Actor) error {
	for _, d := range []string{"medical_security", "hrss", "disabled_federation"} {
		key := bodyKey{s.community.Code[:countyDigits], registry.BodyDepartment, d}
		if d == item.Department || s.duty[key] == nil {
			continue
		}
		if err := s.step(reviewer, s.amid(0.01, 0.05), "join",
			flow.Input{Unit: s.bodies[key].ID, Note: "请核对申请人在你单位的登记信息。", Number: 3}); err != nil {
			return err
		}
		return s.step(s.duty[key].clerk, s.amid(0.02, 0.1), "contribute", flow.Input{Note: "经核对，登记信息与申请一致。"})
	}
	return nil
}

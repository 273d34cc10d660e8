package app_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/admission"
	admissions "linli/internal/admission/application"
	"linli/internal/admission/proposal"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/module"
)

// The check of an application tells by the code of its element which wanted data are held already, on the platform as at the command line.
func TestApplicationsAreToldWhatIsHeld(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		check := func(fields ...string) string {
			t.Helper()
			found, err := module.Of[*admissions.Service](w.App.Modules).Check(w.System(), proposal.Proposal{Name: "入户走访",
				Areas: []string{apptest.Street}, Fields: fields, HeldCheck: "已核对"}, "")
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(found)
		}
		some := check("独居老人数", "户籍人口数", "老年活动室面积")
		for _, want := range []string{"admission.check.held_some", "独居老人数 (people.lives_alone)",
			"admission.check.held_elsewhere", "户籍人口数 (police.hukou)"} {
			if !strings.Contains(some, want) {
				t.Errorf("some are held, and %q is not told: %s", want, some)
			}
		}
		if all := check("独居老人数", "网格数"); !strings.Contains(all, "admission.check.held_all") || !strings.Contains(all, "community.grids") {
			t.Errorf("all are held: %s", all)
		}
		if none := check("老年活动室面积"); strings.Contains(none, "held_") {
			t.Errorf("none is held: %s", none)
		}
	})
	c := proposal.FileCase{Applied: "2026-06-10"}
	c.Fields, c.HeldCheck = []string{"独居老人数"}, "已核对"
	_, found, err := proposal.CheckFile(t.Context(), &c, append(admission.Rules(), admissions.Rules()...), app.HeldOfShipped(c.Applied))
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, f := range found {
		told = told || f.Refused && f.Key == "admission.check.held_all"
	}
	if !told {
		t.Errorf("the command line does not tell what is held: %+v", found)
	}
}

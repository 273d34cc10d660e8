package registry

import (
	"slices"
	"testing"

	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/text"
)

func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	c, err := text.New(s.Module().Texts)
	must(t, err)
	var need []string
	for _, k := range kinds {
		need = append(need, "registry.kind."+k)
	}
	for _, kind := range append(slices.Clone(CommunityBodies), BodySubdistrict, BodyDepartment) {
		need = append(need, "registry.body."+kind)
	}
	for _, d := range Departments {
		need = append(need, "registry.department."+d)
	}
	for _, p := range Posts {
		need = append(need, "registry.post."+p)
	}
	for _, r := range Roles {
		need = append(need, "role."+string(r))
	}
	for _, key := range need {
		if !c.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
	for key := range c.All(text.Chinese) {
		if c.T(text.Chinese, key) == "" || c.T(text.English, key) == "" {
			t.Errorf("%s is empty", key)
		}
	}
}

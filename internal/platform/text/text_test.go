package text_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

func catalogue(t interface{ Fatal(...any) }) *text.Catalogue {
	const raw = `{"greet": "你好，{name}（{role}）", "role.clerk": "经办人"}`
	c, err := text.New(fstest.MapFS{"texts/zh.json": {Data: []byte(raw)}, "texts/en.json": {Data: []byte(raw)}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What people write is never read as a key or as a placeholder: it stands in the sentence as it is.
func TestValuesStandAsTheyAre(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, name := range []string{"@role.clerk", "{role}", "{name}", "a{role}b", "@:role.clerk", "%d", "|"} {
		want := "你好，" + name + "（经办人）"
		if got := c.T(text.Chinese, "greet", "name", name, "role", errs.Key("role.clerk")); got != want {
			t.Errorf("%s makes %s, want %s", name, got, want)
		}
		if got := c.Sentence(text.Chinese, "greet", errs.Args{"name": name, "role": errs.Key("role.clerk")}); got != want {
			t.Errorf("%s makes %s, want %s", name, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("@{}:|role.nam李")), 0, 20, -1).Draw(t, "name")
		if got := c.T(text.English, "greet", "name", name, "role", name); !strings.Contains(got, "，"+name+"（"+name+"）") {
			t.Fatalf("%q makes %q", name, got)
		}
	})
}

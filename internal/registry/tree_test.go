package registry

import (
	"strings"
	"testing"

	"linli/internal/platform/db/dbtest"
)

func codes(areas []Area) string {
	var out []string
	for _, a := range areas {
		out = append(out, a.Code)
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	tests := []struct {
		name, q string
		level   int
		first   string // code of the best answer; "" for none
		atLeast int
	}{
		{"exact name", "院前社区居委会", 0, "320703001007", 1},
		{"ending left out", "院前", 0, "320703001007", 1},
		{"another ending", "院前社区", 0, "320703001007", 1},
		{"the other committee's ending", "院前村委会", 0, "320703001007", 1},
		{"official long ending", "观海社区居委会", 0, "", 0},
		{"full width and blanks", " 院　前 社区 ", 0, "320703001007", 1},
		{"county before communities", "海州", 0, "320706", 2},
		{"code prefix", "320703001", 0, "320703001", 10},
		{"twelve digits of a street", "320703001000", 0, "320703001", 1},
		{"pinyin", "yuanqian", 0, "320703001007", 1},
		{"pinyin with capitals and blanks", "Yuan Qian She Qu", 0, "320703001007", 1},
		{"initials", "yqsq", 0, "320703001007", 1},
		{"initials of the core", "lyg", 0, "3207", 1},
		{"pinyin inside", "yungangshi", 0, "3207", 1},
		{"level", "连云", LevelStreet, "320703003", 1},
		{"path and name", "海州 文昌", 0, "320706017014", 1},
		{"nothing", "不存在的地方", 0, "", 0},
		{"only blanks", "  ", 0, "", 0},
		{"percent is no pattern", "%", 0, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.Search(tt.q, tt.level, 20)
			if tt.name == "official long ending" { // 观海社区居民委员会 is found by the short ending
				if len(got) == 0 || got[0].Name != "观海社区居民委员会" {
					t.Fatalf("found %s", codes(got))
				}
				return
			}
			if tt.first == "" && len(got) > 0 || len(got) < tt.atLeast || tt.first != "" && got[0].Code != tt.first {
				t.Fatalf("found %s, want %s first", codes(got), tt.first)
			}
		})
	}
	t.Run("repeated names are all found and told apart by their path", func(t *testing.T) {
		got := s.Search("和平", LevelCommunity, 20)
		paths := map[string]bool{}
		for _, a := range got {
			if Core(a.Name) == "和平" {
				paths[s.Path(a.Parent)[1].Name+s.Path(a.Parent)[2].Name] = true
			}
		}
		if len(paths) < 2 {
			t.Fatalf("和平 found in %v", paths)
		}
	})
	t.Run("bounds", func(t *testing.T) {
		if n := len(s.Search("村", 0, 5)); n != 5 {
			t.Errorf("%d answers, want 5", n)
		}
		if n := len(s.Search("村", 0, 9999)); n != 100 {
			t.Errorf("%d answers, want 100", n)
		}
		if n := len(s.Search(strings.Repeat("村", 10_000), 0, 5)); n != 0 {
			t.Errorf("%d answers", n)
		}
	})
}

func TestTreeAgreesWithTheList(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	var communities int
	for _, county := range s.Children("3207") {
		for _, street := range s.Children(county.Code) {
			kids := s.Children(street.Code)
			c := s.CountBelow(street.Code)
			if len(kids) != c.Communities || len(kids) != s.Tree().childCount(street.Code) || c.Streets != 1 {
				t.Fatalf("%s: %d children, %+v", street.Code, len(kids), c)
			}
			communities += len(kids)
		}
	}
	if communities != 1782 || len(s.Below("3207", LevelCommunity)) != 1782 || len(s.Below("320703", LevelCounty)) != 1 {
		t.Errorf("%d communities", communities)
	}
	if s.Tree().childCount("3207") != 7 || s.Tree().childCount("320703001007") != 0 || s.Tree().childCount("999999") != 0 {
		t.Error("childCount")
	}
	if city, ok := s.City(); !ok || city.Code != "3207" {
		t.Errorf("city %+v", city)
	}
	for _, unknown := range []string{"", "3", "32070", "3208", "abc", "3207030010070010000", "320703001007-1"} {
		if a, ok := s.Area(unknown); ok || s.Path(unknown) != nil {
			t.Errorf("%q is area %+v", unknown, a)
		}
	}
	if got := codes(s.Path("320703001007")); got != "3207 320703 320703001 320703001007" {
		t.Errorf("path %s", got)
	}
}

func TestSpell(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"长江社区": "changjiangshequ cjsq", "重庆路社区": "chongqinglushequ cqlsq", "徐圩街道": "xuweijiedao xwjd",
		"太行新村": "taihangxincun thxc", "振兴ＡB2区": "zhenxingab2qu zxab2q", "（东）": "dong d", "": " ",
	} {
		full, initials := Spelling(name)
		if got := full + " " + initials; got != want {
			t.Errorf("%s reads %q, want %q", name, got, want)
		}
	}
}

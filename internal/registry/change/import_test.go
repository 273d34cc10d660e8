package change

import (
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

func TestImportCity(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		text := readFile(t, cityFile)

		dry, err := importText(s, asSystem(), ImportOptions{DryRun: true}, text)
		must(t, err)
		if dry.Opened != 1899 || s.Register.Tree().Size() != 0 {
			t.Fatalf("dry run would open %d and left %d areas", dry.Opened, s.Register.Tree().Size())
		}

		var told []int
		first, err := importText(s, asSystem(), ImportOptions{Progress: func(done, total int) { told = append(told, done, total) }}, text)
		must(t, err)
		if first.Opened != 1899 || len(first.Changes) != 1899 || first.Unchanged != 0 {
			t.Fatalf("first import: %d opened, %d changes, %d unchanged", first.Opened, len(first.Changes), first.Unchanged)
		}
		if len(told) < 4 || told[len(told)-2] != 1899 || told[len(told)-1] != 1899 {
			t.Errorf("progress ended with %v", told[max(0, len(told)-2):])
		}
		got := s.Register.CountBelow("3207")
		if want := counted(text); got != want || got.Counties != 7 || got.Streets != 109 || got.Communities != 1782 {
			t.Errorf("counts %+v, want %+v", got, want)
		}

		again, err := importText(s, asSystem(), ImportOptions{}, "\ufeff"+text)
		must(t, err)
		if len(again.Changes) != 0 || again.Unchanged != 1899 || len(again.Questions) != 0 {
			t.Errorf("second import: %d changes, %d unchanged, %d questions", len(again.Changes), again.Unchanged, len(again.Questions))
		}
		n, err := db.Value[int](asSystem(), d, `SELECT count(*) FROM audit_entry WHERE action = $1`, registry.PermissionImport)
		must(t, err)
		if n != 1 {
			t.Errorf("%d audit entries, want the one of the import that changed something", n)
		}

		other := newService(t, d) // what a restart reads is what was imported
		a, ok := other.Register.Area("320703001007")
		if !ok || a.Name != "院前社区居委会" || a.Kind != registry.KindResidents || a.Parent != "320703001" ||
			a.Pinyin != "yuanqianshequjuweihui" || a.Initials != "yqsqjwh" || a.OpenedOn != "2026-11-23" {
			t.Errorf("院前 reads %+v", a)
		}
		if zone, _ := other.Register.Area("320771"); zone.Kind != registry.KindZone {
			t.Errorf("320771 is of kind %s", zone.Kind)
		}
	})
}

func TestImportChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		_, err := importText(s, asSystem(), ImportOptions{},
			"code,name,level,parent\n3207,连云港市,2,32\n320703,连云区,3,3207\n320703001,墟沟街道,4,320703\n320703001007,院前社区居委会,5,320703001\n320703001009,南巷社区居委会,5,320703001\n")
		must(t, err)
		before, _ := s.Register.Area("320703001007")

		r, err := importText(s, asSystem(), ImportOptions{Supplement: true},
			"parent,level,name,code\n320703001,5,院前新社区居委会,320703001007\n320703001,5,大巷社区居委会,320703001011\n")
		must(t, err)
		if r.Opened != 1 || len(r.Changes) != 2 || len(r.Questions) != 0 {
			t.Fatalf("report %+v", r)
		}
		after, _ := s.Register.Area("320703001007")
		if after.ID != before.ID || after.Name != "院前新社区居委会" || after.Version != 2 || after.Pinyin != "yuanqianxinshequjuweihui" {
			t.Errorf("renamed area %+v", after)
		}
		if _, kept := s.Register.Area("320703001009"); !kept {
			t.Error("an area that the file leaves out was removed")
		}

		_, err = importText(s, asSystem(), ImportOptions{},
			"code,name,level,parent,kind\n320703001007001,第一网格,6,320703001007,\n320703001007002,港口网格,6,320703001007,grid_dedicated\n")
		must(t, err)
		if a, _ := s.Register.Area("320703001007001"); a.Kind != registry.KindGridGeneral {
			t.Errorf("grid of kind %s", a.Kind)
		}
		if a, _ := s.Register.Area("320703001007002"); a.Kind != registry.KindGridDedicated {
			t.Errorf("grid of kind %s", a.Kind)
		}
		r, err = importText(s, asSystem(), ImportOptions{},
			"code,name,level,parent\n320703001007001,第一网格,6,320703001007\n320703001007002,港口网格,6,320703001007\n")
		must(t, err)
		if len(r.Changes) != 0 {
			t.Errorf("a file without kinds changes %+v", r.Changes)
		}
		if c := s.Register.CountBelow("320703001007"); c.Grids != 2 || c.Communities != 1 {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestImportRefusesBadRows(t *testing.T) {
	t.Parallel()
	const head = "code,name,level,parent\n3207,连云港市,2,32\n"
	tests := []struct {
		name, text, key string
		line            int
	}{
		{"empty", "", "registry.import.header", 1},
		{"no header", "3207,连云港市,2,32\n", "registry.import.header", 1},
		{"half a header", "code,name,level\n3207,连云港市,2\n", "registry.import.header", 1},
		{"no text", "code,name,level,parent\n3207,\xff\xff\xff,2,32\n", "registry.import.encoding", 0},
		{"a byte of zero", "code,name\x00,level,parent\n", "registry.import.encoding", 0},
		{"letters in code", head + "32O7,连云区,3,3207\n", "registry.import.code", 3},
		{"code of five digits", head + "32070,连云区,3,3207\n", "registry.import.code", 3},
		{"wrong level", head + "320703,连云区,4,3207\n", "registry.import.level", 3},
		{"wrong parent", head + "320703,连云区,3,3208\n", "registry.import.parent", 3},
		{"no name", head + "320703, ,3,3207\n", "registry.import.name", 3},
		{"long name", head + "320703," + strings.Repeat("连", 61) + ",3,3207\n", "registry.import.name", 3},
		{"name of two lines", head + "320703,\"连\n云\",3,3207\n", "registry.import.name", 3},
		{"too few columns", head + "320703,连云区,3\n", "registry.import.fields", 3},
		{"open quote", head + "320703,\"连云区,3,3207\n", "registry.import.quote", 3},
		{"twice", head + "320703,连云区,3,3207\n320703,连云区,3,3207\n", "registry.import.twice", 4},
		{"orphan", head + "320703001,墟沟街道,4,320703\n", "registry.import.orphan", 3},
		{"kind against code", "code,name,level,parent,kind\n3207,连云港市,2,32,county\n", "registry.import.kind", 2},
	}
	s := newService(t, dbtest.SQLite(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := importText(s, asSystem(), ImportOptions{}, tt.text)
			p := problemsOf(t, err)[0]
			if p.Key != tt.key || p.Line != tt.line || p.File != "file1.csv" {
				t.Errorf("problem %+v, want %s on line %d", p, tt.key, tt.line)
			}
			if errs.Of(err).Key != "registry.import.refused" || len(errs.Of(err).Fields) == 0 {
				t.Errorf("refusal %+v", errs.Of(err))
			}
			if msg := err.Error(); !strings.HasPrefix(msg, "file1.csv:") || strings.ContainsAny(msg, "{}") || strings.HasSuffix(msg, ": ") {
				t.Errorf("message %q", msg)
			}
			if s.Register.Tree().Size() != 0 {
				t.Fatal("something was loaded")
			}
		})
	}
	t.Run("twenty at most", func(t *testing.T) {
		_, err := importText(s, asSystem(), ImportOptions{}, head+strings.Repeat("x,连云区,3,3207\n", 50))
		if n := len(problemsOf(t, err)); n != 20 {
			t.Errorf("%d problems", n)
		}
	})
	t.Run("no rows", func(t *testing.T) {
		_, err := importText(s, asSystem(), ImportOptions{}, "code,name,level,parent\n")
		wantKey(t, err, "registry.import.empty")
	})
}

func TestImportNational(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		r, err := importText(s, asSystem(), ImportOptions{},
			"code,name\n32,\"江苏省\"\n35,\"福建省\"\n44,\"广东省\"\n",
			"code,name,provinceCode\n3207,\"连云港市\",32\n3505,\"泉州市\",35\n4419,\"东莞市\",44\n",
			"code,name,cityCode,provinceCode\n320703,\"连云区\",3207,32\n350527,\"金门县\",3505,35\n441900,\"东莞市\",4419,44\n",
			"code,name,areaCode,provinceCode,cityCode\n320703001,\"墟沟街道\",320703,32,3207\n350527000,\"金门县\",350527,35,3505\n441900003,\"东城街道\",441900,44,4419\n",
			"code,name,streetCode,provinceCode,cityCode,areaCode\n350527000000,\"金门县\",350527000,35,3505,350527\n441900003001,\"岗贝社区居民委员会\",441900003,44,4419,441900\n")
		must(t, err)
		if r.Rows != 12 || r.Skipped != 2 || r.Opened != 12 {
			t.Fatalf("report %+v", r)
		}
		if _, one := s.Register.City(); one {
			t.Error("a register of three cities has no city of its own")
		}
		var path []string
		for _, a := range s.Register.Path("441900003001") {
			path = append(path, a.Name)
		}
		if got := strings.Join(path, ">"); got != "东莞市>东莞市>东城街道>岗贝社区居民委员会" {
			t.Errorf("path %s", got)
		}
		if kids := s.Register.Children("4419"); len(kids) != 1 || kids[0].Code != "441900" {
			t.Errorf("children of 4419: %v", kids)
		}
		if kids := s.Register.Children(""); len(kids) != 3 || kids[0].Level != registry.LevelProvince {
			t.Errorf("topmost: %v", kids)
		}
	})
}

func TestImportPermission(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	const text = "code,name,level,parent\n3207,连云港市,2,32\n"
	_, err := importText(s, t.Context(), ImportOptions{}, text)
	wantKey(t, err, "unauthenticated")
	_, err = importText(s, as(s, registry.RoleCountyOfficer, "320703"), ImportOptions{}, text)
	wantKey(t, err, "forbidden")
	_, err = importText(s, as(s, registry.RoleCityOfficer, "3208"), ImportOptions{DryRun: true}, text)
	wantKey(t, err, "forbidden")
	_, err = importText(s, as(s, registry.RoleCityOfficer, "3207"), ImportOptions{}, text)
	must(t, err)
}

func FuzzAreaFile(f *testing.F) {
	f.Add("code,name,level,parent\n3207,连云港市,2,32\n320703,连云区,3,3207\n")
	f.Add("code,name,areaCode,provinceCode,cityCode\n350527000,\"金门县\",350527,35,3505\n")
	f.Add("\ufeffparent,level,name,code,kind\n320703001007,6,第一网格,320703001007001,grid_dedicated\n")
	f.Add("code,name\n\"32")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readSources([]Source{FromReader("f", strings.NewReader(text))})
		if err != nil {
			return
		}
		rows := read.rows
		areas := make([]registry.Area, 0, len(rows))
		for _, r := range rows {
			if r.kind == "" {
				r.kind = registry.KindGridGeneral
			}
			if r.level != registry.LevelOf(r.code) || !strings.HasPrefix(r.code, r.parent) || !registry.IsName(r.name, maxAreaName) || r.line < 2 {
				t.Fatalf("row %+v", r)
			}
			areas = append(areas, registry.Area{ID: "0190b8a0-0000-7000-8000-000000000000", Code: r.code, Name: r.name, Kind: r.kind, OpenedOn: "2026-01-01"})
		}
		tree, err := registry.NewTree(0, areas)
		must(t, err)
		for _, r := range rows {
			if a, ok := tree.Area(r.code); !ok || a.Name != r.name || a.Level != r.level || a.Parent != r.parent {
				t.Fatalf("%+v reads back as %+v", r, a)
			}
		}
	})
}

// counted counts an area file by the tenth digit of its codes, without the code under test.
func counted(text string) (c registry.Count) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
		code, _, _ := strings.Cut(line, ",")
		switch {
		case len(code) == 6:
			c.Counties++
		case len(code) == 9:
			c.Streets++
		case len(code) == 12 && code[9] < '2':
			c.Residents++
		case len(code) == 12 && code[9] < '4':
			c.Villagers++
		case len(code) == 12:
			c.Quasi++
		}
	}
	c.Communities = c.Residents + c.Villagers + c.Quasi
	return c
}

// A process that finds an import running which another ends before it begins leaves it as it was ended.
func TestAnImportThatEndedElsewhereIsLeft(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		made, err := s.PrepareImport(asSystem(), []Source{FromReader("city.csv", strings.NewReader(readFile(t, cityFile)))}, ImportOptions{})
		must(t, err)
		_, err = s.StartImport(asSystem(), made.ID)
		must(t, err)
		seen, err := listImports(asSystem(), d, ImportRunning)
		must(t, err)
		must(t, s.RunImports(asSystem()))
		must(t, s.runImport(asSystem(), seen[0]))
		got, err := s.FindImport(asSystem(), made.ID)
		must(t, err)
		if got.State != ImportDone {
			t.Errorf("the import is %s", got.State)
		}
	})
}

package change

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/geo"
	"linli/internal/registry"
)

const (
	list2016 = "testdata/lianyungang-2016.csv"
	day2016  = "2016-07-31"
	day2023  = "2023-06-30"
)

func decisions2023(t *testing.T) []Decision {
	t.Helper()
	f, err := os.Open("testdata/decisions-2023.csv")
	must(t, err)
	defer f.Close()
	d, err := ReadDecisions("decisions-2023.csv", f)
	must(t, err)
	return d
}

// city2016 holds Lianyungang as of 2016.
func city2016(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s := newService(t, d)
	_, err := importText(s, asSystem(), ImportOptions{Effective: day2016}, readFile(t, list2016))
	must(t, err)
	return s
}

// What became of places between the lists of 2016 and 2023, read from both by eye. An empty why
// says that nothing has to be told: the place is listed unchanged.
var became = []struct{ from, fromName, to, toName, kind, confidence, why string }{
	{"320703001007", "院前社区居委会", "320703001007", "院前社区居委会", "", "", ""},
	{"320703001009", "南巷社区居委会", "320703001009", "南巷社区居委会", "", "", ""},
	{"320706017014", "文昌社区居委会", "320706017014", "文昌社区居委会", "", "", ""},
	{"320707", "赣榆区", "320707", "赣榆区", "", "", ""},
	// Four townships became towns; their villages have followed.
	{"320722204", "山左口乡", "320722115", "山左口镇", registry.ChangeRecode, Likely, "renumbered"},
	{"320722206", "曲阳乡", "320722114", "曲阳镇", registry.ChangeRecode, Likely, "renumbered"},
	{"320723209", "小伊乡", "320723111", "小伊镇", registry.ChangeRecode, Likely, "renumbered"},
	{"320723212", "南岗乡", "320723112", "南岗镇", registry.ChangeRecode, Likely, "renumbered"},
	{"320724204", "李集乡", "320724110", "李集镇", registry.ChangeRecode, Likely, "renumbered"},
	{"320722204200", "山左口村委会", "320722115200", "山左口村委会", registry.ChangeRecode, Certain, "follows"},
	{"320722206202", "赵庄村委会", "320722114202", "赵庄村委会", registry.ChangeRecode, Certain, "follows"},
	{"320723212223", "赵庄村委会", "320723112223", "赵庄村委会", registry.ChangeRecode, Certain, "follows"},
	{"320723212219", "大杨村委会", "320723112219", "大杨村委会", registry.ChangeRecode, Certain, "follows"},
	{"320724204207", "大杨村委会", "320724110207", "大杨村委会", registry.ChangeRecode, Certain, "follows"},
	{"320723212237", "吴圩村委会", "320723112237", "吴圩村委会", registry.ChangeRecode, Certain, "follows"},
	// Misspelt on the way: the town moved and one village is written with another character.
	{"320723212227", "龙昌村委会", "320723112227", "隆昌村委会", registry.ChangeRecode, Likely, "spelling"},
	// Names corrected under the same code.
	{"320707101212", "夏家沟村委会", "320707101212", "下驾沟村委会", registry.ChangeRename, Likely, "spelling"},
	{"320707101222", "霍官庄村委会", "320707101222", "霍家官庄村委会", registry.ChangeRename, Likely, "spelling"},
	{"320723102246", "同阳村委会", "320723102246", "同杨村委会", registry.ChangeRename, Likely, "spelling"},
	{"320722001013", "双湖居委会", "320722001013", "西双湖社区居民委员会", registry.ChangeRename, Likely, "spelling"},
	{"320722401001", "江苏东海经济开发区富华社区居委会", "320722401001", "富华社区居民委员会", registry.ChangeRename, Likely, "spelling"},
	// Only the kind of unit is named otherwise.
	{"320722001", "牛山街道办事处", "320722001", "牛山街道", registry.ChangeRename, Certain, "unit"},
	{"320706014001", "平安居委会", "320706014001", "平安社区居委会", registry.ChangeRename, Certain, "unit"},
	{"320722001001", "牛山居委会", "320722001001", "牛山社区居民委员会", registry.ChangeRename, Certain, "unit"},
	// Villages that became residents' communities, and so another code.
	{"320724100203", "镇中村委会", "320724100001", "镇中社区居委会", registry.ChangeRecode, Likely, "renumbered"},
	{"320724100205", "曹庄村委会", "320724100006", "曹庄社区居委会", registry.ChangeRecode, Likely, "renumbered"},
	{"320724100218", "于营村委会", "320724100008", "于营社区居委会", registry.ChangeRecode, Likely, "renumbered"},
	// A farm's living quarters became communities; one is written with another character.
	{"320706402500", "包庄管理区生活区", "320706402003", "包庄社区居委会", registry.ChangeRecode, Likely, "renumbered"},
	{"320706402504", "王魏管理区生活区", "320706402007", "王卫社区居委会", registry.ChangeRecode, Likely, "sounds"},
	// A village that went to another street of its district.
	{"320706014202", "卞浦村委会", "320706404202", "卞浦村委会", registry.ChangeMove, Likely, "moved"},
}

// Places of which the lists do not tell what became of them.
var unclear = []string{
	"320706404400", "320707100001", "320707100003", "320707100005", "320707100008", "320707100033", "320707109211", "320707114216",
	"320707114217", "320707400", "320722001004", "320723100400", "320723109217", "320723209500", "320724100209",
}

func TestReorganisationOf2023(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := city2016(t, d)
		ids := map[string]string{}
		for _, level := range []int{registry.LevelCommunity, registry.LevelStreet, registry.LevelCounty} {
			for _, a := range s.Register.Below("3207", level) {
				ids[a.Code] = a.ID
			}
		}
		list := readFile(t, cityFile)
		before := dump(t, d)

		dry, err := importText(s, asSystem(), ImportOptions{DryRun: true, Effective: day2023}, list)
		must(t, err)
		var asked []string
		for _, q := range dry.Questions {
			asked = append(asked, q.From.Code)
		}
		if strings.Join(asked, " ") != strings.Join(unclear, " ") {
			t.Fatalf("asks about %v", asked)
		}
		_, err = importText(s, asSystem(), ImportOptions{Effective: day2023}, list)
		wantKey(t, err, "registry.import.undecided")
		_, err = importText(s, asSystem(), ImportOptions{DryRun: true, Effective: day2023, Decisions: decisions2023(t)}, list)
		must(t, err)
		if after := dump(t, d); after != before {
			t.Fatal("a dry run or a refused import has changed something")
		}

		report, err := importText(s, asSystem(), ImportOptions{Effective: day2023, Decisions: decisions2023(t)}, list)
		must(t, err)
		told := map[string]Proposal{}
		for _, c := range report.Changes {
			told[c.From.Code] = c
		}
		for _, b := range became {
			a, ok := s.Register.Area(b.to)
			if !ok || a.ID != ids[b.from] || a.Name != b.toName {
				t.Errorf("%s %s is now %+v", b.from, b.fromName, a)
			}
			if c := told[b.from]; c.Kind != b.kind || c.Confidence != b.confidence || c.Why != b.why {
				t.Errorf("%s %s was told as %+v", b.from, b.fromName, c)
			}
			if found, ok := s.Register.Current(b.from); !ok || found.ID != ids[b.from] {
				t.Errorf("the code %s of 2016 finds %+v", b.from, found)
			}
		}
		if got, want := s.Register.CountBelow("3207"), counted(list); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
		t.Run("nothing is left behind", func(t *testing.T) { findEverything(t, s, ids) })
		t.Run("the second time nothing changes", func(t *testing.T) {
			again, err := importText(s, asSystem(), ImportOptions{Effective: day2023}, list)
			must(t, err)
			if len(again.Changes) != 0 || len(again.Questions) != 0 {
				t.Errorf("%+v %+v", again.Changes, again.Questions)
			}
		})
		t.Run("a restart reads the same", func(t *testing.T) { findEverything(t, newService(t, d), ids) })
		t.Run("as it was", func(t *testing.T) { readAsItWas(t, s) })
		t.Run("found by what it was called", func(t *testing.T) { findByFormer(t, s) })
	})
}

// findEverything wants every code of 2016 to lead to a place of today, but for the two that were
// closed with nothing left.
func findEverything(t *testing.T, s *Service, ids map[string]string) {
	t.Helper()
	for code := range ids {
		a, ok := s.Register.Current(code)
		if f, _, was := s.Register.Tree().Former(code); !ok && was && f.ClosedOn != "" && (code == "320722001004" || code == "320723209500") {
			continue
		}
		if !ok {
			t.Errorf("%s leads nowhere", code)
		}
		if _, open := s.Register.Area(a.Code); !open {
			t.Errorf("%s leads to %s, which is not open", code, a.Code)
		}
	}
	for code, want := range map[string]string{"320707100033": "320707100002", "320707114217": "320707114216", "320706404400": "320706404002"} {
		if a, _ := s.Register.Current(code); a.Code != want {
			t.Errorf("%s merged into %s, want %s", code, a.Code, want)
		}
	}
	if a, _ := s.Register.Area("320707114216"); a.ID == ids["320707114216"] || a.Name != "和安村委会" {
		t.Errorf("和安 was decided to be new, and is %+v", a)
	}
}

func readAsItWas(t *testing.T, s *Service) {
	old := city2016(t, dbtest.SQLite(t))
	for _, day := range []string{day2016, "2018-04-30", "2018-05-01", "2023-06-29"} {
		then, err := s.Register.On(asSystem(), day)
		must(t, err)
		if got, want := then.CountBelow("3207"), old.Register.CountBelow("3207"); got != want {
			t.Errorf("on %s the city had %+v, want %+v", day, got, want)
		}
		want := "大沟埃村委会"
		if day >= "2018-05-01" {
			want = "抗日山村委会"
		}
		if a, _ := then.Area("320707109211"); a.Name != want {
			t.Errorf("on %s 320707109211 was %s", day, a.Name)
		}
		for _, a := range old.Register.Below("3207", registry.LevelCommunity) {
			b, ok := then.Area(a.Code)
			if !ok || b.Name != a.Name && a.Code != "320707109211" {
				t.Fatalf("on %s %s was %+v", day, a.Code, b)
			}
		}
	}
	then, _ := s.Register.On(asSystem(), day2016)
	he, _ := s.Register.Area("320707114216")
	yin, err := db.Value[string](asSystem(), s.Register.Log.DB, `SELECT id FROM registry_area_closed WHERE code = '320707114217'`)
	must(t, err)
	if at, ok := s.Register.PlaceOn(then, yin); !ok || at != "320707114217" {
		t.Errorf("殷宅 was at %s", at)
	}
	if at, ok := s.Register.PlaceOn(then, he.ID); !ok || at != "320707114" {
		t.Errorf("和安, which was not there yet, is put at %s", at)
	}
	day, err := s.Register.On(asSystem(), day2023)
	must(t, err)
	if at, _ := s.Register.PlaceOn(day, yin); at != "320707114216" {
		t.Errorf("殷宅 belongs to %s since 2023", at)
	}
	if empty, err := s.Register.On(asSystem(), "2016-07-30"); err != nil || empty.Size() != 0 {
		t.Errorf("before its first day the register had %d areas (%v)", empty.Size(), err)
	}
}

func findByFormer(t *testing.T, s *Service) {
	for q, want := range map[string]string{
		"山左口乡": "320722115", "320722204": "320722115", "320722204200": "320722115200", "殷宅": "320707114216",
		"大沟埃村": "320707109211", "dagouai": "320707109211", "320707114217": "320707114216",
	} {
		found := s.Register.Search(q, 0, 5)
		if len(found) == 0 || found[0].Code != want {
			t.Errorf("%s finds %s, want %s", q, codes(found), want)
		}
	}
	changes, err := s.Register.Changes(asSystem(), "320707114216", false, 50)
	must(t, err)
	kinds := map[string]int{}
	for _, c := range changes {
		kinds[c.Kind]++
		if c.Source != "file1.csv" || c.On != day2023 || c.Reason == "" && c.Kind == registry.ChangeMerge {
			t.Errorf("change %+v", c)
		}
	}
	if kinds[registry.ChangeMerge] != 2 || kinds[registry.ChangeOpen] != 1 {
		t.Errorf("和安 has the history %v", kinds)
	}
}

// dump is the whole of the register's tables as text.
func dump(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT id || code || name || CAST(version AS TEXT) FROM registry_area ORDER BY id`,
		`SELECT area_id || code FROM registry_area_code ORDER BY area_id, revision`,
		`SELECT area_id || name FROM registry_area_name ORDER BY area_id, revision`,
		`SELECT id || code FROM registry_area_closed ORDER BY id`,
		`SELECT name || CAST(number AS TEXT) FROM revision_number ORDER BY name`,
		`SELECT id FROM audit_entry ORDER BY id`,
	} {
		rows, err := db.All(context.Background(), d, func(s db.Scanner) (v string, err error) { return v, s.Scan(&v) }, query)
		must(t, err)
		b.WriteString(strings.Join(rows, "\n"))
	}
	return b.String()
}

// other is a small register, and what lists of later years say of it.
const small = `code,name,level,parent
3207,连云港市,2,32
320705,新浦区,3,3207
320706,海州区,3,3207
320721,赣榆县,3,3207
320705001,浦东街道,4,320705
320705002,浦西街道,4,320705
320706001,朐阳街道,4,320706
320721100,青口镇,4,320721
320705001001,镇海社区居委会,5,320705001
320705001002,盐河社区居委会,5,320705001
320705002001,市桥社区居委会,5,320705002
320706001001,城中社区居委会,5,320706001
320706001002,东张庄村委会,5,320706001
320721100001,黄海社区居委会,5,320721100
320721100002,芹村社区居委会,5,320721100
`

func TestRecognition(t *testing.T) {
	t.Parallel()
	// Districts: 新浦 goes into 海州 with all its streets, and 赣榆 becomes a district.
	const merged = `code,name,level,parent
3207,连云港市,2,32
320706,海州区,3,3207
320707,赣榆区,3,3207
320706001,朐阳街道,4,320706
320706002,浦东街道,4,320706
320706003,浦西街道,4,320706
320707100,青口镇,4,320707
320706002001,镇海社区居委会,5,320706002
320706002002,盐河社区居委会,5,320706002
320706003001,市桥社区居委会,5,320706003
320706001001,城中社区居委会,5,320706001
320706001002,西张庄村委会,5,320706001
320707100001,黄海社区居委会,5,320707100
320707100003,南芹村社区居委会,5,320707100
320707100004,北芹村社区居委会,5,320707100
`
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		_, err := importText(s, asSystem(), ImportOptions{Effective: "2010-01-01"}, small)
		must(t, err)
		dry, err := importText(s, asSystem(), ImportOptions{DryRun: true, Effective: "2014-05-07"}, merged)
		must(t, err)
		got := map[string]string{}
		for _, q := range dry.Questions {
			got[q.From.Code] = q.Action + " " + q.To.Code + " " + q.Why
		}
		for from, want := range map[string]string{
			"320705":       "merge 320706 below_moved",
			"320706001002": "rename 320706001002 same_code", // 东 is not 西
			"320721100002": "split  parts",
		} {
			if got[from] != want {
				t.Errorf("%s: asks %q, want %q", from, got[from], want)
			}
		}
		if len(got) != 3 {
			t.Errorf("questions %v", got)
		}
		file := "action,from,to,effective,note\nmerge,320705,320706,,国务院批复\nclose,320706001002,,,\nopen,,320706001002,,\nsplit,320721100002,320707100004 320707100003,2014-06-01,一分为二\n"
		decisions, err := ReadDecisions("d.csv", strings.NewReader(file))
		must(t, err)
		_, err = importText(s, asSystem(), ImportOptions{Effective: "2014-05-07", Decisions: decisions}, merged)
		must(t, err)
		for from, to := range map[string]string{
			"320705": "320706", "320721": "320707", "320705001": "320706002", "320705001002": "320706002002", "320705002001": "320706003001",
			"320721100": "320707100", "320721100001": "320707100001", "320721100002": "320707100004",
		} {
			if a, _ := s.Register.Current(from); a.Code != to {
				t.Errorf("%s is now %s, want %s", from, a.Code, to)
			}
		}
		changes, err := s.Register.Changes(asSystem(), "320707100003", false, 10)
		must(t, err)
		if len(changes) != 1 || changes[0].Kind != registry.ChangeSplit || changes[0].On != "2014-06-01" || changes[0].Reason != "一分为二" {
			t.Errorf("history of a part %+v", changes)
		}
	})
}

func TestDecisionsAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	_, err := importText(s, asSystem(), ImportOptions{Effective: "2010-01-01"}, small)
	must(t, err)
	list := strings.Replace(small, "320705001002,盐河社区居委会,5,320705001\n", "", 1)
	for name, tt := range map[string]struct{ line, key string }{
		"still a question":          {"?close,320705001002,,,", "registry.decision.open"},
		"unknown action":            {"delete,320705001002,,,", "registry.decision.action"},
		"no target":                 {"merge,320705001002,,,", "registry.decision.codes"},
		"target too many":           {"close,320705001002,320705001001,,", "registry.decision.codes"},
		"one part":                  {"split,320705001002,320705001001,,", "registry.decision.codes"},
		"no such day":               {"close,320705001002,,2014-02-30,", "registry.field.day"},
		"no such place":             {"close,320705001099,,,", "registry.decision.from"},
		"no such target":            {"merge,320705001002,320705001098,,", "registry.decision.to"},
		"another level":             {"merge,320705001002,320705001,,", "registry.decision.level"},
		"letters":                   {"close,32070500100x,,,", "registry.import.code"},
		"twice":                     {"close,320705001002,,,\nkeep,320705001002,,,", "registry.decision.twice"},
		"taken":                     {"recode,320705001002,320705001001,,\nrecode,320705001001,320705001001,,", "registry.decision.twice"},
		"a column too few":          {"close,320705001002,,", "registry.import.fields"},
		"quote":                     {"close,\"320705001002,,,", "registry.import.quote"},
		"the note is a small novel": {"close,320705001002,,," + strings.Repeat("长", 301), "registry.field.text"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ReadDecisions("d.csv", strings.NewReader("action,from,to,effective,note\n"+tt.line+"\n"))
			if err == nil {
				_, err = importText(s, asSystem(), ImportOptions{Decisions: d}, list)
			}
			if p := problemsOf(t, err)[0]; p.Key != tt.key || p.Line < 2 {
				t.Errorf("%+v, want %s", p, tt.key)
			}
		})
	}
	try := func(lines string, o ImportOptions) error {
		d, err := ReadDecisions("d.csv", strings.NewReader("action,from,to,effective,note\n"+lines))
		must(t, err)
		o.Decisions = d
		_, err = importText(s, asSystem(), o, list)
		return err
	}
	wantKey(t, try("close,320705001002,,2009-12-31,\n", ImportOptions{}), "registry.change.too_early")
	wantKey(t, try("close,320705001002,,2027-01-01,\n", ImportOptions{}), "registry.change.future")
	wantKey(t, try("merge,320705001002,320705001002,,\n", ImportOptions{}), "registry.import.refused")
	wantKey(t, try("", ImportOptions{Effective: "yesterday"}), "registry.field.day")
	must(t, try("keep,320705001002,,,\n", ImportOptions{}))
	must(t, try("", ImportOptions{Supplement: true}))
	if a, ok := s.Register.Area("320705001002"); !ok || a.Name != "盐河社区居委会" {
		t.Error("a place that was kept is gone")
	}
}

func TestQuestionsAreADecisionsFile(t *testing.T) {
	t.Parallel()
	s := city2016(t, dbtest.SQLite(t))
	dry, err := importText(s, asSystem(), ImportOptions{DryRun: true, Effective: day2023}, readFile(t, cityFile))
	must(t, err)
	var b bytes.Buffer
	must(t, WriteQuestions(&b, dry.Questions, day2023))
	_, err = ReadDecisions("q.csv", bytes.NewReader(b.Bytes()))
	if p := problemsOf(t, err); len(p) != len(unclear) || p[0].Key != "registry.decision.open" {
		t.Fatalf("undecided questions read as %v", p)
	}
	d, err := ReadDecisions("q.csv", strings.NewReader(strings.ReplaceAll(b.String(), "?", "")))
	must(t, err)
	_, err = importText(s, asSystem(), ImportOptions{Effective: day2023, Decisions: d}, readFile(t, cityFile))
	must(t, err)
}

// Bodies, members and outlines go where their place has gone.
func TestBodiesAndOutlinesFollow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		_, err := importText(s, asSystem(), ImportOptions{Effective: "2010-01-01"}, small,
			"code,name,level,parent\n320705001001001,第一网格,6,320705001001\n320705001002001,第一网格,6,320705001002\n320705001002002,第二网格,6,320705001002\n")
		must(t, err)
		stay, gone := addBody(t, s, "320705001001", registry.BodyStation), addBody(t, s, "320705001002", registry.BodyStation)
		party := addBody(t, s, "320705001002", registry.BodyParty)
		member, err := bodiesOf(s).AddMember(asSystem(), gone.ID, registry.Member{Name: "李强", Post: "station_chief", TermFrom: "2010-01-01"})
		must(t, err)
		square := func(lng float64) geo.Shape {
			shape, err := geo.NewShape([]geo.Polygon{{{{Lng: lng, Lat: 34}, {Lng: lng + 1, Lat: 34}, {Lng: lng + 1, Lat: 35}, {Lng: lng, Lat: 35}}}})
			must(t, err)
			return shape
		}
		must(t, s.Outlines.PutOutlines(asSystem(), []registry.Outline{{Area: "320705001001", Shape: square(118), Source: "测试"},
			{Area: "320705001002", Shape: square(119), Source: "测试"},
			{Area: "320705001002001", Shape: square(119), Source: "测试"}}))
		var moved registry.Moves
		s.Register.Follow(registry.Follower{What: "cases",
			Move:  func(_ context.Context, _ *audit.Tx, m *registry.Moves) error { moved = *m; return nil },
			Count: func(context.Context, db.Reader, string) (int, error) { return 0, nil }})

		list := strings.NewReplacer("320705001002,盐河社区居委会,5,320705001\n", "", "320705001", "320705003", "浦东街道", "浦东新街道").Replace(small)
		dec, err := ReadDecisions("d.csv", strings.NewReader("action,from,to,effective,note\nrecode,320705001,320705003,,\nmerge,320705001002,320705003001,2020-01-01,\n"))
		must(t, err)
		_, err = importText(s, asSystem(), ImportOptions{Effective: "2020-01-01", Decisions: dec}, list)
		must(t, err)

		if got := codes(s.Register.Below("320705003", registry.LevelGrid)); got != "320705003001001 320705003001002 320705003001003" {
			t.Errorf("grids %s", got)
		}
		bodies, err := s.Register.Bodies(asSystem(), "320705003001")
		must(t, err)
		if len(bodies) != 2 || bodies[0].ID != party.ID || bodies[1].ID != stay.ID {
			t.Errorf("bodies %+v", bodies)
		}
		if len(moved.Bodies) != 1 || moved.Bodies[0] != (registry.Pair{From: gone.ID, To: stay.ID}) || moved.On != "2020-01-01" {
			t.Errorf("followers were told %+v", moved)
		}
		if name := s.Register.BodyName(gone.ID); name != gone.Name {
			t.Errorf("a dissolved body is called %q", name)
		}
		last, err := db.Value[string](asSystem(), d, `SELECT term_to FROM registry_member WHERE id = $1`, member.ID)
		if must(t, err); last != "2019-12-31" {
			t.Errorf("the term in a dissolved body ends on %s", last)
		}
		for lng, want := range map[float64]string{118.5: "320705003001", 119.5: "320705003001003"} {
			if a, ok := s.Register.Locate(lng, 34.5); !ok || a.Code != want {
				t.Errorf("%v lies in %s, want %s", lng, a.Code, want)
			}
		}
		if _, err := s.Register.Outline(asSystem(), "320705001001"); err == nil {
			t.Error("an outline under a code that is no more")
		}
	})
}

// Two places that take each other's codes keep what is theirs, and so do three in a circle.
func TestCodesThatChangeHands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		_, err := importText(s, asSystem(), ImportOptions{Effective: "2010-01-01"}, small)
		must(t, err)
		ids, stations := map[string]string{}, map[string]string{}
		for _, code := range []string{"320705001001", "320705001002", "320706001001", "320706001002", "320721100001"} {
			a, _ := s.Register.Area(code)
			ids[code], stations[code] = a.ID, addBody(t, s, code, registry.BodyStation).ID
		}
		list := strings.NewReplacer("320705001001,镇海", "320705001002,镇海", "320705001002,盐河", "320705001001,盐河",
			"320706001001,城中社区居委会,5,320706001", "320706001002,城中社区居委会,5,320706001",
			"320706001002,东张庄村委会,5,320706001", "320706001201,东张庄村委会,5,320706001").Replace(small)
		_, err = importText(s, asSystem(), ImportOptions{Effective: "2020-01-01"}, list)
		must(t, err)
		for from, to := range map[string]string{"320705001001": "320705001002", "320705001002": "320705001001", "320706001001": "320706001002",
			"320706001002": "320706001201", "320721100001": "320721100001"} {
			a, ok := s.Register.Area(to)
			bodies, err := s.Register.Bodies(asSystem(), to)
			must(t, err)
			if !ok || a.ID != ids[from] || len(bodies) != 1 || bodies[0].ID != stations[from] {
				t.Errorf("%s is now %+v with %+v", from, a, bodies)
			}
		}
		then, err := s.Register.On(asSystem(), "2019-12-31")
		must(t, err)
		if a, _ := then.Area("320705001001"); a.ID != ids["320705001001"] || a.Name != "镇海社区居委会" {
			t.Errorf("in 2019 320705001001 was %+v", a)
		}
	})
}

// A part that was cut out and later merged elsewhere belongs to a different place in each time.
func TestPlacesOfAPart(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	_, err := importText(s, asSystem(), ImportOptions{Effective: "2010-01-01"}, small)
	must(t, err)
	_, err = s.Change(asSystem(), NewChange{Kind: registry.ChangeSplit, Area: "320705001001", On: "2020-01-01",
		Reason: "拆分", Parts: []NewPart{{Name: "新社区居委会"}}})
	must(t, err)
	part, ok := s.Register.Area("320705001003")
	if !ok {
		t.Fatalf("no part: %s", codes(s.Register.Below("320705001", registry.LevelCommunity)))
	}
	_, err = s.Change(asSystem(), NewChange{Kind: registry.ChangeMerge, Area: part.Code, To: "320706001001",
		On: "2022-01-01", Reason: "并入"})
	must(t, err)
	for day, want := range map[string]string{"2019-12-31": "320705001001", "2020-01-01": part.Code,
		"2021-12-31": part.Code, "2022-01-01": "320706001001"} {
		then, err := s.Register.On(asSystem(), day)
		must(t, err)
		if got, _ := s.Register.PlaceOn(then, part.ID); got != want {
			t.Errorf("on %s the part was at %s, want %s", day, got, want)
		}
	}
	_, err = s.Change(asSystem(), NewChange{Kind: registry.ChangeRename, Area: "320706001001", Name: "老城社区居委会",
		On: "2021-06-01", Reason: "更名"})
	wantKey(t, err, "registry.change.too_early")
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // driver "sqlite"

	"linli/internal/app"
)

// demo makes a small demo city in a folder and closes it again.
func demo(ctx context.Context, folder string) error {
	if err := os.Setenv("LINLI_DEMO_CASES", "300"); err != nil {
		return err
	}
	a, err := app.OpenDemo(ctx, app.Options{Data: folder, Progress: func(string, int) {}})
	if err != nil {
		return err
	}
	return a.Close()
}

// fill adds cases to a demo city of a folder, spread over its communities and two years, a tenth of
// them open: rows as the services write them, put in at once because a million intakes take long.
func fill(ctx context.Context, folder string, cases int) error {
	d, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "linli.db")+"?_pragma=synchronous(OFF)&_pragma=cache_size(-400000)")
	if err != nil {
		return err
	}
	defer d.Close()
	communities, err := columnOf(ctx, d, `SELECT code FROM registry_area WHERE level = 5 ORDER BY code`)
	if err != nil {
		return err
	}
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO casework_case (shard, id, number, kind, subject, title, state, open, area, unit_id,
		handler_id, worker_id, person_id, channel, client_key, code_hash, place, lng, lat, reported_at, clock_at,
		limit_promised, limit_statutory, due_at, statutory_due_at, due_year, late, returned, closed_at, rating, events, version)
		VALUES (?,?,?,'incident','0101',?,?,?,?,'','','','','portal',?,?,'院前路',NULL,NULL,?,?,'','',?,NULL,0,0,0,?,NULL,3,1)`)
	if err != nil {
		return err
	}
	word, err := tx.PrepareContext(ctx, `INSERT INTO casework_search (shard, case_id, mark, stale) VALUES (?,?,?,1)`)
	if err != nil {
		return err
	}
	particular, err := tx.PrepareContext(ctx,
		`INSERT INTO grid_incident (shard, case_id, category, description, reworked, unit_id) VALUES (?,?,'0101',?,0,'')`)
	if err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(1, 2))
	now := time.Now().UnixMilli()
	const span = 2 * 365 * 24 * 3600 * 1000
	for i := range cases {
		area := communities[dice.IntN(len(communities))]
		at := now - span + int64(float64(span)*float64(i)/float64(cases))
		id := uuid.NewString()
		state, open, due, closed := "closed", 0, any(nil), any(at+3600_000)
		if dice.IntN(10) == 0 {
			state, open, due, closed = "handling", 1, any(at+48*3600_000), any(nil)
		}
		words := title(dice, i)
		if _, err := insert.ExecContext(ctx, area[:6], area[:6]+"-"+id,
			fmt.Sprintf("%s-%s-%07d", time.UnixMilli(at).Format("20060102"), area[:6], i),
			words, state, open, area, id, id, at, at, due, closed); err != nil {
			return err
		}
		if _, err := particular.ExecContext(ctx, area[:6], area[:6]+"-"+id, words); err != nil {
			return err
		}
		if _, err := word.ExecContext(ctx, area[:6], area[:6]+"-"+id, at*1024+int64(i%1024)); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, `ANALYZE`)
	return err
}

var (
	things = []string{"暴露垃圾", "路灯不亮", "井盖破损", "占道经营", "树枝折断", "污水外溢", "飞线充电", "楼道堆物", "噪声扰民", "消防通道堵塞", "健身器材损坏", "墙面渗水"}
	places = []string{"小区东门", "农贸市场", "幼儿园门口", "三号楼前", "健身广场", "河边步道", "公交站台", "地下车库", "菜场北侧", "学校后门"}
	wishes = []string{"请派人处理", "已有三天", "影响出行", "老人容易摔倒", "夜间看不清", "多次反映", "味道很大", "希望尽快修好"}
)

// Words of three kinds stand in the titles: those of a thing in one of twelve, the name of a road in
// one of some thousands, and one that hardly any has.
const (
	roads = "海云江河湖山林泉花桥石松柏竹梅兰菊荷星月东西南北中新旧大小长"
	rare  = "鼋鼍"
)

func road(n int) string {
	r := []rune(roads)
	return string([]rune{r[n/len(r)%len(r)], r[n%len(r)]})
}

// title is what a case is about, in words that recur as they do.
func title(dice *rand.Rand, i int) string {
	t := road(dice.IntN(900)) + "路" + places[dice.IntN(len(places))] + things[dice.IntN(len(things))] + "，" + wishes[dice.IntN(len(wishes))]
	if i%100_000 == 50_000 {
		t += rare
	}
	return t
}

func columnOf(ctx context.Context, d *sql.DB, query string) ([]string, error) {
	rows, err := d.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

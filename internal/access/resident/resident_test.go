package resident_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
)

// telephone keeps what it was sent.
type telephone struct {
	mu   sync.Mutex
	sent []notify.Message
}

func (p *telephone) Add(_ context.Context, _ *audit.Tx, m notify.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, m)
	return nil
}

var eight = regexp.MustCompile(`\d{4} \d{4}`)

func (p *telephone) last(t *testing.T) string {
	t.Helper()
	if len(p.sent) == 0 {
		t.Fatal("no message was sent")
	}
	return eight.FindString(p.sent[len(p.sent)-1].Text)
}

const owner = "19900004321"

// withCase is a world in which the owner's number and another's have one case each.
func withCase(t *testing.T, w *apptest.World) (*telephone, map[string]string) {
	t.Helper()
	proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
	if err != nil {
		t.Fatal(err)
	}
	p := &telephone{}
	w.App.Residents.Notify, w.App.Access.Proxies = p, proxies
	ids := map[string]string{}
	for _, phone := range []string{owner, "19900009999"} {
		ids[phone] = w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
			"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": phone}}).Want(201).Text("id")
	}
	return p, ids
}

func from(w *apptest.World, address string) *apptest.Caller {
	c := w.Nobody()
	c.Origin = address
	return c
}

func post(c *apptest.Caller, path, name, value string) apptest.Answer {
	return c.Page("POST", path, url.Values{name: {value}})
}

func TestResidentSeesTheirOwnCases(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		phone, ids := withCase(t, w)
		c := from(w, "203.0.113.1")
		post(c, "/me", "phone", "not a phone").Want(422)
		post(c, "/me", "phone", "+86 199 0000 4321").Want(303)
		if phone.sent[0].To != owner {
			t.Errorf("sent to %s", phone.sent[0].To)
		}
		post(c, "/me/code", "code", "0000 0000").Want(422)
		post(from(w, "203.0.113.2"), "/me/code", "code", phone.last(t)).Want(303) // never asked: nothing to enter
		post(c, "/me/code", "code", phone.last(t)).Want(303)
		list := c.Page("GET", "/me", nil).Want(200).Raw
		if !strings.Contains(list, ids[owner]) || strings.Contains(list, ids["19900009999"]) {
			t.Errorf("the list holds not exactly the owner's case")
		}
		c.Page("POST", "/me/cases/"+ids["19900009999"], nil).Want(404)
		c.Page("POST", "/me/cases/"+ids[owner], nil).Want(303)
		if shown := c.Page("GET", "/track/case", nil).Want(200).Raw; strings.Contains(shown, owner) || !strings.Contains(shown, "199****4321") {
			t.Error("the case is not shown, or with its number in full")
		}
		again := from(w, "203.0.113.1")
		post(again, "/me", "phone", owner).Want(303)
		post(c, "/me", "phone", owner)
		used := phone.sent[0].Text
		post(again, "/me/code", "code", eight.FindString(used)).Want(422) // a code works once
		c.Page("POST", "/me/leave", nil).Want(303)
		if strings.Contains(c.Page("GET", "/me", nil).Raw, ids[owner]) {
			t.Error("the cases are shown after leaving")
		}
	})
}

// A number that nobody gave is sent nothing, and the answer is the same.
func TestUnknownNumbersAreNotTold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		phone, _ := withCase(t, w)
		known, unknown := from(w, "203.0.113.1"), from(w, "203.0.113.1")
		a, b := post(known, "/me", "phone", owner), post(unknown, "/me", "phone", "19912345678")
		if a.Status != b.Status || known.Page("GET", "/me/code", nil).Raw != unknown.Page("GET", "/me/code", nil).Raw {
			t.Error("the answer tells whether the number is known")
		}
		if len(phone.sent) != 1 {
			t.Errorf("%d messages", len(phone.sent))
		}
	})
}

// A script with many addresses asks for codes and guesses them all day long. The owner gets a few
// messages, can sign in at every hour, and the script never does.
func TestAScriptCannotSpendTheOwnersDay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		phone, _ := withCase(t, w)
		day := time.Date(2026, 11, 24, 0, 5, 0, 0, clock.City)
		at := func(hour time.Duration, address string) context.Context {
			actor := authority.Nobody()
			actor.Origin = address
			return clock.With(authority.With(context.Background(), actor), day.Add(hour))
		}
		word := func(code string) string { return code[:4] + " " + code[4:] }
		signedIn := 0
		for hour := range 23 {
			now := time.Duration(hour) * time.Hour
			for i := range 30 {
				stranger := at(now+time.Duration(i)*time.Minute, fmt.Sprintf("198.51.%d.%d", hour, i))
				_ = w.App.Residents.SendCode(stranger, owner, false, word)
				for guess := range 3 {
					if _, err := w.App.Residents.TakeCode(stranger, owner, fmt.Sprintf("%08d", guess)); err == nil {
						t.Fatal("a guess was right")
					}
				}
			}
			if hour%5 != 4 { // the owner comes now and then
				continue
			}
			self := at(now+31*time.Minute, "203.0.113.7")
			if err := w.App.Residents.SendCode(self, owner, false, word); err != nil {
				t.Fatalf("the owner cannot ask at %d: %v", hour, err)
			}
			if _, err := w.App.Residents.TakeCode(self, owner, phone.last(t)); err != nil {
				t.Errorf("the owner cannot sign in at %d: %v", hour, err)
			}
			signedIn++
		}
		if most := 8 * (signedIn + 1); len(phone.sent) > most {
			t.Errorf("%d messages in a day with %d visits of the owner", len(phone.sent), signedIn)
		}
	})
}

// One address may ask and guess only so often, whatever numbers it names.
func TestOneAddressIsBounded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		withCase(t, w)
		refusedAt := func(try func(i int) int) int {
			for i := range 100 {
				if try(i) == 429 {
					return i
				}
			}
			return -1
		}
		asks := refusedAt(func(i int) int {
			return post(from(w, "198.51.100.1"), "/me", "phone", fmt.Sprintf("1990000%04d", i)).Status
		})
		c := from(w, "2001:db8::1")
		post(c, "/me", "phone", owner).Want(303)
		tries := refusedAt(func(i int) int {
			c.Origin = fmt.Sprintf("2001:db8::%x", i+1) // one household
			return post(c, "/me/code", "code", "00000000").Status
		})
		if asks != 10 || tries != 20 {
			t.Errorf("refused after %d asks and %d tries, want 10 and 20", asks, tries)
		}
	})
}

// Outside a demo nobody reads a code in the outbox.
func TestTheOutboxTellsCodesInADemoAlone(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		withCase(t, w)
		w.App.Residents.Notify = w.App.Outbox
		post(from(w, "203.0.113.1"), "/me", "phone", owner).Want(303)
		for _, demo := range []bool{false, true} {
			w.App.Site.Demo = demo
			got := w.As("admin").Do("GET", "/notify/messages", nil).Want(200)
			if items := got.Items(); len(items) != 1 || items[0]["to"] != "199****4321" || eight.MatchString(got.Raw) != demo {
				t.Errorf("demo %v: %s", demo, got.Raw)
			}
		}
		w.As("security").Do("GET", "/notify/messages", nil).Want(403)
	})
}

package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/notify"
)

// gateway is a city's gateway for SMS: it answers as it is told, and keeps what it was sent.
type gateway struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(http.ResponseWriter, *http.Request)
	sent   []map[string]string
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m map[string]string
		raw, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(raw, &m)
		g.mu.Lock()
		m["key"], m["token"] = r.Header.Get("Idempotency-Key"), r.Header.Get("Authorization")
		g.sent = append(g.sent, m)
		answer := g.answer
		g.mu.Unlock()
		answer(w, r)
	}))
	dbtest.OnEnd(t, g.Close)
	return g
}

func (g *gateway) got() []map[string]string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

func (g *gateway) answers(status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// deliver runs a round of the worker of a channel.
func deliver(t *testing.T, ctx context.Context, o *notify.Outbox, c notify.Channel) {
	t.Helper()
	if err := o.Deliver(ctx, c); err != nil {
		t.Fatal(err)
	}
}

func wishing(key string, channels ...string) map[string]any {
	body := apptest.Incident(key)
	body["tell"] = channels
	body["reporter"] = map[string]any{"name": "李梅", "phone": "19900004321", "email": "limei@example.cn"}
	return body
}

func states(w *apptest.World) string {
	var out []string
	for _, m := range w.As("admin").Do("GET", "/notify/messages", nil).Want(200).Items() {
		out = append(out, fmt.Sprint(m["state"]))
	}
	return strings.Join(out, " ")
}

func TestReporterIsToldOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		first := w.App.Outbox
		first.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "secret", false)}
		second := *first // as another process on the same database

		silent := apptest.Incident("silent")
		w.Nobody().OpenCase(silent).Want(201)
		nowhere := wishing("no phone", "sms")
		nowhere["reporter"] = map[string]any{"name": "李梅", "phone": "0518-85551234"}
		w.Nobody().OpenCase(nowhere).Want(422)
		w.Nobody().OpenCase(wishing("no mail here", "mail")).Want(422)

		english := w.Nobody()
		english.Lang = "en"
		opened := english.OpenCase(wishing("told", "sms")).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		dispatcher := w.As("dispatcher")
		dispatcher.Step(id, "establish", map[string]any{}).Want(200)

		var both sync.WaitGroup
		for _, o := range []*notify.Outbox{first, &second} {
			both.Go(func() { deliver(t, w.System(), o, notify.SMS) })
		}
		both.Wait()
		deliver(t, w.System(), first, notify.SMS)
		sent := g.got()
		if len(sent) != 2 {
			t.Fatalf("%d messages were sent, want the receipt and one step: %v", len(sent), sent)
		}
		keys := map[string]bool{}
		for _, m := range sent {
			keys[m["key"]] = true
			if m["to"] != "19900004321" || m["token"] != "Bearer secret" || !strings.Contains(m["text"], opened.Text("number")) ||
				!strings.Contains(m["text"], "Track") || strings.Contains(m["text"], "李梅") || strings.Contains(m["text"], code) {
				t.Errorf("sent %v", m)
			}
		}
		if len(keys) != 2 {
			t.Errorf("keys %v", keys)
		}
		seen := dispatcher.Do("GET", "/casework/cases/"+id, nil).Want(200)
		if told := seen.Text("told"); strings.Count(told, `"state":"sent"`) != 2 || !strings.Contains(told, `"read":0`) {
			t.Errorf("the dispatcher sees %s", told)
		}
		raw := w.As("admin").Do("GET", "/notify/messages", nil).Want(200).Raw
		if strings.Contains(raw, "19900004321") || !strings.Contains(raw, "199****4321") || strings.Contains(raw, "Track") {
			t.Errorf("the operator sees %s", raw)
		}
		if n, err := db.Value[int](w.System(), w.App.DB,
			`SELECT COUNT(*) FROM notify_message WHERE state = 'sent' AND sealed <> ''`); err != nil || n != 0 {
			t.Errorf("the words of %d sent messages are kept (%v)", n, err)
		}
	})
}

// What each answer of a gateway means. What may have been sent is not sent again by itself.
func TestGatewayAnswers(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the caller has gone
		<-r.Context().Done()
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	}
	say := func(status int, body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); _, _ = io.WriteString(w, body) }
	}
	for name, c := range map[string]struct {
		wecom bool
		do    func(http.ResponseWriter, *http.Request)
		want  notify.State
	}{
		"taken":          {false, say(200, ""), notify.Sent},
		"too often":      {false, say(429, ""), notify.Waiting},
		"closed":         {false, say(503, ""), notify.Waiting},
		"broken":         {false, say(500, ""), notify.Unknown},
		"bad number":     {false, say(400, ""), notify.Refused},
		"sent elsewhere": {false, say(302, ""), notify.Refused},
		"hangs":          {false, hang, notify.Unknown},
		"cut off":        {false, cut, notify.Unknown},
		"wecom":          {true, say(200, `{"errcode":0,"errmsg":"ok"}`), notify.Sent},
		"wecom busy":     {true, say(200, `{"errcode":-1}`), notify.Waiting},
		"wecom nobody":   {true, say(200, `{"errcode":60111}`), notify.Refused},
		"wecom nonsense": {true, say(200, `<html>`), notify.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(c.do))
			defer s.Close()
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			if got := stateOf(notify.NewHTTP(s.URL, "", c.wecom).Send(ctx, notify.Delivery{Key: "k", To: "19900004321", Text: "t"})); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	if got := stateOf(notify.NewHTTP("http://127.0.0.1:1", "", false).Send(context.Background(), notify.Delivery{})); got != notify.Waiting {
		t.Errorf("nobody answers: %s", got)
	}
}

func stateOf(err error) notify.State {
	if err == nil {
		return notify.Sent
	}
	if f, ok := err.(*notify.Failure); ok {
		return f.State
	}
	return notify.Unknown
}

func TestTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		g.answers(http.StatusServiceUnavailable)
		o := w.App.Outbox
		o.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		w.Rule("notify.tries", "3")
		w.Nobody().OpenCase(wishing("again", "sms")).Want(201)
		now := clock.Now(w.System())
		round := func(after time.Duration) {
			now = now.Add(after)
			deliver(t, clock.With(w.System(), now), o, notify.SMS)
		}
		for _, c := range []struct {
			after time.Duration
			tries int
			state string
		}{{0, 1, "waiting"}, {time.Second, 1, "waiting"}, {time.Minute, 2, "waiting"},
			{time.Hour, 3, "given_up"}, {24 * time.Hour, 3, "given_up"}} {
			if round(c.after); len(g.got()) != c.tries || states(w) != c.state {
				t.Fatalf("after %v more: %d tries, %s; want %d, %s", c.after, len(g.got()), states(w), c.tries, c.state)
			}
		}
		id := w.As("admin").Do("GET", "/notify/messages", nil).Items()[0]["id"].(string)
		w.As("window").Do("POST", "/notify/messages/"+id+"/retry", nil).Want(403)
		w.As("admin").Do("POST", "/notify/messages/320703-none/retry", nil).Want(404)
		g.answers(http.StatusOK)
		w.As("admin").Do("POST", "/notify/messages/"+id+"/retry", nil).Want(204)
		if round(time.Second); states(w) != "sent" {
			t.Errorf("after the operator's retry it is %s", states(w))
		}
		w.As("admin").Do("POST", "/notify/messages/"+id+"/retry", nil).Want(409, "notify.not_retriable")
	})
}

// A worker that died with a message in hand may have sent it: it is shown, and not sent again.
func TestUnknownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		o := w.App.Outbox
		o.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		w.Nobody().OpenCase(wishing("died", "sms")).Want(201)
		if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE notify_message SET state = 'sending', tries = 1, next_at = 1`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			deliver(t, w.System(), o, notify.SMS)
		}
		if len(g.got()) != 0 || states(w) != "unknown" {
			t.Errorf("%d were sent, and it is %s", len(g.got()), states(w))
		}
	})
}

func TestConsentIsWithdrawn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(newGateway(t).URL, "", false)}
		opened := w.Nobody().OpenCase(wishing("withdrawn", "sms")).Want(201)
		resident, dispatcher := w.Nobody(), w.As("dispatcher")
		resident.Page("POST", "/track", url.Values{"code": {opened.Text("code")}}).Want(303)
		if shown := resident.Page("GET", "/track/case", nil).Want(200).Raw; !strings.Contains(shown, "不再用短信告知") {
			t.Fatalf("withdrawing is not offered: %s", shown)
		}
		resident.Page("POST", "/track/case/tell", url.Values{"channel": {"sms"}, "on": {"0"}}).Want(303)
		dispatcher.Step(opened.Text("id"), "establish", map[string]any{}).Want(200)
		if got := states(w); got != "withdrawn" {
			t.Errorf("messages are %q", got)
		}
		shown := resident.Page("GET", "/track/case", nil).Want(200).Raw
		if !strings.Contains(shown, "用短信告知我") || !strings.Contains(shown, "新进展") {
			t.Errorf("the page lacks the offer or the news: %s", shown)
		}
		if shown = resident.Page("GET", "/track/case", nil).Want(200).Raw; strings.Contains(shown, "新进展") {
			t.Error("what was seen is still news")
		}
		if read := dispatcher.Do("GET", "/casework/cases/"+opened.Text("id"), nil).Text("told.read"); read != "2" {
			t.Errorf("the dispatcher is told that step %s was read", read)
		}
		resident.Page("POST", "/track/case/tell", url.Values{"channel": {"sms"}, "on": {"1"}}).Want(303)
		resident.Page("POST", "/track/case/tell", url.Values{"channel": {"mail"}, "on": {"1"}}).Want(422)
	})
}

// A gateway that hangs holds up neither the other channels nor the platform.
func TestHangingGatewayHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		held, entered := make(chan struct{}), make(chan struct{}, 16)
		hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { entered <- struct{}{}; <-held }))
		defer hanging.Close()
		defer close(held)
		server := newMailServer(t, "250 taken")
		post, err := notify.NewPost("smtp+plain://"+server.address, "city@example.cn")
		if err != nil {
			t.Fatal(err)
		}
		o := w.App.Outbox
		o.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(hanging.URL, "", false), notify.Mail: post}
		w.Rule("notify.timeout.seconds", "600")
		w.Nobody().OpenCase(wishing("both", "sms", "mail")).Want(201)
		ctx, stop := context.WithCancel(w.System())
		var round sync.WaitGroup
		round.Go(func() { _ = o.Deliver(ctx, notify.SMS) })
		<-entered
		deliver(t, w.System(), o, notify.Mail)
		w.As("dispatcher").Do("GET", "/casework/cases", nil).Want(200)
		w.Nobody().OpenCase(wishing("meanwhile", "sms")).Want(201)
		if mails := server.taken(); len(mails) != 1 || !strings.Contains(mails[0], "limei@example.cn") ||
			!strings.Contains(mails[0], "Message-ID: <320703-") {
			t.Errorf("mails: %v", mails)
		}
		stop()
		round.Wait()
		if got := states(w); !strings.Contains(got, "unknown") || !strings.Contains(got, "sent") {
			t.Errorf("messages are %q", got)
		}
	})
}

func TestMailServerAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]notify.State{"250 taken": notify.Sent, "451 later": notify.Waiting,
		"554 no": notify.Refused, "": notify.Unknown} {
		server := newMailServer(t, answer)
		post, err := notify.NewPost("smtp+plain://"+server.address, "city@example.cn")
		if err != nil {
			t.Fatal(err)
		}
		if got := stateOf(post.Send(context.Background(),
			notify.Delivery{Key: "k", To: "limei@example.cn", Title: "题", Text: "文"})); got != want {
			t.Errorf("%q: %s, want %s", answer, got, want)
		}
	}
	for _, address := range []string{"", "mail.example.cn", "http://mail.example.cn", "smtp://mail.example.cn:x"} {
		if _, err := notify.NewPost(address, "city@example.cn"); err == nil {
			t.Errorf("%q is taken for a mail server", address)
		}
	}
}

// A mail server that says nothing holds nobody up: the gateway gives up when its context ends, and what has
// not been handed over by then is not in doubt.
func TestMailServerHangs(t *testing.T) {
	t.Parallel()
	for where, want := range map[string]notify.State{"greeting": notify.Waiting, "answer": notify.Unknown} {
		server := newMailServer(t, where)
		post, err := notify.NewPost("smtp+plain://"+server.address, "city@example.cn")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), time.Hour)
		ended := make(chan error, 1)
		go func() {
			ended <- post.Send(ctx, notify.Delivery{Key: "k", To: "limei@example.cn", Title: "题", Text: "文"})
		}()
		<-server.hangs
		stop()
		select {
		case err := <-ended:
			if got := stateOf(err); got != want {
				t.Errorf("without a %s: %s, want %s", where, got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("without a %s it goes on although nobody waits for it", where)
		}
	}
}

// mailServer speaks as much SMTP as a client needs, and answers a mail with what it is given; with
// nothing it hangs up. It goes silent for good instead of its "greeting" or of the "answer" to a mail.
type mailServer struct {
	address string
	hangs   chan struct{} // one for each conversation in which it is silent
	mu      sync.Mutex
	mails   []string
}

func (s *mailServer) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}

func newMailServer(t *testing.T, answer string) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.OnEnd(t, func() { l.Close() })
	s := &mailServer{address: l.Addr().String(), hangs: make(chan struct{}, 16)}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c, answer)
		}
	}()
	return s
}

func (s *mailServer) talk(c net.Conn, answer string) {
	defer c.Close()
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	silent := func() { s.hangs <- struct{}{}; _, _ = io.Copy(io.Discard, c) }
	if answer == "greeting" {
		silent()
		return
	}
	say("220 test")
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		switch verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " "); verb {
		case "DATA":
			say("354 go on")
			var mail strings.Builder
			for lines.Scan() && lines.Text() != "." {
				mail.WriteString(lines.Text() + "\n")
			}
			if answer == "answer" {
				silent()
			}
			if answer == "" || answer == "answer" {
				return
			}
			s.mu.Lock()
			s.mails = append(s.mails, mail.String())
			s.mu.Unlock()
			say(answer)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// Whoever reported what was merged is told of its end by their own channels.
func TestMergedReporterIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "secret", false)}
		if got := w.Nobody().Do("GET", "/site", nil).Want(200).Text("tell"); got != `["sms"]` {
			t.Errorf("a form offers %s", got)
		}
		main := w.Nobody().OpenCase(apptest.Incident("main")).Want(201)
		merged := w.Nobody().OpenCase(wishing("merged", "sms")).Want(201)
		dispatcher := w.As("dispatcher")
		dispatcher.Step(merged.Text("id"), "merge",
			map[string]any{"case": main.Text("number"), "note": "同一件事"}).Want(200)
		dispatcher.Step(main.Text("id"), "dismiss", map[string]any{"note": "不属实"}).Want(200)
		deliver(t, w.System(), w.App.Outbox, notify.SMS)
		var said []string
		for _, m := range g.got() {
			if strings.Contains(m["text"], main.Text("number")) {
				t.Errorf("told of another's case: %s", m["text"])
			}
			said = append(said, m["text"])
		}
		if len(said) != 3 || !strings.Contains(strings.Join(said, "\n"), "不予立案") {
			t.Errorf("receipt, merging and end are told as %q", said)
		}
		if got := differing(t, w); got != "" {
			t.Errorf("counters and cases differ:\n%s", got)
		}
	})
}

// Who fills in the form for somebody else says in which language that person is told.
func TestToldInTheReportersLanguage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		for _, c := range []struct{ worker, resident, want string }{
			{"en", "zh", "问题已上报"}, {"zh", "en", "The problem was reported"}, {"en", "", "The problem was reported"},
		} {
			body := wishing(c.worker+c.resident, "sms")
			if c.resident != "" {
				body["tellLang"] = c.resident
			}
			worker := w.As("window")
			worker.Lang = c.worker
			worker.OpenCase(body).Want(201)
			deliver(t, w.System(), w.App.Outbox, notify.SMS)
			if sent := g.got(); !strings.Contains(sent[len(sent)-1]["text"], c.want) {
				t.Errorf("%s for %q: %s", c.worker, c.resident, sent[len(sent)-1]["text"])
			}
		}
		body := wishing("other", "sms")
		body["tellLang"] = "fr"
		w.As("window").OpenCase(body).Want(422)
		apply := apptest.Application("told")
		apply["tell"], apply["tellLang"] = []string{"sms"}, "zh"
		worker := w.As("window")
		worker.Lang = "en"
		worker.Apply(w.Fill(apply)).Want(201)
		deliver(t, w.System(), w.App.Outbox, notify.SMS)
		if sent := g.got(); len(sent) != 4 || !strings.Contains(sent[3]["text"], "【连云港市】") {
			t.Errorf("the applicant was told %v", sent)
		}
	})
}

package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// answerMost bounds what is read of a gateway's answer, in bytes.
const answerMost = 64 << 10

// HTTP is a gateway that takes messages by POST. One of the plain style is sent
// {"id","to","title","text"} and accepts with any status of 200 to 299; one of the WeCom style is
// sent {"touser","msgtype":"text","text":{"content"}} and accepts with {"errcode":0}. Both get
// the message's key as Idempotency-Key.
type HTTP struct {
	URL   string
	Token string // sent as Bearer, or ""
	WeCom bool

	client *http.Client
}

// NewHTTP makes the gateway.
func NewHTTP(url, token string, wecom bool) *HTTP {
	// A connection of its own for each message: over a kept one the client might itself repeat a
	// request that carries an Idempotency-Key, and not every gateway heeds it.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	return &HTTP{URL: url, Token: token, WeCom: wecom, client: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send hands one message over.
func (g *HTTP) Send(ctx context.Context, d Delivery) error {
	raw, err := json.Marshal(g.body(d))
	if err != nil {
		return err
	}
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(raw))
	if err != nil {
		return &Failure{State: Waiting, Reason: "address", Cause: err}
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Idempotency-Key", d.Key)
	if g.Token != "" {
		r.Header.Set("Authorization", "Bearer "+g.Token)
	}
	res, err := g.client.Do(r)
	switch {
	case err != nil && !wrote.Load():
		return &Failure{State: Waiting, Reason: "unreachable", Cause: err}
	case err != nil:
		return &Failure{State: Unknown, Reason: "silent", Cause: err}
	}
	defer res.Body.Close()
	return g.judge(res)
}

func (g *HTTP) body(d Delivery) any {
	if g.WeCom {
		return map[string]any{"touser": d.To, "msgtype": "text", "text": map[string]string{"content": d.Text},
			"enable_duplicate_check": 1, "duplicate_check_interval": 14400}
	}
	return map[string]string{"id": d.Key, "to": d.To, "title": d.Title, "text": d.Text}
}

// judge reads from the answer whether the message was taken.
func (g *HTTP) judge(res *http.Response) error {
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	reason := fmt.Sprintf("status %d", res.StatusCode)
	switch s := res.StatusCode; {
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		return &Failure{State: Waiting, Reason: reason}
	case s >= 500, s == http.StatusRequestTimeout:
		return &Failure{State: Unknown, Reason: reason}
	case s >= 300:
		return &Failure{State: Refused, Reason: reason}
	case !g.WeCom:
		return nil // the status is the answer
	}
	var said struct {
		Code *int `json:"errcode"`
	}
	if err != nil || json.Unmarshal(raw, &said) != nil || said.Code == nil {
		return &Failure{State: Unknown, Reason: "unreadable"}
	}
	switch reason = fmt.Sprintf("errcode %d", *said.Code); *said.Code {
	case 0:
		return nil
	case -1, 45009, 40014, 41001, 42001: // busy, too often, or its token has run out: not taken
		return &Failure{State: Waiting, Reason: reason}
	}
	return &Failure{State: Refused, Reason: reason}
}

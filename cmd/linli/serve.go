package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"linli/internal/access/identity"
	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
)

type serveVerb struct {
	store
	backupSchedule
	Clock   instant   `name:"test-clock" help:"Demo only: the program's clock begins at this instant of the city's time (2027-01-02T09:00) and runs on; every page says so." env:"LINLI_TEST_CLOCK"`
	Addr    string    `help:"Address to serve on." default:"127.0.0.1:8080" env:"LINLI_ADDR"`
	Demo    bool      `help:"Serve a city whose people and cases are invented; loaded at the first start." env:"LINLI_DEMO"`
	URL     string    `name:"url" help:"Address by which people reach the platform, if another; https:// marks cookies secure." env:"LINLI_URL"`
	OIDC    oidcFlags `embed:"" prefix:"oidc-" envprefix:"LINLI_OIDC_"`
	Tell    tellFlags `embed:""`
	Memory  uint64    `help:"MiB that the program and the processes that read foreign files may take together; the control group's bound or the machine's when 0." env:"LINLI_MEMORY"`
	Proxies []string  `help:"Networks of reverse proxies that are believed about who calls and by what protocol, e.g. 127.0.0.0/8." env:"LINLI_PROXIES"`
}

// oidcFlags name the city's own identity system.
type oidcFlags struct {
	Issuer string `help:"Address of the city's OpenID Connect provider; staff may then sign in by it." env:"ISSUER"`
	Client string `help:"Id of this platform at the provider. It is sent back to <url>/api/v1/session/identity/back." env:"CLIENT"`
	Secret string `help:"Secret of this platform at the provider; better given by the environment." env:"SECRET"`
	Name   string `help:"What the button says." default:"OpenID Connect" env:"NAME"`
	Claim  string `help:"Claim that holds an account's login." default:"preferred_username" env:"CLAIM"`
}

func (o oidcFlags) identity() *identity.Identity {
	if o.Issuer == "" {
		return nil
	}
	return &identity.Identity{Issuer: o.Issuer, Client: o.Client, Secret: o.Secret, Name: o.Name, Claim: o.Claim}
}

// tellFlags name the city's gateways for messages.
type tellFlags struct {
	SMSURL     string `name:"sms-url" help:"Gateway for SMS: takes {id,to,title,text} by POST." env:"LINLI_SMS_URL"`
	SMSToken   string `name:"sms-token" help:"Its bearer token; better given by the environment." env:"LINLI_SMS_TOKEN"`
	WeComURL   string `name:"wecom-url" help:"Gateway that speaks like enterprise WeChat: takes {touser,msgtype,text} and answers with errcode; touser is the mobile number." env:"LINLI_WECOM_URL"`
	WeComToken string `name:"wecom-token" help:"Its bearer token, if it takes one." env:"LINLI_WECOM_TOKEN"`
	MailURL    string `name:"mail-url" help:"Mail server: smtp://user:password@host:587 (STARTTLS), smtps://…, smtp+plain://127.0.0.1:25." env:"LINLI_MAIL_URL"`
	MailFrom   string `name:"mail-from" help:"Mail address of the sender." env:"LINLI_MAIL_FROM"`
}

func (t tellFlags) gateways() (map[notify.Channel]notify.Gateway, error) {
	out := map[notify.Channel]notify.Gateway{}
	if t.SMSURL != "" {
		out[notify.SMS] = notify.NewHTTP(t.SMSURL, t.SMSToken, false)
	}
	if t.WeComURL != "" {
		out[notify.WeCom] = notify.NewHTTP(t.WeComURL, t.WeComToken, true)
	}
	if t.MailURL != "" {
		post, err := notify.NewPost(t.MailURL, t.MailFrom)
		if err != nil {
			return nil, err
		}
		out[notify.Mail] = post
	}
	return out, nil
}

// checkURL refuses an address that the platform cannot be reached by: faces, cookies and links begin at
// the root of a host.
func checkURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("--url must be http://host or https://host, not %q", address)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("--url must end behind the host: the platform cannot be served below a path. Give it a host name of its own, e.g. https://linli.%s", u.Hostname())
	}
	return nil
}

// gcPercent lets garbage grow to twice what is in use before it is collected: under load that is a
// twentieth of the processor's time, and a city's register leaves room for it. GOGC sets it otherwise.
const gcPercent = 200

// Run serves until it is told to stop, then finishes what was begun.
func (v serveVerb) Run(ctx context.Context) error {
	if err := v.setClock(); err != nil {
		return err
	}
	if err := checkURL(v.URL); err != nil {
		return err
	}
	l, err := net.Listen("tcp", v.Addr) // before a long load: a taken port is told at once
	if err != nil {
		return err
	}
	defer l.Close()
	proxies, err := httpx.ParseProxies(v.Proxies)
	if err != nil {
		return err
	}
	gateways, err := v.Tell.gateways()
	if err != nil {
		return err
	}
	o := v.options()
	o.Gateways, o.Proxies, o.HTTPS, o.URL, o.Identity = gateways, proxies, strings.HasPrefix(v.URL, "https://"), v.URL, v.OIDC.identity()
	o.Memory = memory(v.Memory)
	boundMemory(o.Memory)
	handler, err := app.NewLoading()
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	open := app.Open
	if v.Demo {
		o.Progress, open = handler.Progress, app.OpenDemo
		go func() { served <- httpx.Serve(ctx, l, handler) }() // answers while the city is made
	}
	a, err := open(ctx, o)
	if err != nil {
		return err
	}
	words = a.Catalogue
	defer a.Close()
	if err := v.greet(ctx, a); err != nil {
		return err
	}
	if backup, ok := v.backupSchedule.job(a); ok {
		a.AddJob(backup)
	}
	work, stop := context.WithCancel(ctx)
	var jobs sync.WaitGroup
	jobs.Go(func() { a.Work(work) })
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	slog.Info("serving", "address", "http://"+l.Addr().String())
	stopped := make(chan time.Time, 1)
	defer context.AfterFunc(ctx, func() { stopped <- time.Now() })()
	handler.Ready(a.Handler())
	if !v.Demo {
		go func() { served <- httpx.Serve(ctx, l, handler) }()
	}
	err = <-served
	stop()
	left := stopFor
	if ctx.Err() != nil {
		left -= time.Since(<-stopped)
	}
	finish(&jobs, left)
	slog.Info("stopped")
	return err
}

// setClock moves the program's clock where that was asked for.
func (v serveVerb) setClock() error {
	if v.Clock == "" {
		return nil
	}
	if !v.Demo {
		return errors.New("--test-clock (LINLI_TEST_CLOCK) is for --demo only: a city's clock is the machine's")
	}
	start, err := clock.Parse(string(v.Clock))
	if err != nil {
		return fmt.Errorf("--test-clock: %w", err)
	}
	clock.Shift(time.Until(start))
	slog.Warn("test clock", "now", start.In(clock.City))
	return nil
}

// stopFor is how long a stop may take from the signal on: httpx.DrainFor for requests, and at the same
// time what the jobs need to write down what they are at. A gateway in whose hands a message is has
// three seconds to answer.
const stopFor = 8 * time.Second

// finish lets the jobs write down what they are at, before the database is closed.
func finish(jobs *sync.WaitGroup, left time.Duration) {
	done := make(chan struct{})
	go func() { jobs.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(left):
		slog.Warn("stopped while a job was still at work")
	}
}

// greet tells on standard output where to go, and how to sign in.
func (v serveVerb) greet(ctx context.Context, a *app.App) error {
	base := strings.TrimSuffix(v.URL, "/")
	if base == "" {
		base = "http://" + v.Addr
	}
	fmt.Printf("居民端 portal      %s/\n工作台 console     %s/console/\n网格端 field       %s/field/\n接口   API         %s/api/reference\n",
		base, base, base, base)
	if a.Site.Demo {
		fmt.Println("演示数据，人员和事项均为虚构 / demo: people and cases are invented")
		for _, d := range a.Site.DemoAccounts {
			fmt.Printf("  %-12s %-20s %-24s %s\n", d.Login, d.Password, d.Role, d.AreaName)
		}
		return nil
	}
	offers, err := a.Accounts.Offers(authority.With(ctx, authority.SystemActor("serve")))
	if err == nil && len(offers) > 0 {
		fmt.Println("初始化三员（各由一人开通，24 小时内有效，仅用一次）/ set up the three administrators (one person each, once, within 24 hours):")
		for _, o := range offers {
			fmt.Printf("  %-22s %s/console/setup?token=%s\n", o.Role, base, o.Token)
		}
	}
	return err
}
